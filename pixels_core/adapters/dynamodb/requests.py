"""Requests to one DynamoDB table: tried again with full jitter while that can help, and never left half done.

Every request made here may be carried out twice without harm; whoever adds one keeps it so. boto's own retries are
switched off: they know nothing of our deadline, and they hide that the outcome of a write is unknown.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from pixels_core.errors import StoreUnavailable

from .errors import (
    BUSY,
    CONDITION,
    FAILURES,
    code_of,
    explained,
    is_passing,
)
from .items import Key, chunks, key_item, key_of
from .settings import DynamoSettings

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb.client import DynamoDBClient
    from types_aiobotocore_dynamodb.type_defs import (
        BatchStatementRequestTypeDef,
        KeysAndAttributesTypeDef,
        WriteRequestTypeDef,
    )

    from .items import Item

T = TypeVar("T")
FIRST_PAUSE_S = 0.025
LONGEST_PAUSE_S = 1.0
KEYS_AT_ONCE = 100
"""As many as BatchGetItem takes."""
WRITES_AT_ONCE = 25
"""As many as BatchWriteItem and BatchExecuteStatement take."""


class ConditionFailed(Exception):
    """The condition of a write did not hold; `item` is what is there instead."""

    def __init__(self, item: Item) -> None:
        super().__init__("the condition of a write does not hold")
        self.item = item


class DynamoRequests:
    """A client and the one table that it is for.

    Args:
        client: boto's client.
        settings: the table's name, and how long to try.
        chance: where the jitter comes from.
    """

    def __init__(self, client: DynamoDBClient, settings: DynamoSettings, chance: random.Random | None = None) -> None:
        self.client = client
        self.table = settings.table
        self._total_s = settings.total_seconds
        self._chance = chance or random.SystemRandom()
        self._last: BaseException | None = None
        self.closed = False

    async def run(self, request: Callable[[DynamoDBClient], Awaitable[T]]) -> T:
        """Return what a request returns, trying it again within the settings' total time.

        Raises ConditionFailed, ConfigurationError, or StoreUnavailable: then the outcome is unknown.
        """
        return await self._within_time(lambda: self._once(request))

    async def _once(self, request: Callable[[DynamoDBClient], Awaitable[T]]) -> T:
        attempt = 0
        while True:
            try:
                return await request(self.client)
            except FAILURES as problem:
                if code_of(problem) == CONDITION:
                    raise ConditionFailed(getattr(problem, "response", {}).get("Item", {})) from problem
                if not is_passing(problem):
                    raise explained(problem, self.table) from problem
                self._last = problem
            await self.pause(attempt)
            attempt += 1

    async def _within_time(self, work: Callable[[], Awaitable[T]]) -> T:
        if self.closed:
            raise StoreUnavailable(f"The connection to the DynamoDB table {self.table!r} is closed.")
        self._last = None
        try:
            async with asyncio.timeout(self._total_s):
                return await work()
        except TimeoutError as timeout:
            raise StoreUnavailable(
                f"The DynamoDB table {self.table!r} cannot be used now: {self._reason()}"
            ) from timeout

    def _reason(self) -> str:
        return str(self._last) if self._last else f"no answer within {self._total_s:g} s"

    async def pause(self, attempt: int) -> None:
        """Wait a random part of a span that doubles: of many that were refused together, few come back together."""
        await asyncio.sleep(self._chance.random() * min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(attempt, 10)))

    # ── single items ────────────────────────────────────────────────────────────────────────────────────────────────

    async def get(self, key: Key, *, consistent: bool = True) -> Item | None:
        """Return an item, or None; a strongly consistent read unless told otherwise."""
        answer = await self.run(
            lambda client: client.get_item(TableName=self.table, Key=key_item(key), ConsistentRead=consistent)
        )
        return answer.get("Item")

    async def put(self, item: Item, condition: str = "", values: Item | None = None) -> None:
        """Put an item, under a condition if one is given; raises ConditionFailed where that does not hold."""
        arguments: dict[str, Any] = {}
        if condition:
            arguments = {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        if values:
            arguments["ExpressionAttributeValues"] = values
        await self.run(lambda client: client.put_item(TableName=self.table, Item=item, **arguments))

    # ── many items ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def get_many(self, keys: Sequence[Key], *, consistent: bool = True) -> dict[Key, Item]:
        """Return those of the items that exist; what DynamoDB leaves unprocessed is asked for again."""
        found: dict[Key, Item] = {}
        for some in chunks(list(dict.fromkeys(keys)), KEYS_AT_ONCE):
            for item in await self._within_time(partial(self._get_some, some, consistent)):
                found[key_of(item)] = item
        return found

    async def _get_some(self, keys: Sequence[Key], consistent: bool) -> list[Item]:
        wanted: KeysAndAttributesTypeDef = {"Keys": [key_item(key) for key in keys], "ConsistentRead": consistent}
        found: list[Item] = []
        attempt = 0
        while True:
            asked = wanted
            answer = await self._once(lambda client: client.batch_get_item(RequestItems={self.table: asked}))  # noqa: B023
            found += answer["Responses"].get(self.table, [])
            if not answer.get("UnprocessedKeys"):
                return found
            wanted = {**answer["UnprocessedKeys"][self.table], "ConsistentRead": consistent}
            await self.pause(attempt)
            attempt += 1

    async def delete_many(self, keys: Sequence[Key]) -> None:
        """Delete items, whether or not they exist."""
        for some in chunks(keys, WRITES_AT_ONCE):
            await self._within_time(partial(self._delete_some, some))

    async def _delete_some(self, keys: Sequence[Key]) -> None:
        waiting: Sequence[WriteRequestTypeDef] = [{"DeleteRequest": {"Key": key_item(key)}} for key in keys]
        attempt = 0
        while waiting:
            asked = waiting
            answer = await self._once(lambda client: client.batch_write_item(RequestItems={self.table: asked}))  # noqa: B023
            waiting = answer.get("UnprocessedItems", {}).get(self.table, [])  # type: ignore[assignment]
            if waiting:
                await self.pause(attempt)
                attempt += 1

    async def execute(self, statements: Sequence[BatchStatementRequestTypeDef]) -> list[bool]:
        """Carry out at most 25 conditional writes of different items; says of each whether its condition held."""
        return await self._within_time(lambda: self._execute(statements))

    async def _execute(self, statements: Sequence[BatchStatementRequestTypeDef]) -> list[bool]:
        held = [False] * len(statements)
        waiting = list(range(len(statements)))
        attempt = 0
        while True:
            asked = [statements[index] for index in waiting]
            answer = await self._once(lambda client: client.batch_execute_statement(Statements=asked))  # noqa: B023
            again = []
            for index, response in zip(waiting, answer["Responses"], strict=True):
                problem: Any = response.get("Error", {})
                code = problem.get("Code", "")
                if code in BUSY:
                    again.append(index)
                elif code and code not in {"ConditionalCheckFailed", "DuplicateItem"}:
                    raise explained(ClientError({"Error": problem}, "BatchExecuteStatement"), self.table)
                held[index] = not code
            waiting = again
            if not waiting:
                return held
            await self.pause(attempt)
            attempt += 1

    async def query(
        self, partition: str, *, first: str = "", last: str = "", newest_first: bool = False, limit: int | None = None
    ) -> AsyncIterator[Item]:
        """Yield the items of a partition with sort keys from `first` on and `last` at most; strongly consistent."""
        arguments: dict[str, Any] = {} if limit is None else {"Limit": limit}
        while True:
            answer = await self.run(
                lambda client: client.query(
                    TableName=self.table,
                    KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
                    ExpressionAttributeValues={
                        ":pk": {"S": partition},
                        ":first": {"S": first or " "},
                        ":last": {"S": last or "\U0010ffff"},
                    },
                    ConsistentRead=True,
                    ScanIndexForward=not newest_first,
                    **arguments,
                )
            )
            for item in answer["Items"]:
                yield item
            if limit is not None or "LastEvaluatedKey" not in answer:
                return
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


async def gather_limited(work: Sequence[Coroutine[Any, Any, T]], at_once: int) -> list[T]:
    """Run coroutines, a few at a time; where one fails, end the others and raise its error."""
    slots = asyncio.Semaphore(at_once)

    async def one(coroutine: Coroutine[Any, Any, T]) -> T:
        async with slots:
            return await coroutine

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(coroutine)) for coroutine in work]
    except ExceptionGroup as problems:
        raise problems.exceptions[0] from None
    finally:
        for coroutine in work:
            coroutine.close()  # those that never began
    return [task.result() for task in tasks]
