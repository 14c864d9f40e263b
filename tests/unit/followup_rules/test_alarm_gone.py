"""The alarm does not exist: reported immediately, neither resolved nor in ALARM; the incident can be closed
by a person."""

from dataclasses import replace
from typing import Any

import pytest

from responder.core.alarm_event import AlarmState
from responder.core.codec import dump, load
from responder.core.plain_data import Json
from responder.followup_rules import ClosingRequest, DutyKind, FollowUpMemory, Observation, due, observe
from responder.followup_rules.seen import TrafficSince
from tests.rows import each_of
from tests.unit.followup_rules.world import (
    BILLING,
    MEMORY,
    ROLLOUT,
    TERMS,
    at,
    calm,
    seen,
    tasks,
    turn,
    when,
    working,
)

START = FollowUpMemory(TERMS)


def missing(minutes: float, **more: Any) -> Observation:
    return seen(minutes, AlarmState.INSUFFICIENT_DATA, gone=True, **more)


def asked(minutes: float) -> ClosingRequest:
    return ClosingRequest("aiko", "the alarm was renamed", at(minutes))


def test_it_is_reported_immediately_and_once() -> None:
    watch, did = turn(missing(12), START)
    assert (did, watch.gone) == ([DutyKind.GONE], at(12))
    assert turn(missing(13), watch)[1] == []


def test_gone_once_more_it_is_reported_once_more() -> None:
    watch, _ = turn(missing(12), START)
    watch, did = turn(seen(13, leases=()), watch, DutyKind.GONE)
    assert did == []
    assert turn(missing(15), watch, DutyKind.GONE)[1] == [DutyKind.GONE]


def test_an_alarm_that_cannot_be_read_is_not_gone() -> None:
    watch, did = turn(seen(12, blind=True), START)
    assert (watch.gone, DutyKind.GONE in did) == (None, False)


def test_an_alarm_that_cannot_be_read_meanwhile_stays_gone() -> None:
    watch = observe(missing(12), START)
    assert observe(seen(13, blind=True), watch).gone == at(12)
    assert observe(missing(14), observe(seen(13, blind=True), watch)).gone == at(12)


def test_a_calm_of_an_alarm_that_is_gone_proves_nothing_and_closes_nothing() -> None:
    watch = calm(12, quiet=40, recovered=at(12))
    before = seen(21, AlarmState.OK, mark="ok")
    assert when(DutyKind.CLOSE, before, observe(before, watch)) == [22]
    looked = missing(25, mark="ok", traffic=TrafficSince(60, 0))
    watch = observe(looked, watch)
    assert (watch.calm_from, watch.recovered, watch.quiet) == (None, None, 0)
    assert tasks(looked, watch) == [DutyKind.GONE]
    assert when(DutyKind.CLOSE, looked, watch) == []


def test_the_levels_continue_also_after_a_calm() -> None:
    watch = observe(missing(25, mark="ok"), calm(12))
    assert when(DutyKind.ESCALATE, missing(25), watch) == [30]


def test_it_is_reported_every_hour_after_the_last_level() -> None:
    watch = replace(observe(missing(25), START), notified={2: at(30), 3: at(60), 4: at(120)})
    assert when(DutyKind.ESCALATE, missing(125), watch) == [180]


def test_it_is_not_decided_again_nor_judged() -> None:
    looked = missing(60, leases=(ROLLOUT,))
    planned = [when(task, looked, observe(looked, START)) for task in (DutyKind.RE_EVALUATE, DutyKind.JUDGE)]
    assert planned == [[], []]


def test_once_it_is_back_the_incident_continues_and_all_who_know_are_to_hear_it() -> None:
    watch, _ = turn(missing(12), START)
    looked = seen(40)
    watch = observe(looked, watch)
    assert (watch.gone, watch.back) == (at(12), at(40))
    assert DutyKind.RE_EVALUATE in tasks(looked, watch)
    watch = after_escalation(looked, watch)
    assert (watch.gone, watch.back) == (None, None)


def after_escalation(looked: Observation, watch: FollowUpMemory) -> FollowUpMemory:
    return turn(looked, watch, DutyKind.ESCALATE)[0]


def test_a_person_closes_it() -> None:
    looked = missing(40, closing=asked(39))
    watch = after_escalation(looked, observe(looked, START))
    watch, did = turn(looked, watch)
    assert did == [DutyKind.GONE, DutyKind.CLOSE]
    assert (watch.closed, watch.closed_by, watch.closed_why) == (True, "aiko", "the alarm was renamed")


