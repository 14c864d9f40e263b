"""Calm, mitigated, recovered, over: what each needs, and what undoes it."""

from dataclasses import replace
from typing import cast

import pytest

from responder.core.alarm_event import AlarmState
from responder.core.change import LeaseState, Ledger
from responder.core.plain_data import Json
from responder.core.text import text
from responder.followup_rules import (
    Acknowledgement,
    Duty,
    DutyKind,
    FollowUpMemory,
    TrafficSince,
    done,
    due,
    observe,
)
from responder.followup_rules.seen import Rollout
from tests.unit.followup_rules.world import (
    BILLING,
    INCIDENT,
    MEMORY,
    ROLLOUT,
    TERMS,
    WARM,
    after,
    at,
    calm,
    decided,
    lease,
    quiet,
    seen,
    tasks,
    turn,
    when,
    working,
)

START = FollowUpMemory(TERMS)
OFF = Rollout(ROLLOUT.id, 0, 50)


# --- calm ----------------------------------------------------------------------------------------


def test_the_calm_begins_with_the_look_that_sees_it() -> None:
    watch = observe(seen(12, AlarmState.OK, mark="ok"), START)
    assert (watch.calm, watch.calm_from, watch.mitigated) == ("ok", at(12), at(12))
    assert observe(quiet(15), watch) == watch


def test_no_data_after_ok_is_still_calm() -> None:
    night = seen(15, AlarmState.INSUFFICIENT_DATA, mark="ok")
    assert observe(night, calm(12)).calm_from == at(12)


def test_no_data_without_ok_is_no_calm() -> None:
    assert observe(seen(15, AlarmState.INSUFFICIENT_DATA), START).calm_from is None


def test_an_alarm_that_comes_back_ends_the_calm_and_the_recovery() -> None:
    watch = observe(seen(15), calm(12, recovered=at(12), quiet=40))
    assert (watch.calm, watch.calm_from, watch.recovered, watch.quiet) == ("", None, None, 0)
    # When users were safe for the first time stays on record.
    assert watch.mitigated == at(12)


def test_a_flap_between_two_looks_begins_the_calm_anew() -> None:
    watch = observe(seen(20, AlarmState.OK, mark="a later ok"), calm(12, quiet=9, faults=3))
    assert (watch.calm_from, watch.quiet, watch.faults, watch.mitigated) == (at(20), 0, 0, at(12))


# --- an alarm that comes back --------------------------------------------------------------------

LADDER: Json = {
    "notified": {2: at(30)},
    "late": 7,
    "held": at(70),
    "held_by": "aiko",
    "again": at(29),
    "round": 4,
}


@pytest.mark.parametrize("reported", ["mitigated ok", "recovered ok"])
def test_after_a_calm_that_on_call_was_notified_of_decisions_begin_anew_and_the_levels_continue(
    reported: str,
) -> None:
    watch = observe(seen(80), calm(40, reported={reported: at(50)}, **LADDER))
    assert (watch.episode, watch.again, watch.round) == (at(80), None, 0)
    assert (watch.notified, watch.late, watch.held, watch.held_by) == ({2: at(30)}, 7, at(70), "aiko")
    assert when(DutyKind.ESCALATE, seen(80), watch) == [70]
    assert when(DutyKind.RE_EVALUATE, seen(80, decision=decided(80)), watch) == [85]


def test_after_a_calm_of_more_than_an_hour_the_levels_count_from_the_return() -> None:
    watch = observe(seen(110), calm(40, reported={"mitigated ok": at(50)}, **LADDER))
    assert (watch.level, watch.late, watch.held, watch.held_by) == (2, 0, None, "")
    assert when(DutyKind.ESCALATE, seen(110), watch) == [140]


def test_a_calm_delays_no_level_that_comes_later() -> None:
    watch = observe(seen(75), calm(67, notified={2: at(30)}))
    assert (watch.episode, watch.late) == (None, 0)
    assert when(DutyKind.ESCALATE, seen(75), watch) == [60]
    watch = after(seen(75), watch, DutyKind.ESCALATE)
    assert when(DutyKind.ESCALATE, seen(75), watch) == [120]


def test_the_calm_of_an_alarm_that_came_back_twice_holds_the_ladder_only_once_it_lasts() -> None:
    flapping = calm(25, flaps=2)
    assert when(DutyKind.ESCALATE, quiet(26), flapping) == [30]
    assert when(DutyKind.ESCALATE, quiet(26), calm(25, returns=2)) == [30]
    assert when(DutyKind.ESCALATE, quiet(26), calm(25, flaps=1, returns=1)) == []
    assert when(DutyKind.ESCALATE, quiet(26), calm(19, flaps=2)) == []
    assert when(DutyKind.ESCALATE, quiet(36), flapping) == []


