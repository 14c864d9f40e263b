"""AWS error codes, sorted into the classes that decisions are made on."""

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
    Fault.THROTTLING: frozenset(
        {
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "ProvisionedThroughputExceededException",
            "TooManyRequestsException",
            "RequestLimitExceeded",
            "SlowDown",
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
        }
    ),
    Fault.CONFIGURATION: frozenset({"ResourceNotFoundException", "NoSuchBucket", "NoSuchKey", *KEY_UNUSABLE}),
}
_FAULTS = {code: fault for fault, codes in _CODES.items() for code in codes}


def fault_of(code: str) -> Fault:
    """The class of an AWS error code; `other` for one nobody has sorted yet."""
    if code in _FAULTS:
        return _FAULTS[code]
    # botocore puts the bare HTTP status where AWS sent no code.
    return Fault.INTERNAL if len(code) == 3 and code.startswith("5") else Fault.OTHER
