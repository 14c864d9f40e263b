"""What a person does about a change that was not made: the step follows what was in the way.

One table, from every reason to the kind of step. What AWS or a guard has just refused is never offered as a
command for as long as the reason for it lasts.
"""

from collections.abc import Iterator, Mapping
from enum import Enum

from responder.aws.translate import BY_CODE
from responder.core.change import Status
from responder.core.declined import Denial
from responder.core.errors import (
    AwsError,
    Busy,
    Changed,
    Denied,
    Missing,
    NotSubscribed,
    Throttled,
    Unreachable,
)
from responder.core.failure_kind import FailureKind
from responder.core.liveness_function import Which
from responder.core.obstacles import Caution, Obstacle
from responder.core.refusals import Because, Reasons, Refusal, SettingsProblem, because_of
from responder.core.remedy import spec_of
from responder.core.settings import Settings
from responder.core.text import Text, Value, text
from responder.core.verdict import Outcome, Result


class Way(Enum):
    """The kind of step; its value is the key of the sentence, where it has one of its own."""

    # Without a step of its own.
    BY_HAND = "by_hand"  # only the automation is stopped: the manual's command for a person
    ANSWER = "answer"  # a person's approval lifts it; how to give one is a step already
    SAID = "said"  # the reason itself says what to do, or there is nothing to do
    LATER = "later"  # it passes by itself, and is tried again
    BY_CODE = "by_code"  # the error code of AWS decides
    # It is over once AWS has finished, or the target can be used again.
    WAIT = "step.wait_for_function"
    CHECK = "step.check_change"
    # Something has to be changed or settled before.
    ALIAS = "step.settle_alias"
    CAPACITY = "step.raise_throughput"
    CONCURRENCY = "step.raise_account_concurrency"
    CONSULT = "step.consult_threshold"
    DECLARE = "step.declare_readers"
    DECLARE_THRESHOLD = "step.declare_threshold_readers"
    DEFINE = "step.define_setting"
    EXISTS = "step.check_exists"
    INDEXES = "step.index_throughput"
    KEY = "step.check_key"
    MAKE_ALIAS = "step.make_alias"
    READ_REFUSAL = "step.read_refusal"
    RESERVED = "step.raise_reserved_concurrency"
    ROUTE = "step.route_to_alias"
    RUNTIME = "step.deploy_runtime"
    SCALING = "step.raise_scaling_minimum"
    SNAP_START = "step.keep_snap_start"
    # Another way, or another person.
    APPROVER = "step.ask_approver"
    ASK = "step.ask_who_changed"
    ELSEWHERE = "step.see_incident"
    KNOWN_GOOD = "step.deploy_known_good"
    NOT_AGAIN = "step.not_again"
    PREVIOUS = "step.roll_back_release"
    WATCH = "step.wait_and_watch"

    @property
    def told(self) -> bool:
        """It has a step of its own."""
        return self not in (Way.BY_HAND, Way.ANSWER, Way.SAID, Way.LATER, Way.BY_CODE)


