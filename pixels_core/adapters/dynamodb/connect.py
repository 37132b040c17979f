"""Opening a connection to DynamoDB."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError
from botocore.loaders import Loader, create_loader

from pixels_core.errors import ConfigurationError

from .settings import DynamoSettings

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb.client import DynamoDBClient


@cache
def _loader() -> Loader:
    """Return what reads boto's description of DynamoDB; 80 ms, so once a process is enough."""
    return create_loader()


@asynccontextmanager
async def connected(settings: DynamoSettings) -> AsyncIterator[DynamoDBClient]:
    """Make a client for the settings; raises ConfigurationError where there is no region."""
    config = AioConfig(
        connect_timeout=settings.connect_seconds,
        read_timeout=settings.request_seconds,
        max_pool_connections=settings.connections,
        retries={"total_max_attempts": 1},  # `dynamodb_requests` tries again, and knows for how long
    )
    session = get_session()
    session.register_component("data_loader", _loader())
    try:
        creating = session.create_client(
            "dynamodb",
            region_name=settings.region or os.environ.get("AWS_REGION"),  # boto reads AWS_DEFAULT_REGION alone
            endpoint_url=settings.endpoint,
            config=config,
        )
        client = await creating.__aenter__()
    except (BotoCoreError, ValueError) as problem:
        raise ConfigurationError(
            f"There is no way to DynamoDB: {problem} Set PIXELS_DYNAMODB_REGION, or AWS_REGION for all of AWS."
        ) from problem
    try:
        yield client
    finally:
        await creating.__aexit__(None, None, None)
