"""What a finding of a scheduled check is about, named so that the next day's check names it likewise."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from enum import StrEnum

from responder.core.codec import dump
from responder.core.frozen import frozen
from responder.core.text import Text, Value


@frozen
class Identity:
    """`kind`: what was checked; `subject`: the resource, "" where there is only one of the kind.

    Neither holds a figure or a date: the identity is the same whatever is found.
    """

    kind: "Checked"
    subject: str = ""

    def within(self, section: str) -> str:
        """The id in a report: `security/bucket_block/images`, or `cost/cost_forecast` without a subject."""
        return "/".join(each for each in (section, self.kind.value, self.subject) if each)


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

    def of(self, *subject: str) -> Identity:
        """About this resource; its parts are joined, empty ones left out."""
        return Identity(self, "/".join(filter(None, subject)))


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


def digest(kind: Checked, facts: tuple[str, ...], said: tuple[Text, ...]) -> str:
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