WAYS: Mapping[Reasons, Way] = {
    # --- What people said. ---
    Refusal.PAUSED: Way.BY_HAND,
    Refusal.WINDOW: Way.BY_HAND,
    Refusal.MUTED: Way.BY_HAND,
    Refusal.MUTED_EVENT: Way.BY_HAND,
    Refusal.ACTIONS_DISABLED: Way.BY_HAND,
    Refusal.SUPPRESSED: Way.BY_HAND,
    Refusal.PAUSES_UNREADABLE: Way.BY_HAND,
    Refusal.MODE_OBSERVE: Way.BY_HAND,
    Refusal.MODE_APPROVE: Way.ANSWER,
    Refusal.MODE_UNREADABLE: Way.BY_HAND,
    Refusal.SETTINGS_UNUSABLE: Way.BY_HAND,
    Refusal.SETTINGS_UNUSABLE_BECAUSE: Way.BY_HAND,
    **dict.fromkeys(SettingsProblem, Way.BY_HAND),
    **dict.fromkeys(Denial, Way.SAID),  # of a person's request; told to that person
    # --- What the evidence allows. ---
    Refusal.CAPPED_BY_EVIDENCE: Way.BY_HAND,
    Refusal.SURE_TOO_FEW: Way.ANSWER,
    Refusal.PROVOKABLE: Way.ANSWER,
    Refusal.THROTTLED: Way.ANSWER,
    Refusal.THROTTLING_UNREAD: Way.ANSWER,
    Refusal.EVIDENCE_UNREAD: Way.ANSWER,
    Refusal.CEILING: Way.BY_HAND,
    Refusal.NEVER_APPLIED: Way.BY_HAND,
    Refusal.TOO_FEW_SAMPLES: Way.WATCH,
    **dict.fromkeys(Caution, Way.ANSWER),
    # --- The event, the alarm and the record. ---
    Refusal.STALE: Way.BY_HAND,
    Refusal.REPLAYED: Way.BY_HAND,
    Refusal.REDRIVEN: Way.BY_HAND,
    Refusal.MAY_REPEAT: Way.BY_HAND,
    Refusal.NOT_LOOPBACK: Way.BY_HAND,
    Refusal.ALREADY_OK: Way.WATCH,
    Refusal.NO_DATA_NOW: Way.WATCH,
    Refusal.ALARM_UNREADABLE: Way.BY_HAND,
    Refusal.ALARM_GONE: Way.WATCH,
    Refusal.EVALUATION: Way.ANSWER,
    Refusal.STORE_UNREADABLE: Way.BY_HAND,
    Refusal.LEASES_UNREAD: Way.BY_HAND,
    # --- The target as it was read. ---
    Refusal.PRECONDITION: Way.CHECK,  # where its detail is no obstacle
    Refusal.NOT_READABLE: Way.CHECK,  # likewise
    Refusal.IN_FLIGHT: Way.WAIT,
    Refusal.RECENT_CHANGE: Way.ANSWER,
    Refusal.OTHERS_POSSIBLE: Way.ANSWER,
    # --- What is in force, and what was done before. ---
    Refusal.LEASED: Way.ELSEWHERE,
    Refusal.LEASED_VALUE: Way.ELSEWHERE,
    Refusal.LINKED: Way.ELSEWHERE,
    Refusal.LEFT_BEFORE: Way.KNOWN_GOOD,
    Refusal.TAKEN_BACK_BEFORE: Way.ANSWER,
    Refusal.BEING_TAKEN_BACK: Way.SAID,
    Refusal.UNDONE_SINCE: Way.ASK,
    Refusal.COOLDOWN: Way.LATER,
    Refusal.FAILED_TWICE: Way.NOT_AGAIN,
    Refusal.TOO_MANY_CHANGES: Way.BY_HAND,
    Refusal.QUOTA_USED: Way.CAPACITY,
    Refusal.OTHERS_ACTING: Way.LATER,
    Refusal.TOO_LATE: Way.LATER,
    Refusal.RECORD_FAILED: Way.BY_HAND,
    # --- Approvals. ---
    Refusal.NEEDS_APPROVAL: Way.ANSWER,
    Refusal.NOT_APPROVED: Way.ANSWER,
    Refusal.ONE_MORE: Way.ANSWER,
    Refusal.REJECTED: Way.SAID,
    Refusal.EXPIRED: Way.SAID,
    Refusal.PROPOSAL_CHANGED: Way.SAID,
    Refusal.NO_RIGHT: Way.APPROVER,
    # --- Commands. ---
    Refusal.UNKNOWN_INCIDENT: Way.SAID,
    Refusal.FOREIGN_INCIDENT: Way.SAID,
    Refusal.INCIDENT_CLOSED: Way.SAID,
    Refusal.UNKNOWN_REMEDY: Way.SAID,
    Refusal.LEASE_ENDED: Way.SAID,
    Refusal.NOTHING_IN_FORCE: Way.CHECK,
    Refusal.TAKE_BACK_INTERRUPTED: Way.SAID,
    # --- Preconditions of a remedy. ---
    Obstacle.UNREADABLE: Way.BY_CODE,
    Obstacle.IN_FLIGHT: Way.WAIT,
    Obstacle.NO_TARGETS: Way.DECLARE,
    Obstacle.NOT_ACTIVE: Way.WAIT,
    Obstacle.LAST_UPDATE_FAILED: Way.WAIT,
    Obstacle.RUNTIME_REFUSED: Way.RUNTIME,
    Obstacle.TABLE_NOT_ACTIVE: Way.WAIT,
    Obstacle.VARIABLES_UNREADABLE: Way.KEY,
    Obstacle.SETTING_MISSING: Way.DEFINE,
    Obstacle.NOT_A_READER: Way.DECLARE,
    Obstacle.NO_PERCENTAGE: Way.SAID,
    Obstacle.NO_EXPECTED_VALUE: Way.BY_HAND,  # a person knows the value; the stack does not
    Obstacle.REPAIR_STAYS: Way.SAID,
    Obstacle.THRESHOLD_NOT_READ: Way.DECLARE_THRESHOLD,
    Obstacle.THRESHOLD_NOT_LOWER: Way.CONSULT,
    Obstacle.THRESHOLD_UNREADABLE: Way.DEFINE,
    Obstacle.UNANNOUNCED: Way.ALIAS,
    Obstacle.NO_ALIAS: Way.MAKE_ALIAS,
    Obstacle.NO_ALIAS_TO_MOVE: Way.PREVIOUS,
    Obstacle.ALIAS_WEIGHTED: Way.ALIAS,
    Obstacle.ALIAS_OTHER_CODE: Way.ALIAS,
    Obstacle.ALIAS_UNPUBLISHED: Way.ALIAS,
    Obstacle.ALIAS_UNUSED: Way.ROUTE,
    Obstacle.ALIAS_SERVES_LATEST: Way.KNOWN_GOOD,
    Obstacle.ALIAS_TAKES_NO_TRAFFIC: Way.KNOWN_GOOD,
    Obstacle.ALIAS_SERVES_MORE: Way.SAID,
    Obstacle.NEWER_NOT_RELEASED: Way.ALIAS,
    Obstacle.NO_PREVIOUS_VERSION: Way.KNOWN_GOOD,
    Obstacle.PREVIOUS_BROKEN: Way.KNOWN_GOOD,
    Obstacle.PREVIOUS_LOWERS_THRESHOLD: Way.KNOWN_GOOD,
    Obstacle.SCALED_BY_POLICY: Way.SCALING,
    Obstacle.SNAP_START: Way.SNAP_START,
    Obstacle.ACCOUNT_FULL: Way.CONCURRENCY,
    Obstacle.RESERVED_TOO_LOW: Way.RESERVED,
    # --- A call that did not do what was asked. ---
    FailureKind.DENIED: Way.BY_HAND,
    FailureKind.NOT_SUBSCRIBED: Way.BY_HAND,
    FailureKind.MISSING: Way.EXISTS,
    FailureKind.THROTTLED: Way.LATER,
    FailureKind.UNREACHABLE: Way.CHECK,
    FailureKind.LATE: Way.CHECK,
    FailureKind.UNREADABLE: Way.BY_HAND,
    FailureKind.OTHER: Way.BY_CODE,
    FailureKind.OURS: Way.BY_HAND,
    # --- What became of one target. ---
    FailureKind.CHANGED_MEANWHILE: Way.ASK,
    FailureKind.OUTCOME_UNKNOWN: Way.CHECK,
    FailureKind.REFUSED: Way.BY_CODE,
    FailureKind.NOT_RELEASED: Way.ALIAS,  # where its reason is none of these
    FailureKind.VARIABLES_LOST: Way.CHECK,
    FailureKind.UPDATE_FAILED: Way.WAIT,
    FailureKind.NOT_ALLOCATED: Way.CONCURRENCY,
    FailureKind.INDEX_ADDED: Way.INDEXES,
    FailureKind.NOT_MADE: Way.LATER,
    FailureKind.NOT_RESTORED: Way.SAID,
    FailureKind.BEGUN: Way.LATER,
    FailureKind.KEPT: Way.ASK,
    FailureKind.GONE: Way.EXISTS,
    FailureKind.CHANGED_BY: Way.ASK,
    FailureKind.CHANGED_UNTRACED: Way.ASK,
    FailureKind.ALIAS_MOVED: Way.ALIAS,
    FailureKind.STILL_SERVED: Way.ALIAS,
    FailureKind.ROLLED_BACK_ALREADY: Way.SAID,
}
_CODES: Mapping[type[AwsError], Way] = {
    Denied: Way.BY_HAND,  # the right is the automation's; a person has rights of their own
    NotSubscribed: Way.BY_HAND,
    Missing: Way.EXISTS,
    Throttled: Way.LATER,
    Busy: Way.WAIT,
    Changed: Way.ASK,
    Unreachable: Way.CHECK,
}
# UpdateTable answers so where the billing mode was switched too often (DynamoDB, "Quotas").
_SWITCHED_TOO_OFTEN = "LimitExceededException"
# What carries a reason, and the value that holds it.
_CARRY: Mapping[Reasons, str] = {
    Refusal.PRECONDITION: "detail",
    Refusal.NOT_READABLE: "detail",
    Refusal.IN_FLIGHT: "detail",
    FailureKind.NOT_RELEASED: "reason",
}
# Once it is over, the alarm's function tries again by itself.
_PASSES = (Way.LATER, Way.WAIT, Way.CHECK)