def test_the_calm_of_an_alarm_that_came_back_twice_is_reported_after_an_hour() -> None:
    looked = quiet(73, leases=(WARM,))
    twice: Json = {"first": at(0), "since": at(0), "returns": 2}
    assert DutyKind.MITIGATED not in tasks(looked, replace(calm(14), **twice))
    assert DutyKind.MITIGATED in tasks(looked, replace(calm(13), **twice))
    assert DutyKind.RECOVERED not in tasks(looked, replace(calm(14), recovered=at(24), **twice))
    assert DutyKind.RECOVERED in tasks(looked, replace(calm(13), recovered=at(24), **twice))
    assert tasks(quiet(73), replace(calm(14), **twice)) == []
    assert tasks(quiet(73), replace(calm(13), **twice)) == [DutyKind.CLOSE]


def test_a_flap_between_two_looks_counts_as_a_return() -> None:
    watch = observe(seen(20, AlarmState.OK, mark="a later ok"), calm(5))
    assert (watch.raised, watch.flaps, watch.returns, watch.calm_from) == (at(20), 1, 1, at(20))


def test_a_calm_after_the_last_level_delays_no_repeat() -> None:
    """There is no level left to be late; the last one is notified every hour as before."""
    everybody = {2: at(30), 3: at(60), 4: at(120)}
    watch = observe(seen(130), calm(125, notified=everybody, late=7))
    assert (watch.calm_from, watch.late, watch.notified) == (None, 7, everybody)
    assert when(DutyKind.ESCALATE, seen(130), watch) == [180]


def test_what_an_earlier_calm_was_reported_of_does_not_count_for_a_later_one() -> None:
    watch = calm(
        90, notified={2: at(60)}, reported={"mitigated earlier": at(20)}, raised=at(30), episode=at(30)
    )
    assert observe(seen(95), watch).episode == at(30)


def test_what_had_helped_is_judged_again_a_quarter_of_an_hour_later() -> None:
    key = seen(22, leases=(ROLLOUT,)).lease_key(ROLLOUT.id)
    watch = observe(seen(40, leases=(ROLLOUT,)), calm(12, judged={key: "helped"}))
    assert watch.judged == {}
    assert when(DutyKind.JUDGE, seen(40, leases=(ROLLOUT,)), watch) == [55]
    assert observe(seen(40), calm(12, judged={key: "ineffective"})).judged == {key: "ineffective"}


# --- an alarm that cannot be read ----------------------------------------------------------------


def test_without_a_reading_of_the_alarm_no_calm_and_no_recovery_are_recorded() -> None:
    assert observe(seen(12, AlarmState.OK, mark="ok", blind=True), START) == replace(START, unseen=at(12))
    before = calm(12, quiet=5)
    blind = observe(quiet(30, traffic=TrafficSince(90, 0), blind=True), before)
    assert blind == replace(before, unseen=at(30))
    assert observe(quiet(35, blind=True), blind).unseen == at(30)
    assert observe(quiet(40), blind).unseen is None


def test_without_a_reading_of_the_alarm_an_acknowledgement_still_counts() -> None:
    watch = observe(seen(12, blind=True, acks=(Acknowledgement("aiko", "x"),)), START)
    assert watch.held == at(72)


def test_where_the_alarm_cannot_be_read_it_reports_and_does_not_act() -> None:
    overdue = lease("lower_threshold", "threshold", 20)
    looked = seen(61, blind=True, leases=(overdue, working(WARM)))
    assert set(tasks(replace(looked, blind=False), START)) > {
        DutyKind.ESCALATE,
        DutyKind.REVERT,
        DutyKind.FINISH,
    }
    assert set(tasks(looked, START)) == {DutyKind.ESCALATE, DutyKind.REMIND}
    assert tasks(quiet(30, blind=True), calm(12)) == []


def test_that_an_alarm_cannot_be_read_is_reported_once_for_each_time() -> None:
    watch, reported = START, []
    for minute in range(60):
        watch, did = turn(seen(minute, blind=5 <= minute < 25 or minute >= 40), watch)
        reported += [minute] * did.count(DutyKind.STUCK)
    assert reported == [15, 50]


# --- mitigated and recovered ---------------------------------------------------------------------


def test_calm_with_a_remedy_in_force_is_mitigated_and_not_over() -> None:
    looked = quiet(22, leases=(ROLLOUT,), lowered=True)
    assert DutyKind.MITIGATED in tasks(looked, calm(12))
    assert DutyKind.CLOSE not in tasks(looked, calm(12))
    assert tasks(quiet(21, leases=(ROLLOUT,), lowered=True), calm(12)) == []


def test_mitigated_is_reported_once_for_each_calm() -> None:
    looked = quiet(22, leases=(WARM,))
    watch = after(looked, calm(12), DutyKind.MITIGATED)
    assert DutyKind.MITIGATED not in tasks(quiet(200, leases=(WARM,)), watch)
    later = observe(seen(200, AlarmState.OK, mark="a later ok", leases=(WARM,)), watch)
    assert when(DutyKind.MITIGATED, seen(200, AlarmState.OK, mark="a later ok", leases=(WARM,)), later) == [
        210
    ]


