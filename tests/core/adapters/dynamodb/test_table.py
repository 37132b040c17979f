from __future__ import annotations

from typing import Any

import pytest

from pixels_core.adapters.dynamodb.connect import connected
from pixels_core.adapters.dynamodb.requests import DynamoRequests
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.adapters.dynamodb.table import EXPIRES, check_table, create_table
from pixels_core.errors import ConfigurationError


async def make(settings: DynamoSettings, *keys: tuple[str, str, str]) -> None:
    kinds: Any = ["HASH", "RANGE"]
    definitions: Any = [{"AttributeName": name, "AttributeType": kind} for _, name, kind in keys]
    async with connected(settings) as client:
        await client.create_table(
            TableName=settings.table,
            KeySchema=[{"AttributeName": key[1], "KeyType": kinds[i]} for i, key in enumerate(keys)],
            AttributeDefinitions=definitions,
            BillingMode="PAY_PER_REQUEST",
        )


async def test_a_table_is_made_as_described(no_table: DynamoSettings) -> None:
    said: list[str] = []
    await create_table(no_table, said.append)
    assert said[0].startswith("Creating the table")
    assert said[-1].endswith("is ready.")
    async with connected(no_table) as client:
        found = (await client.describe_table(TableName=no_table.table))["Table"]
        expiry = (await client.describe_time_to_live(TableName=no_table.table))["TimeToLiveDescription"]
    assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", EXPIRES)


async def test_making_it_again_changes_nothing(table: DynamoSettings) -> None:
    said: list[str] = []
    await create_table(table, said.append)
    assert not [sentence for sentence in said if sentence.startswith(("Creating", "Items"))]


async def test_a_missing_table_is_told(no_table: DynamoSettings) -> None:
    async with connected(no_table) as client:
        with pytest.raises(ConfigurationError, match=r"There is no DynamoDB table .* Run `pixels init`"):
            await check_table(DynamoRequests(client, no_table))


@pytest.mark.parametrize("keys", [[("HASH", "id", "S")], [("HASH", "pk", "S"), ("RANGE", "sk", "N")]])
async def test_another_schema_is_told(no_table: DynamoSettings, keys: list[tuple[str, str, str]]) -> None:
    await make(no_table, *keys)
    with pytest.raises(ConfigurationError, match=r"is not one of Pixels: its key is .*run `pixels init`"):
        await create_table(no_table)
    async with connected(no_table) as client:
        with pytest.raises(ConfigurationError, match="is not one of Pixels"):
            await check_table(DynamoRequests(client, no_table))


async def test_another_expiry_is_told(no_table: DynamoSettings) -> None:
    await make(no_table, ("HASH", "pk", "S"), ("RANGE", "sk", "S"))
    async with connected(no_table) as client:
        await client.update_time_to_live(
            TableName=no_table.table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
        )
    with pytest.raises(ConfigurationError, match="its items expire by 'ttl'"):
        await create_table(no_table)
