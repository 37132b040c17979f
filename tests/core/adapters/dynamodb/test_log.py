"""What the log in DynamoDB has beyond the contract: fencing, lost answers, damage, pruning in pieces."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pixels_core.adapters.dynamodb import log as dynamodb_log
from pixels_core.adapters.dynamodb.connect import connected
from pixels_core.adapters.dynamodb.errors import CONDITION, code_of
from pixels_core.adapters.dynamodb.items import Mark, log_key
from pixels_core.adapters.dynamodb.log import DynamoLog
from pixels_core.adapters.dynamodb.requests import DynamoRequests
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.adapters.dynamodb.snapshots import DynamoSnapshots
from pixels_core.errors import BatchConflict, StoreCorrupt, StoreUnavailable
from pixels_core.rules.events import EventBatch
from tests.support.builders import T0, make_batch
from tests.support.dynamodb_faults import (
    FaultyClient,
    Killed,
    KilledAt,
    Request,
    Storm,
    aws_error,
    faultless,
)


def log_on(client: Any, settings: DynamoSettings, fault: Any = faultless) -> DynamoLog:
    return DynamoLog(DynamoRequests(FaultyClient(client, fault), settings, random.Random(1)), "main", None)  # type: ignore[arg-type]


async def read_all(log: DynamoLog, after: int = 0) -> list[EventBatch]:
    return [batch async for batch in log.read(after)]


async def fill(log: DynamoLog, count: int, first: int = 1) -> list[EventBatch]:
    batches = [make_batch(number) for number in range(first, first + count)]
    for batch in batches:
        await log.append(batch)
    return batches


async def test_of_two_servers_exactly_one_wins_each_number(table: DynamoSettings) -> None:
    """[LOG-2] Two processes that both believe they are the only writer: every number has one winner."""
    async with connected(table) as client:
        won: list[EventBatch] = []

        async def write(name: str, log: DynamoLog) -> None:
            for _ in range(30):
                head = await log.head()
                batch = make_batch(head.number + 1, head.seq + 1, user=name)
                try:
                    await log.append(batch)
                except BatchConflict:
                    continue
                won.append(batch)

        logs = [log_on(client, table) for _ in range(2)]
        await asyncio.gather(*(write(f"user-{i}", log) for i, log in enumerate(logs)))
        assert await read_all(logs[0]) == sorted(won, key=lambda batch: batch.number)
        assert [batch.number for batch in sorted(won, key=lambda b: b.number)] == [*range(1, len(won) + 1)]
        assert {batch.events[0].user for batch in won} == {"user-0", "user-1"}


async def test_an_old_writer_is_fenced(table: DynamoSettings) -> None:
    """[LOG-2] Whoever was away finds its next number taken, and loses nothing of the other's."""
    async with connected(table) as client:
        old, new = log_on(client, table), log_on(client, table)
        await fill(old, 2)
        await fill(new, 3, first=3)
        with pytest.raises(BatchConflict):
            await old.append(make_batch(3, user="late"))
        assert [batch.events[0].user for batch in await read_all(old)] == ["ada"] * 5
        await old.append(make_batch(6))


