"""Calm, mitigated, recovered, over: what each needs, and what undoes it."""

import pytest

from responder.alarm import State
from responder.watch import Task, Traffic, Watch, observe
from responder.watch.seen import Rollout
from tests.unit.watch.world import (
    BILLING,
    MEMORY,
    ROLLOUT,
    TERMS,
    WARM,
    after,
    at,
    calm,
    quiet,
    seen,
    tasks,
    when,
    working,
)

pytestmark = pytest.mark.unit
START = Watch(TERMS)
OFF = Rollout(ROLLOUT.id, 0, 50)


# --- calm ----------------------------------------------------------------------------------------


def test_the_calm_begins_with_the_look_that_sees_it() -> None:
    watch = observe(seen(12, State.OK, mark="ok"), START)
    assert (watch.calm, watch.calm_from, watch.mitigated) == ("ok", at(12), at(12))
    assert observe(quiet(15), watch) == watch


def test_no_data_after_ok_is_still_calm() -> None:
    night = seen(15, State.INSUFFICIENT_DATA, mark="ok")
    assert observe(night, calm(12)).calm_from == at(12)


def test_no_data_without_ok_is_no_calm() -> None:
    assert observe(seen(15, State.INSUFFICIENT_DATA), START).calm_from is None


def test_an_alarm_that_comes_back_ends_the_calm_and_the_recovery() -> None:
    watch = observe(seen(15), calm(12, recovered=at(12), quiet=40))
    assert (watch.calm, watch.calm_from, watch.recovered, watch.quiet) == ("", None, None, 0)
    # When users were safe for the first time stays on record.
    assert watch.mitigated == at(12)


def test_a_flap_between_two_looks_begins_the_calm_anew() -> None:
    watch = observe(seen(20, State.OK, mark="a later ok"), calm(12, quiet=9))
    assert (watch.calm_from, watch.quiet, watch.mitigated) == (at(20), 0, at(12))


# --- mitigated and recovered ---------------------------------------------------------------------


def test_calm_with_a_remedy_in_force_is_mitigated_and_not_over() -> None:
    looked = quiet(22, leases=(ROLLOUT,), lowered=True)
    assert Task.MITIGATED in tasks(looked, calm(12))
    assert Task.CLOSE not in tasks(looked, calm(12))
    assert tasks(quiet(21, leases=(ROLLOUT,), lowered=True), calm(12)) == []


def test_mitigated_is_told_once_for_each_calm() -> None:
    looked = quiet(22, leases=(WARM,))
    watch = after(looked, calm(12), Task.MITIGATED)
    assert Task.MITIGATED not in tasks(quiet(200, leases=(WARM,)), watch)
    later = observe(seen(200, State.OK, mark="a later ok", leases=(WARM,)), watch)
    assert when(Task.MITIGATED, seen(200, State.OK, mark="a later ok", leases=(WARM,)), later) == [210]


def test_recovered_needs_the_soak_and_traffic() -> None:
    some = Traffic(1, 0)
    assert observe(quiet(21.9, traffic=some), calm(12)).recovered is None
    assert observe(quiet(22, traffic=Traffic(0, 0)), calm(12)).recovered is None
    assert observe(quiet(22, traffic=None), calm(12)).recovered is None
    assert observe(quiet(22, traffic=some), calm(12)).recovered == at(12)


def test_nothing_is_proved_while_anybodys_remedy_lowers_security() -> None:
    assert observe(quiet(22, traffic=Traffic(90, 0), lowered=True), calm(12)).recovered is None


def test_traffic_on_the_way_back_proves_a_step_and_no_recovery() -> None:
    on_the_way = quiet(22, traffic=Traffic(90, 0), rollout=OFF)
    assert observe(on_the_way, calm(12)).quiet == 0


def test_recovered_is_told_once_and_only_while_something_is_in_force() -> None:
    watch = calm(12, recovered=at(12))
    assert Task.RECOVERED in tasks(quiet(22, leases=(BILLING,)), watch)
    assert Task.RECOVERED not in tasks(quiet(22), watch)
    told = after(quiet(22, leases=(BILLING,)), watch, Task.RECOVERED)
    assert Task.RECOVERED not in tasks(quiet(23, leases=(BILLING,)), told)


def test_what_is_recovered_is_not_told_as_mitigated() -> None:
    assert Task.MITIGATED not in tasks(quiet(22, leases=(BILLING,)), calm(12, recovered=at(12)))


# --- over ----------------------------------------------------------------------------------------


def test_an_incident_is_over_after_ten_minutes_of_calm_with_nothing_in_force() -> None:
    assert tasks(quiet(21.9), calm(12)) == []
    assert tasks(quiet(22), calm(12)) == [Task.CLOSE]


def test_what_stays_for_good_keeps_no_incident_open() -> None:
    assert Task.CLOSE in tasks(quiet(22, leases=(MEMORY,)), calm(12))


def test_what_aws_still_works_on_keeps_it_open() -> None:
    assert Task.CLOSE not in tasks(quiet(22, leases=(working(MEMORY),)), calm(12))


@pytest.mark.parametrize("state", State)
def test_an_incident_whose_alarm_tells_of_another_is_only_closed(state: State) -> None:
    looked = seen(500, state, ours=False, leases=(ROLLOUT, WARM), lowered=True)
    assert tasks(looked, Watch(TERMS)) == [Task.CLOSE]
