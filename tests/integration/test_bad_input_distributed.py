"""What operators get wrong with DynamoDB and Redis: a sentence at the start, or `degraded` until it is mended.

Real processes, a real DynamoDB Local behind fronts that refuse as Amazon's own does, real Redis servers.
"""

from __future__ import annotations

import asyncio
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pixels.cluster.dynamodb_local import CREDENTIALS
from pixels.cluster.program import free_port
from pixels.cluster.redis_server import RedisServer
from pixels_core.adapters.dynamodb.connect import connected
from pixels_core.adapters.dynamodb.table import create_table
from tests.support import aws_front
from tests.support.aws_front import AwsFront
from tests.support.dynamodb_local import dynamodb_local, local_settings
from tests.support.repository import ROOT

pytestmark = pytest.mark.slow

AT_ONCE = 3
_PIXELS = (sys.executable, "-c", "from pixels.cli import main; main()")
_SEEN = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@dataclass(frozen=True)
class Start:
    """A start that cannot be: what is wrong, and what is said."""

    what: str
    command: str
    words: Sequence[str]
    settings: Mapping[str, str] = field(default_factory=dict)
    code: int = 2
    credentials: bool = True

    def run(self, settings: Mapping[str, str], folder: Path) -> str:
        """Start it; returns what is not as it should be, "" where nothing."""
        given = {f"PIXELS_{name.upper()}": value for name, value in {**settings, **self.settings}.items()}
        aws = {name: value for name, value in CREDENTIALS.items() if self.credentials or name not in _SEEN}
        port = [] if self.command == "init" else ["--port", str(free_port())]
        ended = subprocess.run(
            [*_PIXELS, self.command, *port],
            env={"PATH": "/usr/bin", "PYTHONPATH": str(ROOT), **given, **aws},
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        lines = ended.stderr.splitlines()
        fine = ended.returncode == self.code and len(lines) == 1 and lines[0].startswith("pixels: ")
        if fine and all(words in lines[0] for words in self.words):
            return ""
        return f"{self.what}: {self.command} ended with {ended.returncode} and said\n{ended.stderr}"


CREDENTIALS_WORDS = ("AWS does not accept the credentials", "Set AWS_ACCESS_KEY_ID")


@dataclass(frozen=True)
class Services:
    """What the processes are led to."""

    endpoint: str
    redis: RedisServer
    table: str
    stack: ExitStack

    @property
    def settings(self) -> dict[str, str]:
        """Settings with which everything works."""
        return {
            "log": "dynamodb", "bus": "redis", "redis_url": self.redis.url, "log_level": "ERROR",
            "secret": "a secret of the tests' own, long enough", "dynamodb_endpoint": self.endpoint,
            "dynamodb_table": self.table,
        }  # fmt: skip

    def refusing(self, refusal: aws_front.Refusal, *operations: str) -> dict[str, str]:
        """Return the settings that lead to a DynamoDB which refuses."""
        front = AwsFront(self.endpoint)
        self.stack.callback(front.close)
        front.refuse(refusal, *operations)
        return {"dynamodb_endpoint": front.url}

    async def other_table(self, *keys: tuple[str, str, str]) -> dict[str, str]:
        """Make a table with other keys (name, HASH or RANGE, type); returns the settings that lead to it."""
        settings = local_settings(self.endpoint)
        made: Any = {
            "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind, _ in keys],
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": of} for name, _, of in keys],
        }
        async with connected(settings) as client:
            await client.create_table(TableName=settings.table, BillingMode="PAY_PER_REQUEST", **made)
        return {"dynamodb_table": settings.table}

    def redis_with(self, *options: str) -> RedisServer:
        """Start another Redis, with these options."""
        server = RedisServer(*options)
        server.start()
        self.stack.callback(server.kill)
        return server


@pytest.fixture
def services() -> Iterator[Services]:
    with ExitStack() as stack:
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in CREDENTIALS.items():
            environment.setenv(name, value)
        endpoint = stack.enter_context(dynamodb_local())
        redis = RedisServer()
        redis.start()
        stack.callback(redis.kill)
        table = f"test-{secrets.token_hex(4)}"
        asyncio.run(create_table(local_settings(endpoint, table=table)))
        yield Services(endpoint, redis, table, stack)


def at_aws(services: Services) -> list[Start]:
    """Return the starts that fail because of credentials and permissions."""
    clock = ("AWS does not accept this machine's clock", "Set it right")
    allowed = ("may not use the DynamoDB table", "dynamodb:PutItem", "docs/dynamodb.md")
    return [
        Start("an unknown key", "ws", CREDENTIALS_WORDS, services.refusing(aws_front.UNKNOWN_KEY)),
        Start("an expired key", "api", CREDENTIALS_WORDS, services.refusing(aws_front.EXPIRED)),
        Start("a wrong clock", "ws", clock, services.refusing(aws_front.WRONG_CLOCK)),
        Start("a narrow policy", "ws", allowed, services.refusing(aws_front.NOT_ALLOWED, "PutItem")),
        Start("no credentials", "init", (*CREDENTIALS_WORDS, "Unable to locate"), credentials=False),
    ]


async def at_tables(services: Services) -> list[Start]:
    """Return the starts that fail because of the table."""
    strange = ("is not one of Pixels: its key is", "Choose another name with PIXELS_DYNAMODB_TABLE")
    names = await services.other_table(("id", "HASH", "S"), ("at", "RANGE", "S"))
    no_sort_key = await services.other_table(("pk", "HASH", "S"))
    numbers = await services.other_table(("pk", "HASH", "S"), ("sk", "RANGE", "N"))
    return [
        Start("other names", "init", strange, names),
        Start("no sort key", "ws", (*strange, "pk (HASH, S), not"), no_sort_key),
        Start("other types", "api", (*strange, "sk (RANGE, N)"), numbers),
    ]


def at_redis(services: Services) -> list[Start]:
    """Return the starts that fail because of Redis."""
    closed = services.redis_with("--requirepass", "tea")
    replica = services.redis_with("--replicaof", "127.0.0.1", str(services.redis.port))
    services.redis.do("ACL", "SETUSER", "narrow", "on", ">tea", "~pixels:*", "+@all", "-xadd")
    user = {"redis_url": services.redis.url.replace("//", "//narrow:tea@")}
    wrong = {"redis_url": closed.url.replace("//", "//:coffee@")}
    password, allowed = ("PIXELS_REDIS_URL",), ("does not allow the user of PIXELS_REDIS_URL", "xadd")
    return [
        Start("a wrong password", "ws", (*password, "refuses the user or the password"), wrong),
        Start("no password", "ws", password, {"redis_url": closed.url}),
        Start("a narrow user", "ws", allowed, user),
        Start("a replica", "ws", ("read-only replica", "must name the primary"), {"redis_url": replica.url}),
    ]


def test_a_start_with_a_mistake_is_one_sentence(services: Services, tmp_path: Path) -> None:
    """[DIST-9] With the exit code for mistakes, what is wrong and what to do, and no traceback."""
    starts = [*at_aws(services), *asyncio.run(at_tables(services)), *at_redis(services)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda start: start.run(services.settings, tmp_path), starts))
    assert not any(found), "\n".join(filter(None, found))
