"""Redis's errors as ours: whatever a network does is `BusUnavailable`, whatever a host must mend is a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    NoPermissionError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)

from pixels_core.errors import BusUnavailable, ConfigurationError

_REFUSED = (AuthenticationError, AuthorizationError)


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors of redis-py into BusUnavailable or ConfigurationError."""
    try:
        yield
    except NoPermissionError as problem:
        raise ConfigurationError(
            f"Redis does not allow the user of PIXELS_REDIS_URL what Pixels needs: {problem}. docs/operations.md has "
            "the rules."
        ) from problem
    except _REFUSED as problem:
        raise ConfigurationError(
            f"Redis refuses the user or the password of PIXELS_REDIS_URL: {problem}"
        ) from problem
    except ReadOnlyError as problem:
        raise ConfigurationError("Redis is a read-only replica; PIXELS_REDIS_URL must name the primary.") from problem
    except ResponseError as problem:
        if str(problem).startswith(("NOAUTH", "WRONGPASS")):
            raise ConfigurationError(f"Redis wants a user and a password in PIXELS_REDIS_URL: {problem}") from problem
        raise BusUnavailable(f"Redis refuses a command: {problem}") from problem
    except (RedisError, OSError) as problem:
        raise BusUnavailable(f"Redis is out of reach: {problem}") from problem
