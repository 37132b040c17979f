"""What stands between a process and DynamoDB Local: it can be slow, busy, silent, or refuse as Amazon's own does.

DynamoDB Local takes any credentials and is never busy. The refusals are answers of the real service, word for word
but for names and numbers.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.support.link import background

_COMMON, _DYNAMO = "com.amazon.coral.service#", "com.amazonaws.dynamodb.v20120810#"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer in the service's place."""

    kind: str
    message: str
    status: int = 400
    word: str = "message"
    """How the service spells the name of the message."""

    @property
    def body(self) -> bytes:
        """What is sent."""
        return json.dumps({"__type": self.kind, self.word: self.message}).encode()


UNKNOWN_KEY = Refusal(
    _COMMON + "UnrecognizedClientException", "The security token included in the request is invalid."
)
EXPIRED = Refusal(_COMMON + "ExpiredTokenException", "The security token included in the request is expired")
WRONG_SECRET = Refusal(
    _COMMON + "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.",
)
WRONG_CLOCK = Refusal(
    _COMMON + "InvalidSignatureException",
    "Signature expired: 20250101T000000Z is now earlier than 20250101T001000Z (20250101T001500Z - 5 min.)",
)
NOT_ALLOWED = Refusal(
    _COMMON + "AccessDeniedException",
    "User: arn:aws:iam::123456789012:user/pixels is not authorized to perform: dynamodb:PutItem on resource: "
    "arn:aws:dynamodb:eu-central-1:123456789012:table/pixels because no identity-based policy allows the "
    "dynamodb:PutItem action",
    word="Message",
)
NO_TABLE = Refusal(_DYNAMO + "ResourceNotFoundException", "Requested resource not found")
THROUGHPUT = Refusal(
    _DYNAMO + "ProvisionedThroughputExceededException",
    "The level of configured provisioned throughput for the table was exceeded. Consider increasing your "
    "provisioning level with the UpdateTable API.",
)
THROTTLED = Refusal(
    "com.amazon.coral.availability#ThrottlingException", "Rate of requests exceeds the allowed throughput."
)
BROKEN = Refusal(_DYNAMO + "InternalServerError", "Internal server error", 500)

Fault = Callable[[str], Refusal | None]
"""Gets the operation's name; returns None to let it pass."""


class AwsFront:
    """One front; a process takes its `url` for DynamoDB's.

    Args:
        endpoint: the service behind.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._open = asyncio.Event()
        self.fault: Fault | None = None
        self.delay = 0.0
        """How much longer every request takes, in seconds."""
        self.seen: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.url = background().do(self._start())

    def stop_up(self) -> None:
        """Answer nobody, and let nothing through, until `mend`."""
        background().loop.call_soon_threadsafe(self._open.clear)

    def refuse(self, refusal: Refusal, *operations: str) -> None:
        """Refuse these operations, all without a name."""
        self.fault = lambda name: refusal if not operations or name in operations else None

    def throttle(self, share: float, seed: int = 1) -> None:
        """Refuse a share of the requests as a busy table does."""
        dice = random.Random(seed)
        self.fault = lambda _name: dice.choice((THROUGHPUT, THROTTLED)) if dice.random() < share else None

    def mend(self) -> None:
        """Behave."""
        self.fault, self.delay = None, 0.0
        background().loop.call_soon_threadsafe(self._open.set)

    def close(self) -> None:
        """End it."""
        background().do(self._close())

    async def _start(self) -> str:
        self._open.set()
        self._client = ClientSession(timeout=ClientTimeout(total=60), auto_decompress=False)
        application = web.Application(client_max_size=1 << 26)
        application.router.add_post("/", self._answer)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def _close(self) -> None:
        await self._client.close()
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        name = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
        self.seen[name] += 1
        body = await request.read()
        refusal = self.fault(name) if self.fault else None
        if refusal:
            self.refused[refusal.kind.rpartition("#")[2]] += 1
            headers = {"x-amz-crc32": str(crc32(refusal.body)), "x-amzn-requestid": "ON-PURPOSE"}
            return web.Response(
                body=refusal.body,
                status=refusal.status,
                headers=headers,
                content_type="application/x-amz-json-1.0",
            )
        if self.delay:
            await asyncio.sleep(self.delay)
        await self._open.wait()
        kept = {key: value for key, value in request.headers.items() if key.lower() not in _OF_THE_HOP}
        try:
            async with self._client.post(self._endpoint, data=body, headers=kept) as answer:
                data = await answer.read()
                headers = {key: value for key, value in answer.headers.items() if key.lower() not in _OF_THE_HOP}
                return web.Response(body=data, status=answer.status, headers=headers)
        except ClientError:
            return web.Response(body=BROKEN.body, status=503, content_type="application/x-amz-json-1.0")


_OF_THE_HOP = frozenset({"host", "content-length", "connection", "transfer-encoding", "keep-alive", "server", "date"})
