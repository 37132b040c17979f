"""Sessions: everybody gets one by asking; it is a signed token, so the server keeps none."""

from __future__ import annotations

import secrets
import string
from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from pixels_api.dependencies import Dependencies
from pixels_api.http.address_limiter import AddressLimiter
from pixels_api.http.errors import TooSoon, problems
from pixels_api.schemas import NewSession, SessionInfo, SessionWithToken
from pixels_api.settings import ApiSettings
from pixels_core.errors import ReasonCode
from pixels_core.protocol.messages import Role
from pixels_core.web.tokens import Session, clean_name

from .identity import COOKIE, address_of, came_over_https, session_of, session_to_renew

_ID_LETTERS = string.ascii_lowercase + string.digits
_ID_LENGTH = 16
"""36¹⁶ ids: 82 bits, nobody guesses or repeats one."""


@post(
    "/api/session",
    status_code=HTTP_200_OK,
    summary="Open, renew or rename a session",
    tags=["Sessions"],
    responses=problems(
        ReasonCode.UNAUTHORIZED,
        ReasonCode.EXPIRED,
        ReasonCode.FOREIGN_ORIGIN,
        ReasonCode.TOO_LARGE,
        ReasonCode.RATE_LIMITED,
    ),
)
async def open_session(
    request: Request[Any, Any, Any],
    dependencies: NamedDependency[Dependencies],
    settings: NamedDependency[ApiSettings],
    session_limiter: NamedDependency[AddressLimiter],
    data: JSONBody[NewSession | None] = None,
) -> Response[SessionWithToken]:
    """Return a session and set its cookie. With a valid session the user and the role stay and the end moves."""
    now = dependencies.clock.now()
    if wait := session_limiter.take(address_of(request, settings), now):
        raise TooSoon("This address opens sessions too fast.", wait)
    before = session_to_renew(request, dependencies)
    given = data.name if data else None
    name = clean_name(given)
    if before and given is None:
        name = before.name
    session = Session(
        user=before.user if before else "u_" + "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH)),
        name=name,
        role=before.role if before else Role.PAINTER,
        expires_at=now + settings.session_ms,
    )
    if name != (before.name if before else None):
        await dependencies.users.remember(session.user, name)
    token = dependencies.signer.sign(session)
    body = SessionWithToken(
        user=session.user, name=session.name, role=session.role, expires_at=session.expires_at, token=token
    )
    secure = settings.cookie_secure == "always" or (
        settings.cookie_secure == "auto" and came_over_https(request, settings)
    )
    cookie = Cookie(
        key=COOKIE, value=token, max_age=settings.session_ms // 1000, secure=secure, httponly=True, samesite="lax"
    )
    return Response(body, cookies=[cookie])


@get(
    "/api/session",
    summary="Who am I?",
    tags=["Sessions"],
    responses=problems(ReasonCode.UNAUTHORIZED, ReasonCode.EXPIRED),
)
async def show_session(request: Request[Any, Any, Any], dependencies: NamedDependency[Dependencies]) -> SessionInfo:
    """Return the session of the bearer token or of the cookie."""
    session = session_of(request, dependencies)
    return SessionInfo(user=session.user, name=session.name, role=session.role, expires_at=session.expires_at)


@delete("/api/session", summary="Forget me", tags=["Sessions"], responses=problems(ReasonCode.FOREIGN_ORIGIN))
async def close_session() -> Response[None]:
    """Take the cookie back. The token itself stays valid until its end: throw it away."""
    answer: Response[None] = Response(None)
    answer.delete_cookie(COOKIE)
    return answer
