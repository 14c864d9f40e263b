"""What can be wrong with a failed request: the classes of faults, the error codes of AWS that belong to each,
and the fact of counted failures."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from responder.core.cause import Cause
from responder.core.frozen import frozen
from responder.core.text import Text


class DenyingPolicy(StrEnum):
    """Which policy decided, as AWS words it; `unsaid` where it only says "Access Denied"."""

    NOT_ALLOWED = "not_allowed"
    ROLE_DENIES = "role_denies"
    BUCKET_DENIES = "bucket_denies"
    NOT_GRANTED = "not_granted"
    BOUNDARY = "boundary"
    ORGANIZATION = "organization"
    ENDPOINT = "endpoint"
    SESSION = "session"
    PUBLIC_BLOCK = "public_block"
    UNSAID = "unsaid"


ABOVE = frozenset(
    {DenyingPolicy.BOUNDARY, DenyingPolicy.ORGANIZATION, DenyingPolicy.ENDPOINT, DenyingPolicy.SESSION}
)


class Fault(StrEnum):
    """Classes of failed requests. The first two are normal: a caller can cause them at will.

    Anyone who can reach the service can also bring about time-outs, memory kills, throttling and used-up
    quotas (many or large requests), and an error without a known code may be of any of these kinds. So only
    the `sure` classes may justify a change that lowers security without asking a person.
    """

    SESSION_ENDED = "session_ended"
    CALLER_INPUT = "caller_input"
    ACCESS_DENIED = "access_denied"
    THROTTLING = "throttling"
    QUOTA = "quota"
    INTERNAL = "internal"
    CONFIGURATION = "configuration"
    REFUSED = "refused"  # with a code that is none of these
    IMPORT_ERROR = "import_error"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    # Without an AWS code: what the SDK or Python says (evidence/error_texts.py).
    CONNECTION = "connection"
    READ_TIMEOUT = "read_timeout"
    CONNECTION_LOST = "connection_lost"
    TLS = "tls"
    PROXY = "proxy"
    VALIDATION = "validation"
    CREDENTIALS = "credentials"
    CLIENT_SETUP = "client_setup"
    VARIABLE = "variable"
    RESPONSE = "response"
    UNEXPECTED = "unexpected"
    OTHER = "other"

    @property
    def cause(self) -> Cause:
        """The cause, if this fault is the leading one. Raises KeyError for normal failures, which are no
        cause."""
        # A request that is killed at the timeout waited for something; the rest of the log shows for what.
        return Cause.SLOW_DEPENDENCY if self is Fault.TIMEOUT else Cause[self.name]

    @property
    def sure(self) -> bool:
        """Comes from the service or from AWS itself: no request makes it happen."""
        return self in (Fault.ACCESS_DENIED, Fault.INTERNAL, Fault.IMPORT_ERROR)

    @property
    def provokable(self) -> bool:
        """A caller is known to be able to bring it about. Of what is neither this nor `sure`, a message says
        nothing about callers."""
        return self in _PROVOKABLE

    @property
    def of_load(self) -> bool:
        """AWS turned a call away because there were too many."""
        return self in (Fault.THROTTLING, Fault.QUOTA)


# Many or large requests, or input that the code does not expect.
_PROVOKABLE = frozenset(
    {
        Fault.SESSION_ENDED,
        Fault.CALLER_INPUT,
        Fault.THROTTLING,
        Fault.QUOTA,
        Fault.TIMEOUT,
        Fault.MEMORY,
        Fault.VALIDATION,
        Fault.UNEXPECTED,
    }
)
NORMAL = frozenset({Fault.SESSION_ENDED, Fault.CALLER_INPUT})
# The connection to AWS fails, or is unreliable.
NETWORK = frozenset({Fault.CONNECTION, Fault.READ_TIMEOUT, Fault.CONNECTION_LOST, Fault.TLS, Fault.PROXY})
# What Python raises: an exception that escapes the handler, too.
EXCEPTIONS = NETWORK | {
    Fault.VALIDATION,
    Fault.CREDENTIALS,
    Fault.CLIENT_SETUP,
    Fault.VARIABLE,
    Fault.RESPONSE,
    Fault.UNEXPECTED,
}
ENDS_THE_INVOCATION = frozenset({Fault.IMPORT_ERROR, Fault.TIMEOUT, Fault.MEMORY})
# HTTP 503, which is also an answer to too many requests (S3's SlowDown and ServiceUnavailable): it counts as
# such, because no line shows which it was.
UNAVAILABLE = frozenset({"ServiceUnavailable", "ServiceUnavailableException", "503"})
# 502 and 504 come from a proxy on the way.
_UNSURE = UNAVAILABLE | {"502", "504"}
# To a caller who may not list the bucket, S3 denies the read of an object that does not exist (API reference
# of GetObject, Permissions): a caller who names the object could cause that.
READS_OF_OBJECTS = frozenset({"GetObject", "HeadObject"})


@frozen
class FailedRequest:
    """One failed request.

    Attributes:
        code: AWS's error code, or the class's name.
        operation: the AWS operation that failed; empty where the log names none.
        during: of a request that was killed, the AWS operation that its other lines name.
        variable: the environment variable that the exception names; "" where it names none.
        service: the AWS service whose endpoint the exception names (`dynamodb`); "" where it names none.
        reason: of a denied call, the policy that AWS says has decided.
        escaped: the invocation ended with it, so that Lambda counts it among the function's `Errors`.
        certain: its lines are the logger's or Lambda's own; see `classify`.
    """

    function: str
    at: datetime
    fault: Fault
    code: str
    operation: str = ""
    during: str = ""
    variable: str = ""
    service: str = ""
    reason: DenyingPolicy = DenyingPolicy.UNSAID
    escaped: bool = False
    certain: bool = True

    @property
    def sure(self) -> bool:
        """No caller can have caused it, and none can have written its lines; see `Fault`."""
        return self.certain and no_caller_causes(self.fault, self.code, self.operation)


def no_caller_causes(fault: Fault, code: str, operation: str) -> bool:
    """Whether a fault of this class with AWS's code and operation is `sure`; see `Fault`."""
    if fault is Fault.INTERNAL:
        return code not in _UNSURE
    if fault is Fault.ACCESS_DENIED:
        return operation not in READS_OF_OBJECTS
    return fault.sure


