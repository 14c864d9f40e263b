"""Before a message says what is in force, it is read; what others changed is reported once."""

from dataclasses import replace
from datetime import timedelta

from responder.core.alarm_event import AlarmState
from responder.core.change import Lease, LeaseState, Status
from responder.core.reasons import FailureKind
from responder.followup_rules import DutyKind, FollowUpMemory, Observation, done, due
from responder.followup_rules.duties import CHECK_LEASES
from tests.unit.followup_rules.world import (
    MEMORY,
    OPENED,
    ROLLOUT,
    TERMS,
    WARM,
    at,
    calm,
    change,
    decided,
    fresh,
    quiet,
    seen,
    tasks,
    when,
)

WATCH = FollowUpMemory(TERMS)


def unread(looked: Observation) -> Observation:
    """What is in force was not read since it was set."""
    return replace(looked, leases=tuple(replace(each, looked=None) for each in looked.leases))


def in_force(minutes: float, *leases: Lease, state: AlarmState = AlarmState.ALARM) -> Observation:
    return unread(seen(minutes, state, leases=leases or (ROLLOUT,), lowered=True))


def judged(watch: FollowUpMemory = WATCH) -> FollowUpMemory:
    """The remedy was judged already, so that only the clock is left."""
    keys = {f"{each.id}@{each.at.isoformat()}": "ineffective" for each in (ROLLOUT, WARM, MEMORY)}
    return replace(watch, judged=keys, round=len(TERMS.again), again=at(20))


def test_a_minute_before_a_reminder_the_leases_are_checked_and_the_reminder_keeps_its_minute() -> None:
    looked = unread(quiet(31, leases=(ROLLOUT,), lowered=True))
    watch = calm(12, judged=judged().judged, reported={"mitigated ok": at(22)})
    assert when(DutyKind.REMIND, looked, watch) == [61]
    assert when(DutyKind.CHECK_LEASES, looked, watch) == [60]


def test_the_decision_before_an_escalation_is_its_look() -> None:
    helped = dict.fromkeys(judged().judged, "helped")
    watch = FollowUpMemory(TERMS, notified={2: at(30)}, judged=helped, again=at(29))
    assert when(DutyKind.ESCALATE, in_force(31), watch) == [60]
    assert when(DutyKind.RE_EVALUATE, in_force(31), watch) == [59]
    assert DutyKind.CHECK_LEASES not in tasks(in_force(59), watch)


def test_without_an_answer_of_the_lease_check_the_message_is_sent_on_time() -> None:
    watch = replace(
        judged(), notified={2: at(30), 3: at(60), 4: at(100)}, reported={f"remind {ROLLOUT.id}": at(100)}
    )
    ordered = replace(watch, orders={CHECK_LEASES.id: (at(159), 1)})
    assert DutyKind.REMIND not in tasks(in_force(159.9), ordered)
    assert DutyKind.REMIND in tasks(in_force(160), ordered)


def test_what_falls_due_immediately_waits_twenty_seconds_for_the_answer_and_no_longer() -> None:
    watch = calm(12)
    looked = unread(quiet(22, leases=(ROLLOUT,), lowered=True))
    assert DutyKind.MITIGATED not in tasks(looked, watch)
    assert DutyKind.CHECK_LEASES in tasks(looked, watch)
    ordered = done(CHECK_LEASES, looked, watch)
    assert DutyKind.MITIGATED not in tasks(replace(looked, now=at(22.3)), ordered)
    assert DutyKind.MITIGATED in tasks(replace(looked, now=at(22.4)), ordered)
    assert DutyKind.MITIGATED in tasks(fresh(looked, 22.1), ordered)


def test_one_look_serves_what_is_reported_within_the_next_minutes() -> None:
    watch = replace(calm(12), orders={CHECK_LEASES.id: (at(21), 1)})
    assert when(DutyKind.CHECK_LEASES, quiet(21.5, leases=(MEMORY,)), watch) == []


def test_shortly_before_a_re_evaluation_the_leases_are_not_checked_separately() -> None:
    watch = replace(judged(), again=at(29))
    assert DutyKind.CHECK_LEASES not in tasks(in_force(29.5), watch)


def test_what_another_alarm_has_in_force_is_looked_at_before_a_decision_and_before_a_message() -> None:
    foreign = replace(ROLLOUT, incident="another", at=at(-60))
    looked = replace(seen(5), decision=decided(0), others=(foreign,))
    assert tasks(looked, WATCH) == [DutyKind.CHECK_LEASES]
    known = replace(looked, others=(replace(foreign, looked=at(5)),))
    assert tasks(known, WATCH) == [DutyKind.RE_EVALUATE]


def test_with_nothing_in_force_nothing_is_looked_at() -> None:
    assert when(DutyKind.CHECK_LEASES, seen(31), judged()) == []


def test_an_incident_that_is_over_is_closed_though_no_look_is_answered() -> None:
    looked, watch = unread(quiet(22, leases=(MEMORY,))), calm(12, judged=judged().judged)
    assert tasks(looked, watch) == [DutyKind.CHECK_LEASES]
    assert tasks(replace(looked, now=at(23)), done(CHECK_LEASES, looked, watch)) == [DutyKind.CLOSE]


# --- what others changed -------------------------------------------------------------------------


def changed_by_others(now: str = "100", state: LeaseState = LeaseState.ENDED) -> Lease:
    note = FailureKind.CHANGED_BY(target="F", setting="V", now=now, who="deploy", at="2026-02-04T10:45:00Z")
    return replace(ROLLOUT, state=state, changes=(replace(change(Status.KEPT), note=note),))


def test_what_others_changed_is_reported_once_and_once_more_where_more_was_changed() -> None:
    looked = seen(20, changed_by_others=(changed_by_others(),))
    (duty,) = (each for each in due(looked, WATCH) if each.task is DutyKind.CHANGED)
    reported = done(duty, looked, WATCH)
    assert DutyKind.CHANGED not in tasks(seen(25, changed_by_others=(changed_by_others(),)), reported)
    assert DutyKind.CHANGED in tasks(seen(25, changed_by_others=(changed_by_others("30"),)), reported)


def test_what_others_change_again_later_is_reported_again() -> None:
    looked = seen(20, changed_by_others=(changed_by_others(),))
    (duty,) = (each for each in due(looked, WATCH) if each.task is DutyKind.CHANGED)
    later = replace(changed_by_others(), at=OPENED + timedelta(minutes=90))
    assert DutyKind.CHANGED in tasks(seen(120, changed_by_others=(later,)), done(duty, looked, WATCH))


def test_it_is_reported_before_anything_else_and_also_when_the_incident_is_another() -> None:
    looked = seen(31, changed_by_others=(changed_by_others(),))
    assert tasks(looked, judged())[0] is DutyKind.CHANGED
    assert tasks(replace(looked, ours=False), WATCH) == [DutyKind.CHANGED, DutyKind.CLOSE]
