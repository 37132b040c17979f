from __future__ import annotations

import pytest

from pixels_core import errors
from pixels_core.errors import (
    REASONS,
    BatchConflict,
    ClientFault,
    ConfigurationError,
    PixelsError,
    ProtocolError,
    ReasonCode,
    ServerFault,
    StoreCorrupt,
    StoreLocked,
    StoreUnavailable,
    TokenError,
)


@pytest.mark.parametrize("code", ReasonCode)
def test_every_code_has_a_plain_sentence(code: ReasonCode) -> None:
    sentence = REASONS[code]
    assert sentence[0].isupper()
    assert sentence.endswith(".")


def test_codes_are_their_names_in_lower_case() -> None:
    assert all(code.value == code.name.lower() for code in ReasonCode)
    assert str(ReasonCode.RATE_LIMITED) == "rate_limited"


@pytest.mark.parametrize(
    ("kind", "parent", "code"),
    [
        (PixelsError, Exception, ReasonCode.INTERNAL),
        (ClientFault, PixelsError, ReasonCode.MALFORMED),
        (ProtocolError, ClientFault, ReasonCode.MALFORMED),
        (TokenError, ClientFault, ReasonCode.UNAUTHORIZED),
        (ConfigurationError, ClientFault, ReasonCode.MALFORMED),
        (ServerFault, PixelsError, ReasonCode.UNAVAILABLE),
        (StoreUnavailable, ServerFault, ReasonCode.UNAVAILABLE),
        (StoreLocked, ServerFault, ReasonCode.CONFLICT),
        (StoreCorrupt, ServerFault, ReasonCode.INTERNAL),
        (BatchConflict, ServerFault, ReasonCode.CONFLICT),
    ],
)
def test_tree_and_default_codes(kind: type[PixelsError], parent: type[Exception], code: ReasonCode) -> None:
    assert kind.__bases__ == (parent,)
    assert kind().code is code
    assert str(kind()) == REASONS[code]


def test_every_error_is_drawn_in_the_tree() -> None:
    kinds = [name for name, item in vars(errors).items() if isinstance(item, type) and issubclass(item, PixelsError)]
    assert [name for name in kinds if name not in (errors.__doc__ or "")] == []


def test_message_and_code_can_be_given() -> None:
    error = ClientFault("There is a lock already.", ReasonCode.CONFLICT)
    assert (str(error), error.code) == ("There is a lock already.", ReasonCode.CONFLICT)
    assert ClientFault().code is ReasonCode.MALFORMED, "a code given to one error stays with it"


def test_protocol_error_keeps_the_request_id() -> None:
    assert ProtocolError("no", request_id=7).request_id == 7
    assert ProtocolError("no").request_id is None
