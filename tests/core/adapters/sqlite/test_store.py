"""What the SQLite store has beyond the contract: durability, ownership, damage and a disk that fails."""

from __future__ import annotations

import asyncio
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pixels_core.adapters.sqlite import writes
from pixels_core.adapters.sqlite.directory_lock import LOCK_FILE
from pixels_core.adapters.sqlite.schema import DATABASE_FILE, wal_of
from pixels_core.adapters.sqlite.store import SqliteStore
from pixels_core.canvas.geometry import Size
from pixels_core.errors import ConfigurationError, ReasonCode, StoreCorrupt, StoreLocked, StoreUnavailable
from pixels_core.log.snapshot_codec import pack_snapshot
from pixels_core.ports import AuditQuery, PixelRecord
from pixels_core.rules.events import EventBatch
from pixels_core.units import Milliseconds
from tests.support.appending_child import nth_batch
from tests.support.builders import (
    IDENTITY,
    SMALL,
    T0,
    append_all,
    make_batch,
    make_state,
    random_history,
    read_all,
)
from tests.support.repository import ROOT


async def open_store(directory: Path) -> SqliteStore:
    return await SqliteStore.open(directory, IDENTITY.canvas, IDENTITY.size, epoch=IDENTITY.epoch)


def files_in(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


@contextmanager
def appending_child(directory: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a process that appends batches, and kill it as a power cut would."""
    command = [sys.executable, "-m", "tests.support.appending_child", str(directory)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.send_signal(signal.SIGKILL)


def first_line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline()


def run_and_kill(directory: Path, seconds: float) -> list[int]:
    """Return the batch numbers that the child was told are durable."""
    with appending_child(directory) as child:
        printed = first_line(child)
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        assert child.stdout is not None
        printed += child.stdout.read()
    lines = printed.splitlines(keepends=True)
    return [int(line) for line in lines if line.endswith("\n")]


async def test_nothing_acknowledged_is_lost_by_kill_9(tmp_path: Path) -> None:
    """[LOG-1] [REC-1] What `append` returned for is there, in order, and records and history agree with it."""
    dice = random.Random(9)
    acknowledged: list[int] = []
    for _ in range(4):
        acknowledged += await asyncio.to_thread(run_and_kill, tmp_path, dice.uniform(0.02, 0.3))
        store = await open_store(tmp_path)
        batches = await read_all(store)
        await assert_records_agree(store, batches)
        await store.close()
        head = len(batches)
        assert acknowledged[-1] <= head <= acknowledged[-1] + 1  # the last one may be there without an answer
        expected: list[EventBatch] = []
        for number in range(1, head + 1):
            expected.append(nth_batch(number, expected[-1].last_seq + 1 if expected else 1))
        assert batches == expected
    assert len(acknowledged) > 20


async def assert_records_agree(store: SqliteStore, batches: list[EventBatch]) -> None:
    placed: dict[int, list[PixelRecord]] = {}
    for pixel in (pixel for batch in batches for pixel in batch.pixels()):
        record = PixelRecord(pixel.cell, pixel.color, pixel.time, pixel.user, pixel.seq)
        placed.setdefault(pixel.cell, []).insert(0, record)
    for cell in range(SMALL.cells):
        assert await store.history(cell, 10_000) == placed.get(cell, [])
        assert await store.record(cell) == (placed[cell][0] if cell in placed else None)
    assert (await store.totals(1)).placements == sum(map(len, placed.values()))


async def test_a_second_server_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    """[LOG-7] Also where the first one ends by kill -9."""
    with appending_child(tmp_path) as child:
        await asyncio.to_thread(first_line, child)
        with pytest.raises(StoreLocked, match=rf"locked by another server \(pid {child.pid}\)"):
            await open_store(tmp_path)
    store = await open_store(tmp_path)
    assert await read_all(store)
    await store.close()


async def test_a_store_locks_itself_out_and_lets_go(tmp_path: Path) -> None:
    """[LOG-7] Closing, and also failing to open, gives the directory back."""
    store = await open_store(tmp_path)
    with pytest.raises(StoreLocked):
        await open_store(tmp_path)
    await store.close()
    with pytest.raises(ConfigurationError):
        await SqliteStore.open(tmp_path, "main", Size(3, 3))
    await (await open_store(tmp_path)).close()


async def test_closing_folds_the_write_ahead_log_into_the_file(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    await store.append(make_batch(1))
    assert wal_of(tmp_path / DATABASE_FILE).exists()
    await store.close()
    assert files_in(tmp_path) == {DATABASE_FILE, LOCK_FILE}
    with pytest.raises(StoreUnavailable, match="is closed"):
        await store.append(make_batch(2))


async def test_another_size_is_refused_in_plain_words(tmp_path: Path) -> None:
    await (await open_store(tmp_path)).close()
    with pytest.raises(ConfigurationError, match=r"16 by 12 pixels; the settings ask for 900 by 900\. The size is"):
        await SqliteStore.open(tmp_path, "main", Size())


@pytest.mark.parametrize("directory", ["file", "file/below", "/proc/nowhere"])
async def test_a_directory_that_cannot_be_used_is_named(tmp_path: Path, directory: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match=f"The data directory .*{directory} cannot be used"):
        await open_store(tmp_path / directory)


async def test_reading_beside_a_running_server(tmp_path: Path) -> None:
    """An export needs no pause."""
    server = await open_store(tmp_path)
    await server.append(make_batch(1))
    reader = await SqliteStore.open_readonly(tmp_path)
    assert reader.identity == IDENTITY
    assert await read_all(reader) == [make_batch(1)]
    await server.append(make_batch(2))
    assert await read_all(reader) == [make_batch(1), make_batch(2)]
    await reader.close()
    await server.close()


async def test_reading_without_a_server_writes_nothing(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    await store.append(make_batch(1))
    await store.close()
    before = (tmp_path / DATABASE_FILE).read_bytes()
    reader = await SqliteStore.open_readonly(tmp_path)
    assert await read_all(reader) == [make_batch(1)]
    for refused in (reader.append(make_batch(2)), reader.save_snapshot(1, b""), reader.remember("a", "b")):
        with pytest.raises(StoreUnavailable, match="for reading only") as caught:
            await refused
        assert caught.value.code is ReasonCode.READ_ONLY
    await reader.close()
    assert (tmp_path / DATABASE_FILE).read_bytes() == before
    await (await open_store(tmp_path)).close()


async def test_reading_where_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="There is no canvas"):
        await SqliteStore.open_readonly(tmp_path)
    assert files_in(tmp_path) == set()


@contextmanager
def files_limited_to(size: int) -> Iterator[None]:
    """Let every write beyond `size` bytes of a file fail, as on a full disk; Python ignores the signal."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_disk_that_refuses_a_write_and_recovers(tmp_path: Path) -> None:
    """[LOG-1] [LOG-2] A failed commit leaves nothing behind, and the same batch can be appended later."""
    store = await open_store(tmp_path)
    await store.append(make_batch(1))
    batch = make_batch(2, count=150)
    for _ in range(2):
        limit = wal_of(tmp_path / DATABASE_FILE).stat().st_size + 4096
        with files_limited_to(limit), pytest.raises(StoreUnavailable, match="cannot be used now"):
            await store.append(batch)
        assert await read_all(store) == [make_batch(1)]
        assert (await store.totals(1)).placements == 1
    await store.append(batch)
    assert await read_all(store) == [make_batch(1), batch]
    await store.close()
    store = await open_store(tmp_path)
    assert await read_all(store) == [make_batch(1), batch]
    await store.close()


async def test_a_full_database_refuses_and_recovers(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    assert store._writer is not None
    await store.append(make_batch(1))
    await store._writer.run(lambda connection: connection.execute("PRAGMA max_page_count = 1"))
    with pytest.raises(StoreUnavailable, match="full"):
        await store.append(make_batch(2, count=100, user="x" * 9000))
    await store._writer.run(lambda connection: connection.execute("PRAGMA max_page_count = 1000000"))
    await store.append(make_batch(2))
    assert await read_all(store) == [make_batch(1), make_batch(2)]
    await store.close()


def change(directory: Path, statement: str, *values: object) -> None:
    """Change the file behind the store's back."""
    with closing(sqlite3.connect(directory / DATABASE_FILE)) as connection, connection:
        connection.execute(statement, values)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE batches SET payload = x'00' WHERE number = 3", "batch 3: A log entry is not an event batch"),
        ("UPDATE batches SET payload = zeroblob(length(payload)) WHERE number = 3", "batch 3"),
        (
            "UPDATE batches SET payload = (SELECT payload FROM batches WHERE number = 4) WHERE number = 3",
            "batch 3 is",
        ),
        ("DELETE FROM batches WHERE number = 3", "batch 4 is not the one that should be there"),
    ],
)
async def test_a_damaged_batch_is_reported_after_the_whole_ones(
    tmp_path: Path, statement: str, sentence: str
) -> None:
    """[LOG-5] The sentence names the file and the batch."""
    store = await open_store(tmp_path)
    await append_all(store, [make_batch(number) for number in range(1, 6)])
    change(tmp_path, statement)
    reader = store.read(0)
    assert [await anext(reader), await anext(reader)] == [make_batch(1), make_batch(2)]
    with pytest.raises(StoreCorrupt, match=rf"pixels\.db is damaged \({sentence}"):
        await anext(reader)
    await store.close()


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(90), bytes(8192)])
async def test_a_file_that_is_no_database_is_reported(tmp_path: Path, content: bytes) -> None:
    """[LOG-5] It is never taken for a new canvas."""
    (tmp_path / DATABASE_FILE).write_bytes(content)
    with pytest.raises(StoreCorrupt, match=r"pixels\.db is damaged .*restore"):
        await open_store(tmp_path)
    assert (tmp_path / DATABASE_FILE).read_bytes() == content


