"""The decision is made again while the alarm lasts; what was done is judged."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from responder.core.alarm_event import AlarmState
from responder.core.change import LeaseState, Status
from responder.core.finding import Subject
from responder.core.plain_data import Data
from responder.core.verdict import PastOutcome, Result
from responder.followup_rules import Duty, DutyKind, FollowUpMemory, done, due, planned
from responder.followup_rules.escalation import spread
from tests.unit.followup_rules.world import (
    MEMORY,
    ROLLOUT,
    TERMS,
    WARM,
    after,
    at,
    calm,
    change,
    decided,
    quiet,
    seen,
    tasks,
    when,
    working,
)

START = FollowUpMemory(TERMS)
AGAIN = DutyKind.RE_EVALUATE


def again(minutes: float, watch: FollowUpMemory = START, **more: Any) -> list[float]:
    return when(AGAIN, seen(minutes, **{"decision": decided(0), **more}), watch)


def judged(*keys: str, helped: str = "ineffective") -> FollowUpMemory:
    return FollowUpMemory(TERMS, judged=dict.fromkeys(keys, helped))


def key(looked_at: float = 30) -> str:
    return seen(looked_at, leases=(ROLLOUT,)).lease_key(ROLLOUT.id)


def re_evaluate(watch: FollowUpMemory) -> Duty:
    looked = seen(1, decision=decided(0))
    return next(each.duty for each in planned(looked, watch) if each.duty.task is AGAIN)


# --- decide again --------------------------------------------------------------------------------


def test_it_is_decided_again_at_5_10_20_and_30_minutes() -> None:
    watch, made, found = START, decided(0), []
    for minutes in range(58):
        looked = seen(minutes, decision=made)
        if AGAIN in tasks(looked, watch):
            found.append(minutes)
            watch, made = after(looked, watch, AGAIN), decided(minutes)
    # What the escalation at 30 proposes has to be valid when it is reported.
    assert found == [5, 10, 20, 29, 54]


def test_what_had_not_arrived_is_asked_for_within_a_minute_until_all_has_arrived_and_then_as_planned() -> (
    None
):
    watch, made, found = START, replace(decided(0), awaits=(Subject.REQUESTS,)), []
    for seconds in range(0, 13 * 60, 5):
        looked = seen(seconds / 60, decision=made)
        if AGAIN in tasks(looked, watch):
            found.append(seconds)
            watch, made = after(looked, watch, AGAIN), replace(made, at=at(seconds / 60))
    assert found[:3] == [60, 120, 180]
    assert [each // 60 for each in found[3:]] == [5, 10]


def test_what_had_not_arrived_when_an_alarm_came_back_is_asked_for_within_a_minute() -> None:
    """The follow-up notices the ALARM at its next look, after the response."""
    watch = replace(START, again=at(5), round=1, raised=at(12.5), flaps=1)
    made, found = replace(decided(12), awaits=(Subject.REQUESTS,)), []
    for seconds in range(12 * 60 + 30, 20 * 60, 5):
        looked = seen(seconds / 60, decision=made)
        if AGAIN in tasks(looked, watch):
            found.append(seconds / 60)
            watch, made = after(looked, watch, AGAIN), replace(made, at=at(seconds / 60))
    assert found == [13, 14, 15, 16]


def test_what_had_not_arrived_is_asked_for_also_while_a_remedy_is_in_force() -> None:
    looked = seen(1.5, decision=replace(decided(0), awaits=(Subject.REQUESTS,)), leases=(ROLLOUT,))
    assert AGAIN in tasks(looked, START)


@pytest.mark.parametrize("more", [{"lead": True}, {"state": AlarmState.OK}])
def test_what_had_not_arrived_is_not_asked_for_where_no_decision_would_be(more: Data) -> None:
    looked = seen(1.5, decision=replace(decided(0), awaits=(Subject.REQUESTS,)), **more)
    assert AGAIN not in tasks(looked, START)


def test_further_decisions_of_several_incidents_do_not_come_together() -> None:
    """Alarms of one fault open their incidents in the same second."""
    names = [f"FaceAuth-Liveness-Alarm{number}-20260204T102400Z" for number in range(14)]
    at_once = Counter(
        moment.seconds for name in names for moment in [timedelta(minutes=again(1, spread=spread(name))[0])]
    )
    assert all(timedelta(minutes=5) <= timedelta(seconds=each) for each in at_once)
    assert max(at_once) < timedelta(minutes=6).total_seconds() - 20
    # AWS takes as many requests in a second as one decision asks, and what it turns away is asked again.
    assert max(at_once.values()) <= 3
    assert len(at_once) >= 8


def test_the_decisions_of_an_incident_keep_its_own_offset() -> None:
    watch, late = START, spread("FaceAuth-Liveness-HighErrorRate-20260204T102400Z")
    assert again(1, watch, spread=late) == again(4, watch, spread=late)
    assert again(1, watch, spread=late) == [5 + late.total_seconds() / 60]


@pytest.mark.parametrize(
    ("minutes", "count"), [(59, [2]), (119, [2, 3]), (179, [2, 3, 4]), (1439, [2, 3, 4])]
)
def test_it_is_decided_again_a_minute_before_each_later_level_and_each_repeat_of_the_last(
    minutes: float, count: list[int]
) -> None:
    before = {level: at(minutes + 1 - 60) for level in count}
    watch = FollowUpMemory(TERMS, round=4, again=at(minutes - 20), notified=before)
    assert again(minutes - 5, watch) == [minutes]


def test_as_long_as_the_alarm_lasts_the_decision_is_never_older_than_25_minutes() -> None:
    watch, made = START, decided(0)
    for minutes in range(24 * 60):
        looked = seen(minutes, decision=made)
        assert minutes * 60 - (made.at - at(0)).total_seconds() <= 25 * 60
        if AGAIN in tasks(looked, watch):
            made = decided(minutes)
        watch = after(looked, watch, AGAIN, DutyKind.ESCALATE)
    assert watch.notified[4] == at(23 * 60)


ASKS = PastOutcome("rollout_to_zero", "", Result.ASKED, None, "0123456789abcdef")


@pytest.mark.parametrize(
    "more",
    [{}, {"lead": True}, {"leases": (WARM,)}, {"leases": (working(WARM),)}],
    ids=["alone", "another incident leads", "a remedy may still help", "AWS works on a remedy"],
)
def test_what_waits_for_an_approval_is_asked_again_before_its_30_minutes_end(
    more: Data,
) -> None:
    watch = FollowUpMemory(TERMS, round=4, again=at(29), notified={2: at(30)})
    assert again(40, watch, decision=decided(29, done=(ASKS,)), **more) == [54]


def test_a_remedy_that_was_neither_finished_nor_judged_for_two_hours_is_waited_for_no_longer() -> None:
    stuck = {"leases": (working(ROLLOUT),), "decision": decided(100)}
    assert again(120, FollowUpMemory(TERMS, round=4, again=at(100)), **stuck) == []
    assert again(121, FollowUpMemory(TERMS, round=4, again=at(100)), **stuck) == [125]


def test_it_is_decided_again_when_the_time_of_a_guard_ends() -> None:
    made = decided(2, until=at(17))
    assert again(12, FollowUpMemory(TERMS, round=2, again=at(10)), decision=made) == [17]


def test_a_decision_of_the_last_minutes_is_not_made_again() -> None:
    assert again(5, decision=decided(4)) == [8]


def test_several_reasons_make_one_decision() -> None:
    watch = after(
        seen(29, decision=decided(20, until=at(28))),
        FollowUpMemory(TERMS, round=3, again=at(20)),
        AGAIN,
    )
    assert AGAIN not in tasks(seen(30, decision=decided(29)), watch)


@pytest.mark.parametrize(
    "more",
    [{"state": AlarmState.OK}, {"state": AlarmState.INSUFFICIENT_DATA}, {"lead": True}],
    ids=["the alarm is OK", "there is no data", "another incident leads"],
)
def test_it_is_not_decided_again_while(more: Data) -> None:
    assert again(6, **more) == []


def test_while_a_remedy_may_still_help_it_is_decided_again_before_an_escalation_only() -> None:
    assert again(6, leases=(ROLLOUT,)) == [29]
    assert again(31, FollowUpMemory(TERMS, again=at(29), notified={2: at(30)}), leases=(ROLLOUT,)) == [59]


def test_once_a_remedy_did_not_help_it_is_decided_again() -> None:
    watch = FollowUpMemory(
        TERMS, round=2, again=at(10), judged={key(): "ineffective"}, reported={f"judge {key()}": at(16)}
    )
    assert again(16, watch, leases=(ROLLOUT,), decision=decided(10)) == [16]
    assert again(16, replace(watch, again=at(16)), leases=(ROLLOUT,), decision=decided(16)) == [20]


def test_what_was_done_in_part_is_finished_by_re_evaluating() -> None:
    assert again(3, leases=(replace(ROLLOUT, state=LeaseState.PARTIAL),)) == [5]
    # While another one may still help, it waits.
    assert again(3, leases=(replace(ROLLOUT, state=LeaseState.PARTIAL), WARM)) == [29]


def test_an_alarm_that_came_back_long_after_is_decided_again_before_the_next_level_only() -> None:
    watch = FollowUpMemory(TERMS, round=4, again=at(38), notified={2: at(30)})
    assert again(40, watch) == [59]


@pytest.mark.parametrize(("minutes", "used"), [(27.9, 3), (28, 4), (2.9, 0), (3, 1), (7.9, 1), (57, 4)])
def test_what_was_decided_within_two_minutes_before_a_planned_one_is_not_decided_again_for_it(
    minutes: float, used: int
) -> None:
    (order,) = [each.duty for each in planned(seen(1, decision=decided(0)), START) if each.duty.task is AGAIN]
    assert done(order, seen(minutes), START).round == used
    assert done(order, seen(minutes), FollowUpMemory(TERMS, round=4)).round == 4


def test_a_planned_decision_is_skipped_only_within_two_minutes_late_in_an_incident_too() -> None:
    late = FollowUpMemory(replace(TERMS, again=(5, 300)))
    (order,) = [each.duty for each in planned(seen(1, decision=decided(0)), late) if each.duty.task is AGAIN]
    assert [done(order, seen(minutes), late).round for minutes in (297.9, 298)] == [1, 2]


# --- did it help? --------------------------------------------------------------------------------


def judgements(minutes: float, watch: FollowUpMemory = START, **more: Any) -> list[tuple[str, bool]]:
    found = due(seen(minutes, **{"leases": (ROLLOUT,), **more}), watch)
    return [(each.key, each.data["helped"]) for each in found if each.task is DutyKind.JUDGE]


def test_a_remedy_has_15_minutes_to_end_the_alarm() -> None:
    assert judgements(15.9) == []
    assert judgements(16) == [(key(), False)]


def test_the_15_minutes_begin_when_aws_had_finished() -> None:
    watch = FollowUpMemory(TERMS, orders={f"finish {ROLLOUT.id}": (at(8), 5)})
    assert judgements(22.9, watch) == []
    assert judgements(23, watch) == [(key(), False)]


def test_nothing_is_judged_before_it_is_in_effect() -> None:
    assert judgements(40, leases=(working(ROLLOUT),)) == []
    assert judgements(40, leases=(replace(ROLLOUT, state=LeaseState.PARTIAL),)) == []
    assert judgements(40, leases=(replace(ROLLOUT, state=LeaseState.REVERTING),)) == []


def test_it_helped_once_the_alarm_has_stayed_calm() -> None:
    assert judgements(21, calm(12), state=AlarmState.OK, mark="ok") == []
    assert judgements(22, calm(12), state=AlarmState.OK, mark="ok") == [(key(), True)]


def test_an_alarm_on_a_whole_hour_is_given_that_hour_before_a_remedy_is_called_ineffective() -> None:
    looked = seen(20, leases=(ROLLOUT,), window=timedelta(hours=1))
    assert when(DutyKind.JUDGE, looked, START) == [61]
    assert when(DutyKind.JUDGE, seen(20, leases=(ROLLOUT,), window=timedelta(minutes=10)), START) == [16]


def test_a_calm_alarm_never_makes_a_remedy_ineffective() -> None:
    assert DutyKind.JUDGE not in tasks(quiet(17, leases=(ROLLOUT,)), calm(12))
    assert DutyKind.JUDGE not in tasks(seen(17, AlarmState.INSUFFICIENT_DATA, leases=(ROLLOUT,)), START)


def test_each_lease_is_judged_once() -> None:
    watch = after(seen(16, leases=(ROLLOUT, MEMORY)), START, DutyKind.JUDGE)
    assert len(watch.judged) == 2
    assert judgements(17, watch, leases=(ROLLOUT, MEMORY)) == []


def test_the_same_remedy_applied_again_is_judged_again() -> None:
    watch = judged(key())
    later = replace(ROLLOUT, at=at(40))
    assert judgements(54, watch, leases=(later,)) == []
    assert [helped for _, helped in judgements(55, watch, leases=(later,))] == [False]


def test_a_remedy_that_helped_is_reported_to_no_one_twice() -> None:
    watch = after(quiet(22, leases=(WARM,)), calm(12), DutyKind.JUDGE)
    assert list(watch.judged.values()) == ["helped"]
    assert not watch.reported


def test_a_remedy_that_did_not_help_is_put_down_as_such_and_something_else_is_decided() -> None:
    looked = seen(16, leases=(ROLLOUT,), decision=decided(10))
    watch = after(looked, FollowUpMemory(TERMS, round=4, again=at(10)), DutyKind.JUDGE)
    assert watch.judged == {key(): "ineffective"}
    assert watch.reported == {f"judge {key()}": at(16)}
    assert again(16, watch, leases=(ROLLOUT,), decision=decided(10)) == [16]


def test_a_lease_that_is_gone_is_judged_under_its_own_name() -> None:
    assert seen(30).lease_key(ROLLOUT.id) == ROLLOUT.id


def test_a_part_that_failed_is_not_in_progress() -> None:
    failed = replace(ROLLOUT, changes=(change(), change(Status.FAILED)))
    assert judgements(16, leases=(failed,)) == [(key(), False)]
