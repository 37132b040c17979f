"""A disk that refuses writes while the server runs, and then takes them again."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from tests.integration.clients import canvas_of, eventually
from tests.integration.drawing import all_following, make_followers
from tests.integration.log import read_log
from tests.support.server import RunningServer, running_server


@contextmanager
def full_disk(server: RunningServer) -> Iterator[None]:
    """Let every write of the server to a file fail, as on a full disk; Python ignores the signal of it."""
    soft, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (1, hard))
    try:
        yield
    finally:
        with suppress(ProcessLookupError):  # it was stopped meanwhile
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_degrades_the_canvas_until_there_is_room(tmp_path: Path) -> None:
    """[SEQ-3] [SEQ-4] Nothing is lost, nothing pretends, nobody is thrown out."""
    with running_server(tmp_path) as server:
        ada, bea = followers = make_followers(server, 2)
        async with all_following(followers):
            await ada.place(1, 1, 1, 1)
            await eventually(lambda: ada.acks)
            with full_disk(server):
                await ada.place(2, 2, 2, 2)
                await eventually(lambda: bea.modes[-1] == "degraded")
                assert canvas_of(server)["mode"] == "degraded"
                for request in range(3, 8):
                    await ada.place(request, 3, 3, 3)
                    await eventually(partial(ada.rejects.__contains__, request))
                    await asyncio.sleep(0.3)
                assert {reject["reason"] for reject in ada.rejects.values()} == {"unavailable"}
                assert bea.modes == ["live", "degraded"], "it is not live in between"
                assert 2 not in ada.acks
            await eventually(lambda: bea.modes[-1] == "live")
            await eventually(lambda: not ada.unanswered)
            assert ada.rejects[2]["reason"] == "unavailable"
            await ada.place(10, 4, 4, 4)
            await eventually(lambda: 10 in ada.acks)
            await eventually(lambda: bea.seq == ada.seq == 2)
        assert (ada.close_code, bea.close_code) == (None, None)
        assert ada.checksum == bea.checksum == canvas_of(server)["checksum"]
        assert server.terminate() == 0
    logged = await read_log(tmp_path)
    logged.check_itself()
    logged.check_promises_to(ada)


async def test_a_degraded_server_stops_in_time(tmp_path: Path) -> None:
    """[SOCK-8] [SEQ-4] Without a traceback, and what was acknowledged is there."""
    with running_server(tmp_path) as server:
        (ada,) = make_followers(server, 1)
        async with ada.following():
            await ada.place(1, 1, 1, 1)
            await eventually(lambda: ada.acks)
            with full_disk(server):
                await ada.place(2, 2, 2, 2)
                await eventually(lambda: ada.modes[-1] == "degraded")
                await asyncio.sleep(1)
                started = time.monotonic()
                process = server._process
                assert process is not None
                process.terminate()
                assert await asyncio.to_thread(process.wait, 10) == 0
                assert time.monotonic() - started < 5
            await eventually(lambda: ada.close_code)
        assert ada.close_code == 1012
        assert not any("Traceback" in line for line in server.log)
    logged = await read_log(tmp_path)
    logged.check_itself()
    logged.check_promises_to(ada)
