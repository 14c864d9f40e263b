"""A finding of a check: data, not text. What it is about is named so that the next day's check names
it likewise."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from responder.checks.commands import FixCommand
from responder.core.codec import dump
from responder.core.frozen import frozen
from responder.core.text import Strings, Text, Texts, Value, text
from responder.evidence.base import reason


class CheckStatus(StrEnum):
    """The status of an item. `unknown`: it could not be checked, which is never the same as green."""

    RED = "red"
    AMBER = "amber"
    UNKNOWN = "unknown"
    GREEN = "green"

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return tuple(CheckStatus).index(self)


# For the many findings that name one.
RED, AMBER, UNKNOWN, GREEN = CheckStatus.RED, CheckStatus.AMBER, CheckStatus.UNKNOWN, CheckStatus.GREEN


def worst(*statuses: CheckStatus, default: CheckStatus = CheckStatus.GREEN) -> CheckStatus:
    """The worst of them; `default` where there is none."""
    return min(statuses, key=lambda each: each.rank, default=default)


class RootCause(StrEnum):
    """A cause that shows in several findings at once: reports show one line for all of them."""

    TRAFFIC = "traffic"  # no user, or hardly any, reaches the service
    ALIAS = "alias"  # nothing comes through the alias that remedies need


class Harm(StrEnum):
    """What a fault does while it lasts, the greatest harm first: the order of findings of one light."""

    EXPOSURE = "exposure"  # outsiders reach images or rights
    OUTAGE = "outage"  # users cannot log in
    DATA = "data"  # images or rows are lost, or outlive what was promised of them
    UNWATCHED = "unwatched"  # an alarm, a remedy or a check does not do its work
    COST = "cost"

    @property
    def rank(self) -> int:
        """0 is the greatest."""
        return tuple(Harm).index(self)


@frozen
class Identity:
    """What a finding is about; each method makes a finding of one light.

    `kind`: what was checked; `subject`: the resource, "" where there is only one of the kind. Neither holds a
    figure or a date: the identity is the same whatever is found. `chapter`: the manual's about it. `more`:
    the other fields of a `CheckItem`.
    """

    kind: "Checked"
    subject: str = ""
    chapter: str = field(default="", compare=False)

    def within(self, section: str) -> str:
        """The id in a report: `security/bucket_block/images`, or `cost/cost_forecast` without a subject."""
        return "/".join(each for each in (section, self.kind.value, self.subject) if each)

    def item(self, light: CheckStatus, said: Text, *details: Text, **more: Any) -> "CheckItem":
        """A finding of this light."""
        return CheckItem(self, light, said, details, self.chapter, **more)

    def red(self, said: Text, *details: Text, **more: Any) -> "CheckItem":
        """An item that needs a person today."""
        return self.item(RED, said, *details, **more)

    def amber(self, said: Text, *details: Text, **more: Any) -> "CheckItem":
        """An item that needs a person soon."""
        return self.item(AMBER, said, *details, **more)

    def green(self, said: Text, *details: Text, **more: Any) -> "CheckItem":
        """An item that is correct."""
        return self.item(GREEN, said, *details, **more)

    def unknown(self, said: Text, *details: Text, **more: Any) -> "CheckItem":
        """An item that could not be judged."""
        return self.item(UNKNOWN, said, *details, **more)

    def unread(
        self, what: Text, error: Exception, *details: Text, light: CheckStatus = UNKNOWN
    ) -> "CheckItem":
        """AWS refused this part: which permission is missing. `light`: red of what is gone."""
        return self.item(light, text("checks.unread", what=what, reason=reason(error)), *details)


@frozen
class CheckItem:
    """One checked item.

    Attributes:
        identity: what it is about, the same on every day.
        light: red needs a person today, amber needs one soon.
        said: the sentence, numbers and samples included.
        details: the evidence, most important first; never values of variables, object keys or ids of persons.
        chapter: the manual's chapter, as it is headed there; "" where the manual has none.
        command: what fixes it; "" where there is no single command. Reports show `to_paste`.
        caution: what the command removes and whom to ask first; shown with it everywhere.
            None where it takes nothing away.
        numbers: the same figures for machines.
        link: console page that shows the source.
        note: worth knowing only; nothing is wrong with what it is about.
        in_message: a message has it too, although nothing is wrong.
        root: what it is a sign of, where other findings may be signs of the same.
        harm: None where it is that of its section (`HARM`).
        new: the check before did not find it or found it better, or a person had accepted it then.
        facts: what a person accepts who accepts it (`digest`), where its sentences also hold other things.
        accepted: a person accepted it as it is: it is only counted.
        again: why it is reported although a person had accepted it.
        since: the day of the first report that had it, as far back as the stored reports go.
    """

    identity: Identity
    light: CheckStatus
    said: Text
    details: Texts = ()
    chapter: str = ""
    command: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    link: str | None = None
    note: bool = False
    in_message: bool = False
    caution: Text | None = None
    root: RootCause | None = None
    harm: Harm | None = None
    new: bool = False
    facts: Strings = ()
    accepted: "Acceptance | None" = None
    again: Text | None = None
    since: date | None = None

    @property
    def colour(self) -> CheckStatus:
        """The light that it gives to its report; an accepted item gives none."""
        return GREEN if self.accepted else self.light

    @property
    def digest(self) -> str:
        """A digest of the item's facts: another digest means another finding."""
        return digest(self.identity.kind, self.facts, (self.said, *self.details))

    @property
    def to_paste(self) -> str:
        """The command to paste; "" where a name in it has control or direction characters, which could make
        it look like another command."""
        return self.command if self.command.isprintable() else ""

    def with_fix(self, fix: FixCommand) -> "CheckItem":
        """This item with the command that fixes it, the command's caution, and a note."""
        return replace(self, command=fix.command, caution=fix.caution, details=(*self.details, *fix.details))


