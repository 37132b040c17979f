"""DynamoDB's errors in our words: which to try again, which somebody has to mend, and what to do about those."""

from __future__ import annotations

from aiohttp import ClientError as HttpError
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)
from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError as TransportError

from pixels_core.errors import ConfigurationError, PixelsError, StoreUnavailable

FAILURES = (ClientError, BotoCoreError, HttpError, OSError)
"""All that a request can raise."""

BUSY = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceeded",  # the codes of single statements have no "Exception" at their end
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionConflict",
        "TransactionConflictException",
    }
)
"""Codes after which the same request may succeed a little later."""

_CREDENTIALS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_CLOCK = frozenset({"RequestExpired", "RequestTimeTooSkewed"})
_CLOCK_WORDS = ("Signature expired", "Signature not yet current")
"""How AWS says, under the code of a wrong signature, that the request was signed at another time."""
_NOT_ALLOWED = frozenset({"AccessDenied", "AccessDeniedException"})
_NO_TABLE = frozenset({"ResourceNotFound", "ResourceNotFoundException"})
CONDITION = "ConditionalCheckFailedException"


def code_of(problem: BaseException) -> str:
    """Return AWS's code of an error, "" where it has none."""
    if not isinstance(problem, ClientError):
        return ""
    return str(problem.response.get("Error", {}).get("Code", ""))


def is_passing(problem: BaseException) -> bool:
    """Say whether the same request may succeed a little later; its outcome may be unknown."""
    if isinstance(problem, ClientError):
        status = problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return code_of(problem) in BUSY or status >= 500
    return isinstance(problem, TransportError | NoConnection | HttpError | OSError)


def explained(problem: BaseException, table: str) -> PixelsError:
    """Return the error to raise: ConfigurationError where somebody has to act, else StoreUnavailable."""
    code = code_of(problem)
    if code in _NO_TABLE:
        return missing(table)
    if code in _NOT_ALLOWED:
        return ConfigurationError(
            f"These AWS credentials may not use the DynamoDB table {table!r}: {problem}. docs/dynamodb.md lists the "
            "permissions that are needed."
        )
    if code in _CLOCK or any(words in str(problem) for words in _CLOCK_WORDS):
        return ConfigurationError(
            f"AWS does not accept this machine's clock: {problem}. Set it right; AWS allows some five minutes."
        )
    if code in _CREDENTIALS or isinstance(
        problem, NoCredentialsError | PartialCredentialsError | CredentialRetrievalError | ProfileNotFound
    ):
        return ConfigurationError(
            f"AWS does not accept the credentials: {problem}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
            "a profile or a role."
        )
    if code == "ValidationException" and "schema" in str(problem):
        return ConfigurationError(f"The DynamoDB table {table!r} is not one of Pixels: {problem}.{_ANOTHER}")
    return StoreUnavailable(f"The DynamoDB table {table!r} cannot be used now: {problem}")


def missing(table: str) -> ConfigurationError:
    """Return the error for a table that is not there."""
    return ConfigurationError(
        f"There is no DynamoDB table {table!r} here. Run `pixels init` to create it, or check "
        "PIXELS_DYNAMODB_TABLE, PIXELS_DYNAMODB_REGION and PIXELS_DYNAMODB_ENDPOINT."
    )


def misshapen(table: str, problem: str) -> ConfigurationError:
    """Return the error for a table that has another schema."""
    return ConfigurationError(f"The DynamoDB table {table!r} is not one of Pixels: {problem}.{_ANOTHER}")


_ANOTHER = " Choose another name with PIXELS_DYNAMODB_TABLE, then run `pixels init`."
