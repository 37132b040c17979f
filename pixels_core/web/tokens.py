"""Session tokens: who somebody is, signed, with an end. The same token is a browser's cookie and a script's bearer.

Form: base64url(JSON) "." base64url(HMAC-SHA256 of the first part). Not a JWT: one algorithm, nothing to negotiate.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass

from pixels_core.errors import ConfigurationError, ReasonCode, TokenError
from pixels_core.protocol.messages import Role
from pixels_core.serialization import from_plain, to_plain
from pixels_core.units import Milliseconds

MIN_SECRET_BYTES = 32
MAX_TOKEN_BYTES = 1024
MAX_NAME = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a token says: the user, the display name, the role and when it ends."""

    user: str
    name: str | None = None
    role: Role
    expires_at: Milliseconds


def clean_name(name: str | None) -> str | None:
    """Return a display name without control characters and outer spaces, or None; raises TokenError `too_large`."""
    text = "".join(letter for letter in name or "" if letter.isprintable()).strip()
    if len(text) > MAX_NAME:
        raise TokenError(f"A display name has at most {MAX_NAME} characters.", ReasonCode.TOO_LARGE)
    return text or None


class TokenSigner:
    """Signs and checks tokens with one secret of at least 32 bytes; raises ConfigurationError for a shorter one."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < MIN_SECRET_BYTES:
            raise ConfigurationError(f"The session secret needs at least {MIN_SECRET_BYTES} bytes.")
        self._secret = secret

    def sign(self, session: Session) -> str:
        """Return the token of a session."""
        payload = _encode(json.dumps(to_plain(session), separators=(",", ":")).encode())
        return f"{payload}.{_encode(self._mac(payload))}"

    def verify(self, token: str | None, now: Milliseconds) -> Session:
        """Return the session of a token; raises TokenError `unauthorized` or `expired`."""
        if not token:
            raise TokenError
        payload, _, signature = token.partition(".")
        if len(token) > MAX_TOKEN_BYTES or not hmac.compare_digest(
            _encode(self._mac(payload)).encode(), signature.encode("utf-8", "replace")
        ):
            raise TokenError("The session token is not one of ours.")
        try:
            session = from_plain(Session, json.loads(_decode(payload)))
        except (ValueError, binascii.Error) as problem:
            raise TokenError("The session token makes no sense.") from problem
        if now >= session.expires_at:
            raise TokenError(code=ReasonCode.EXPIRED)
        return session

    def _mac(self, payload: str) -> bytes:
        return hmac.digest(self._secret, payload.encode("utf-8", "replace"), hashlib.sha256)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