type Items = tuple[CheckItem, ...]


@frozen
class Acceptance:
    """A person accepted a finding at `at` until the end of the day `until`. `facts`: its digest then. `lead`:
    the id that the person named, where this one is another sign of the same cause."""

    person: str
    at: datetime
    until: date
    reason: str
    facts: str
    lead: str = ""


class Checked(StrEnum):
    """What checks look at. Its finding may be green, amber, red or unknown."""

    # Of any check.
    CHECK = "check"  # it failed as a whole
    # Alarms: how they are defined, and whether anything answers them.
    ALARMS = "alarms"
    ALARM_ACTIONS = "alarm_actions"
    ALARM_ANSWERED = "alarm_answered"
    ALARM_DATA = "alarm_data"
    ALARM_DEFINITION = "alarm_definition"
    ALARM_EVALUATED = "alarm_evaluated"
    ALARM_EXISTS = "alarm_exists"
    ALARM_EXTRA = "alarm_extra"
    ALARM_FILTER = "alarm_filter"
    ALARM_FIRES = "alarm_fires"
    ALARM_LOG = "alarm_log"
    ALARM_MUTED = "alarm_muted"
    ALARM_MUTES = "alarm_mutes"
    ALARM_RULES = "alarm_rules"
    ALARM_STATE = "alarm_state"
    ALARM_STATES = "alarm_states"
    ALARM_TARGETS = "alarm_targets"
    ALARM_TIMEOUTS = "alarm_timeouts"
    ALARMS_FIT = "alarms_fit"
    ALARMS_SILENT = "alarms_silent"
    DETECTION = "detection"
    DETECTION_CHANGE = "detection_change"
    DETECTION_NEVER = "detection_never"
    LAST_RESORT = "last_resort"
    ON_CALL = "on_call"
    ON_CALL_READ = "on_call_read"
    # What auto would have done.
    OBSERVED = "observed"
    # Figures, and what they cost.
    BAD_DAYS = "bad_days"
    FIGURE = "figure"
    FIGURES = "figures"
    FUNCTION_HEALTH = "function_health"
    FUNCTIONS = "functions"
    FUNCTIONS_CALLED = "functions_called"
    FUNCTIONS_UNCALLED = "functions_uncalled"
    COST = "cost"
    COST_DAYS = "cost_days"
    COST_FORECAST = "cost_forecast"
    COST_MONTH = "cost_month"
    COST_SESSION = "cost_session"
    COST_TO_DATE = "cost_to_date"
    COST_WEEK = "cost_week"
    # The functions' configuration.
    CONFIGURATION = "configuration"
    CONFIGURATION_BEFORE = "configuration_before"
    CONFIGURATION_DEPLOYED = "configuration_deployed"
    FUNCTION_DRIFT = "function_drift"
    FUNCTION_OFF = "function_off"
    RESERVED = "reserved"
    # Images and the sessions table.
    BACKUP = "backup"
    BUCKET_SIZE = "bucket_size"
    LIFECYCLE = "lifecycle"
    OLDEST_OBJECT = "oldest_object"
    REHEARSAL_TABLE = "rehearsal_table"
    REHEARSAL_TABLES = "rehearsal_tables"
    RESTORE_TEST = "restore_test"
    TABLE = "table"
    TABLE_BILLING = "table_billing"
    TABLE_ENCRYPTION = "table_encryption"
    TABLE_ITEMS = "table_items"
    TABLE_PITR = "table_pitr"
    TABLE_TTL = "table_ttl"
    VERSIONS = "versions"
    # Who may do what.
    BUCKET_ACL = "bucket_acl"
    BUCKET_BLOCK = "bucket_block"
    BUCKET_DENIES = "bucket_denies"
    BUCKET_ENCRYPTION = "bucket_encryption"
    BUCKET_POLICY = "bucket_policy"
    BUCKET_REPLICATION = "bucket_replication"
    BUCKET_TLS = "bucket_tls"
    BUCKET_VERSIONS = "bucket_versions"
    FUNCTION_LAYERS = "function_layers"
    OWN_FUNCTION_ROLES = "own_function_roles"
    OWN_RIGHTS = "own_rights"
    OWN_ROLE = "own_role"
    ROLE_ATTACHED = "role_attached"
    ROLE_ATTACHED_POLICY = "role_attached_policy"
    ROLE_BOUNDARY = "role_boundary"
    ROLE_DENIES = "role_denies"
    ROLE_INLINE = "role_inline"
    ROLE_LIMITS = "role_limits"
    ROLE_NEEDS = "role_needs"
    ROLE_POLICY = "role_policy"
    ROLE_TRUST = "role_trust"
    SERVICE_FUNCTION_ROLES = "service_function_roles"
    SHARED = "shared"
    # Whether remedies would work, and people would be notified.
    APPROVERS = "approvers"
    DASHBOARD = "dashboard"
    FUNCTION_DEPLOYED = "function_deployed"
    FUNCTION_READ = "function_read"
    FUNCTION_STATES = "function_states"
    INCIDENTS = "incidents"
    LEVEL = "level"
    MODE_EVERYWHERE = "mode_everywhere"
    MODES = "modes"
    MODES_MISSING = "modes_missing"
    MODES_OBSERVE = "modes_observe"
    PERMISSIONS = "permissions"
    PERMISSIONS_READ = "permissions_read"
    PERMISSIONS_UNCLEAR = "permissions_unclear"
    RECORD = "record"
    RECORDS = "records"
    REMEDIES_UNUSED = "remedies_unused"
    REMEDY = "remedy"
    REPORTS = "reports"
    ROLE_BOUND = "role_bound"
    ROLES_BOUND = "roles_bound"
    RUNTIME_DATES = "runtime_dates"
    RUNTIMES = "runtimes"
    SCHEDULE = "schedule"
    SDK = "sdk"
    SERVICE_STACK = "service_stack"
    SETTINGS_DOCUMENT = "settings_document"
    SLACK_CHANNEL = "slack_channel"
    SLACK_POSTS = "slack_posts"
    SLACK_REACHED = "slack_reached"
    SLACK_SECRET = "slack_secret"  # noqa: S105  # pragma: allowlist secret
    STOP = "stop"
    STOPS = "stops"
    STOPS_LEFT = "stops_left"
    SUBSCRIPTIONS = "subscriptions"
    SUBSCRIPTIONS_READ = "subscriptions_read"
    TABLE_INDEX = "table_index"
    TABLE_STATE = "table_state"
    UNCONFIRMED = "unconfirmed"

    def of(self, *subject: str, chapter: str = "") -> "Identity":
        """About this resource; its parts are joined, empty ones left out."""
        return Identity(self, "/".join(filter(None, subject)), chapter)


