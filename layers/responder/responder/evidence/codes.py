"""AWS error codes, sorted into the classes that decisions are made on."""

import re

from responder.facts import Fault

# The key is disabled, is to be deleted, or does not exist (KMS API reference, Errors). S3 passes them on with
# the service's name in front.
KEY_UNUSABLE = frozenset(
    {
        "DisabledException",
        "KMSInvalidStateException",
        "NotFoundException",
        "KMS.DisabledException",
        "KMS.KMSInvalidStateException",
        "KMS.NotFoundException",
    }
)

# botocore names the bare HTTP status where AWS sent no code: 429, 500 to 504, 509.
_CODES: dict[Fault, frozenset[str]] = {
    Fault.SESSION_ENDED: frozenset({"SessionNotFoundException"}),
    Fault.CALLER_INPUT: frozenset(
        {
            "InvalidParameterException",
            "InvalidParameterValueException",
            "ValidationException",
            "InvalidS3ObjectException",
        }
    ),
    Fault.ACCESS_DENIED: frozenset(
        {
            "AccessDenied",
            "AccessDeniedException",
            "UnauthorizedOperation",
            "NotAuthorized",
            "KMSAccessDeniedException",
        }
    ),
    # Who calls is not known or no longer valid: no policy grants or denies anything yet.
    Fault.CREDENTIALS: frozenset(
        {
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteSignature",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "InvalidToken",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "RequestExpired",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "TokenRefreshRequired",
            "UnrecognizedClientException",
        }
    ),
    # botocore, retries/standard.py: what its standard mode takes for throttling.
    Fault.THROTTLING: frozenset(
        {
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "EC2ThrottledException",
            "ProvisionedThroughputExceededException",
            "TooManyRequestsException",
            "TransactionInProgressException",
            "PriorRequestNotComplete",
            "RequestLimitExceeded",
            "BandwidthLimitExceeded",
            "SlowDown",
            "429",
            "509",
        }
    ),
    Fault.QUOTA: frozenset({"ServiceQuotaExceededException", "LimitExceededException"}),
    Fault.INTERNAL: frozenset(
        {
            "InternalServerError",
            "InternalServerException",
            "InternalError",
            "InternalFailure",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "500",
            "502",
            "503",
            "504",
        }
    ),
    Fault.CONFIGURATION: frozenset({"ResourceNotFoundException", "NoSuchBucket", "NoSuchKey", *KEY_UNUSABLE}),
}
_FAULTS = {code: fault for fault, codes in _CODES.items() for code in codes}
# Codes that are not listed and speak of load by their name, such as KMS.ThrottlingException.
_THROTTLED = re.compile(r"Throttl|TooManyRequests|SlowDown|BandwidthLimit")
_QUOTA = re.compile(r"(?:Limit|Quota)Exceeded")


def fault_of(code: str) -> Fault:
    """The class of an AWS error code; `other` for one that is not known."""
    if code in _FAULTS:
        return _FAULTS[code]
    if _THROTTLED.search(code):
        return Fault.THROTTLING
    return Fault.QUOTA if _QUOTA.search(code) else Fault.OTHER
