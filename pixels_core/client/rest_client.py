"""The REST side of a client: sessions, bitmaps and pictures, with every failure as a PixelsError."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from pixels_core.errors import (
    ClientFault,
    ConfigurationError,
    PixelsError,
    ReasonCode,
    ServerUnreachable,
    TokenError,
)
from pixels_core.canvas.geometry import Rect, Size
from pixels_core.sync import CanvasBitmap

TIMEOUT_S = 30.0

_BY_WORD = {reason.value: reason for reason in ReasonCode}


@dataclass(frozen=True, slots=True)
class SessionToken:
    """A session: who it is and the token that proves it."""

    user: str
    name: str | None
    role: str
    token: str


def check_url(url: str) -> str:
    """Return a server's address without a slash at the end; raises ConfigurationError for what is none."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigurationError(f"{url!r} is not a server's address; write it as http://127.0.0.1:8000.")
    return url.rstrip("/")


class RestClient:
    """Talks to `/api`; an asynchronous context manager.

    Args:
        url: the server's address, as http://127.0.0.1:8000.
        canvas: the canvas's name.
        token: of a session from before, to go on as the same user.
    """

    def __init__(self, url: str, canvas: str = "main", token: str | None = None) -> None:
        self.url = check_url(url)
        self.canvas = canvas
        self.token = token
        self._http = httpx.AsyncClient(base_url=self.url, timeout=TIMEOUT_S, follow_redirects=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def open_session(self, name: str | None = None) -> SessionToken:
        """Open a session, or renew the one of `token`; raises TokenError for a token that is not accepted."""
        answer = await self._request("POST", "/api/session", json={} if name is None else {"name": name})
        body = _json(answer)
        try:
            session = SessionToken(body["user"], body.get("name"), body["role"], body["token"])
        except KeyError:
            raise ServerUnreachable(f"{self.url} is not a Pixels server.") from None
        self.token = session.token
        return session

    async def snapshot(self) -> CanvasBitmap:
        """Fetch the whole bitmap."""
        answer = await self._request("GET", f"/api/canvas/{self.canvas}/bitmap")
        headers, pixels = answer.headers, answer.content
        try:
            size = Size(int(headers["pixels-width"]), int(headers["pixels-height"]))
            snapshot = CanvasBitmap(headers["pixels-epoch"], int(headers["pixels-seq"]), size, pixels)
        except (KeyError, ValueError, ClientFault):
            raise ServerUnreachable(f"{self.url} is not a Pixels server.") from None
        if len(pixels) != size.cells:
            raise ServerUnreachable("The server sent a bitmap of the wrong length.")
        return snapshot

    async def picture(self, kind: str, region: Rect | None = None, scale: int = 1) -> bytes:
        """Fetch the canvas, or a region of it, as "png" or "jpg"."""
        query: dict[str, int] = {"scale": scale}
        if region:
            query |= {"x": region.x, "y": region.y, "width": region.width, "height": region.height}
        answer = await self._request("GET", f"/api/canvas/{self.canvas}/canvas.{kind}", params=query)
        return answer.content

    async def _request(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            answer = await self._http.request(method, path, headers=headers, **arguments)
        except httpx.HTTPError as problem:
            raise ServerUnreachable(f"Cannot reach {self.url}: {_plain(problem)}.") from problem
        if answer.status_code >= 400:
            raise problem_of(answer.status_code, answer.content, self.url)
        return answer


def problem_of(status: int, body: bytes, url: str) -> PixelsError:
    """Return the error that an HTTP answer of 400 or above stands for."""
    problem = _parsed(body)
    detail, code = problem.get("detail"), problem.get("code")
    sentence = detail if isinstance(detail, str) else f"{url} answered {status}."
    reason = _BY_WORD.get(code) if isinstance(code, str) else None
    if status == httpx.codes.UNAUTHORIZED:
        return TokenError(sentence, reason)
    if status in {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.REQUEST_TIMEOUT} or status >= 500 or reason is None:
        return ServerUnreachable(sentence, reason)
    return ClientFault(sentence, reason)


def _plain(problem: httpx.HTTPError) -> str:
    if isinstance(problem, httpx.ConnectError):
        return "nothing answers there"
    if isinstance(problem, httpx.TimeoutException):
        return "no answer in time"
    return str(problem).rstrip(".") or type(problem).__name__


def _json(answer: httpx.Response) -> dict[str, Any]:
    return _parsed(answer.content)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        value = httpx.Response(200, content=body).json()
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