# Their sentences contain figures that differ every day.
MEASURED = frozenset(
    {
        Checked.BACKUP,
        Checked.BUCKET_SIZE,
        Checked.COST_DAYS,
        Checked.COST_FORECAST,
        Checked.COST_MONTH,
        Checked.COST_SESSION,
        Checked.COST_TO_DATE,
        Checked.COST_WEEK,
        Checked.DETECTION,
        Checked.FIGURE,
        Checked.FUNCTION_HEALTH,
        Checked.FUNCTIONS_CALLED,
        Checked.OLDEST_OBJECT,
        Checked.RUNTIME_DATES,
        Checked.SCHEDULE,
        Checked.SLACK_POSTS,
        Checked.STOPS_LEFT,
        Checked.TABLE_ITEMS,
        Checked.TABLE_STATE,
    }
)


def magnitude(value: float) -> str:
    """The next power of two: a value more than twice as large is another fact."""
    return f"< 2^{int(value).bit_length()}"


def digest(kind: Checked, facts: Strings, said: Texts) -> str:
    """16 hexadecimal digits of the facts, or else of the sentence: all of it with its values, of a measured
    kind only which sentence it is."""
    whole: object = list(facts)
    if not facts:
        whole = sorted(set(_keys(said[:1]))) if kind in MEASURED else [dump(each) for each in said]
    written = json.dumps(whole, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _keys(said: Iterable[Value]) -> Iterator[str]:
    for each in said:
        if isinstance(each, Text):
            yield each.key
            yield from _keys(each.values.values())
        elif isinstance(each, tuple):
            yield from _keys(each)