def test_recovered_needs_the_soak_and_traffic() -> None:
    some = TrafficSince(1, 0)
    assert observe(quiet(21.9, traffic=some), calm(12)).recovered is None
    assert observe(quiet(22, traffic=TrafficSince(0, 0)), calm(12)).recovered is None
    assert observe(quiet(22, traffic=None), calm(12)).recovered is None
    assert observe(quiet(22, traffic=some), calm(12)).recovered == at(12)


@pytest.mark.parametrize(("faults", "proved"), [(0, True), (4, True), (5, False), (100, False)])
def test_requests_that_fail_prove_nothing(faults: int, proved: bool) -> None:
    watch = observe(quiet(22, traffic=TrafficSince(100, faults)), calm(12))
    assert (watch.recovered is not None) is proved


@pytest.mark.parametrize(("newest", "proved"), [(4, True), (5, False)])
def test_while_the_newest_requests_fail_no_recovery_is_proved(newest: int, proved: bool) -> None:
    watch = observe(quiet(22, traffic=TrafficSince(100, 0, newest)), calm(12))
    assert (watch.recovered is not None) is proved


def test_nothing_is_proved_while_anybodys_remedy_lowers_security() -> None:
    assert observe(quiet(22, traffic=TrafficSince(90, 0), lowered=True), calm(12)).recovered is None


def test_traffic_during_a_revert_proves_a_step_and_no_recovery() -> None:
    on_the_way = quiet(22, traffic=TrafficSince(90, 0), rollout=OFF)
    assert observe(on_the_way, calm(12)).quiet == 0


def test_recovered_is_reported_once_and_only_while_something_is_in_force() -> None:
    watch = calm(12, recovered=at(12))
    assert DutyKind.RECOVERED in tasks(quiet(22, leases=(BILLING,)), watch)
    assert DutyKind.RECOVERED not in tasks(quiet(22), watch)
    reported = after(quiet(22, leases=(BILLING,)), watch, DutyKind.RECOVERED)
    assert DutyKind.RECOVERED not in tasks(quiet(23, leases=(BILLING,)), reported)


def test_what_is_reported_of_a_calm_names_that_calm_and_why() -> None:
    looked = quiet(22, leases=(WARM,))
    (mitigated,) = [each for each in due(looked, calm(12)) if each.task is DutyKind.MITIGATED]
    assert (mitigated.id, mitigated.why) == ("mitigated ok", text("duty.mitigated"))
    proved = calm(12, recovered=at(12))
    (recovered,) = [each for each in due(looked, proved) if each.task is DutyKind.RECOVERED]
    assert (recovered.id, recovered.why) == ("recovered ok", text("duty.recovered"))


def test_what_is_recovered_is_not_reported_as_mitigated() -> None:
    assert DutyKind.MITIGATED not in tasks(quiet(22, leases=(BILLING,)), calm(12, recovered=at(12)))


# --- over ----------------------------------------------------------------------------------------


def test_an_incident_is_over_after_ten_minutes_of_calm_with_nothing_in_force() -> None:
    assert tasks(quiet(21.9), calm(12)) == []
    assert tasks(quiet(22), calm(12)) == [DutyKind.CLOSE]


def test_that_it_was_closed_is_remembered() -> None:
    looked = quiet(22)
    (close,) = due(looked, calm(12))
    assert done(close, looked, calm(12)).closed


def test_a_duty_of_a_newer_version_changes_no_memory() -> None:
    later = Duty(cast(DutyKind, "of-a-later-version"), text("duty.check_leases"))
    assert done(later, quiet(22), calm(12)) == calm(12)


def test_what_stays_for_good_keeps_no_incident_open() -> None:
    assert DutyKind.CLOSE in tasks(quiet(22, leases=(MEMORY,)), calm(12))


def test_what_aws_still_works_on_keeps_it_open() -> None:
    assert DutyKind.CLOSE not in tasks(quiet(22, leases=(working(MEMORY),)), calm(12))


def test_what_an_interrupted_run_may_have_set_keeps_it_open_even_if_it_stays_for_good() -> None:
    begun = replace(MEMORY, state=LeaseState.APPLYING)
    assert DutyKind.CLOSE not in tasks(quiet(22, leases=(begun,)), calm(12))
    assert Ledger((begun,)).holding(INCIDENT) == (begun,)
    assert Ledger((MEMORY,)).holding(INCIDENT) == ()


@pytest.mark.parametrize("state", AlarmState)
def test_an_incident_whose_alarm_belongs_to_another_is_only_closed(state: AlarmState) -> None:
    looked = seen(500, state, ours=False, leases=(ROLLOUT, WARM), lowered=True)
    assert tasks(looked, FollowUpMemory(TERMS)) == [DutyKind.CLOSE]