_NOT_DONE = (Result.REFUSED, Result.OBSERVED, Result.FAILED, Result.PARTIAL)
# Their command shows the state of functions, or of the table where the remedy is about that.
_OF_FUNCTIONS = (Way.WAIT, Way.CHECK, Way.ALIAS)
_OF_TABLE = {Way.WAIT: "step.wait_for_table", Way.CHECK: "step.wait_for_table"}


def next_steps(
    outcomes: tuple[Outcome, ...], left: tuple[Text, ...], settings: Settings, *, followed: bool = True
) -> tuple[Text, ...]:
    """The steps about what was not carried out, then those of the cause that are `left`.

    `followed`: the follow-up of the incident is alive, so that what passes is tried again.
    """
    held = [each for each in outcomes if each.result in _NOT_DONE]
    own = [step for each in held for step in _own(each, settings, followed=followed)]
    mine = [*own, *(step for each in held for step in _repeats(each, settings))]
    said = {str(step.to_json()): step for step in own}
    return (*said.values(), *(step for step in left if not any(_same(step, each) for each in mine)))


def _same(step: Text, other: Text) -> bool:
    """The same step, unless both name a function and not the same one."""
    one, two = step.values.get("function"), other.values.get("function")
    return step.key == other.key and (one is None or two is None or one == two)


