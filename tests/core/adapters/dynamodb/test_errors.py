from __future__ import annotations

import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, NoCredentialsError, ParamValidationError

from pixels_core.adapters.dynamodb.errors import code_of, explained, is_passing, misshapen, missing
from pixels_core.errors import ConfigurationError, StoreUnavailable
from tests.support.dynamodb_faults import aws_error

BUSY = [
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "InternalServerError",
]


@pytest.mark.parametrize("code", BUSY)
def test_a_busy_table_passes(code: str) -> None:
    assert is_passing(aws_error(code))
    assert isinstance(explained(aws_error(code), "pixels"), StoreUnavailable)


@pytest.mark.parametrize(
    "problem",
    [
        EndpointConnectionError(endpoint_url="http://x"),
        ConnectTimeoutError(endpoint_url="http://x"),
        ConnectionResetError(),
        aws_error("WhoKnows", status=503),
    ],
)
def test_a_bad_connection_passes(problem: Exception) -> None:
    assert is_passing(problem)


@pytest.mark.parametrize(
    "problem", [aws_error("ValidationException"), NoCredentialsError(), ParamValidationError(report="no")]
)
def test_a_wrong_request_does_not(problem: Exception) -> None:
    assert not is_passing(problem)


@pytest.mark.parametrize(
    "code", ["UnrecognizedClientException", "InvalidSignatureException", "ExpiredTokenException"]
)
def test_wrong_credentials_are_explained(code: str) -> None:
    error = explained(aws_error(code), "pixels")
    assert isinstance(error, ConfigurationError)
    assert "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role." in str(error)


@pytest.mark.parametrize(
    "problem",
    [
        aws_error("RequestTimeTooSkewed"),
        aws_error("InvalidSignatureException", message="Signature expired: 20250101T000000Z is now earlier than"),
        aws_error("InvalidSignatureException", message="Signature not yet current: 20250101T000000Z is still later"),
    ],
)
def test_a_clock_that_is_wrong_is_explained(problem: Exception) -> None:
    """The credentials are as they should be: nobody is to look for the mistake there."""
    error = explained(problem, "pixels")
    assert isinstance(error, ConfigurationError)
    assert "this machine's clock" in str(error)


def test_missing_permissions_are_explained() -> None:
    error = explained(aws_error("AccessDeniedException", message="not authorized: dynamodb:PutItem"), "pixels")
    assert isinstance(error, ConfigurationError)
    assert "dynamodb:PutItem" in str(error)
    assert "docs/dynamodb.md" in str(error)


def test_a_missing_table_is_explained() -> None:
    error = explained(aws_error("ResourceNotFoundException"), "pixels")
    assert isinstance(error, ConfigurationError)
    assert str(error) == str(missing("pixels"))
    assert "Run `pixels init`" in str(error)


def test_a_wrong_schema_is_explained() -> None:
    problem = aws_error("ValidationException", message="The provided key element does not match the schema")
    assert isinstance(explained(problem, "pixels"), ConfigurationError)
    assert "Choose another name with PIXELS_DYNAMODB_TABLE" in str(misshapen("pixels", "its key is id"))


def test_anything_else_is_unavailable() -> None:
    assert isinstance(explained(aws_error("ValidationException"), "pixels"), StoreUnavailable)
    assert code_of(OSError()) == ""
