from __future__ import annotations

from http import HTTPStatus

import pytest

from pixels_core.errors import ReasonCode
from pixels_core.web.http_status import http_status


@pytest.mark.parametrize("reason", ReasonCode)
def test_every_reason_is_an_error(reason: ReasonCode) -> None:
    """[API-4] No refusal looks like a success or a redirection."""
    assert http_status(reason) >= HTTPStatus.BAD_REQUEST


def test_what_is_our_fault_is_a_server_error() -> None:
    ours = {reason for reason in ReasonCode if http_status(reason) >= HTTPStatus.INTERNAL_SERVER_ERROR}
    assert ours == {ReasonCode.UNAVAILABLE, ReasonCode.SHUTTING_DOWN, ReasonCode.INTERNAL}


def test_a_reason_without_a_status_of_its_own_is_a_bad_request() -> None:
    assert http_status(ReasonCode.MALFORMED) is HTTPStatus.BAD_REQUEST
