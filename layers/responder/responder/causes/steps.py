"""What a person does about each cause, in the manual's order; and what several playbooks rule out.

One table of steps: a step that a cause does not list is never given for it.
"""

from collections.abc import Collection
from dataclasses import replace
from enum import Enum

from responder.causes import CHANGED, HEALTH, PRESSURE, TABLE
from responder.core.cause import Cause
from responder.core.frozen import frozen
from responder.core.reasons import ExplainedReason
from responder.core.remedy import RemedyName
from responder.core.text import Strings, Text, Texts, Values, text
from responder.core.timestamps import stamp
from responder.core.verdict import Proposal, Proposals, RuledOut, Verdict
from responder.evidence import Facts
from responder.evidence.changes import TRAIL_DELAY, Affects, Modification, watched


class Step(Enum):
    """One step; its value is the key of its sentence, and `command.…` of the same name is what to paste."""

    CAPACITY_BY_HAND = "step.capacity_by_hand"
    CHECK_ABOVE = "step.check_above"
    CHECK_CERTIFICATES = "step.check_certificates"
    CHECK_CLIENT = "step.check_client"
    CHECK_CREDENTIALS = "step.check_credentials"
    CHECK_DASHBOARD = "step.check_dashboard"
    CHECK_ENDPOINT_ROUTE = "step.check_endpoint_route"
    CHECK_ENVIRONMENT = "step.check_environment"
    CHECK_EXECUTION_ROLE = "step.check_execution_role"
    CHECK_HEALTH = "step.check_health"
    CHECK_KEY = "step.check_key"
    CHECK_PARAMETERS = "step.check_parameters"
    CHECK_PERMISSIONS = "step.check_permissions"
    CHECK_PROXY = "step.check_proxy"
    CHECK_QUOTA = "step.check_quota"
    CHECK_VPC = "step.check_vpc"
    CLIENT_TIMEOUTS = "step.client_timeouts"
    CONSULT_THRESHOLD = "step.consult_threshold"
    DEVELOPERS_LOGS = "step.developers_logs"
    GUIDE_USERS = "step.guide_users"
    LIFT_RESERVATION = "step.lift_reservation"
    LOOK_UP_CODE = "step.look_up_code"
    LOWER_TRAFFIC = "step.lower_traffic"
    MEMORY_BY_HAND = "step.memory_by_hand"
    ON_DEMAND_ACCOUNT = "step.on_demand_account"
    ON_DEMAND_KEY_RANGE = "step.on_demand_key_range"
    ON_DEMAND_MAXIMUM = "step.on_demand_maximum"
    ON_DEMAND_UNNAMED = "step.on_demand_unnamed"
    OPEN_SUPPORT_CASE = "step.open_support_case"
    PUT_RESERVATION_BACK = "step.put_reservation_back"
    RAISE_ACCOUNT_CONCURRENCY = "step.raise_account_concurrency"
    RAISE_RESERVED_CONCURRENCY = "step.raise_reserved_concurrency"
    RESTORE_BUCKET = "step.restore_bucket"
    RESTORE_INDEX = "step.restore_index"
    RESTORE_KEY = "step.restore_key"
    RESTORE_OBJECT = "step.restore_object"
    RESTORE_ROLE = "step.restore_role"
    RESTORE_TABLE = "step.restore_table"
    REMOVE_DENY = "step.remove_deny"
    REPAIR_ENVIRONMENT_BY_HAND = "step.repair_environment_by_hand"
    REQUEST_QUOTA = "step.request_quota"
    REVIEW_BUCKET_DENY = "step.review_bucket_deny"
    ROLL_BACK_RELEASE = "step.roll_back_release"
    SEND_NO_PUBLIC_ACL = "step.send_no_public_acl"
    SPREAD_KEYS = "step.spread_keys"
    UNDO_CHANGE = "step.undo_change"
    WAIT_FOR_TABLE = "step.wait_for_table"
    WAIT_AND_WATCH = "step.wait_and_watch"


_CODE = (Step.DEVELOPERS_LOGS, Step.ROLL_BACK_RELEASE)
_WAIT = (Step.WAIT_AND_WATCH,)

