"""Who is denied what, without a word of the log line beyond what AWS itself named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from responder.core.text import Text

# IAM and bucket policies take effect within moments; so much silence under load is no chance.
QUIET = timedelta(minutes=5)


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


class DeniedTarget(StrEnum):
    """What was asked for: ours by name, somebody else's, or not named in the line."""

    OURS = "ours"
    OTHER = "other"
    UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class DeniedCall:
    """One denied call.

    Attributes:
        code: AWS's error code.
        operation: the API operation (`PutObject`).
        action: the IAM action (`s3:PutObject`): as AWS named it, else by the operation; "" unknown.
        target: whether it was our bucket, table or key. Its name stays behind.
        own_role: it was the service's role; None where the line names nobody.
    """

    code: str
    operation: str
    action: str
    reason: DenyingPolicy = DenyingPolicy.UNSAID
    target: DeniedTarget = DeniedTarget.UNNAMED
    own_role: bool | None = None

    @property
    def service(self) -> str:
        """`s3`, `kms`, `dynamodb`, …; "" unknown."""
        return self.action.partition(":")[0]


@dataclass(frozen=True, slots=True)
class DeniedRequest:
    """One request that was denied one operation."""

    function: str
    at: datetime
    what: DeniedCall


@dataclass(frozen=True, slots=True)
class DeniedRequests:
    """Denied requests since `since`, oldest first, one per request and operation.

    `unparsed`: lines that speak of a denial in a form nobody has taught us. `unread`: functions whose
    log could not be read. `complete_since`: per function, from when on its log was read to the end (later
    than `since` where it is huge): before that, silence proves nothing.
    """

    since: datetime
    denials: tuple[DeniedRequest, ...]
    unparsed: int = 0
    unread: Mapping[str, Text] = field(default_factory=dict)
    complete_since: Mapping[str, datetime] = field(default_factory=dict)

    def whole(self, start: datetime) -> bool:
        """Since `start` nothing is missing of either log."""
        return not self.unread and all(each <= start for each in self.complete_since.values())
