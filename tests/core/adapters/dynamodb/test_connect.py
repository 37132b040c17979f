from __future__ import annotations

import pytest

from pixels_core.adapters.dynamodb.connect import connected
from pixels_core.adapters.dynamodb.settings import DynamoSettings
from pixels_core.errors import ConfigurationError


async def test_the_region_may_come_from_aws_itself(table: DynamoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-2")
    async with connected(table) as client:
        assert client.meta.region_name == "us-east-2"
    async with connected(table.model_copy(update={"region": "eu-north-1"})) as client:
        assert client.meta.region_name == "eu-north-1"


async def test_without_a_region_it_says_what_to_set(table: DynamoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConfigurationError, match="Set PIXELS_DYNAMODB_REGION"):
        async with connected(table):
            pass