STEPS: dict[Cause, tuple[Step, ...]] = {
    Cause.UNKNOWN: (Step.CHECK_VPC, Step.CHECK_DASHBOARD, Step.DEVELOPERS_LOGS, Step.CHECK_HEALTH),
    # What AWS answers.
    Cause.ACCESS_DENIED: (Step.CHECK_PERMISSIONS,),
    Cause.THROTTLING: (Step.CHECK_QUOTA, Step.LOWER_TRAFFIC),
    Cause.QUOTA: (Step.CHECK_QUOTA, Step.REQUEST_QUOTA),
    Cause.INTERNAL: (Step.CHECK_HEALTH, Step.OPEN_SUPPORT_CASE),
    Cause.CONFIGURATION: (Step.CHECK_ENVIRONMENT,),
    Cause.REFUSED: (Step.LOOK_UP_CODE, Step.CHECK_HEALTH, Step.DEVELOPERS_LOGS),
    # How an invocation ends.
    Cause.IMPORT_ERROR: (Step.ROLL_BACK_RELEASE, Step.DEVELOPERS_LOGS),
    Cause.SLOW_REKOGNITION: (Step.CHECK_HEALTH, Step.OPEN_SUPPORT_CASE, Step.CLIENT_TIMEOUTS),
    Cause.SLOW_TABLE: (Step.CHECK_HEALTH, Step.OPEN_SUPPORT_CASE, Step.CLIENT_TIMEOUTS),
    Cause.SLOW_IMAGES: (Step.CHECK_HEALTH, Step.OPEN_SUPPORT_CASE, Step.CLIENT_TIMEOUTS),
    Cause.SLOW_NETWORK: (Step.CHECK_VPC, Step.CHECK_HEALTH, Step.CLIENT_TIMEOUTS),
    Cause.SLOW_DEPENDENCY: (Step.CHECK_HEALTH, Step.CHECK_VPC, Step.CLIENT_TIMEOUTS),
    Cause.MEMORY: (Step.MEMORY_BY_HAND,),
    # Errors without a code of AWS.
    Cause.CONNECTION: (Step.CHECK_ENDPOINT_ROUTE, Step.CHECK_HEALTH),
    Cause.READ_TIMEOUT: (Step.CHECK_HEALTH, Step.OPEN_SUPPORT_CASE),
    Cause.CONNECTION_LOST: (Step.CHECK_HEALTH, Step.CHECK_VPC),
    Cause.TLS: (Step.CHECK_CERTIFICATES,),
    Cause.PROXY: (Step.CHECK_PROXY,),
    Cause.VALIDATION: (Step.CHECK_PARAMETERS, *_CODE),
    Cause.CREDENTIALS: (Step.CHECK_CREDENTIALS,),
    Cause.CLIENT_SETUP: (Step.CHECK_CLIENT, *_CODE),
    Cause.VARIABLE: (Step.CHECK_ENVIRONMENT, *_CODE),
    Cause.RESPONSE: (Step.CHECK_HEALTH, Step.DEVELOPERS_LOGS),
    Cause.UNEXPECTED: _CODE,
    Cause.OTHER: _CODE,
    # Its own step comes before those of the fault that it brought.
    Cause.RELEASE: (Step.ROLL_BACK_RELEASE,),
    Cause.CHANGE: (Step.UNDO_CHANGE,),
    Cause.ENVIRONMENT: (Step.REPAIR_ENVIRONMENT_BY_HAND, Step.DEVELOPERS_LOGS),
    Cause.TABLE_ABSENT: (Step.RESTORE_TABLE,),
    Cause.TABLE_UNUSABLE: (Step.WAIT_FOR_TABLE,),
    Cause.INDEX_ABSENT: (Step.RESTORE_INDEX,),
    Cause.INDEX_UNUSABLE: (Step.WAIT_FOR_TABLE,),
    Cause.BUCKET_ABSENT: (Step.RESTORE_BUCKET,),
    Cause.OBJECT_ABSENT: (Step.RESTORE_OBJECT,),
    Cause.KEY_UNUSABLE: (Step.RESTORE_KEY,),
    Cause.PERMISSION_ABSENT: (Step.CHECK_PERMISSIONS,),
    Cause.POLICY_ABSENT: (Step.CHECK_PERMISSIONS,),
    Cause.ROLE_ABSENT: (Step.RESTORE_ROLE,),
    Cause.COLD_STARTS: (Step.CHECK_VPC,),
    Cause.NETWORK: (Step.CHECK_VPC, Step.CHECK_HEALTH),
    # Nothing is wrong, or the fault has passed.
    Cause.SESSIONS_ENDED: _WAIT,
    Cause.RATE_NORMAL: _WAIT,
    Cause.PASSED_BY: _WAIT,
    Cause.CREATION_FAST: _WAIT,
    Cause.THROTTLES_PASSED: _WAIT,
    Cause.DENIED_MENDED: _WAIT,
    # Of failed checks and their scores.
    Cause.UNFINISHED: (Step.GUIDE_USERS, Step.CHECK_HEALTH),
    Cause.NEAR_THRESHOLD: (Step.CONSULT_THRESHOLD, Step.GUIDE_USERS),
    Cause.LOW_SCORES: (Step.GUIDE_USERS, Step.CHECK_HEALTH, Step.CONSULT_THRESHOLD),
    Cause.AMBER: (Step.WAIT_AND_WATCH, Step.GUIDE_USERS),
    # Of the sessions table and of concurrency.
    Cause.TABLE_THROTTLED: (Step.CAPACITY_BY_HAND,),
    Cause.TABLE_CAPACITY: (),
    Cause.TABLE_HOT_KEY: (Step.SPREAD_KEYS,),
    Cause.TABLE_ON_DEMAND_THROTTLED: (
        Step.ON_DEMAND_MAXIMUM,
        Step.ON_DEMAND_KEY_RANGE,
        Step.ON_DEMAND_ACCOUNT,
        Step.ON_DEMAND_UNNAMED,
    ),
    # Only one of the last two applies: by whether anything was reserved before.
    Cause.CONCURRENCY_OFF: (Step.LIFT_RESERVATION, Step.PUT_RESERVATION_BACK),
    Cause.CONCURRENCY_RESERVED: (Step.RAISE_RESERVED_CONCURRENCY, Step.LOWER_TRAFFIC),
    Cause.CONCURRENCY_ACCOUNT: (Step.RAISE_ACCOUNT_CONCURRENCY, Step.LOWER_TRAFFIC),
    # Of a denied call.
    Cause.DENIED_ROLE: (Step.CHECK_PERMISSIONS,),
    Cause.DENIED_ELSEWHERE: (Step.CHECK_PERMISSIONS,),
    Cause.DENIED_BY_ROLE: (Step.REMOVE_DENY, Step.CHECK_PERMISSIONS),
    Cause.DENIED_BUCKET_POLICY: (Step.REVIEW_BUCKET_DENY, Step.CHECK_PERMISSIONS),
    Cause.DENIED_PUBLIC_BLOCK: (Step.SEND_NO_PUBLIC_ACL,),
    Cause.DENIED_KEY: (Step.CHECK_KEY,),
    Cause.DENIED_ABOVE: (Step.CHECK_ABOVE,),
    Cause.DENIED_OTHER_ROLE: (Step.CHECK_EXECUTION_ROLE,),
    Cause.DENIED_OTHER_TARGET: (Step.CHECK_ENVIRONMENT,),
}
# Their commands name a function: of two functions there are two.
OF_A_FUNCTION = frozenset(
    {
        Step.CHECK_CREDENTIALS,
        Step.CHECK_ENDPOINT_ROUTE,
        Step.CHECK_ENVIRONMENT,
        Step.LIFT_RESERVATION,
        Step.MEMORY_BY_HAND,
        Step.PUT_RESERVATION_BACK,
        Step.REPAIR_ENVIRONMENT_BY_HAND,
    }
)
# The manual's steps, wherever it is about faults, their end, or users who fail.
FAULTS_BY_HAND = ("step.check_permissions", "step.check_quota", "step.check_health", "step.developers_logs")
ENDS_BY_HAND = ("step.roll_back_release", "step.escalate")
USERS_BY_HAND = (
    "step.guide_users",
    "step.check_health",
    "step.open_support_case",
    "step.consult_threshold",
    "step.escalate",
)
# A person who finds no way out calls the next level.
ESCALATE = Text("step.escalate_lead")


