"""What a person does about a change that was not made: the step follows from the reason.

One table maps every reason to the kind of step. A command that AWS or a guard has just refused is not offered
while the reason lasts.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from enum import Enum
from shlex import quote

from responder.aws.translate import BY_CODE
from responder.core.change import Status, may_be_in_force
from responder.core.codec import dump, load
from responder.core.declined import DeclineReason
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
from responder.core.liveness_function import LivenessFunction
from responder.core.reasons import Caution, ExplainedReason, FailureKind, Obstacle
from responder.core.refusals import Because, Doubts, Reasons, Refusal, SettingsProblem
from responder.core.remedy import spec_of
from responder.core.settings import Settings
from responder.core.text import Strings, Text, Texts, Values, text
from responder.core.verdict import Outcome, Result


class StepKind(Enum):
    """The kind of step; its value is the key of the sentence, where it has its own."""

    # Without a separate step.
    BY_HAND = "by_hand"  # only the automation is stopped: the manual's command for a person
    ANSWER = "answer"  # a person's approval lifts it; how to give one is a step already
    SAID = "said"  # the reason itself says what to do, or there is nothing to do
    LATER = "later"  # it passes in time, and is tried again
    BY_CODE = "by_code"  # the error code of AWS decides
    # It ends once AWS has finished, or the target can be used again.
    WAIT = "step.wait_for_function"
    CHECK = "step.check_change"
    # Something has to be changed or settled before.
    ALIAS = "step.settle_alias"
    CAPACITY = "step.raise_throughput"
    CANARY = "step.end_canary"
    CONCURRENCY = "step.raise_account_concurrency"
    CONSULT = "step.consult_threshold"
    DECLARE = "step.declare_readers"
    DECLARE_THRESHOLD = "step.declare_threshold_readers"
    DEFINE = "step.define_setting"
    EXISTS = "step.check_exists"
    INDEXES = "step.index_throughput"
    KEY = "step.check_key"
    MAKE_ALIAS = "step.make_alias"
    PUBLISH = "step.publish_alias"
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
    PERMISSION = "step.restore_permission"  # the automation's; a person has their own, and the command
    PREVIOUS = "step.roll_back_release"
    WATCH = "step.wait_and_watch"


WAYS: Mapping[Reasons, StepKind] = {
    # --- What people said. ---
    Refusal.PAUSED: StepKind.BY_HAND,
    Refusal.WINDOW: StepKind.BY_HAND,
    Refusal.MUTED: StepKind.BY_HAND,
    Refusal.MUTED_BY_SEVERAL: StepKind.BY_HAND,
    Refusal.MUTED_EVENT: StepKind.BY_HAND,
    Refusal.ACTIONS_DISABLED: StepKind.BY_HAND,
    Refusal.SUPPRESSED: StepKind.BY_HAND,
    Refusal.PAUSES_UNREADABLE: StepKind.BY_HAND,
    Refusal.MODE_OBSERVE: StepKind.BY_HAND,
    Refusal.MODE_APPROVE: StepKind.ANSWER,
    Refusal.DEMOTED: StepKind.ANSWER,
    Refusal.MODE_UNREADABLE: StepKind.BY_HAND,
    Refusal.SETTINGS_UNUSABLE: StepKind.BY_HAND,
    Refusal.SETTINGS_UNUSABLE_BECAUSE: StepKind.BY_HAND,
    **dict.fromkeys(SettingsProblem, StepKind.BY_HAND),
    **dict.fromkeys(DeclineReason, StepKind.SAID),  # of a person's request; that person gets the reason
    # --- What the evidence allows. ---
    Refusal.CAPPED_BY_EVIDENCE: StepKind.BY_HAND,
    Refusal.SURE_TOO_FEW: StepKind.ANSWER,
    Refusal.PROVOKABLE: StepKind.ANSWER,
    Refusal.THROTTLED: StepKind.ANSWER,
    Refusal.THROTTLING_UNREAD: StepKind.ANSWER,
    Refusal.EVIDENCE_UNREAD: StepKind.ANSWER,
    Refusal.CEILING: StepKind.BY_HAND,
    Refusal.NEVER_APPLIED: StepKind.BY_HAND,
    Refusal.TOO_FEW_SAMPLES: StepKind.WATCH,
    **dict.fromkeys(Caution, StepKind.ANSWER),
    # --- The event, the alarm and the record. ---
    Refusal.STALE: StepKind.BY_HAND,
    Refusal.REPLAYED: StepKind.BY_HAND,
    Refusal.REDRIVEN: StepKind.BY_HAND,
    Refusal.MAY_REPEAT: StepKind.BY_HAND,
    Refusal.NOT_LOOPBACK: StepKind.BY_HAND,
    Refusal.ALREADY_OK: StepKind.WATCH,
    Refusal.NO_DATA_NOW: StepKind.WATCH,
    Refusal.ALARM_UNREADABLE: StepKind.BY_HAND,
    Refusal.ALARM_GONE: StepKind.WATCH,
    Refusal.EVALUATION: StepKind.ANSWER,
    Refusal.STORE_UNREADABLE: StepKind.BY_HAND,
    Refusal.LEASES_UNREAD: StepKind.BY_HAND,
    # --- The target as it was read. ---
    Refusal.PRECONDITION: StepKind.CHECK,  # where its detail is no obstacle
    Refusal.NOT_READABLE: StepKind.CHECK,  # likewise
    Refusal.IN_FLIGHT: StepKind.WAIT,
    Refusal.RECENT_CHANGE: StepKind.ANSWER,
    Refusal.OTHERS_POSSIBLE: StepKind.ANSWER,
    # --- What is in force, and what was done before. ---
    Refusal.LEASED: StepKind.ELSEWHERE,
    Refusal.LEASED_VALUE: StepKind.ELSEWHERE,
    Refusal.LINKED: StepKind.ELSEWHERE,
    Refusal.LEFT_BEFORE: StepKind.KNOWN_GOOD,
    Refusal.REVERTED_BEFORE: StepKind.ANSWER,
    Refusal.BEING_REVERTED: StepKind.SAID,
    Refusal.UNDONE_SINCE: StepKind.ASK,
    Refusal.COOLDOWN: StepKind.LATER,
    Refusal.FAILED_TWICE: StepKind.NOT_AGAIN,
    Refusal.TOO_MANY_CHANGES: StepKind.BY_HAND,
    Refusal.QUOTA_USED: StepKind.CAPACITY,
    Refusal.OTHERS_ACTING: StepKind.LATER,
    Refusal.TOO_LATE: StepKind.LATER,
    Refusal.RECORD_FAILED: StepKind.BY_HAND,
    # --- Approvals. ---
    Refusal.NEEDS_APPROVAL: StepKind.ANSWER,
    Refusal.NOT_APPROVED: StepKind.ANSWER,
    Refusal.ONE_MORE: StepKind.ANSWER,
    Refusal.REJECTED: StepKind.SAID,
    Refusal.REJECTED_BEFORE: StepKind.ANSWER,
    Refusal.REJECTED_ELSEWHERE: StepKind.ANSWER,
    Refusal.EXPIRED: StepKind.SAID,
    Refusal.PROPOSAL_CHANGED: StepKind.SAID,
    Refusal.NO_RIGHT: StepKind.APPROVER,
    # --- Commands. ---
    Refusal.UNKNOWN_INCIDENT: StepKind.SAID,
    Refusal.FOREIGN_INCIDENT: StepKind.SAID,
    Refusal.INCIDENT_CLOSED: StepKind.SAID,
    Refusal.UNKNOWN_REMEDY: StepKind.SAID,
    Refusal.LEASE_ENDED: StepKind.SAID,
    Refusal.NOTHING_IN_FORCE: StepKind.CHECK,
    Refusal.REVERT_INTERRUPTED: StepKind.SAID,
    # --- Preconditions of a remedy. ---
    Obstacle.UNREADABLE: StepKind.BY_CODE,
    Obstacle.IN_FLIGHT: StepKind.WAIT,
    Obstacle.NO_TARGETS: StepKind.DECLARE,
    Obstacle.NOT_ACTIVE: StepKind.WAIT,
    Obstacle.LAST_UPDATE_FAILED: StepKind.WAIT,
    Obstacle.RUNTIME_REFUSED: StepKind.RUNTIME,
    Obstacle.TABLE_NOT_ACTIVE: StepKind.WAIT,
    Obstacle.VARIABLES_UNREADABLE: StepKind.KEY,
    Obstacle.SETTING_MISSING: StepKind.DEFINE,
    Obstacle.NOT_A_READER: StepKind.DECLARE,
    Obstacle.NO_PERCENTAGE: StepKind.SAID,
    Obstacle.NO_EXPECTED_VALUE: StepKind.BY_HAND,  # a person knows the value; the stack does not
    Obstacle.REPAIR_STAYS: StepKind.SAID,
    Obstacle.THRESHOLD_NOT_READ: StepKind.DECLARE_THRESHOLD,
    Obstacle.THRESHOLD_NOT_LOWER: StepKind.CONSULT,
    Obstacle.THRESHOLD_UNREADABLE: StepKind.DEFINE,
    Obstacle.UNANNOUNCED: StepKind.ALIAS,
    Obstacle.NO_ALIAS: StepKind.MAKE_ALIAS,
    Obstacle.NO_ALIAS_TO_MOVE: StepKind.PREVIOUS,
    Obstacle.ALIAS_WEIGHTED: StepKind.CANARY,
    Obstacle.ALIAS_OTHER_CODE: StepKind.ALIAS,
    Obstacle.ALIAS_UNPUBLISHED: StepKind.PUBLISH,
    Obstacle.ALIAS_UNUSED: StepKind.ROUTE,
    Obstacle.ALIAS_SERVES_LATEST: StepKind.KNOWN_GOOD,
    Obstacle.ALIAS_TAKES_NO_TRAFFIC: StepKind.KNOWN_GOOD,
    Obstacle.ALIAS_SERVES_MORE: StepKind.SAID,
    Obstacle.NEWER_NOT_RELEASED: StepKind.ALIAS,
    Obstacle.NO_PREVIOUS_VERSION: StepKind.KNOWN_GOOD,
    Obstacle.PREVIOUS_BROKEN: StepKind.KNOWN_GOOD,
    Obstacle.PREVIOUS_LOWERS_THRESHOLD: StepKind.KNOWN_GOOD,
    Obstacle.SCALED_BY_POLICY: StepKind.SCALING,
    Obstacle.SNAP_START: StepKind.SNAP_START,
    Obstacle.ACCOUNT_FULL: StepKind.CONCURRENCY,
    Obstacle.RESERVED_TOO_LOW: StepKind.RESERVED,
    # --- A call that did not do what was asked. ---
    FailureKind.DENIED: StepKind.PERMISSION,
    FailureKind.NOT_SUBSCRIBED: StepKind.BY_HAND,
    FailureKind.MISSING: StepKind.EXISTS,
    FailureKind.THROTTLED: StepKind.LATER,
    FailureKind.UNREACHABLE: StepKind.CHECK,
    FailureKind.LATE: StepKind.CHECK,
    FailureKind.UNREADABLE: StepKind.BY_HAND,
    FailureKind.OTHER: StepKind.BY_CODE,
    FailureKind.OURS: StepKind.BY_HAND,
    # --- The result of one target. ---
    FailureKind.CHANGED_MEANWHILE: StepKind.ASK,
    FailureKind.OUTCOME_UNKNOWN: StepKind.CHECK,
    FailureKind.REFUSED: StepKind.BY_CODE,
    FailureKind.NOT_RELEASED: StepKind.ALIAS,  # where its reason is none of these
    FailureKind.VARIABLES_LOST: StepKind.CHECK,
    FailureKind.UPDATE_FAILED: StepKind.WAIT,
    FailureKind.NOT_ALLOCATED: StepKind.CONCURRENCY,
    FailureKind.INDEX_ADDED: StepKind.INDEXES,
    FailureKind.NOT_MADE: StepKind.LATER,
    FailureKind.NOT_RESTORED: StepKind.SAID,
    FailureKind.BEGUN: StepKind.LATER,
    FailureKind.KEPT: StepKind.ASK,
    FailureKind.GONE: StepKind.EXISTS,
    FailureKind.CHANGED_BY: StepKind.ASK,
    FailureKind.CHANGED_UNTRACED: StepKind.ASK,
    FailureKind.ALIAS_MOVED: StepKind.ALIAS,
    FailureKind.STILL_SERVED: StepKind.ALIAS,
    FailureKind.ROLLED_BACK_ALREADY: StepKind.SAID,
}
_CODES: Mapping[type[AwsError], StepKind] = {
    Denied: StepKind.PERMISSION,
    NotSubscribed: StepKind.BY_HAND,
    Missing: StepKind.EXISTS,
    Throttled: StepKind.LATER,
    Busy: StepKind.WAIT,
    Changed: StepKind.ASK,
    Unreachable: StepKind.CHECK,
}
# Of a cause that names what throttles a table that is on demand.
_THROTTLED_ON_DEMAND = tuple(f"step.on_demand_{each}" for each in ("maximum", "key_range", "account"))
# UpdateTable answers so where the billing mode was switched too often (DynamoDB, "Quotas").
_SWITCHED_TOO_OFTEN = "LimitExceededException"
# What carries a reason, and the value that holds it.
_CARRY: Mapping[Reasons, str] = {
    Refusal.PRECONDITION: "detail",
    Refusal.NOT_READABLE: "detail",
    Refusal.IN_FLIGHT: "detail",
    FailureKind.NOT_RELEASED: "reason",
}
# Once the reason has ended, the alarm's function tries again.
_PASSES = (StepKind.LATER, StepKind.WAIT, StepKind.CHECK)

_OLD = (Refusal.STALE, Refusal.REPLAYED, Refusal.REDRIVEN)
# What stops the automation alone: a person can make the change.
_ONLY_AUTOMATION = frozenset({StepKind.BY_HAND, StepKind.PERMISSION})
# No step that comes before the rest of a change.
_NO_STEP = (*_ONLY_AUTOMATION, StepKind.ANSWER, StepKind.SAID, StepKind.LATER, StepKind.BY_CODE)
_NOT_DONE = (Result.REFUSED, Result.OBSERVED, Result.FAILED, Result.PARTIAL)
# Their command shows the state of functions, or of the table where the remedy is about that.
_OF_FUNCTIONS = (StepKind.WAIT, StepKind.CHECK, StepKind.ALIAS)
_OF_TABLE = {StepKind.WAIT: "step.wait_for_table", StepKind.CHECK: "step.wait_for_table"}


def is_current(doubts: Doubts, alarm: str, *, followed: bool) -> Texts:
    """For an event that is old or was sent again: the step that checks whether the alarm still lasts, before
    all others. `followed`: an incident is open, so that the decision is re-evaluated automatically."""
    if not any(each.kind in _OLD for each in doubts):
        return ()
    key = "step.check_alarm" if followed else "step.check_alarm_alone"
    return (Text(key, {"alarm": quote(alarm), "runbook": "check_alarm"}),)


def next_steps(
    outcomes: tuple[Outcome, ...], left: Texts, settings: Settings, *, followed: bool = True
) -> Texts:
    """The steps about what was not carried out, then those of the cause that are `left`.

    `followed`: the follow-up of the incident is alive, and nothing holds all changes, so that what passes is
    tried again.
    """
    held = [each for each in outcomes if each.result in _NOT_DONE]
    own = [step for each in held for step in _own(each, settings, followed=followed)]
    own += [step for each in outcomes for step in _not_cured(each, left)]
    # Steps of the cause that would only repeat what was refused.
    refused = [each for each in held if not (found := ways(each).keys()) or found - _ONLY_AUTOMATION]
    mine = [*own, *(step for each in refused for step in _makes(each, settings))]
    # A change that is requested or done needs no separate step.
    settled = [each for each in outcomes if each.approval or each.result.as_wanted]
    mine += [step for each in settled for step in _makes(each, settings)]
    said = {str(dump(step)): step for step in own}
    return (*said.values(), *(step for step in left if not any(_same(step, each) for each in mine)))


def _same(step: Text, other: Text) -> bool:
    """The same step, unless both name a function and not the same one."""
    one, two = step.values.get("function"), other.values.get("function")
    return step.key == other.key and (one is None or two is None or one == two)


def ways(outcome: Outcome) -> Mapping[StepKind, Because]:
    """The kinds of steps that come next, each with its first reason."""
    found: dict[StepKind, Because] = {}
    for one in _reasons(outcome):
        found.setdefault(_way(one, outcome.remedy), one)
    return found


def _reasons(outcome: Outcome) -> Iterator[Because]:
    """Why not all of it was done."""
    notes = (each.note for each in outcome.changes if each.status is Status.FAILED)
    for each in (outcome.because, *notes):
        if each is not None:
            yield from _within(each)


def _own(outcome: Outcome, settings: Settings, *, followed: bool) -> Iterator[Text]:
    found = ways(outcome)
    for way, because in found.items():
        if way in _ONLY_AUTOMATION:
            yield from _by_hand(outcome, settings)
        elif way not in _NO_STEP:
            key = _OF_TABLE.get(way, way.value) if spec_of(outcome.remedy).table else way.value
            yield Text(key, _values(way, because, outcome, settings))
    passes = not found.keys().isdisjoint(_PASSES)
    if rest := _rest(outcome, found):
        key = "step.set_rest_after" if any(way not in _NO_STEP for way in found) else "step.set_rest"
        key = "step.set_rest_or_wait" if passes and followed else key
        yield Text(key, {"functions": " ".join(rest), "runbook": "rollout_by_hand"})
    elif passes and outcome.back:
        yield text("step.order_again")
    elif passes and followed:
        yield text("step.tried_again")
    if StepKind.PERMISSION in found:
        yield text(StepKind.PERMISSION.value)


def _not_cured(outcome: Outcome, left: Texts) -> Iterator[Text]:
    """The step for a table that on-demand mode does not help, unless the cause names the limit."""
    if any(each.kind is Caution.HOT_KEY for each in _reasons(outcome)):
        yield text("step.spread_keys")
    on_demand = outcome.result is Result.ALREADY and spec_of(outcome.remedy).table and not outcome.back
    if on_demand and not any(step.key in _THROTTLED_ON_DEMAND for step in left):
        yield text("step.on_demand_unnamed")


def _rest(outcome: Outcome, found: Mapping[StepKind, Because]) -> Strings:
    """The functions on which a person can complete a partial change. One that is set in $LATEST is left to
    the release of its alias, one that others have changed is left to them."""
    if outcome.result is not Result.PARTIAL or outcome.back or not spec_of(outcome.remedy).in_steps:
        return ()
    if StepKind.ASK in found:
        return ()
    return tuple(dict.fromkeys(each.target for each in outcome.unset if not may_be_in_force(each)))


def _by_hand(outcome: Outcome, settings: Settings) -> Iterator[Text]:
    """No manual step is given in addition to a partly applied change, or instead of a reversal."""
    spec = spec_of(outcome.remedy)
    if outcome.back or outcome.result is Result.PARTIAL or not spec.by_hand:
        return
    if outcome.result is Result.OBSERVED or spec.by_hand_if_refused:
        yield Text(spec.by_hand, _function(outcome, settings))


def _makes(outcome: Outcome, settings: Settings) -> tuple[Text, Text]:
    """The steps that make the change manually."""
    spec = spec_of(outcome.remedy)
    return Text(spec.by_hand, _function(outcome, settings)), Text(spec.same_step)


def _within(because: Because) -> tuple[Because, ...]:
    """The reasons inside of one that only carries them, else the reason itself."""
    inner = because.values.get(_CARRY.get(because.kind, ""), ())
    found = []
    for each in inner if isinstance(inner, tuple) else (inner,):
        # A reason that is not in the table is only reported.
        with suppress(ValueError):
            found.append(load(ExplainedReason[Reasons], dump(each)))
    return tuple(found) or (because,)


def _way(because: Because, remedy: str) -> StepKind:
    way = WAYS[because.kind]
    if way is not StepKind.BY_CODE:
        return way
    code = str(because.values.get("code", ""))
    if code == _SWITCHED_TOO_OFTEN and spec_of(remedy).table:
        return StepKind.CAPACITY
    return _CODES.get(BY_CODE.get(code, AwsError), StepKind.READ_REFUSAL)


def _values(way: StepKind, because: Because, outcome: Outcome, settings: Settings) -> Values:
    """What its command names besides what the alarm says."""
    if way is StepKind.ELSEWHERE:
        return {"incident": because.values["incident"], "where": settings.console}
    if way is StepKind.CANARY:
        weighted = (each for each in _reasons(outcome) if _way(each, outcome.remedy) is way)
        return {"function": ", ".join(dict.fromkeys(str(each.values["target"]) for each in weighted))}
    function = _function(outcome, settings)
    if way in _OF_FUNCTIONS and not spec_of(outcome.remedy).table:
        about = outcome.changes if outcome.result is not Result.PARTIAL else outcome.unset
        targets = dict.fromkeys(change.target.partition(":")[0] for change in about)
        names = tuple(targets) or tuple(map(str, function.values())) or settings.rollout_functions
        return {"functions": " ".join(names)}
    return function


def _function(outcome: Outcome, settings: Settings) -> Values:
    """The function that the step is about, if any."""
    if outcome.scope not in tuple(LivenessFunction):
        return {}
    return {"function": LivenessFunction(outcome.scope).deployed_name(settings)}