@pytest.mark.parametrize("state", [AlarmState.OK, AlarmState.INSUFFICIENT_DATA])
def test_a_person_also_closes_it_where_the_alarm_exists_and_is_not_raised(state: AlarmState) -> None:
    assert DutyKind.CLOSE in tasks(seen(40, state, closing=asked(39)), START)


def test_where_ok_has_lasted_too_there_is_one_end() -> None:
    looked = seen(40, AlarmState.OK, mark="ok", closing=asked(39))
    assert tasks(looked, observe(looked, calm(12))).count(DutyKind.CLOSE) == 1


NOT_CLOSED = {
    "the alarm is raised": seen(40, closing=asked(39)),
    "the alarm cannot be read": seen(40, AlarmState.OK, blind=True, closing=asked(39)),
    "security is lowered": missing(40, leases=(ROLLOUT,), closing=asked(39)),
    "something has to be taken back": missing(40, leases=(BILLING,), closing=asked(39)),
    "AWS works on something": missing(40, leases=(working(MEMORY),), closing=asked(39)),
}


@each_of("looked", NOT_CLOSED)
def test_it_is_not_closed_by_hand_while(looked: Observation) -> None:
    assert DutyKind.CLOSE not in tasks(looked, observe(looked, START))


def test_what_stays_in_any_case_does_not_keep_it_open() -> None:
    looked = missing(40, leases=(MEMORY,), closing=asked(39))
    assert DutyKind.CLOSE in tasks(looked, observe(looked, START))


def test_a_close_request_from_before_the_alarm_was_back_does_not_count() -> None:
    watch = observe(seen(41, AlarmState.OK, mark="ok"), observe(missing(38), START))
    assert DutyKind.CLOSE not in tasks(seen(41, AlarmState.OK, mark="ok", closing=asked(39)), watch)
    assert DutyKind.CLOSE in tasks(seen(43, AlarmState.OK, mark="ok", closing=asked(42)), watch)


def test_what_is_remembered_of_it_is_stored() -> None:
    watch = observe(seen(14), observe(missing(12), START))
    for each in (watch, replace(watch, closed=True, closed_by="aiko", closed_why="renamed")):
        assert load(FollowUpMemory, dump(each)) == each


def test_a_request_from_before_the_alarm_was_back_never_counts_again() -> None:
    """Also once everyone has heard that it is back."""
    watch = observe(missing(38), START)
    looked = seen(41, closing=asked(39))
    watch = after_escalation(looked, observe(looked, watch))
    assert watch.back is None
    calm_again = seen(50, AlarmState.OK, mark="ok", closing=asked(39))
    assert DutyKind.CLOSE not in tasks(calm_again, observe(calm_again, watch))


def test_a_request_does_not_outlive_an_alarm_that_was_raised_after_it() -> None:
    raised = seen(40, closing=asked(39))
    calm_again = seen(50, AlarmState.OK, mark="ok", closing=asked(39))
    assert DutyKind.CLOSE not in tasks(calm_again, observe(calm_again, observe(raised, START)))


@pytest.mark.parametrize("more", [{"gone": True}, {"blind": True}, {"leases": (ROLLOUT,)}, {}])
def test_one_that_is_closed_on_record_is_only_reported_of_its_end(more: Json) -> None:
    looked = seen(130, AlarmState.INSUFFICIENT_DATA, closed=True, **{"leases": (), **more})
    watch = observe(looked, replace(START, closed_by="aiko", closed_why="it was renamed"))
    (duty,) = due(looked, watch)
    assert (duty.task, duty.data) == (DutyKind.CLOSE, {"by": "aiko", "why": "it was renamed"})


def test_a_close_request_without_effect_is_not_recorded_as_the_close() -> None:
    watch = observe(seen(41), replace(START, closed_by="aiko", closed_why="it was renamed"))
    assert (watch.closed_by, watch.closed_why) == ("", "")


def test_a_lease_of_another_incident_delays_the_close_by_one_lease_check() -> None:
    """The message says what is in force."""
    others = (replace(ROLLOUT, incident="another"),)
    looked = seen(130, AlarmState.INSUFFICIENT_DATA, closed=True, leases=(), others=others)
    watch, did = turn(looked, START)
    assert did == [DutyKind.CHECK_LEASES]
    assert turn(replace(looked, now=at(131)), watch)[1] == [DutyKind.CLOSE]