async def test_an_old_writer_is_fenced_where_its_number_was_pruned(
    table: DynamoSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[LOG-2] [LOG-6] A free number is not enough: a head that was read long ago is read again."""
    async with connected(table) as client:
        old, new = log_on(client, table), log_on(client, table)
        await fill(old, 2)
        await fill(new, 8, first=3)
        assert await new.prune(9, T0 + 60_000) == 9
        monkeypatch.setattr(dynamodb_log, "TRUST_HEAD_S", 0)
        with pytest.raises(BatchConflict):
            await old.append(make_batch(3, user="late"))
        assert [batch.number for batch in await read_all(new)] == [10]


async def test_a_lost_answer_is_no_conflict(table: DynamoSettings) -> None:
    """[LOG-1] [LOG-2] The put succeeded and the answer did not arrive: the next attempt recognises its own batch."""
    lost: list[str] = []

    async def lose(name: str, request: Request, arguments: dict[str, Any]) -> Any:
        answer = await request(**arguments)
        if name == "put_item" and not lost:
            lost.append(name)
            raise aws_error("InternalServerError", name, status=500)
        return answer

    async with connected(table) as client:
        log = log_on(client, table, lose)
        batches = await fill(log, 3)
        assert lost
        assert await read_all(log) == batches


async def test_a_storm_loses_nothing(table: DynamoSettings) -> None:
    """[LOG-1] [LOG-2] Under refusals and lost answers every batch is there once."""
    async with connected(table) as client:
        batches = await fill(log_on(client, table, Storm(seed=3)), 40)
        assert await read_all(log_on(client, table, Storm(seed=4))) == batches


async def test_after_an_unknown_outcome_the_head_is_read_again(table: DynamoSettings) -> None:
    """[LOG-2] A writer that gave up waiting does not know whether its batch is there, and looks."""
    short = table.model_copy(update={"total_seconds": 2})
    deaf = False

    async def silent(name: str, request: Request, arguments: dict[str, Any]) -> Any:
        answer = await request(**arguments)
        if deaf and name == "put_item":
            await asyncio.Event().wait()
        return answer

    async with connected(table) as client:
        await fill(log_on(client, table), 1)
        log = log_on(client, short, silent)
        await log.head()
        deaf = True
        with pytest.raises(StoreUnavailable):
            await log.append(make_batch(2))
        deaf = False
        with pytest.raises(BatchConflict):
            await log.append(make_batch(2, user="other"))
        await log.append(make_batch(3))


async def test_the_head_is_found_across_partitions(table: DynamoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """[LOG-2] Also by a process that starts without knowing anything."""
    monkeypatch.setattr("pixels_core.adapters.dynamodb.items.LOG_BUCKET", 4)
    monkeypatch.setattr(dynamodb_log, "LOG_BUCKET", 4)
    async with connected(table) as client:
        log = log_on(client, table)
        for number in range(1, 40):
            assert await log_on(client, table).head() == Mark(number - 1, number - 1)
            await log.append(make_batch(number))
        assert [batch.number for batch in await read_all(log, after=11)] == [*range(12, 40)]
        assert await log.prune(37, T0 + 10**6) == 37
        assert await log_on(client, table).head() == Mark(39, 39)
        assert [batch.number for batch in await read_all(log)] == [38, 39]


@pytest.mark.parametrize("number", [1, 3, 5])
async def test_a_missing_batch_is_reported(table: DynamoSettings, number: int) -> None:
    """[LOG-5] What stands before the gap is given, then StoreCorrupt."""
    async with connected(table) as client:
        log = log_on(client, table)
        await fill(log, 6)
        await DynamoRequests(client, table).delete_many([log_key("main", number)])
        reading = log.read(0)
        seen = [(await anext(reading)).number for _ in range(1, number)]
        with pytest.raises(StoreCorrupt, match=f"Batch {number} is missing"):
            await anext(reading)
        assert seen == [*range(1, number)]


async def test_a_partition_that_is_gone_is_reported(table: DynamoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """[LOG-5] A log does not end where its partition does."""
    monkeypatch.setattr("pixels_core.adapters.dynamodb.items.LOG_BUCKET", 4)
    monkeypatch.setattr(dynamodb_log, "LOG_BUCKET", 4)
    async with connected(table) as client:
        log = log_on(client, table)
        await fill(log, 14)
        await DynamoRequests(client, table).delete_many([log_key("main", number) for number in range(4, 8)])
        with pytest.raises(StoreCorrupt, match="Batch 4 is missing"):
            await read_all(log)


async def test_a_damaged_batch_is_reported(table: DynamoSettings) -> None:
    """[LOG-5] Its checksum tells."""
    async with connected(table) as client:
        log, requests = log_on(client, table), DynamoRequests(client, table)
        await fill(log, 3)
        item = await requests.get(log_key("main", 2))
        assert item
        payload = item["payload"]["B"]
        await requests.put({**item, "payload": {"B": payload[:-1] + bytes([payload[-1] ^ 1])}})
        with pytest.raises(StoreCorrupt, match="Batch 2 is damaged"):
            await read_all(log)
        await requests.put({**item, "payload": {"B": b"short"}})
        with pytest.raises(StoreCorrupt, match="Batch 2 is damaged"):
            await read_all(log)


async def test_pruning_can_die_anywhere(table: DynamoSettings) -> None:
    """[LOG-6] Whatever it got done, the log reads the same, and the next prune finishes it."""
    async with connected(table) as client:
        log = log_on(client, table)
        await fill(log, 40)
        for step, after in ((step, after) for step in range(12) for after in (False, True)):
            dying = log_on(client, table, KilledAt(step, after=after))
            floor = (await log.floor()).number
            try:
                await dying.prune(floor + 1, T0 + 10**6)
            except Killed:
                kept = [batch.number for batch in await read_all(log)]
                assert kept in ([*range(floor + 1, 41)], [*range(floor + 2, 41)])
        await log.prune(39, T0 + 10**6)
        left = [item["sk"]["S"] async for item in DynamoRequests(client, table).query(log_key("main", 1)[0])]
        assert [int(number) for number in left] == [40]


async def test_batches_that_expire_are_left_to_dynamodb(table: DynamoSettings) -> None:
    """[LOG-6] They carry their end, and pruning only moves the floor."""
    async with connected(table) as client:
        requests = DynamoRequests(client, table)
        log = DynamoLog(requests, "main", expiry_days=90)
        await fill(log, 3)
        item = await requests.get(log_key("main", 2))
        assert item
        assert int(item["expires"]["N"]) == (T0 + 2_000) // 1_000 + 90 * 86_400
        assert await log.prune(2, T0 + 60_000) == 2
        assert await requests.get(log_key("main", 2)) == item
        assert [batch.number for batch in await read_all(log)] == [3]


async def test_a_log_that_has_expired_goes_on_after_its_snapshot(table: DynamoSettings) -> None:
    """[LOG-2] [LOG-6] A canvas on which nobody painted for months: the head is known, though its batch is gone."""
    async with connected(table) as client:
        requests = DynamoRequests(client, table)
        log = DynamoLog(requests, "main", expiry_days=90)
        await fill(log, 3)
        await DynamoSnapshots(requests, "main").save(3, b"all of it", log.known_head)
        await requests.delete_many([log_key("main", number) for number in (1, 2, 3)])
        log = DynamoLog(requests, "main", expiry_days=90)
        assert await log.head() == Mark(3, 3)
        assert await log.number_before(T0 + 60_000) == 3
        assert await log.prune(3, T0 + 60_000) == 0
        with pytest.raises(BatchConflict):
            await log.append(make_batch(1))
        await log.append(make_batch(4))
        assert [batch.number for batch in await read_all(log, after=3)] == [4]


async def test_a_batch_that_does_not_fit_is_refused(table: DynamoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamodb_log, "LONGEST_PAYLOAD", 100)
    async with connected(table) as client:
        log = log_on(client, table)
        with pytest.raises(StoreUnavailable, match="DynamoDB takes 100"):
            await log.append(make_batch(1, count=100))
        await log.append(make_batch(1))


# ── late puts ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Late:
    """Keeps the first put that says so under way: whoever sent it gives up, and it lands when the test wants it."""

    def __init__(self, what: str = "payload") -> None:
        self._what = what
        self._kept: list[tuple[Request, dict[str, Any]]] = []

    async def __call__(self, name: str, request: Request, arguments: dict[str, Any]) -> Any:
        if name == "put_item" and self._what in arguments["Item"] and not self._kept:
            self._kept.append((request, arguments))
            await asyncio.Event().wait()
        return await request(**arguments)

    async def lands(self) -> bool:
        """Let it land; says whether it came true."""
        ((request, arguments),) = self._kept
        try:
            await request(**arguments)
        except ClientError as problem:
            if code_of(problem) == CONDITION:
                return False
            raise
        return True


async def test_a_late_put_lands_before_the_log_is_taken_over_or_never(table: DynamoSettings) -> None:
    """[DIST-13] [LOG-2] Of another writer, and of the one that gave it up itself."""
    short = table.model_copy(update={"total_seconds": 0.3})
    async with connected(table) as client:
        for number, own in enumerate((False, True), 1):
            late = Late()
            old = log_on(client, short, late)
            with pytest.raises(StoreUnavailable):
                await old.append(make_batch(number, user="late"))
            new = old if own else log_on(client, table)
            await new.fence(number - 1)
            assert not await late.lands()
            await new.append(make_batch(number))
            assert not await late.lands()
        late = Late()
        with pytest.raises(StoreUnavailable):
            await log_on(client, short, late).append(make_batch(3, user="late"))
        assert await late.lands()
        new = log_on(client, table)
        with pytest.raises(BatchConflict, match="ends at batch 3"):
            await new.fence(2)
        await new.fence(3)
        assert [batch.events[0].user for batch in await read_all(new)] == ["ada", "ada", "late"]


async def test_claims_follow_each_other(table: DynamoSettings) -> None:
    """[DIST-13] The newest counts; whoever has an older one may put nothing, and one never used does no harm."""
    async with connected(table) as client:
        first, second, third = (log_on(client, table) for _ in range(3))
        await fill(first, 2)
        for log in (first, second, third):
            await log.fence(2)
            assert await log.head() == Mark(2, 2)
            assert [batch.number for batch in await read_all(log)] == [1, 2]
        for old in (first, second, log_on(client, table)):
            with pytest.raises(BatchConflict, match="Another writer claims batch 3"):
                await old.append(make_batch(3, user="late"))
        await fill(third, 2, first=3)
        assert [batch.number for batch in await read_all(first)] == [1, 2, 3, 4]


async def test_a_late_claim_changes_nothing(table: DynamoSettings) -> None:
    """[DIST-13] Whether somebody else has claimed the number since, or has put the batch."""
    short = table.model_copy(update={"total_seconds": 0.3})
    async with connected(table) as client:
        late = Late("claim")
        with pytest.raises(StoreUnavailable):
            await log_on(client, short, late).fence(0)
        new = log_on(client, table)
        await new.fence(0)
        assert not await late.lands()
        await new.append(make_batch(1))
        assert not await late.lands()
        assert len(await read_all(new)) == 1


async def test_one_of_two_takes_the_log_over(table: DynamoSettings) -> None:
    """[DIST-13] At the same moment, again and again; the other is told, and so is a claim's lost answer."""
    async with connected(table) as client:
        for number in range(1, 9):
            logs = [log_on(client, table, Storm(seed=number)), log_on(client, table)]
            await asyncio.gather(*(log.fence(number - 1) for log in logs), return_exceptions=True)
            ended = await asyncio.gather(*(log.append(make_batch(number)) for log in logs), return_exceptions=True)
            assert [type(problem) for problem in ended if problem] == [BatchConflict]


async def test_a_claim_may_begin_a_partition(table: DynamoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """[DIST-13] The head is before it all the same; pruning and expiry do not see it."""
    monkeypatch.setattr("pixels_core.adapters.dynamodb.items.LOG_BUCKET", 4)
    monkeypatch.setattr(dynamodb_log, "LOG_BUCKET", 4)
    async with connected(table) as client:
        for number in range(1, 14):
            log = log_on(client, table)
            await log.fence(number - 1)
            assert await log_on(client, table).head() == Mark(number - 1, number - 1)
            assert [batch.number for batch in await read_all(log_on(client, table))] == [*range(1, number)]
            await log.append(make_batch(number))
        await log.fence(13)
        assert await log.prune(13, T0 + 60_000) == 12
        assert [batch.number for batch in await read_all(log)] == [13]
        await log.append(make_batch(14))
