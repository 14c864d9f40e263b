"""Invocations of one function turned away by Lambda (manual, 監視メトリクス: Throttles > 0)."""

from datetime import timedelta

from responder.causes import CHANGED, HEALTH, HOUR, PRESSURE, TABLE, policy_changes
from responder.causes.failed_requests import unknown
from responder.causes.steps import About, Step, recent_change, ruled_out, steps, with_throttled_table
from responder.core.cause import Cause
from responder.core.expected_alarms import AlarmOwner, Definition, throttled_function
from responder.core.liveness_function import LivenessFunction
from responder.core.manual import Manual
from responder.core.modes import Severity
from responder.core.remedy import RemedyName
from responder.core.text import text
from responder.core.verdict import Proposal, Verdict, WrittenChange
from responder.evidence import Facts
from responder.evidence.changes import Affects
from responder.evidence.concurrency import Concurrency, Reservation, Reserved, Running
from responder.remedies.on_demand_billing import OnDemandBilling
from responder.remedies.propose_change import ProposeChange
from responder.respond.playbook import Playbook

RECENT = timedelta(minutes=15)
BY_HAND = (
    "step.throttled_calls",
    "step.concurrency",
    "step.lower_traffic",
    "step.raise_concurrency_by_hand",
    "step.check_health",
    "step.escalate",
)
# Maxima are taken once a minute: a limit that was met between two of them shows a little lower.
REACHED = 0.9
# AWS keeps the last of them unreserved, and raises the lower quotas of new accounts on request.
KEPT_UNRESERVED = 100
USUAL_QUOTA = 1000


def throttles_playbook(function: LivenessFunction, alarm: str, slug: str) -> Playbook:
    """The playbook of an alarm about throttled invocations of one function; high severity."""
    return Playbook(
        alarm=alarm,
        slug=slug,
        severity=Severity.HIGH,
        evidence=(Concurrency(function), Reservation(function), TABLE, PRESSURE, CHANGED, HEALTH),
        decide=lambda facts: decide(facts, function),
        manual=Manual(BY_HAND, function),
        definition=Definition(AlarmOwner.OURS, throttled_function(function), "Lambda メトリクス"),
        remedies=(OnDemandBilling(), ProposeChange()),
    )


def decide(facts: Facts, function: LivenessFunction) -> Verdict:
    """Which limit was met, and besides whether the table is throttled."""
    return with_throttled_table(facts, _met(facts, function))


def _met(facts: Facts, function: LivenessFunction) -> Verdict:
    """The function's own limit, the account's, or none that can be seen."""
    running, reserved = facts.of(Concurrency(function)), facts.of(Reservation(function))
    if reserved is not None and reserved.reserved == 0:
        return _switched_off(facts, reserved)
    if running is None:
        return unknown(facts, text("why.metrics_unread"))
    if not running.throttles.since(facts.now - RECENT).total:
        return _calm(facts, running)
    if reserved is None:
        return unknown(facts, text("why.looks_failed"))
    return _limit(facts, running, reserved)


def _switched_off(facts: Facts, reserved: Reserved) -> Verdict:
    """Steps once the person who stopped it agrees: what was reserved before, or nothing."""
    name = reserved.function
    change = recent_change(facts, (name,), Affects.CAPACITY)
    why = text("why.switched_off", function=name)
    if change is not None:
        why = text("why.switched_off_changed", function=name, what=change.what, by=change.by or "-")
    cause = Cause.CONCURRENCY_OFF(function=name)
    other = Step.PUT_RESERVATION_BACK if reserved.earlier is None else Step.LIFT_RESERVATION
    left = steps(About(cause.kind, (name,), reserved.earlier), without=(other,))
    return Verdict(cause, why, ruled_out(facts), steps=left)


def _calm(facts: Facts, running: Running) -> Verdict:
    earlier = round(running.throttles.since(facts.now - HOUR).total)
    if not earlier:
        return unknown(facts, text("why.no_throttles"))
    why = text("why.throttles_passed", events=earlier, minutes=RECENT.seconds // 60)
    cause = Cause.THROTTLES_PASSED()
    return Verdict(cause, why, ruled_out(facts), steps=steps(cause.kind))


def _limit(facts: Facts, running: Running, reserved: Reserved) -> Verdict:
    """Concurrent executions against the limit that is nearer: the function's own; else the shared part of the
    account, or all of it."""
    start = facts.now - RECENT
    if reserved.reserved is not None:
        used, most = running.own.since(start).peak or 0.0, reserved.reserved
    else:
        shared = running.shared.since(start).peak or 0.0, reserved.unreserved
        whole = running.account.since(start).peak or 0.0, reserved.account
        used, most = max(shared, whole, key=lambda each: each[0] / each[1] if each[1] else 0.0)
    figures = {"count": round(running.throttles.since(start).total), "used": round(used), "most": most}
    if not most or used < REACHED * most:
        return unknown(facts, text("why.concurrency_free", **figures))
    kind = Cause.CONCURRENCY_ACCOUNT if reserved.reserved is None else Cause.CONCURRENCY_RESERVED
    why = text("why.concurrency", **figures)
    return Verdict(
        kind(function=running.function, most=most),
        why,
        ruled_out(facts),
        (Proposal(RemedyName.PROPOSE_CHANGE, why, proposed=(_more(facts, reserved),)),),
        steps(kind),
    )


def _more(facts: Facts, limits: Reserved) -> WrittenChange:
    """A higher reservation where the account has it to give; else more for the account."""
    present = limits.reserved or 0
    wanted = min(2 * present, present + limits.unreserved - KEPT_UNRESERVED)
    if present and wanted > present:
        return policy_changes.reserved_concurrency(facts.settings, limits.function, present, wanted)
    asked = max(USUAL_QUOTA, 2 * limits.account)
    return policy_changes.concurrent_executions(facts.settings, limits.account, asked)
