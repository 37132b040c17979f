from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from pixels_core.adapters.dynamodb.connect import connected
from pixels_core.adapters.dynamodb.items import key_item
from pixels_core.adapters.dynamodb.requests import ConditionFailed, DynamoRequests, gather_limited
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.errors import ConfigurationError, StoreUnavailable
from tests.support.dynamodb_faults import FaultyClient, Halves, Request, Storm, aws_error

KEYS = [("p", f"{i:04}") for i in range(120)]


def requests_of(client: Any, settings: DynamoSettings) -> DynamoRequests:
    return DynamoRequests(client, settings, random.Random(1))


async def fill(requests: DynamoRequests) -> None:
    await gather_limited([requests.put({**key_item(key), "n": {"N": "1"}}) for key in KEYS], 16)


async def test_a_failed_condition_shows_what_is_there(table: DynamoSettings) -> None:
    async with connected(table) as client:
        requests = requests_of(client, table)
        await requests.put({**key_item(("a", "b")), "n": {"N": "1"}}, "attribute_not_exists(pk)")
        with pytest.raises(ConditionFailed) as failure:
            await requests.put({**key_item(("a", "b")), "n": {"N": "2"}}, "attribute_not_exists(pk)")
        assert failure.value.item == {**key_item(("a", "b")), "n": {"N": "1"}}


async def test_unprocessed_items_are_asked_for_again(table: DynamoSettings) -> None:
    async with connected(table) as client:
        halves = Halves()
        requests = requests_of(FaultyClient(client, halves), table)
        await fill(requests)
        assert set(await requests.get_many(KEYS)) == set(KEYS)
        await requests.delete_many(KEYS)
        assert await requests.get_many(KEYS) == {}
        assert halves.handed_back > len(KEYS)


async def test_refused_statements_are_carried_out_again(table: DynamoSettings) -> None:
    async with connected(table) as client:
        requests = requests_of(FaultyClient(client, Halves()), table)
        insert: Any = {"Statement": f"INSERT INTO \"{table.table}\" VALUE {{'pk': ?, 'sk': ?}}"}
        statements: Any = [{**insert, "Parameters": list(key_item(key).values())} for key in KEYS[:25]]
        assert await requests.execute(statements) == [True] * 25
        assert await requests.execute(statements[:3]) == [False] * 3  # they are there
        assert set(await requests.get_many(KEYS)) == set(KEYS[:25])


async def test_a_statement_that_cannot_work_is_no_conflict(table: DynamoSettings) -> None:
    async with connected(table) as client:
        statement: Any = {"Statement": "UPDATE nothing"}
        with pytest.raises(StoreUnavailable):
            await requests_of(client, table).execute([statement])


async def test_a_statement_that_is_not_allowed_is_explained(table: DynamoSettings) -> None:
    async def refuse(name: str, _request: Request, _arguments: dict[str, Any]) -> Any:
        assert name == "batch_execute_statement"
        return {"Responses": [{"Error": {"Code": "AccessDenied", "Message": "no dynamodb:PartiQLInsert"}}]}

    async with connected(table) as client:
        with pytest.raises(ConfigurationError, match="PartiQLInsert"):
            await requests_of(FaultyClient(client, refuse), table).execute([{"Statement": "INSERT …"}])


async def test_a_throttling_storm_loses_nothing(table: DynamoSettings) -> None:
    async with connected(table) as client:
        storm = Storm(seed=7)
        requests = requests_of(FaultyClient(client, storm), table)
        await fill(requests)
        assert set(await requests.get_many(KEYS)) == set(KEYS)
        assert [item["sk"]["S"] async for item in requests.query("p", first="0100", last="0109")] == [
            f"{i:04}" for i in range(100, 110)
        ]
        assert storm.refused > 30


async def test_trying_ends_with_the_settings_time(table: DynamoSettings) -> None:
    async def never(name: str, _request: Request, _arguments: dict[str, Any]) -> Any:
        raise aws_error("ThrottlingException", name)

    short = table.model_copy(update={"total_seconds": 0.2})
    async with connected(short) as client:
        with pytest.raises(StoreUnavailable, match="ThrottlingException"):
            await requests_of(FaultyClient(client, never), short).get(("a", "b"))


async def test_silence_ends_with_the_settings_time(table: DynamoSettings) -> None:
    async def silent(_name: str, _request: Request, _arguments: dict[str, Any]) -> Any:
        await asyncio.Event().wait()

    short = table.model_copy(update={"total_seconds": 0.1})
    async with connected(short) as client:
        with pytest.raises(StoreUnavailable, match=r"no answer within 0\.1 s"):
            await requests_of(FaultyClient(client, silent), short).get(("a", "b"))


async def test_what_cannot_help_is_not_repeated(table: DynamoSettings) -> None:
    asked = []

    async def refuse(name: str, _request: Request, _arguments: dict[str, Any]) -> Any:
        asked.append(name)
        raise aws_error("UnrecognizedClientException", name)

    async with connected(table) as client:
        with pytest.raises(ConfigurationError, match="AWS does not accept the credentials"):
            await requests_of(FaultyClient(client, refuse), table).get(("a", "b"))
    assert asked == ["get_item"]


async def test_of_many_the_first_error_is_raised_and_the_rest_ends() -> None:
    ended = []

    async def work(number: int) -> int:
        try:
            if number == 3:
                raise StoreUnavailable
            await asyncio.Event().wait()
        finally:
            ended.append(number)
        return number

    with pytest.raises(StoreUnavailable):
        await gather_limited([work(number) for number in range(6)], 4)
    assert set(ended) >= {0, 1, 2, 3}


async def test_a_connection_that_cannot_be_made_is_tried_again(table: DynamoSettings) -> None:
    failures = iter([EndpointConnectionError(endpoint_url="x"), ConnectionResetError()])

    async def stumble(_name: str, request: Request, arguments: dict[str, Any]) -> Any:
        for failure in failures:
            raise failure
        return await request(**arguments)

    async with connected(table) as client:
        assert await requests_of(FaultyClient(client, stumble), table).get(("a", "b")) is None
