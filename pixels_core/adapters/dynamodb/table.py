"""The table itself: what it must look like, and how `pixels init` makes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from pixels_core.errors import ConfigurationError, PixelsError

from .connect import connected
from .errors import FAILURES, code_of, misshapen, missing
from .requests import DynamoRequests
from .settings import DynamoSettings

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb.client import DynamoDBClient
    from types_aiobotocore_dynamodb.type_defs import TableDescriptionTypeDef

EXPIRES = "expires"
"""The attribute that DynamoDB's TTL looks at, in seconds since the Unix epoch."""

_KEYS = {"pk": "HASH", "sk": "RANGE"}
_POLL_S = 0.5
_POLLS = 240
_NOT_HERE = frozenset({"UnknownOperationException", "UnsupportedOperationException"})
"""How DynamoDB Local says that it has no point-in-time recovery."""


async def create_table(settings: DynamoSettings, progress: Callable[[str], None] = lambda _sentence: None) -> None:
    """Make the table if it is not there, wait until it can be used, and switch on TTL and point-in-time recovery.

    It can be called again at any time; every step is told to `progress` in a sentence. Raises ConfigurationError
    where a table of this name has another schema, or where AWS does not allow it.
    """
    async with connected(settings) as client:
        requests = DynamoRequests(client, settings)
        found = await _description(requests)
        if found is None:
            progress(f"Creating the table {settings.table!r}, billed by request.")
            await requests.run(lambda client: _create(client, settings.table))
        await _until_active(requests, progress)
        await _expire(requests, progress)
        await _allow_recovery(requests, progress)
        progress(f"The table {settings.table!r} is ready.")


async def check_table(requests: DynamoRequests) -> None:
    """Raise ConfigurationError unless the table is there and one of Pixels."""
    found = await _description(requests)
    if found is None or found.get("TableStatus") in {"CREATING", "DELETING"}:
        raise missing(requests.table)
    _check_schema(found, requests.table)


async def _create(client: DynamoDBClient, table: str) -> None:
    try:
        await client.create_table(
            TableName=table,
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
    except FAILURES as problem:
        if code_of(problem) != "ResourceInUseException":  # somebody else, or our own earlier attempt, made it
            raise


async def _description(requests: DynamoRequests) -> TableDescriptionTypeDef | None:
    async def describe(client: DynamoDBClient) -> TableDescriptionTypeDef | None:
        try:
            return (await client.describe_table(TableName=requests.table))["Table"]
        except FAILURES as problem:
            if code_of(problem) != "ResourceNotFoundException":
                raise
            return None

    return await requests.run(describe)


def _check_schema(found: TableDescriptionTypeDef, table: str) -> None:
    keys = {key["AttributeName"]: key["KeyType"] for key in found.get("KeySchema", [])}
    types = {entry["AttributeName"]: entry["AttributeType"] for entry in found.get("AttributeDefinitions", [])}
    if keys != _KEYS or any(types.get(name) != "S" for name in _KEYS):
        shown = ", ".join(f"{name} ({kind}, {types.get(name)})" for name, kind in keys.items())
        raise misshapen(table, f"its key is {shown}, not pk (HASH, S), sk (RANGE, S)")


async def _until_active(requests: DynamoRequests, progress: Callable[[str], None]) -> None:
    for turn in range(_POLLS):
        found = await _description(requests)
        if found is not None:
            _check_schema(found, requests.table)
            if found.get("TableStatus") in {"ACTIVE", "UPDATING"}:
                return
        if turn == 0:
            progress("Waiting until AWS has made it.")
        await asyncio.sleep(_POLL_S)
    raise ConfigurationError(
        f"AWS is still making the table {requests.table!r}. Run `pixels init` again in a minute."
    )


async def _expire(requests: DynamoRequests, progress: Callable[[str], None]) -> None:
    """Switch on TTL unless it is; AWS refuses to do it twice."""
    answer = await requests.run(lambda client: client.describe_time_to_live(TableName=requests.table))
    found = answer["TimeToLiveDescription"]
    if found.get("TimeToLiveStatus") in {"ENABLED", "ENABLING"}:
        if found.get("AttributeName", EXPIRES) != EXPIRES:
            raise misshapen(requests.table, f"its items expire by {found['AttributeName']!r}, not by {EXPIRES!r}")
        return
    progress(f"Items with the attribute {EXPIRES!r} will delete themselves (TTL).")
    await requests.run(
        lambda client: client.update_time_to_live(
            TableName=requests.table, TimeToLiveSpecification={"Enabled": True, "AttributeName": EXPIRES}
        )
    )


async def _allow_recovery(requests: DynamoRequests, progress: Callable[[str], None]) -> None:
    """Switch on point-in-time recovery; where that is not to be had, say so and go on."""

    async def allow(client: DynamoDBClient) -> bool:
        try:
            await client.update_continuous_backups(
                TableName=requests.table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
            )
        except FAILURES as problem:
            if code_of(problem) not in _NOT_HERE:
                raise
            return False
        return True

    try:
        allowed = await requests.run(allow)
    except PixelsError as problem:  # a table can be used without it; it is for the administrator to decide
        progress(f"Point-in-time recovery is not on: {problem}")
        return
    progress("Point-in-time recovery is on." if allowed else "There is no point-in-time recovery here.")
