"""AWS error codes, sorted into the classes that decisions are made on."""

import re

from responder.evidence.faults import DenyingPolicy, Fault

# The key is disabled, is to be deleted, or does not exist (KMS API reference, Errors). S3 passes them on with
# the service's name in front.
_KEY_STATES = ("DisabledException", "KMSInvalidStateException", "NotFoundException")
KEY_UNUSABLE = frozenset({*_KEY_STATES, *(f"KMS.{each}" for each in _KEY_STATES)})
# A HEAD request has no body, so that botocore shows the bare HTTP status (S3 API reference, HeadObject).
OBJECT_ABSENT = frozenset({"NoSuchKey", "404"})

# botocore names the bare HTTP status where AWS sent no code: 403, 404, 408, 429, 500 to 504, 509.
_CODES = {
    Fault.SESSION_ENDED: "SessionNotFoundException",
    # What AWS calls invalid; of the operations in `_FROM_CALLERS` it is a caller's input.
    Fault.VALIDATION: """InvalidParameterException InvalidParameterValueException ValidationException
        InvalidS3ObjectException""",
    Fault.ACCESS_DENIED: """AccessDenied AccessDeniedException UnauthorizedOperation NotAuthorized
        KMSAccessDeniedException 403""",
    # The caller is unknown or its credentials have expired: no policy has been evaluated yet.
    Fault.CREDENTIALS: """ExpiredToken ExpiredTokenException IncompleteSignature InvalidAccessKeyId
        InvalidClientTokenId InvalidSignatureException InvalidToken MissingAuthenticationToken
        MissingAuthenticationTokenException RequestExpired RequestTimeTooSkewed SignatureDoesNotMatch
        TokenRefreshRequired UnrecognizedClientException""",
    # botocore, retries/standard.py: what its standard mode takes for throttling.
    Fault.THROTTLING: """Throttling ThrottlingException ThrottledException RequestThrottled
        RequestThrottledException EC2ThrottledException ProvisionedThroughputExceededException
        TooManyRequestsException TransactionInProgressException PriorRequestNotComplete RequestLimitExceeded
        BandwidthLimitExceeded SlowDown 429 509""",
    Fault.QUOTA: "ServiceQuotaExceededException LimitExceededException",
    Fault.INTERNAL: """InternalServerError InternalServerException InternalError InternalFailure
        ServiceUnavailable ServiceUnavailableException 500 502 503 504""",
    # AWS gave up waiting for the rest of the request.
    Fault.CONNECTION_LOST: "RequestTimeout RequestTimeoutException 408",
    Fault.CONFIGURATION: " ".join(("ResourceNotFoundException NoSuchBucket", *OBJECT_ABSENT, *KEY_UNUSABLE)),
}
# The session id of this operation is what the caller sent. Every other parameter of the two functions is the
# service's own: the table's keys, the bucket, the settings of a session.
_FROM_CALLERS = frozenset({"GetFaceLivenessSessionResults"})
_FAULTS = {code: fault for fault, codes in _CODES.items() for code in codes.split()}
KNOWN_CODES = frozenset(_FAULTS)
# Unlisted codes whose names mean load, such as KMS.ThrottlingException.
_THROTTLED = re.compile(r"Throttl|TooManyRequests|SlowDown|BandwidthLimit")
_QUOTA = re.compile(r"(?:Limit|Quota)Exceeded")


def fault_of(code: str, operation: str = "") -> Fault:
    """The class of an AWS error code; `refused` for one that is not sorted. `operation`: what it answered."""
    if code in _FAULTS:
        fault = _FAULTS[code]
        return Fault.CALLER_INPUT if fault is Fault.VALIDATION and operation in _FROM_CALLERS else fault
    if _THROTTLED.search(code):
        return Fault.THROTTLING
    return Fault.QUOTA if _QUOTA.search(code) else Fault.REFUSED


# How AWS ends the text of a denial that names a policy (IAM user guide, "Troubleshoot access denied").
_END = re.compile(
    r" (?:with an explicit deny in an?|because no) (?P<policy>identity-based|resource-based|"
    r"service control|resource control|permissions boundary|session|VPC endpoint)"
    r"(?: policy)?(?: allows the \S{1,100} action)?(?:: arn:\S{1,300})?\.?$"
)
_PUBLIC = re.compile(
    r" because public (?:ACLs|access control lists \(ACLs\)|policies) are (?:prevented|blocked) by the "
    r"\w{5,40}(?: block public access)? setting[\w ]{0,40}\.?$"
)
_DENIES = {"identity-based": DenyingPolicy.ROLE_DENIES, "resource-based": DenyingPolicy.BUCKET_DENIES}
_ALLOWS = {"identity-based": DenyingPolicy.NOT_ALLOWED, "resource-based": DenyingPolicy.NOT_GRANTED}
_BOTH = {
    "service control": DenyingPolicy.ORGANIZATION,
    "resource control": DenyingPolicy.ORGANIZATION,
    "permissions boundary": DenyingPolicy.BOUNDARY,
    "session": DenyingPolicy.SESSION,
    "VPC endpoint": DenyingPolicy.ENDPOINT,
}


def denial_reason(rest: str) -> DenyingPolicy:
    """The policy that decided, as the end of a denial names it; a caller's text can precede it."""
    if _PUBLIC.search(rest):
        return DenyingPolicy.PUBLIC_BLOCK
    found = _END.search(rest)
    if found is None:
        return DenyingPolicy.UNSAID
    named = _DENIES if " with an explicit deny" in found[0] else _ALLOWS
    return {**_BOTH, **named}[found["policy"]]
