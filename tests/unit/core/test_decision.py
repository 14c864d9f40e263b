"""What the last response concluded: kept as it was, and no news where nothing to act on changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from responder.core.cause import Cause
from responder.core.codec import dump, load
from responder.core.refusals import Refusal
from responder.core.text import text
from responder.core.verdict import LastDecision, Outcome, PastOutcome, Result, Verdict, decision

AT = datetime(2026, 2, 4, 10, 25, tzinfo=UTC)
LATER = AT + timedelta(minutes=10)
WHY, PAUSED = text("why.leading", leading="x"), Refusal.PAUSED(name="all")
VERDICT = Verdict(Cause.INTERNAL(), WHY, steps=(text("step.check_health"), text("step.check_vpc")))
SET = Outcome("rollout_to_zero", "", Result.APPLIED, WHY)
ASKED = Outcome("memory_increase", "create", Result.ASKED, WHY, Refusal.MODE_APPROVE(), approval="abc")
REFUSED = Outcome("on_demand_billing", "", Result.REFUSED, WHY, PAUSED)


def ends(outcome: Outcome, minutes: float) -> Outcome:
    return replace(outcome, until=AT + timedelta(minutes=minutes))


def test_whatever_was_concluded_is_read_back_as_it_was() -> None:
    for found in (
        decision(VERDICT, (SET, ASKED, ends(REFUSED, 7)), AT, "incident-1"),
        decision(VERDICT, (), AT),
        decision(replace(VERDICT, steps=()), (SET,), AT),
    ):
        assert load(LastDecision, dump(found)) == found


def test_it_keeps_the_cause_the_reason_the_steps_and_the_result_of_each_proposal() -> None:
    assert decision(VERDICT, (SET, ASKED), AT, "incident-1") == LastDecision(
        cause=VERDICT.cause,
        why=WHY,
        at=AT,
        steps=VERDICT.steps,
        done=(
            PastOutcome("rollout_to_zero", "", Result.APPLIED),
            PastOutcome("memory_increase", "create", Result.ASKED, Refusal.MODE_APPROVE(), "abc"),
        ),
        linked="incident-1",
    )


def test_it_is_linked_to_no_other_incident_unless_it_is_reported() -> None:
    assert decision(VERDICT, (), AT).linked == ""


def test_it_is_looked_at_again_when_the_first_reason_not_to_act_ends() -> None:
    def until(*outcomes: Outcome) -> datetime | None:
        return decision(VERDICT, outcomes, AT).until

    assert until(ends(REFUSED, 7), ends(ASKED, 4)) == AT + timedelta(minutes=4)
    assert until(ends(SET, 1), ends(REFUSED, 7)) == AT + timedelta(minutes=7), (
        "what is set holds nothing back"
    )
    assert until(ends(replace(SET, result=Result.ALREADY), 1)) is None
    assert until(REFUSED) is None


def digest(*outcomes: Outcome, at: datetime = AT, verdict: Verdict = VERDICT, linked: str = "") -> str:
    return decision(verdict, outcomes, at, linked).digest


def test_the_same_at_another_time_for_another_reason_or_in_another_order_is_no_news() -> None:
    again = replace(VERDICT, why=text("why.no_fault_seen"), steps=())
    assert digest(SET, REFUSED) == digest(REFUSED, SET, at=LATER, verdict=again, linked="incident-1")
    other = replace(REFUSED, because=Refusal.PAUSED(name="mine"))
    assert digest(SET, REFUSED) == digest(SET, other), "the same pause under another name"


def test_that_something_is_in_force_is_no_news_who_set_it() -> None:
    reported = replace(SET, because=PAUSED)
    assert digest(SET) == digest(reported) == digest(replace(reported, result=Result.ALREADY))


@pytest.mark.parametrize(
    "other",
    [
        (),
        (SET, SET),
        (replace(SET, remedy="on_demand_billing"),),
        (replace(SET, scope="create"),),
        (replace(SET, result=Result.FAILED),),
        (replace(SET, result=Result.OBSERVED),),
    ],
)
def test_what_a_person_would_act_on_is_news(other: tuple[Outcome, ...]) -> None:
    assert digest(SET) != digest(*other)


def test_another_cause_another_reason_not_to_act_or_another_approval_is_news() -> None:
    assert digest() != digest(verdict=replace(VERDICT, cause=Cause.QUOTA()))
    assert digest(REFUSED) != digest(replace(REFUSED, because=Refusal.COOLDOWN()))
    assert digest(REFUSED) != digest(replace(REFUSED, because=None))
    assert digest(ASKED) != digest(replace(ASKED, approval="def"))
    assert digest(ASKED) != digest(replace(ASKED, approval=None))