def ways(outcome: Outcome) -> Mapping[Way, Because]:
    """What comes next, and for which reason."""
    notes = (each.note for each in outcome.changes if each.status is Status.FAILED)
    because = (each for each in (outcome.because, *notes) if each is not None)
    found: dict[Way, Because] = {}
    for one in (one for each in because for one in _within(each)):
        found.setdefault(_way(one, outcome.remedy), one)
    return found


def _own(outcome: Outcome, settings: Settings, *, followed: bool) -> Iterator[Text]:
    found = ways(outcome)
    for way, because in found.items():
        if way is Way.BY_HAND:
            yield from _by_hand(outcome, settings)
        elif way.told:
            key = _OF_TABLE.get(way, way.value) if spec_of(outcome.remedy).table else way.value
            yield Text(key, _values(way, because, outcome, settings))
    if any(way in _PASSES for way in found):
        if outcome.back:
            yield text("step.order_again")
        elif followed:
            yield text("step.tried_again")


def _by_hand(outcome: Outcome, settings: Settings) -> Iterator[Text]:
    """Nothing is done by hand beside what is set in part, nor instead of a reversal."""
    spec = spec_of(outcome.remedy)
    if outcome.back or outcome.result is Result.PARTIAL or not spec.by_hand:
        return
    if outcome.result is Result.OBSERVED or spec.by_hand_if_refused:
        yield Text(spec.by_hand, _function(outcome, settings))


def _repeats(outcome: Outcome, settings: Settings) -> Iterator[Text]:
    """Steps of the cause that would only do again what was refused."""
    if ways(outcome).keys() != {Way.BY_HAND}:
        spec = spec_of(outcome.remedy)
        yield Text(spec.by_hand, _function(outcome, settings))
        yield Text(spec.same_step)


def _within(because: Because) -> tuple[Because, ...]:
    """The reasons inside of one that only carries them, else the reason itself."""
    inner = because.values.get(_CARRY.get(because.kind, ""), ())
    found = (_read(each) for each in (inner if isinstance(inner, tuple) else (inner,)))
    return tuple(each for each in found if each is not None) or (because,)


def _read(value: Value) -> Because | None:
    if not isinstance(value, Text):
        return None
    try:
        return because_of(value.to_json())
    except ValueError:
        return None


def _way(because: Because, remedy: str) -> Way:
    way = WAYS[because.kind]
    if way is not Way.BY_CODE:
        return way
    code = str(because.values.get("code", ""))
    if code == _SWITCHED_TOO_OFTEN and spec_of(remedy).table:
        return Way.CAPACITY
    return _CODES.get(BY_CODE.get(code, AwsError), Way.READ_REFUSAL)


def _values(way: Way, because: Because, outcome: Outcome, settings: Settings) -> dict[str, Value]:
    """What its command names besides what the alarm tells."""
    if way is Way.ELSEWHERE:
        return {"incident": because.values["incident"], "where": settings.console}
    if way in _OF_FUNCTIONS and not spec_of(outcome.remedy).table:
        targets = dict.fromkeys(change.target.partition(":")[0] for change in outcome.changes)
        scoped = _function(outcome, settings).values()
        return {"functions": " ".join(targets or tuple(map(str, scoped)) or settings.rollout_functions)}
    return _function(outcome, settings)


def _function(outcome: Outcome, settings: Settings) -> dict[str, Value]:
    """The one that it is about, where it is about one."""
    if outcome.scope not in tuple(Which):
        return {}
    return {"function": Which(outcome.scope).function(settings)}
