"""What Redis says, in our words."""

from __future__ import annotations

import pytest
from redis.exceptions import (
    AuthenticationError,
    ConnectionError,  # noqa: A004  # redis-py's name
    NoPermissionError,
    ReadOnlyError,
    ResponseError,
    TimeoutError,  # noqa: A004  # redis-py's name
)

from pixels_core.adapters.redis_errors import translated
from pixels_core.errors import BusUnavailable, ConfigurationError


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (AuthenticationError("invalid username-password pair"), "password"),
        (NoPermissionError("this user has no permissions"), "refuses the user"),
        (ReadOnlyError("You can't write against a read only replica."), "read-only replica"),
        (ResponseError("NOAUTH Authentication required."), "wants a user and a password"),
        (ResponseError("WRONGPASS invalid"), "wants a user and a password"),
    ],
)
def test_what_a_host_must_mend_is_a_sentence(problem: Exception, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence), translated():
        raise problem


@pytest.mark.parametrize(
    "problem",
    [ConnectionError("refused"), TimeoutError("late"), OSError("no route"), ResponseError("LOADING dataset")],
)
def test_what_passes_is_unavailable(problem: Exception) -> None:
    with pytest.raises(BusUnavailable), translated():
        raise problem


def test_a_fault_of_our_own_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), translated():
        raise ZeroDivisionError