async def _use_everything(directory: Path) -> list[EventBatch]:
    store = await open_store(directory)
    try:
        await store.snapshots()
        await store.totals(5)
        await store.names(["ada"])
        for cell in range(0, SMALL.cells, 7):
            await store.record(cell)
            await store.history(cell, 20)
        await store.locks()
        await store.audit(AuditQuery(), 1_000)
        return await read_all(store)
    finally:
        await store.close()


@pytest.fixture(scope="module")
def damage_case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, list[EventBatch]]:
    """Return a directory, the bytes of a whole database, and its log."""
    directory = tmp_path_factory.mktemp("damage")
    history = random_history(8, count=300)

    async def fill() -> bytes:
        store = await open_store(directory)
        await append_all(store, history.batches)
        await store.close()
        return (directory / DATABASE_FILE).read_bytes()

    return directory, asyncio.run(fill()), history.batches


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), flip=st.integers(0, 255))
@example(where=0.059173753537454805, flip=2)  # "PRIMCRY KEY" in the schema's text: the log looked empty
def test_a_damaged_file_is_reported_or_gives_the_same_log(
    damage_case: tuple[Path, bytes, list[EventBatch]], where: float, flip: int
) -> None:
    """[LOG-5] A flipped byte (or, where `flip` is 0, a file cut short) never gives another log or another error."""
    directory, whole, batches = damage_case
    for leftover in directory.iterdir():
        leftover.unlink()
    data, index = bytearray(whole), int(where * len(whole))
    if flip:
        data[index] ^= flip
    else:
        del data[index:]
    (directory / DATABASE_FILE).write_bytes(data)
    try:
        assert asyncio.run(_use_everything(directory)) == batches
    except StoreCorrupt as error:
        assert DATABASE_FILE in str(error)  # noqa: PT017  # either outcome is right


