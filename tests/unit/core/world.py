"""A question without an obstacle, and every kind of obstacle."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from responder.core.change import Applied, Change, Lease, LeaseState, Ledger, Plan
from responder.core.modes import Mode
from responder.core.reasons import Obstacle
from responder.core.refusals import Refusal
from responder.core.switches import Silence, Stop, Switches, ask_for
from responder.core.text import text
from responder.guards import Hold, Purpose, Question, judge
from responder.store import Incidents
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW

REMEDY, SCOPE, ME, OTHER = "rollout_to_zero", "liveness-rollout", "mine", "another"
CHANGES = (Change("F", "V", "50", "0"), Change("G", "V", "50", "0"))
LONG_AGO = NOW - timedelta(days=30)
PLAN = Plan(SCOPE, CHANGES, modified={"F": LONG_AGO, "G": LONG_AGO})
FREE = Question(
    purpose=Purpose.RESPOND,
    now=NOW,
    remedy=REMEDY,
    incident=ME,
    switches=Switches(Mode.AUTO, {REMEDY: Mode.AUTO, "on_demand_billing": Mode.AUTO}),
    ledger=Ledger(),
    plan=PLAN,
)

type Variation = Callable[[Question], Question]


def store() -> Incidents:
    aws = FakeAws()
    aws.dynamo.create("Incidents", "pk", "sk")
    return Incidents(aws, "Incidents")


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def varied(*variations: Variation, purpose: Purpose = Purpose.RESPOND) -> Question:
    question = replace(FREE, purpose=purpose)
    for variation in variations:
        question = variation(question)
    return question


def with_switches(**more: Any) -> Variation:
    return lambda q: replace(q, switches=replace(q.switches or Switches(), **more))


def with_stops(*more: Stop) -> Variation:
    """In addition to the existing ones."""

    def variation(q: Question) -> Question:
        switches = q.switches or Switches()
        return replace(q, switches=replace(switches, stops=(*switches.stops, *more)))

    return variation


RULE = Silence(Refusal.MUTED(name="night"))


def with_silences(*silences: Silence) -> Variation:
    return with_switches(silences=silences)


def with_modes(everywhere: Mode | None, own: Mode | None) -> Variation:
    return with_switches(everywhere=everywhere, remedies={} if own is None else {REMEDY: own})


def with_plan(**more: Any) -> Variation:
    return lambda q: replace(q, plan=replace(q.plan or PLAN, **more))


def with_rows(*rows: Applied) -> Variation:
    def variation(q: Question) -> Question:
        ledger = q.ledger or Ledger()
        applied = tuple(sorted((*ledger.applied, *rows), key=lambda row: row.at))
        return replace(q, ledger=replace(ledger, applied=applied))

    return variation


def with_lease(
    incident: str = OTHER, written: Mapping[str, datetime] | None = None, **more: Any
) -> Variation:
    known = {target: (at,) for target, at in (written or {}).items()}
    setting = more.pop("setting", "")
    changes = tuple(
        replace(change, written=known.get(change.target, ()), setting=setting or change.setting)
        for change in CHANGES
    )
    until = more.pop("until", None)
    state = more.pop("state", LeaseState.IN_FORCE)
    at = more.pop("at", ago(minutes=59))
    return on_record(Lease(more.pop("remedy", REMEDY), SCOPE, incident, state, at, until, {}, changes))


def with_changes(
    remedy: str, scope: str, *changes: Change, state: LeaseState = LeaseState.IN_FORCE
) -> Variation:
    """A lease of another incident on whatever it is."""
    return on_record(Lease(remedy, scope, OTHER, state, ago(hours=1), None, {}, changes))


def on_record(lease: Lease) -> Variation:
    def variation(q: Question) -> Question:
        ledger = q.ledger or Ledger()
        return replace(q, ledger=replace(ledger, leases=(*ledger.leases, lease)))

    return variation


def with_more(**more: Any) -> Variation:
    return lambda q: replace(q, **more)


def done(minutes: float, *, ok: bool = True, effective: bool = True, **more: str) -> Applied:
    row = {"remedy": REMEDY, "scope": SCOPE, "incident": OTHER, **more}
    return Applied(ago(minutes=minutes), ok=ok, effective=effective, **row)


def pause(name: str = "release", until: datetime | None = None, since: datetime | None = None) -> Stop:
    return Stop(name, "aiko", "deploying", until, since)


def elsewhere(*minutes: float, ok: bool = True) -> Variation:
    """What other remedies did."""
    return with_rows(*(done(each, ok=ok, remedy="other", scope="elsewhere") for each in minutes))


# One variation per guard, in the order in which they are asked (design, section 6).
STALE = Refusal.STALE(minutes=20)
IN_FLIGHT = Obstacle.IN_FLIGHT(target="F")
HOLDING: dict[str, Variation] = {
    "guard.paused": with_stops(pause()),
    "guard.muted": with_silences(RULE),
    "guard.mode_observe": with_modes(Mode.OBSERVE, Mode.AUTO),
    "guard.stale": with_more(doubts=(STALE,)),
    "guard.too_few_samples": with_more(samples_short=text("say.few_reports", count=3)),
    "guard.precondition": with_plan(obstacles=(IN_FLIGHT,)),
    "guard.leased": with_lease(),
    "guard.cooldown": with_rows(done(14)),
    "guard.failed_twice": with_rows(done(20, ok=False), done(30, ok=False)),
    "guard.too_many_changes": elsewhere(10, 20, 30, 40, 50),
    "guard.quota_used": with_plan(quota=text("guard.switches_used", count=4)),
    "guard.in_flight": with_plan(in_flight=IN_FLIGHT),
    "guard.demoted": with_stops(ask_for(REMEDY, "automation", "made things worse")),
    "guard.recent_change": with_plan(modified={"F": ago(minutes=9)}),
    "guard.capped_by_evidence": with_more(at_most=Mode.APPROVE, at_most_reason=Refusal.CAPPED_BY_EVIDENCE()),
}


def judged(*variations: Variation, purpose: Purpose = Purpose.RESPOND) -> Hold:
    """Why it may not be done."""
    found = judge(varied(*variations, purpose=purpose))
    assert found is not None
    return found


def acts(*variations: Variation, purpose: Purpose = Purpose.RESPOND) -> bool:
    return judge(varied(*variations, purpose=purpose)) is None
