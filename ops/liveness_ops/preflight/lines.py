"""What preflight has to say: one kind of line each, with its weight.

To add one: a member here, its weight if it is not `Weight.OFF`, and in
`messages/locale/preflight.po` its sentence and, under the same key with `_do`
at the end, what to do about it.
"""

from enum import StrEnum
from typing import Any

from responder.core.frozen import frozen
from responder.core.reasons import ExplainedReason, ReasonKind
from responder.core.text import Text


class Weight(StrEnum):
    """How much it matters; the order is that of the report."""

    BLOCKS = "blocks"  # the deployment would fail, or nothing would work
    OFF = "off"  # it deploys, and something will not work
    UNREAD = "unread"  # it could not be read
    NOTE = "note"  # good to know; nothing is wrong


class Kind(ReasonKind):
    """What was found."""

    # The deployment.
    NOWHERE = "preflight.nowhere"
    ELSEWHERE = "preflight.elsewhere"
    NO_ADDRESS = "preflight.no_address"
    NO_APPROVER = "preflight.no_approver"
    REGION_LACKS = "preflight.region_lacks"
    FOREIGN_ARN = "preflight.foreign_arn"
    NO_CHANNEL = "preflight.no_channel"
    NO_SECRET = "preflight.no_secret"  # noqa: S105 - the key of a sentence  # pragma: allowlist secret
    SECRET_KEYS = "preflight.secret_keys"  # noqa: S105 - the key of a sentence  # pragma: allowlist secret
    PART_OF_ARN = "preflight.part_of_arn"
    LONG_NAME = "preflight.long_name"
    TAKEN = "preflight.taken"
    BROKEN_STACK = "preflight.broken_stack"
    BUSY_STACK = "preflight.busy_stack"
    FOREIGN_STACK = "preflight.foreign_stack"
    STACK_EXISTS = "preflight.stack_exists"
    SECOND_STACK = "preflight.second_stack"
    OLD_RESOURCES = "preflight.old_resources"
    OLD_TWICE = "preflight.old_twice"
    OLD_PARAMETERS = "preflight.old_parameters"
    OLD_LOGS = "preflight.old_logs"
    LONG_PATTERN = "preflight.long_pattern"
    NEW_PARAMETERS = "preflight.new_parameters"
    SWITCHED_OFF = "preflight.switched_off"
    ALARMS_TAKEN = "preflight.alarms_taken"
    TRAFFIC = "preflight.traffic"
    NO_TRAFFIC = "preflight.no_traffic"
    # The service.
    ADOPTED = "preflight.adopted"
    ALIKE = "preflight.alike"
    FUNCTION = "preflight.function"
    ALARM = "preflight.alarm"
    TABLE = "preflight.table"
    INDEX = "preflight.index"
    BUCKET = "preflight.bucket"
    ROLE = "preflight.role"
    POLICY = "preflight.policy"
    STACK = "preflight.stack"
    LOG_GROUP = "preflight.log_group"
    OTHER_LOG_GROUP = "preflight.other_log_group"
    NO_METRICS = "preflight.no_metrics"
    # What remedies need.
    NO_VARIABLE = "preflight.no_variable"
    READERS = "preflight.readers"
    NO_ALIAS = "preflight.no_alias"
    UPDATES_REFUSED = "preflight.updates_refused"
    UPDATES_UNTIL = "preflight.updates_until"
    UPDATES_UNKNOWN = "preflight.updates_unknown"
    VPC = "preflight.vpc"
    DIFFERENT = "preflight.different"
    # The account.
    SMALL_ACCOUNT = "preflight.small_account"
    NO_RESERVE = "preflight.no_reserve"
    TOO_MANY_RESERVED = "preflight.too_many_reserved"
    QUOTA = "preflight.quota"
    QUOTA_UNKNOWN = "preflight.quota_unknown"
    UNREAD = "preflight.unread"
    UNREAD_VARIABLES = "preflight.unread_variables"

    @property
    def weight(self) -> Weight:
        """How much it matters."""
        return next((weight for weight, kinds in _WEIGHTS.items() if self in kinds), Weight.OFF)


_WEIGHTS: dict[Weight, frozenset[Kind]] = {
    Weight.BLOCKS: frozenset(
        (
            Kind.NOWHERE,
            Kind.ELSEWHERE,
            Kind.NO_ADDRESS,
            Kind.FOREIGN_ARN,
            Kind.REGION_LACKS,
            Kind.NO_CHANNEL,
            Kind.NO_SECRET,
            Kind.SECRET_KEYS,
            Kind.PART_OF_ARN,
            Kind.LONG_NAME,
            Kind.LONG_PATTERN,
            Kind.TAKEN,
            Kind.OLD_LOGS,
            Kind.TOO_MANY_RESERVED,
            Kind.BROKEN_STACK,
            Kind.BUSY_STACK,
            Kind.FOREIGN_STACK,
        )
    ),
    Weight.UNREAD: frozenset((Kind.UNREAD, Kind.UNREAD_VARIABLES)),
    Weight.NOTE: frozenset(
        (
            Kind.NO_APPROVER,
            Kind.STACK_EXISTS,
            Kind.OLD_RESOURCES,
            Kind.OLD_TWICE,
            Kind.OLD_PARAMETERS,
            Kind.NEW_PARAMETERS,
            Kind.SWITCHED_OFF,
            Kind.TRAFFIC,
            Kind.NO_TRAFFIC,
            Kind.ADOPTED,
            Kind.READERS,
            Kind.UPDATES_UNTIL,
            Kind.VPC,
            Kind.DIFFERENT,
            Kind.NO_RESERVE,
            Kind.QUOTA,
            Kind.QUOTA_UNKNOWN,
        )
    ),
}


@frozen
class Line:
    """One finding, about `subject`."""

    about: ExplainedReason[Kind]
    subject: str

    @property
    def kind(self) -> Kind:
        """Which."""
        return self.about.kind

    @property
    def said(self) -> Text:
        """The fact."""
        return self.about.text

    @property
    def todo(self) -> Text:
        """What to do about it."""
        return Text(f"{self.kind.value}_do", self.about.values)


def line(kind: Kind, subject: str, **values: Any) -> Line:
    """`values` fill both sentences, as does the subject."""
    return Line(kind(subject=subject, **values), subject)
