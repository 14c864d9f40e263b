"""What preflight has to say: one kind of line each, with its weight.

To add one: a member of the enum of its weight, and in `messages/locale/preflight.po` its sentence and, under
the same key with `_do` at the end, what to do about it.
"""

from enum import StrEnum
from typing import Any

from responder.core.frozen import frozen
from responder.core.plain_data import Data
from responder.core.reasons import ReasonKind
from responder.core.text import Text


class Weight(StrEnum):
    """How much it matters; the order is that of the report."""

    BLOCKS = "blocks"
    OFF = "off"
    UNREAD = "unread"
    NOTE = "note"


class Kind(ReasonKind):
    """What was found; the enum that it belongs to says how much it matters."""

    @property
    def weight(self) -> Weight:
        """How much it matters."""
        return _WEIGHTS[type(self)]


class Blocker(Kind):
    """The deployment would fail, or nothing would work."""

    NOWHERE = "preflight.nowhere"
    ELSEWHERE = "preflight.elsewhere"
    NO_ADDRESS = "preflight.no_address"
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
    OLD_LOGS = "preflight.old_logs"
    LONG_PATTERN = "preflight.long_pattern"
    TOO_MANY_RESERVED = "preflight.too_many_reserved"


class Shortfall(Kind):
    """It deploys, and something will not work."""

    SECOND_STACK = "preflight.second_stack"
    ALARMS_TAKEN = "preflight.alarms_taken"
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
    NO_VARIABLE = "preflight.no_variable"
    NO_ALIAS = "preflight.no_alias"
    UPDATES_REFUSED = "preflight.updates_refused"
    UPDATES_UNKNOWN = "preflight.updates_unknown"
    SMALL_ACCOUNT = "preflight.small_account"


class Unread(Kind):
    """It could not be read."""

    UNREAD = "preflight.unread"
    UNREAD_VARIABLES = "preflight.unread_variables"


class Note(Kind):
    """Good to know; nothing is wrong."""

    NO_APPROVER = "preflight.no_approver"
    STACK_EXISTS = "preflight.stack_exists"
    OLD_RESOURCES = "preflight.old_resources"
    OLD_TWICE = "preflight.old_twice"
    OLD_PARAMETERS = "preflight.old_parameters"
    NEW_PARAMETERS = "preflight.new_parameters"
    SWITCHED_OFF = "preflight.switched_off"
    TRAFFIC = "preflight.traffic"
    NO_TRAFFIC = "preflight.no_traffic"
    ADOPTED = "preflight.adopted"
    READERS = "preflight.readers"
    UPDATES_UNTIL = "preflight.updates_until"
    VPC = "preflight.vpc"
    DIFFERENT = "preflight.different"
    NO_RESERVE = "preflight.no_reserve"
    QUOTA = "preflight.quota"
    QUOTA_UNKNOWN = "preflight.quota_unknown"


_WEIGHTS: dict[type[Kind], Weight] = {
    Blocker: Weight.BLOCKS,
    Shortfall: Weight.OFF,
    Unread: Weight.UNREAD,
    Note: Weight.NOTE,
}


@frozen
class Line:
    """One finding, about `subject`."""

    kind: Kind
    subject: str
    values: Data

    @property
    def said(self) -> Text:
        """The fact."""
        return Text(self.kind.value, self.values)

    @property
    def todo(self) -> Text:
        """What to do about it."""
        return Text(f"{self.kind.value}_do", self.values)


def line(kind: Kind, subject: str, **values: Any) -> Line:
    """`values` fill both sentences, as does the subject; of several names, the commas are put here."""
    said = {
        name: ", ".join(each) if isinstance(each, list | tuple) else each for name, each in values.items()
    }
    return Line(kind, subject, {"subject": subject, **said})