@frozen
class About:
    """A cause and the functions whose commands its steps are; without any, the alarm's own.

    `reserved`: the value that the command of PUT_RESERVATION_BACK restores.
    """

    cause: Cause
    functions: Strings = ()
    reserved: int | None = None


def _step(step: Step, function: str, reserved: int | None) -> Text:
    given: Values = {"function": function} if function else {}
    if step is Step.PUT_RESERVATION_BACK and reserved is not None:
        given["reserved"] = str(reserved)
    return Text(step.value, given)


def steps(
    *causes: Cause | About, proposals: Collection[Proposal] = (), without: Collection[Step] = ()
) -> Texts:
    """The steps of these causes, each once; the call for help follows unless nothing needs fixing.

    `proposals` take the place of the steps that do the same manually; `without`: steps that do not apply.
    """
    specs = (each.remedy.spec for each in proposals)
    replaced = {spec.by_hand for spec in specs if spec.instead_of_by_hand}
    left_out = {step for step in Step if step in without or step.value in replaced}
    found = [each if isinstance(each, About) else About(each) for each in causes]
    chosen: dict[tuple[Step, str], Text] = {}
    for each in found:
        for step in STEPS[each.cause]:
            names = each.functions if step in OF_A_FUNCTION and each.functions else ("",)
            for name in names if step not in left_out else ():
                chosen.setdefault((step, name), _step(step, name, each.reserved))
    end = () if all(each.cause.normal for each in found) else (ESCALATE,)
    return (*chosen.values(), *end)


