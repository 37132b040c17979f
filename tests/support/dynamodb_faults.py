"""A DynamoDB client that fails on purpose: before a request or after it, at a chosen one or by dice, or half."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from botocore.exceptions import ClientError

from pixels_core.adapters.dynamodb.connect import connected
from pixels_core.adapters.dynamodb.requests import DynamoRequests
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.adapters.dynamodb.store import DynamoStore
from tests.support.builders import IDENTITY

Request = Callable[..., Awaitable[Any]]
Fault = Callable[[str, Request, dict[str, Any]], Awaitable[Any]]
"""Gets a request's name, what carries it out, and its arguments; answers in DynamoDB's place."""


def aws_error(code: str, operation: str = "PutItem", status: int = 400, message: str = "on purpose") -> ClientError:
    """Return an error as boto raises it."""
    return ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        operation,
    )


class FaultyClient:
    """Stands before a real client; every request goes through `fault`."""

    def __init__(self, client: Any, fault: Fault) -> None:
        self._client = client
        self._fault = fault

    def __getattr__(self, name: str) -> Request:
        request: Request = getattr(self._client, name)

        async def carry_out(**arguments: Any) -> Any:
            return await self._fault(name, request, arguments)

        return carry_out


class Storm:
    """Throttles by dice, before the request or, as a lost answer, after it.

    Args:
        seed: of the dice.
        share: of the requests that are refused.
    """

    def __init__(self, seed: int, share: float = 0.4) -> None:
        self._dice = random.Random(seed)
        self._share = share
        self.refused = 0

    async def __call__(self, name: str, request: Request, arguments: dict[str, Any]) -> Any:
        """Carry out or refuse a request, or do both."""
        if self._dice.random() >= self._share:
            return await request(**arguments)
        self.refused += 1
        if self._dice.random() < 0.5:
            raise aws_error(
                self._dice.choice(["ThrottlingException", "ProvisionedThroughputExceededException"]), name
            )
        await request(**arguments)
        raise aws_error("InternalServerError", name, status=500)


class Halves:
    """Does half of every batch and hands back the rest, as DynamoDB may."""

    def __init__(self) -> None:
        self.handed_back = 0

    async def __call__(self, name: str, request: Request, arguments: dict[str, Any]) -> Any:
        """Carry out a request, a batch only in part."""
        if name == "batch_execute_statement":
            return await self._statements(request, arguments["Statements"])
        if name not in {"batch_get_item", "batch_write_item"}:
            return await request(**arguments)
        ((table, asked),) = arguments["RequestItems"].items()
        entries = asked["Keys"] if name == "batch_get_item" else asked
        kept, back = entries[: (len(entries) + 1) // 2], entries[(len(entries) + 1) // 2 :]
        self.handed_back += len(back)
        now, later = ({**asked, "Keys": kept}, {"Keys": back}) if name == "batch_get_item" else (kept, back)
        answer = await request(RequestItems={table: now})
        rest = "UnprocessedKeys" if name == "batch_get_item" else "UnprocessedItems"
        return {**answer, rest: {table: later} if back else {}}

    async def _statements(self, request: Request, statements: list[Any]) -> Any:
        half = (len(statements) + 1) // 2
        answer = await request(Statements=statements[:half])
        refused = [{"Error": {"Code": "ThrottlingError"}}] * (len(statements) - half)
        self.handed_back += len(refused)
        return {**answer, "Responses": [*answer["Responses"], *refused]}


class Killed(BaseException):
    """The process is gone."""


class KilledAt:
    """Lets the process die at its nth request: before it is sent, or with the answer on its way.

    Args:
        number: which request, from 0.
        after: whether it is carried out first.
    """

    def __init__(self, number: int, *, after: bool) -> None:
        self._left = number
        self._after = after
        self.fired = False

    async def __call__(self, name: str, request: Request, arguments: dict[str, Any]) -> Any:
        """Carry out a request, or die."""
        self._left -= 1
        if self._left >= 0:
            return await request(**arguments)
        if self._after and not self.fired:
            self.fired = True
            await request(**arguments)
        self.fired = True
        raise Killed(name)


async def faultless(_name: str, request: Request, arguments: dict[str, Any]) -> Any:
    """Carry out a request."""
    return await request(**arguments)


@asynccontextmanager
async def store_on(settings: DynamoSettings, fault: Fault = faultless) -> AsyncIterator[DynamoStore]:
    """Open a store for `IDENTITY` whose client has a fault."""
    async with connected(settings) as client:
        faulty: Any = FaultyClient(client, fault)
        yield DynamoStore(DynamoRequests(faulty, settings, random.Random(1)), IDENTITY, settings)