async def test_queries_do_not_wait_for_commits(tmp_path: Path) -> None:
    store = await open_store(tmp_path)
    assert store._writer is not None
    await store.append(make_batch(1))
    busy = asyncio.ensure_future(store._writer.run(lambda _: time.sleep(0.3)))
    await asyncio.sleep(0)
    assert await store.record(0) is not None
    assert not busy.done()
    await busy
    await store.close()


async def test_commits_pass_between_the_steps_of_pruning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prune_some = writes.prune_some

    def slow_step(connection: sqlite3.Connection, last: int, before: Milliseconds) -> int:
        time.sleep(0.02)
        return prune_some(connection, last, before)

    monkeypatch.setattr(writes, "PRUNE_EVENTS", 1)
    monkeypatch.setattr(writes, "prune_some", slow_step)
    store = await open_store(tmp_path)
    await append_all(store, [make_batch(number, cell=number, color=number) for number in range(1, 21)])
    await store.save_snapshot(20, pack_snapshot(make_state(20)))
    pruning = asyncio.ensure_future(store.prune(T0 + 3_600_000))
    await asyncio.sleep(0.05)
    await store.append(make_batch(21))
    assert not pruning.done()
    assert await pruning == 20  # the head at the start may go: there is a newer one now
    assert await read_all(store) == [make_batch(21)]
    await store.close()
