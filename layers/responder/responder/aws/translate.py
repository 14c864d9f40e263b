"""AWS's errors in our words: the code decides, the free text is dropped (it can hold values)."""

import re
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
)
from botocore.exceptions import ConnectionError as NoConnectionError
from botocore.parsers import ResponseParserError

from responder.core.errors import (
    AwsError,
    Busy,
    Changed,
    Denied,
    Missing,
    NotSubscribed,
    Rejected,
    Throttled,
    Unreachable,
)
from responder.core.plain_data import Data

# As `AwsError` writes itself: `dynamodb:Query AccessDeniedException`. Anything else may be a caller's text.
_WRITTEN = re.compile(r"([a-z][a-z-]{1,40}[0-9]?):([A-Z][A-Za-z]{1,60}[0-9]?) ([A-Za-z]{1,60}|[0-9]{3})")


def raised(answer: Data) -> AwsError | None:
    """`answer`: the error as the function's payload. None where the function did not fail because of a call
    to AWS."""
    # A durable execution writes the module before it.
    kind = _BY_NAME.get(str(answer.get("errorType")).rpartition(".")[2])
    written = _WRITTEN.fullmatch(str(answer.get("errorMessage", "")))
    return kind(*written.groups()) if kind and written else None


def lacking(answer: Data) -> Denied | None:
    """Like `raised`; None where it did not die of a missing right."""
    error = raised(answer)
    return error if isinstance(error, Denied) else None


_WORDS: dict[type[AwsError], str] = {
    Denied: """AccessDenied AccessDeniedException UnauthorizedOperation AuthorizationError NotAuthorized
        AuthorizationErrorException UnrecognizedClientException InvalidClientTokenId ExpiredToken
        ExpiredTokenException SignatureDoesNotMatch InvalidSignatureException MissingAuthenticationToken
        MissingAuthenticationTokenException InvalidAccessKeyId IncompleteSignature KMSAccessDeniedException
        EC2AccessDeniedException KMSAccessDenied AllAccessDisabled 403""",
    NotSubscribed: "SubscriptionRequiredException OptInRequired",
    Missing: """ResourceNotFoundException ResourceNotFound NotFound NotFoundException NoSuchEntity
        NoSuchBucket NoSuchKey NoSuchBucketPolicy NoSuchLifecycleConfiguration
        NoSuchPublicAccessBlockConfiguration ServerSideEncryptionConfigurationNotFoundError
        OwnershipControlsNotFoundError ReplicationConfigurationNotFoundError
        ProvisionedConcurrencyConfigNotFoundException ParameterNotFound
        QueueDoesNotExist AWS.SimpleQueueService.NonExistentQueue TableNotFoundException
        BackupNotFoundException ObjectNotFoundException NoSuchResourceException 404""",
    Throttled: """Throttling ThrottlingException ThrottledException Throttled RequestThrottled SlowDown
        RequestThrottledException TooManyRequestsException ProvisionedThroughputExceededException
        RequestLimitExceeded BandwidthLimitExceeded EC2ThrottledException PriorRequestNotComplete
        KMSThrottlingException KMSThrottled""",
    Busy: """ResourceConflictException ResourceInUseException ResourceInUse ConcurrentModificationException
        ConcurrentUpdateException TransactionInProgressException TransactionConflictException OperationAborted
        ReplicatedWriteConflictException ResourceNotReadyException ConflictException
        DurableExecutionAlreadyStartedException TableInUseException""",
    Changed: """PreconditionFailedException PreconditionFailed ConditionalCheckFailedException
        CodeVerificationFailedException ConditionalRequestConflict 412""",
    Unreachable: """RequestTimeout RequestTimeoutException InternalError InternalFailure InternalServerError
        InternalServerException InternalServiceError InternalServiceFault InternalServiceException
        ServiceException ServiceUnavailable ServiceUnavailableException ServiceFailure""",
}
BY_CODE = {code: kind for kind, codes in _WORDS.items() for code in codes.split()}
_BY_NAME: Mapping[str, type[AwsError]] = {kind.__name__: kind for kind in (*_WORDS, Rejected)}
_FIRST_SERVER_STATUS = 500
# Lambda asks EC2 with the caller's rights for a function in a VPC. Only the text shows it: "Your access has
# been denied by EC2, please make sure your request credentials have permission to DescribeSecurityGroups …".
_BY_EC2 = re.compile(r"denied by EC2\b.{0,80}?\bpermission to ([A-Z][A-Za-z]{1,60})\b")


type SdkError = BotoCoreError | ClientError | ResponseParserError


def translated(error: SdkError, service: str, operation: str) -> AwsError:
    """Our error for botocore's. `operation` is the API's name (`UpdateFunctionConfiguration`)."""
    if isinstance(error, ClientError):
        return _answered(error.response, service, operation)
    code = type(error).__name__
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return Denied(service, operation, code)
    if isinstance(error, NoConnectionError | HTTPClientError | ResponseParserError):
        return Unreachable(service, operation, code)
    return Rejected(service, operation, code)


def _answered(response: Any, service: str, operation: str) -> AwsError:
    code = str(response.get("Error", {}).get("Code", "")) or "Unknown"
    if code == "TransactionCanceledException":
        return _cancelled(response, service, operation)
    kind = BY_CODE.get(code) or _by_status(response)
    if kind is Changed:
        return Changed(service, operation, code, item=response.get("Item"))
    missing = _BY_EC2.search(str(response.get("Error", {}).get("Message", ""))) if kind is Denied else None
    if missing is not None:
        return Denied("ec2", missing[1], code)
    return kind(service, operation, code)


def _by_status(response: Any) -> type[AwsError]:
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return Unreachable if status >= _FIRST_SERVER_STATUS else Rejected


def _cancelled(response: Any, service: str, operation: str) -> AwsError:
    found = response.get("CancellationReasons", [])
    reasons = tuple(str(each.get("Code", "None")) for each in found)
    code = "TransactionCanceledException"
    if "ConditionalCheckFailed" in reasons:
        item = next((each["Item"] for each in found if each.get("Item")), None)
        return Changed(service, operation, code, item=item, reasons=reasons)
    if "TransactionConflict" in reasons:
        return Busy(service, operation, code)
    if any("Throttling" in reason or "ThroughputExceeded" in reason for reason in reasons):
        return Throttled(service, operation, code)
    return Rejected(service, operation, code)