THROTTLED_MINUTES = 2


def recent_change(facts: Facts, functions: Strings, affecting: Affects | None = None) -> Modification | None:
    """The latest change of these functions in the hour before the alarm, by anyone but us; of any kind, or of
    one that can affect this."""
    return next(
        (
            change
            for change in recent_changes(facts)
            if change.target in functions and (affecting is None or affecting in change.affects)
        ),
        None,
    )


def recent_changes(facts: Facts) -> tuple[Modification, ...]:
    """Changes of what the service depends on, in the hour before the alarm, by anyone but us."""
    found = facts.of(CHANGED)
    return found.before(facts.since) if found is not None else ()


def unchanged(facts: Facts) -> tuple[ExplainedReason[RuledOut], ...]:
    """The statement that nothing was changed in that hour, if every source was read, with the time up to
    which CloudTrail shows it."""
    found = facts.of(CHANGED)
    if found is None or not found.reach(facts.since) or found.before(facts.since):
        return ()
    until = min(facts.since, facts.now - TRAIL_DELAY)
    return (RuledOut.CHANGES(watched=watched(found), until=stamp(until)),)


def who(change: Modification) -> Text:
    """Who made a change, as far as is known."""
    return text("say.changed_by", by=change.by) if change.by else text("say.changed_by_unknown")


def table_throttled(facts: Facts) -> bool:
    """Throttle events in at least two of the last 15 minutes, of a table that is there and answers."""
    load, table = facts.of(PRESSURE), facts.of(TABLE)
    if load is None or (table is not None and not table.usable):
        return False
    return load.throttled_minutes >= THROTTLED_MINUTES


def on_demand(facts: Facts) -> Proposals:
    """On-demand billing, where the table is throttled."""
    load = facts.of(PRESSURE)
    if load is None or not table_throttled(facts):
        return ()
    why = text("why.on_demand", minutes=load.throttled_minutes, events=int(sum(load.throttles.values())))
    return (Proposal(RemedyName.ON_DEMAND_BILLING, why),)


def with_throttled_table(facts: Facts, verdict: Verdict) -> Verdict:
    """The verdict with on-demand billing and the throttled table as a further cause, where it is throttled.

    Where the verdict is that nothing is wrong, the table is the cause."""
    proposals = on_demand(facts)
    if not proposals:
        return verdict
    table, more = Cause.TABLE_THROTTLED(), (*proposals, *verdict.proposals)
    if not verdict.cause.kind.normal:
        return replace(verdict, proposals=more, others=(*verdict.others, table))
    left = steps(table.kind, proposals=more)
    return replace(verdict, cause=table, why=proposals[0].reason, proposals=more, steps=left)


def ruled_out(facts: Facts) -> tuple[ExplainedReason[RuledOut], ...]:
    """What the looks that worked exclude."""
    health, load = facts.of(HEALTH), facts.of(PRESSURE)
    out: list[ExplainedReason[RuledOut]] = []
    if health is not None and not health.events:
        out.append(RuledOut.HEALTH())
    out += unchanged(facts)
    if load is not None and not (load.throttled_minutes or load.hour):
        out.append(RuledOut.TABLE())
    return tuple(out)