@frozen
class UnsentMetric:
    """A metric that a function could not send. `code`: AWS's error code, or the class's name."""

    function: str
    at: datetime
    code: str


@frozen
class FailureTally:
    """Failed requests, one per request id, from the logs of `functions`.

    `complete_since`: per function, the start of the time that was read completely (later than
    `since` where the look was capped). `unread`: functions whose log could not be read.
    `throttled`: when AWS turned a call of a request away, or may have (HTTP 503); also where the request went
    on without it.
    `unsent`: metrics that could not be sent, whatever the outcome of their requests.
    `uncertain`: functions whose log format could not be read, so that no line of theirs proves who wrote it.
    """

    since: datetime
    failures: tuple[FailedRequest, ...]
    complete_since: Mapping[str, datetime]
    lines: int
    unread: Mapping[str, Text] = field(default_factory=dict)
    throttled: tuple[datetime, ...] = ()
    unsent: tuple[UnsentMetric, ...] = ()
    uncertain: Mapping[str, Text] = field(default_factory=dict)

    def of(self, function: str, start: datetime, faults: Iterable[Fault]) -> tuple[FailedRequest, ...]:
        """The failures of one function since `start` of the given classes."""
        wanted = frozenset(faults)
        return tuple(
            f for f in self.failures if f.function == function and f.at >= start and f.fault in wanted
        )

    def whole(self, function: str, start: datetime) -> bool:
        """The function's log is known from `start` on."""
        return function not in self.unread and self.complete_since.get(function, self.since) <= start

    @property
    def capped(self) -> bool:
        """Some log was longer than the look could read."""
        return any(start > self.since for start in self.complete_since.values())


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
