"""Leases go back when their time has come; people are asked and reminded for what only they may restore."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from responder.core.alarm_event import AlarmState
from responder.core.change import Lease, LeaseState, Status
from responder.core.command import RestoreStep, RestoreVerdict
from responder.core.reasons import FailureKind
from responder.core.refusals import Refusal
from responder.core.text import text
from responder.followup_rules import DutyKind, FollowUpMemory, OpenRequest, TrafficSince, due, observe
from responder.followup_rules.memory import HELPED, INEFFECTIVE
from responder.followup_rules.seen import ApprovalAnswer, Observation, Rollout
from tests.unit.followup_rules.world import (
    BILLING,
    MEMORY,
    ROLLOUT,
    TERMS,
    THRESHOLD,
    WARM,
    after,
    asking,
    at,
    calm,
    change,
    fresh,
    lease,
    quiet,
    seen,
    tasks,
    turn,
    when,
    working,
)

RECOVERED = calm(12, recovered=at(12))
PAUSED = {"held": {"provisioned_concurrency": Refusal.MUTED(name="night")}}


# --- leases with an end --------------------------------------------------------------------------


def back(watch: FollowUpMemory, *leases: Lease, **more: Any) -> list[float]:
    return when(DutyKind.REVERT, quiet(23, leases=leases, **more), watch)


def test_provisioned_concurrency_goes_back_an_hour_after_recovery() -> None:
    assert back(RECOVERED, WARM) == [72]


def test_without_recovery_provisioned_concurrency_is_reverted_after_a_day() -> None:
    assert back(calm(12), WARM) == [24 * 60]
    assert when(DutyKind.REVERT, seen(30, leases=(WARM,)), FollowUpMemory(TERMS)) == [24 * 60]


def test_an_end_before_the_hour_is_over_is_kept() -> None:
    assert back(RECOVERED, replace(WARM, until=at(40))) == [40]


def test_the_lowered_threshold_goes_back_after_its_four_hours_only() -> None:
    assert back(RECOVERED, THRESHOLD) == [4 * 60]


@pytest.mark.parametrize("lease", [ROLLOUT, BILLING, MEMORY], ids=lambda each: each.remedy)
def test_what_only_a_person_ends_is_never_reverted(lease: Lease) -> None:
    assert back(RECOVERED, lease) == []


def test_a_lease_that_another_alarm_needs_stays_until_its_end() -> None:
    assert back(RECOVERED, WARM, needed=True) == [24 * 60]


def test_what_aws_still_works_on_is_waited_for_but_not_for_ever() -> None:
    lease = working(replace(WARM, until=at(20)))
    assert back(RECOVERED, lease) == [35]
    assert back(RECOVERED, replace(lease, state=LeaseState.REVERTING)) == []


def test_a_revert_that_is_not_carried_out_is_ordered_every_quarter_of_an_hour() -> None:
    looked, watch = quiet(72, leases=(WARM,)), RECOVERED
    watch = after(looked, watch, DutyKind.REVERT)
    assert when(DutyKind.REVERT, looked, watch) == [87]


def test_after_three_tries_a_person_is_notified_once_and_it_is_tried_on() -> None:
    watch, reported, tried = RECOVERED, [], []
    for minute in range(60, 240):
        watch, did = turn(quiet(minute, leases=(WARM,)), watch)
        reported += [minute] * did.count(DutyKind.STUCK)
        tried += [minute] * did.count(DutyKind.REVERT)
    assert reported == [117]
    assert tried == [72, 87, 102, 162, 222], "three times soon, then every hour"


def test_a_pause_postpones_it_and_reports_it_once() -> None:
    watch = RECOVERED
    looked = quiet(72, leases=(WARM,), **PAUSED)
    assert DutyKind.REVERT not in tasks(looked, watch)
    assert DutyKind.POSTPONED in tasks(looked, watch)
    watch = after(looked, watch)
    assert not {DutyKind.REVERT, DutyKind.POSTPONED} & set(tasks(quiet(90, leases=(WARM,), **PAUSED), watch))
    # The pause ends.
    assert DutyKind.REVERT in tasks(quiet(91, leases=(WARM,)), watch)


def test_what_is_postponed_names_the_lease_the_reason_and_the_order_that_waits() -> None:
    duties = due(quiet(72, leases=(WARM,), **PAUSED), RECOVERED)
    (waits,) = [each for each in duties if each.task is DutyKind.POSTPONED]
    assert (waits.why, waits.data, waits.lease) == (
        Refusal.MUTED(name="night").text,
        {"order": "revert"},
        WARM.id,
    )
    assert waits.key.startswith(WARM.id)


def test_the_same_reason_is_the_same_however_it_was_stored() -> None:
    first = {"held": {"provisioned_concurrency": Refusal.LEASED_VALUE(remedy="r", incident="i")}}
    stored = {"held": {"provisioned_concurrency": Refusal.LEASED_VALUE(incident="i", remedy="r")}}
    watch = after(quiet(72, leases=(WARM,), **first), RECOVERED)
    assert DutyKind.POSTPONED not in tasks(quiet(73, leases=(WARM,), **stored), watch)


def test_what_is_ordered_without_effect_is_reported_with_the_order_and_how_often() -> None:
    watch = RECOVERED
    for minute in range(60, 117):
        watch, _ = turn(quiet(minute, leases=(WARM,)), watch)
    (stuck,) = [each for each in due(quiet(117, leases=(WARM,)), watch) if each.task is DutyKind.STUCK]
    assert (stuck.why, stuck.lease) == (text("duty.stuck", order="revert"), WARM.id)
    assert (stuck.key, stuck.data) == (f"{WARM.id} revert", {"order": "revert", "times": 3})


def test_each_lease_that_goes_back_without_effect_is_reported_separately() -> None:
    also = replace(THRESHOLD, until=at(72))
    watch, reported = RECOVERED, []
    for minute in range(60, 240):
        watch, did = turn(quiet(minute, leases=(WARM, also)), watch)
        reported += [minute] * did.count(DutyKind.STUCK)
    assert reported == [117, 117]


def test_another_reason_to_wait_is_repeated() -> None:
    watch = after(quiet(72, leases=(WARM,), **PAUSED), RECOVERED)
    observing = {"held": {"provisioned_concurrency": Refusal.MODE_OBSERVE()}}
    assert DutyKind.POSTPONED in tasks(quiet(73, leases=(WARM,), **observing), watch)


def test_nothing_is_postponed_before_its_time() -> None:
    assert DutyKind.POSTPONED not in tasks(quiet(71, leases=(WARM,), **PAUSED), RECOVERED)


# --- on-demand billing ---------------------------------------------------------------------------


def asks(watch: FollowUpMemory, **more: Any) -> list[float]:
    return when(DutyKind.RESTORE, quiet(23, leases=(BILLING,), **more), watch)


def test_billing_is_asked_back_an_hour_after_recovery_and_then_once_a_day() -> None:
    assert asks(RECOVERED) == [72]
    watch = after(quiet(72, leases=(BILLING,)), RECOVERED, DutyKind.RESTORE)
    on_record = asking(ApprovalAnswer.EXPIRED, 72, order="revert", remedy=BILLING.remedy)
    assert asks(watch, askings=(on_record,)) == [72 + 24 * 60]


def test_billing_is_not_asked_back_before_it_has_recovered() -> None:
    assert asks(calm(12)) == []


def test_the_revert_of_billing_is_not_requested_while_another_alarm_needs_it() -> None:
    assert asks(RECOVERED, needed=True) == []


@pytest.mark.parametrize("answer", [ApprovalAnswer.OPEN, ApprovalAnswer.APPROVED])
def test_it_is_not_asked_while_an_answer_is_there(answer: ApprovalAnswer) -> None:
    waits = asking(answer, remedy="on_demand_billing", order="revert")
    assert asks(RECOVERED, askings=(waits,)) == []


@pytest.mark.parametrize("answer", [ApprovalAnswer.OPEN, ApprovalAnswer.APPROVED])
def test_a_change_that_waits_does_not_put_off_its_revert(answer: ApprovalAnswer) -> None:
    waits = asking(answer, remedy="on_demand_billing", order="apply")
    assert asks(RECOVERED, askings=(waits,)) == [72]


@pytest.mark.parametrize("answer", [ApprovalAnswer.EXPIRED, ApprovalAnswer.REJECTED])
def test_an_answer_that_is_no_yes_does_not_end_the_asking(answer: ApprovalAnswer) -> None:
    assert asks(RECOVERED, askings=(asking(answer, remedy="on_demand_billing"),)) == [72]


# --- the revert of the rollout -----------------------------------------------------------------


def at_step(
    percent: int, minutes: float, traffic: TrafficSince | None = None, *, old: int = 80
) -> Observation:
    """A look while so many percent are set again."""
    rollout = Rollout(ROLLOUT.id, percent, old)
    return quiet(minutes, leases=(ROLLOUT,), lowered=True, rollout=rollout, traffic=traffic)


def step(looked: Observation, since: float, **more: Any) -> list[tuple[float, int | None, str]]:
    """When the next step is asked for, to how many percent (None: the old value), and why."""
    rollout = looked.rollout
    assert rollout is not None
    watch = calm(12, step=str(rollout.percent), step_at=at(since), **more)
    found = [each for each in due(fresh(looked, 10_000), watch) if each.task is DutyKind.RESTORE]
    times = when(DutyKind.RESTORE, looked, watch)
    return [
        (time, duty.data["wanted"].get("percent"), duty.why.key.removeprefix("duty."))
        for time, duty in zip(times, found, strict=True)
    ]


def test_the_revert_begins_once_the_alarm_has_stayed_calm() -> None:
    assert step(at_step(0, 13), 1) == [(22, 10, "restore_begin")]


@pytest.mark.parametrize("traffic", [None, TrafficSince(20, 0), TrafficSince(20, 20)])
@pytest.mark.parametrize("percent", [0, 10])
def test_where_aliases_never_got_the_value_only_the_old_one_is_asked_for(
    percent: int, traffic: TrafficSince | None
) -> None:
    looked = at_step(percent, 13, traffic)
    assert looked.rollout is not None
    behind = replace(looked, rollout=replace(looked.rollout, unreleased=True))
    assert step(behind, 1) == [(22, None, "restore_begin")]


def test_no_step_is_asked_for_before_the_present_one_was_seen() -> None:
    assert when(DutyKind.RESTORE, at_step(10, 40, TrafficSince(50, 0)), calm(12)) == []
    assert when(DutyKind.RESTORE, at_step(0, 40), calm(12)) == []


def test_a_step_is_verified_by_twenty_requests_of_which_fewer_than_one_in_a_hundred_fail() -> None:
    assert step(at_step(10, 40, TrafficSince(20, 0)), 30) == [(40, 50, "restore_verified")]
    assert step(at_step(50, 40, TrafficSince(200, 1)), 30) == [(40, None, "restore_verified")]


def test_a_step_is_neither_verified_nor_failing_by_faults_whose_requests_may_still_arrive() -> None:
    assert step(at_step(10, 40, TrafficSince(200, 0, newest=30)), 30) == []
    assert step(at_step(10, 40, TrafficSince(200, 0, newest=1)), 30) == [(40, 50, "restore_verified")]


def test_the_revert_is_not_requested_while_another_alarm_needs_the_rollout() -> None:
    assert (
        when(DutyKind.RESTORE, replace(at_step(0, 30), needed=True), calm(12, step="0", step_at=at(1))) == []
    )
    faulty = replace(at_step(10, 40, TrafficSince(20, 1)), needed=True)
    assert step(faulty, 30) == [(40, 0, "restore_failing")]


@pytest.mark.parametrize("traffic", [None, TrafficSince(0, 0), TrafficSince(19, 0)])
def test_a_step_without_enough_traffic_is_put_before_a_person_after_an_hour(
    traffic: TrafficSince | None,
) -> None:
    assert step(at_step(10, 40, traffic), 30) == [(90, 50, "restore_unproven")]


@pytest.mark.parametrize("traffic", [TrafficSince(20, 1), TrafficSince(100, 1), TrafficSince(300, 3)])
def test_after_a_step_with_faults_a_revert_to_0_percent_is_requested_immediately(
    traffic: TrafficSince,
) -> None:
    assert step(at_step(10, 40, traffic), 30) == [(40, 0, "restore_failing")]


def test_when_the_alarm_returns_a_revert_to_0_percent_is_requested_whatever_the_traffic() -> None:
    looked = replace(at_step(10, 40, TrafficSince(50, 0)), state=AlarmState.ALARM)
    watch = observe(looked, calm(12, step="10", step_at=at(30)))
    asked = [each for each in due(looked, watch) if each.task is DutyKind.RESTORE]
    assert [each.data["wanted"] for each in asked] == [{"percent": 0}]


@pytest.mark.parametrize(
    ("percent", "old", "then"),
    [
        (0, 100, 10),
        (10, 100, 50),
        (50, 100, None),
        (0, 50, 10),
        (10, 50, None),
        (50, 75, None),
        (0, 10, None),
        (0, 5, None),
    ],
)
def test_the_steps_are_10_50_and_the_old_value(percent: int, old: int, then: int | None) -> None:
    looked = at_step(percent, 40, TrafficSince(50, 0), old=old)
    assert [each for _, each, _ in step(looked, 30)] == [then]


def test_the_last_step_is_the_old_value_itself_and_asked_for_as_such() -> None:
    looked = at_step(50, 40, TrafficSince(50, 0), old=75)
    duties = due(looked, calm(12, step="50", step_at=at(30)))
    (asked,) = [each for each in duties if each.task is DutyKind.RESTORE]
    assert (asked.id, asked.why) == (f"restore {ROLLOUT.id} 75", text("duty.restore_verified"))
    seen_of_it = RestoreStep(RestoreVerdict.VERIFIED, percent=50, minutes=10, requests=50)
    assert (asked.data, asked.lease) == ({"wanted": {}, "step": seen_of_it}, ROLLOUT.id)


def test_a_step_is_asked_again_every_hour_and_not_while_an_answer_is_awaited() -> None:
    looked = at_step(0, 22)
    watch = after(looked, calm(12, step="0", step_at=at(1)), DutyKind.RESTORE)
    unanswered = replace(looked, now=at(53), askings=(asking(ApprovalAnswer.EXPIRED, 22, order="revert"),))
    assert when(DutyKind.RESTORE, unanswered, watch) == [82]
    waiting = replace(looked, now=at(83), askings=(asking(ApprovalAnswer.OPEN, 80, order="revert"),))
    assert DutyKind.RESTORE not in tasks(waiting, watch)


def ordered(looks: Iterable[Observation], watch: FollowUpMemory) -> list[float]:
    """The minutes at which the revert is asked for."""
    found: list[float] = []
    for looked in looks:
        watch, did = turn(looked, watch, DutyKind.RESTORE)
        found += [(looked.now - at(0)).total_seconds() / 60] * len(did)
    return found


def test_a_question_that_is_not_on_record_is_ordered_again_soon_three_times() -> None:
    watch = calm(12, step="0", step_at=at(1))
    assert ordered((at_step(0, minute) for minute in range(22, 140)), watch) == [22, 27, 37, 57, 117]
    on_record = asking(ApprovalAnswer.EXPIRED, 22, order="revert")
    known = (replace(at_step(0, minute), askings=(on_record,)) for minute in range(22, 81))
    assert ordered(known, watch) == [22]
    unknown = (replace(at_step(0, minute), unheard=True) for minute in range(22, 81))
    assert ordered(unknown, watch) == [22]


def test_no_step_is_asked_for_while_aws_works_on_the_last_one() -> None:
    looked = replace(at_step(0, 22), leases=(working(ROLLOUT),))
    assert DutyKind.RESTORE not in tasks(looked, calm(12, step="0", step_at=at(1)))


def test_a_step_counts_from_when_its_value_is_seen() -> None:
    watch = observe(at_step(10, 40), calm(12, step="0", step_at=at(1)))
    assert (watch.step, watch.step_at) == ("10", at(40))
    assert observe(at_step(10, 45), watch).step_at == at(40)
    assert observe(quiet(50), watch).step_at is None


def test_with_everyone_on_the_check_again_the_calm_begins_anew() -> None:
    before = calm(12, step="50", step_at=at(40), quiet=90)
    watch = observe(quiet(50), before)
    assert (watch.calm_from, watch.quiet, watch.calm) == (at(50), 0, "ok")
    # A step on the way there does not: its own time counts.
    assert observe(at_step(50, 50), replace(before, step="10")).calm_from == at(12)


def test_what_is_going_back_and_in_doubt_is_ordered_anew_and_not_waited_for() -> None:
    doubt = replace(change(Status.FAILED), note=FailureKind.OUTCOME_UNKNOWN())
    going = replace(WARM, state=LeaseState.REVERTING, changes=(doubt,))
    assert back(RECOVERED, going) == [72]
    assert back(RECOVERED, replace(going, state=LeaseState.IN_FORCE)) == [24 * 60], (
        "at its end, at the latest"
    )


# --- without effect --------------------------------------------------------------------------------


def without_effect(minutes: float, *askings: OpenRequest) -> Observation:
    off = Rollout(ROLLOUT.id, 0, 50)
    return seen(minutes, leases=(ROLLOUT,), lowered=True, rollout=off, askings=askings)


def judged(verdict: str = INEFFECTIVE, **more: Any) -> FollowUpMemory:
    known = {without_effect(16).lease_key(ROLLOUT.id): verdict}
    return FollowUpMemory(**{"terms": TERMS, "judged": known, "step": "0", "step_at": at(1), **more})


def test_what_lowered_security_without_effect_is_asked_back_immediately_and_in_one_step() -> None:
    (asked,) = [each for each in due(without_effect(16), judged()) if each.task is DutyKind.RESTORE]
    assert (asked.lease, asked.data) == (ROLLOUT.id, {})


def test_that_question_is_renewed_before_it_ends_and_reported_once() -> None:
    watch = after(without_effect(16), judged(), DutyKind.RESTORE)
    open_one = asking(ApprovalAnswer.OPEN, 16, order="revert")
    assert when(DutyKind.RESTORE, without_effect(20, open_one), watch) == [41]
    (renewal,) = [each for each in due(without_effect(41, open_one), watch) if each.task is DutyKind.RESTORE]
    assert renewal.data == {"quiet": True}
    ended = asking(ApprovalAnswer.EXPIRED, 16, order="revert")
    assert DutyKind.RESTORE in tasks(without_effect(50, ended), watch)


def test_a_renewal_without_effect_is_ordered_every_five_minutes_and_no_sooner() -> None:
    watch, ordered = after(without_effect(16), judged(), DutyKind.RESTORE), []
    open_one = asking(ApprovalAnswer.OPEN, 16, order="revert")
    for minute in range(17, 60):
        watch, did = turn(without_effect(minute, open_one), watch, DutyKind.RESTORE)
        ordered += [minute] * len(did)
    assert ordered == [41, 46, 51, 56]


def test_that_question_is_ordered_again_where_it_is_not_on_record() -> None:
    assert ordered((without_effect(minute) for minute in range(16, 100)), judged()) == [16, 21, 31, 51]


def test_that_question_is_not_given_up_where_it_could_not_be_sent_for_long() -> None:
    looks = (without_effect(minute) for minute in range(16, 180))
    assert ordered(looks, judged()) == [16, 21, 31, 51, 111, 171]


def test_once_it_is_answered_it_is_not_asked_again() -> None:
    watch = after(without_effect(16), judged(), DutyKind.RESTORE)
    for answer in (ApprovalAnswer.REJECTED, ApprovalAnswer.APPROVED, ApprovalAnswer.CARRIED_OUT):
        said = asking(answer, 16, 20, order="revert")
        assert when(DutyKind.RESTORE, without_effect(60, said), watch) == []


def test_what_helped_is_not_asked_back_while_the_alarm_lasts() -> None:
    assert when(DutyKind.RESTORE, without_effect(60), judged(HELPED)) == []
    assert when(DutyKind.RESTORE, without_effect(60), FollowUpMemory(TERMS)) == []


# --- reminders -----------------------------------------------------------------------------------


def test_lowered_security_is_repeated_every_hour_whatever_else_happens() -> None:
    watch, said = FollowUpMemory(TERMS), []
    for minute in range(300):
        looked = seen(minute, leases=(ROLLOUT,), lowered=True)
        said += [minute] * (DutyKind.REMIND in tasks(looked, watch))
        watch = after(looked, watch, DutyKind.REMIND)
    assert said == [61, 121, 181, 241]


def test_an_escalation_says_it_too_so_there_is_no_reminder_in_its_hour() -> None:
    watch = FollowUpMemory(TERMS, notified={2: at(30), 3: at(60), 4: at(120)})
    assert when(DutyKind.REMIND, seen(130, leases=(ROLLOUT,), lowered=True), watch) == [180]


def test_where_both_are_due_the_escalation_is_reported_and_no_reminder() -> None:
    watch = FollowUpMemory(TERMS, notified={2: at(30), 3: at(60), 4: at(120)})
    _, did = turn(seen(180, leases=(ROLLOUT,), lowered=True), watch, DutyKind.ESCALATE, DutyKind.REMIND)
    assert did == [DutyKind.ESCALATE]


def test_after_three_quiet_hours_the_revert_is_asked_for_every_three() -> None:
    asked: list[tuple[int, DutyKind]] = []
    watch = calm(12, step="0", step_at=at(1))
    for minute in range(22, 24 * 60):
        last = asking(ApprovalAnswer.EXPIRED, asked[-1][0] if asked else 0, order="revert")
        looked = replace(at_step(0, minute), askings=(last,))
        watch, did = turn(looked, watch, DutyKind.RESTORE, DutyKind.REMIND)
        asked += [(minute, each) for each in did]
    assert asked == [(each, DutyKind.RESTORE) for each in (22, 82, 142, 202, 382, 562, 742, 922, 1102, 1282)]


def test_asking_for_the_revert_is_a_reminder_too() -> None:
    looked = at_step(0, 22)
    watch = after(looked, calm(12, step="0", step_at=at(1)), DutyKind.RESTORE)
    assert when(DutyKind.REMIND, looked, watch) == [82]


@pytest.mark.parametrize("lease", [WARM, BILLING, MEMORY], ids=lambda each: each.remedy)
def test_what_does_not_lower_security_is_no_reason_for_reminders(lease: Lease) -> None:
    assert when(DutyKind.REMIND, seen(30, leases=(lease,)), FollowUpMemory(TERMS)) == []


def test_the_lowered_threshold_is_reminded_of_too() -> None:
    assert when(DutyKind.REMIND, seen(30, leases=(THRESHOLD,)), FollowUpMemory(TERMS)) == [61]


def test_each_is_asked_for_separately() -> None:
    other = lease("another_remedy", "x")
    waits = (asking(ApprovalAnswer.OPEN, 30, remedy=BILLING.remedy, order="revert"),)
    found = due(quiet(80, leases=(BILLING, other), askings=waits), RECOVERED)
    assert [each.lease for each in found if each.task is DutyKind.RESTORE] == [other.id]


def test_only_being_asked_for_the_revert_puts_a_reminder_off() -> None:
    def reminded(order: str, one: Lease) -> list[float]:
        return when(
            DutyKind.REMIND, quiet(60, leases=(ROLLOUT,)), calm(12, orders={f"{order} {one.id}": (at(50), 1)})
        )

    assert reminded("restore", ROLLOUT) == [110]
    assert reminded("finish", ROLLOUT) == [61]
    assert reminded("restore", THRESHOLD) == [61]


def test_without_a_lease_the_revert_of_a_rollout_is_not_requested() -> None:
    looked = quiet(40, leases=(THRESHOLD,), rollout=Rollout(ROLLOUT.id, 0, 50))
    assert when(DutyKind.RESTORE, looked, calm(12, step="0", step_at=at(2))) == []
