"""`pixels verify`: follow the stream as a viewer and prove that it is whole."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from statistics import median
from typing import Annotated

import typer

from pixels_core.canvas.canvas import checksum_of
from pixels_core.client.pixels_client import ClientOptions, PixelsClient
from pixels_core.client.rest_client import RestClient
from pixels_core.errors import ServerFault
from pixels_core.sync import SyncStatistics
from pixels_core.units import Seq

from .arguments import DEFAULT_URL, UrlOption
from .console import progress_bar, run
from .exit_codes import ExitCode

HEARTBEAT_MS = 1_000
"""Each heartbeat compares checksums: the more, the better the proof."""
GIVE_UP_S = 30.0
ATTEMPTS = 20
"""On a busy canvas a bitmap may fall between two seqs that were noticed; then another is fetched."""
CATCH_UP_S = 5.0


def verify(
    url: UrlOption = DEFAULT_URL,
    seconds: Annotated[float, typer.Option(min=1, max=86_400, help="How long to follow the stream.")] = 10,
) -> None:
    """Follow the stream and prove that it is whole: no gap, no duplicate, and the checksums of fresh bitmaps.

    Example: pixels verify --url https://canvas.example.org --seconds 60
    """
    raise typer.Exit(run(_verify(url, seconds)))


async def _verify(url: str, seconds: float) -> ExitCode:
    options = ClientOptions(heartbeat_ms=HEARTBEAT_MS, give_up_s=GIVE_UP_S)
    async with PixelsClient(url, options=options) as client, RestClient(url, token=client.token) as rest:
        watcher = _Watcher(client)
        watching = asyncio.create_task(watcher.watch())
        try:
            equal = [await watcher.compare(rest)]
            await _wait(seconds)
            equal.append(await watcher.compare(rest))
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        typer.echo(f"Followed to seq {client.seq:,}, checksum {client.checksum:08x}.")
        return _report(client.statistics, equal)


class _Watcher:
    """Notes the checksum at each seq, so that a bitmap fetched meanwhile can be compared at its own seq."""

    def __init__(self, client: PixelsClient) -> None:
        self._client = client
        self._checksums: dict[Seq, int] = {}

    async def watch(self) -> None:
        """Note until cancelled."""
        while True:
            self._note()
            await self._client.wait_until(partial(self._is_not_at, self._client.seq))

    def _is_not_at(self, seq: Seq) -> bool:
        return self._client.seq != seq

    def _reached(self, seq: Seq) -> bool:
        return self._client.seq >= seq

    def _note(self) -> None:
        self._checksums[self._client.seq] = self._client.checksum

    async def compare(self, rest: RestClient) -> bool:
        """Say whether a fresh bitmap has the checksum that the stream led to at the same seq."""
        for _ in range(ATTEMPTS):
            snapshot = await rest.snapshot()
            await self._client.wait_until(partial(self._reached, snapshot.seq), CATCH_UP_S)
            self._note()
            if snapshot.seq in self._checksums:
                return self._checksums[snapshot.seq] == await asyncio.to_thread(checksum_of, snapshot.pixels)
        raise ServerFault("The stream does not reach the seq of the bitmaps.")


async def _wait(seconds: float) -> None:
    with progress_bar() as progress:
        bar = progress.add_task("Following", total=round(seconds))
        for second in range(round(seconds)):
            progress.update(bar, completed=second)
            await asyncio.sleep(1)


def _report(statistics: SyncStatistics, equal: Sequence[bool]) -> ExitCode:
    typer.echo(
        f"{statistics.frames:,} frames, {statistics.gaps} gaps, {statistics.duplicates} duplicates, "
        f"{statistics.mismatches} mismatches, {statistics.resyncs} resyncs, {statistics.reloads} reloads; "
        f"{statistics.proofs} heartbeats and {sum(equal)} of {len(equal)} bitmaps had the same checksum."
    )
    if statistics.latencies:
        typer.echo(f"Heartbeat: median {median(statistics.latencies):.0f} ms, max {max(statistics.latencies)} ms.")
    faults = statistics.gaps + statistics.duplicates + statistics.mismatches
    return ExitCode.INCOMPLETE if faults or not all(equal) else ExitCode.OK
