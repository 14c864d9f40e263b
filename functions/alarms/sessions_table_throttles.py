"""FaceAuth-LivenessSessions-Throttles (manual, DynamoDB書き込みエラー)."""

from dataclasses import replace
from datetime import datetime, timedelta

from responder.alarm_function import handler_of
from responder.causes import CHANGED, FAILURES, HEALTH, HOUR, TABLE
from responder.causes.absent import lacks, unusable
from responder.causes.failed_requests import unknown
from responder.causes.leading_fault import ENOUGH_FAILED
from responder.causes.mending import with_change
from responder.causes.steps import ESCALATE, THROTTLED_MINUTES, About, Step, ruled_out, steps
from responder.core.cause import Cause
from responder.core.expected_alarms import AlarmOwner, Definition, throttled_table
from responder.core.manual import Manual
from responder.core.modes import Mode, Severity
from responder.core.remedy import RemedyName
from responder.core.text import Values, text
from responder.core.verdict import Proposal, Verdict
from responder.evidence import Facts
from responder.evidence.capacity import RECENT_MINUTES, Capacity, Limit, PartLoad, TableCapacity
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.respond.playbook import Playbook

CAPACITY = Capacity()
# Named by DynamoDB; the first of them that it names is what the owner can do most about.
ON_DEMAND_LIMITS = (Limit.MAXIMUM, Limit.KEY_RANGE, Limit.ACCOUNT)
NEAR_MAXIMUM = 0.8
_STEPS: dict[Limit | None, Step] = {
    Limit.MAXIMUM: Step.ON_DEMAND_MAXIMUM,
    Limit.KEY_RANGE: Step.ON_DEMAND_KEY_RANGE,
    Limit.ACCOUNT: Step.ON_DEMAND_ACCOUNT,
    None: Step.ON_DEMAND_UNNAMED,
}


def decide(facts: Facts) -> Verdict:
    """What is throttled, unless the table cannot be used at all; what it lacks besides."""
    broken = unusable(facts)
    if broken is not None:
        why = with_change(facts, broken, text("why.table_described"))
        return Verdict(broken, why, ruled_out(facts), steps=steps(broken.kind))
    verdict = _throttled(facts)
    absent = [each for each in lacks(facts, facts.settings.functions) if each.count >= ENOUGH_FAILED]
    if absent and (verdict.cause.kind is Cause.UNKNOWN or verdict.cause.kind.normal):
        first = absent.pop(0)
        why = with_change(facts, first.cause, text("why.absent", count=first.count))
        verdict = Verdict(first.cause, why, ruled_out(facts), steps=steps(first.cause.kind))
    if not absent:
        return verdict
    own = tuple(each for each in verdict.steps if each != ESCALATE)
    more = (each for each in steps(*(About(each.cause.kind) for each in absent)) if each not in own)
    return replace(verdict, steps=(*own, *more), others=tuple(each.cause for each in absent))


def _throttled(facts: Facts) -> Verdict:
    """Which limit the throttled part met: its provisioned units, one hot key, or on-demand's own."""
    capacity = facts.of(CAPACITY)
    if capacity is None:
        return unknown(facts, text("why.looks_failed"))
    start = facts.now - timedelta(minutes=RECENT_MINUTES)
    minutes = capacity.throttled_minutes(start)
    if not minutes:
        earlier = sum(each.events(facts.now - HOUR) for each in capacity.parts)
        if not earlier:
            return unknown(facts, text("why.no_throttles"))
        why = text("why.throttles_passed", events=round(earlier), minutes=RECENT_MINUTES)
        cause = Cause.THROTTLES_PASSED()
        return Verdict(cause, why, ruled_out(facts), steps=steps(cause.kind))
    if minutes < THROTTLED_MINUTES:
        return unknown(facts, text("why.few_throttles", minutes=minutes, enough=THROTTLED_MINUTES))
    return _on_demand(facts, capacity, start) if capacity.on_demand else _provisioned(facts, capacity, start)


def _provisioned(facts: Facts, capacity: TableCapacity, start: datetime) -> Verdict:
    worst, *_ = capacity.throttled(start)
    hot = worst.hot(start)
    why = text(
        "why.capacity",
        **_counted(capacity, worst, start),
        kind=text(f"say.{worst.kind}s"),
        peak=worst.peak(start),
        provisioned=worst.provisioned,
    )
    kind = Cause.TABLE_HOT_KEY if hot else Cause.TABLE_CAPACITY
    return Verdict(
        kind(part=worst.part or capacity.name),
        why,
        ruled_out(facts),
        (Proposal(RemedyName.ON_DEMAND_BILLING, why, Mode.APPROVE if hot else Mode.AUTO),),
        steps(kind),
    )


def _on_demand(facts: Facts, capacity: TableCapacity, start: datetime) -> Verdict:
    """Nothing is left to switch: the proposal finds it already so, and the cause says what it is instead."""
    worst, *_ = capacity.throttled(start)
    limit = _limit(capacity, start)
    found = text(f"say.limit.{limit}") if limit else text("say.limit.unnamed")
    why = text("why.on_demand_already", **_counted(capacity, worst, start))
    cause = Cause.TABLE_ON_DEMAND_THROTTLED(limit=found)
    return Verdict(
        cause,
        why,
        ruled_out(facts),
        (Proposal(RemedyName.ON_DEMAND_BILLING, why),),
        steps(cause.kind, without=set(_STEPS.values()) - {_STEPS[limit]}),
    )


def _counted(capacity: TableCapacity, worst: PartLoad, start: datetime) -> Values:
    """Events and minutes of all parts, as both are judged, and the part with most of them."""
    return {
        "events": round(sum(each.events(start) for each in capacity.parts)),
        "minutes": capacity.throttled_minutes(start),
        "part": worst.part or capacity.name,
        "most": round(worst.events(start)),
    }


def _limit(capacity: TableCapacity, start: datetime) -> Limit | None:
    throttled = capacity.throttled(start)
    for limit in ON_DEMAND_LIMITS:
        if any(limit in each.limits for each in throttled):
            return limit
    capped = any(each.maximum and each.peak(start) >= NEAR_MAXIMUM * each.maximum for each in throttled)
    return Limit.MAXIMUM if capped else None


playbook = Playbook(
    alarm="FaceAuth-LivenessSessions-Throttles",
    slug="sessions-table-throttles",
    severity=Severity.HIGH,
    evidence=(CAPACITY, TABLE, FAILURES, CHANGED, HEALTH),
    decide=decide,
    manual=Manual(
        (
            "step.table_throttling",
            "step.index_throttling",
            "step.table_load",
            "step.capacity_by_hand",
            "step.lower_traffic",
            "step.escalate",
        )
    ),
    definition=Definition(AlarmOwner.OURS, throttled_table, "問題: DynamoDB書き込みエラー"),
    remedies=(OnDemandBilling(),),
)
handler = handler_of(playbook)
