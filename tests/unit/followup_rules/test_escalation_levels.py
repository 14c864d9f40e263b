"""What is unsolved goes one level up, on the manual's clock."""

from dataclasses import replace

import pytest

from responder.core.alarm_event import AlarmState
from responder.core.codec import dump, load
from responder.core.modes import Severity
from responder.core.settings import IncidentTimers, Settings
from responder.core.text import text
from responder.followup_rules import Acknowledgement, DutyKind, FollowUpMemory, due, observe
from tests.unit.followup_rules.world import (
    MEDIUM,
    OPENED,
    TERMS,
    after,
    at,
    calm,
    ids,
    quiet,
    seen,
    tasks,
    when,
)


def level(minutes: float, watch: FollowUpMemory) -> list[str]:
    return [each.key for each in due(seen(minutes), watch) if each.task is DutyKind.ESCALATE]


def reported(*levels: int, **more: object) -> FollowUpMemory:
    return FollowUpMemory(**{"terms": TERMS, "notified": {each: at(0) for each in levels}, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("minutes", "before", "due_now"),
    [
        (0, (), []),
        (29.9, (), []),
        (30, (), ["2"]),
        (59.9, (2,), []),
        (60, (2,), ["3"]),
        (119.9, (2, 3), []),
        (120, (2, 3), ["4"]),
    ],
)
def test_a_high_incident_goes_up_at_30_60_and_120_minutes(
    minutes: float, before: tuple[int, ...], due_now: list[str]
) -> None:
    assert level(minutes, reported(*before)) == due_now


@pytest.mark.parametrize(
    ("minutes", "before", "due_now"),
    [(30, (), []), (60, (), ["2"]), (60, (2,), []), (90, (2,), ["3"]), (150, (2, 3), ["4"])],
)
def test_a_medium_incident_goes_up_half_an_hour_later(
    minutes: float, before: tuple[int, ...], due_now: list[str]
) -> None:
    assert level(minutes, reported(*before, terms=MEDIUM)) == due_now


def test_the_last_level_is_notified_every_hour_while_it_lasts() -> None:
    watch = FollowUpMemory(TERMS, notified={2: at(30), 3: at(60), 4: at(120)})
    assert level(179.9, watch) == []
    assert level(180, watch) == ["4"]
    watch = after(seen(180), watch, DutyKind.ESCALATE)
    assert level(239.9, watch) == []
    assert level(240, watch) == ["4"]
    assert [
        each.task for each in due(seen(240, AlarmState.OK), watch) if each.task is DutyKind.ESCALATE
    ] == []


def test_a_message_to_a_level_says_which_and_whether_it_is_repeated() -> None:
    (first,) = due(seen(30), FollowUpMemory(TERMS, round=4, again=at(29)))
    assert (first.id, first.why, first.data) == ("escalate 2", text("duty.escalate", level=2), {})
    everybody = FollowUpMemory(TERMS, notified={2: at(30), 3: at(60), 4: at(120)}, round=4, again=at(179))
    (again,) = due(seen(180), everybody)
    assert (again.id, again.why, again.data) == (
        "escalate 4",
        text("duty.escalate", level=4),
        {"again": True},
    )


def test_levels_come_one_by_one_even_when_several_are_late() -> None:
    assert level(500, reported()) == ["2"]


def test_a_level_that_was_notified_is_not_reported_again() -> None:
    watch = after(seen(30), FollowUpMemory(TERMS), DutyKind.ESCALATE)
    assert watch.notified == {2: at(30)}
    assert level(30, watch) == level(59, watch) == []


def test_an_acknowledgement_holds_the_ladder_for_an_hour_from_when_it_is_seen() -> None:
    watch = observe(seen(10, acks=(Acknowledgement("aiko", at(9.5).isoformat()),)), FollowUpMemory(TERMS))
    assert (watch.held, watch.held_by) == (at(70), "aiko")
    assert level(69.9, watch) == []
    assert level(70, watch) == ["2"]


def test_levels_after_a_held_one_keep_their_distance() -> None:
    watch = observe(seen(10, acks=(Acknowledgement("aiko", "x"),)), FollowUpMemory(TERMS))
    watch = after(seen(70), watch, DutyKind.ESCALATE)
    assert watch.late == 40
    assert when(DutyKind.ESCALATE, seen(70), watch) == [100]
    watch = after(seen(100), watch, DutyKind.ESCALATE)
    assert when(DutyKind.ESCALATE, seen(100), watch) == [160]


def test_the_pace_of_the_looks_makes_no_level_late() -> None:
    watch = after(seen(31), FollowUpMemory(TERMS), DutyKind.ESCALATE)
    assert watch.late == 0
    assert when(DutyKind.ESCALATE, seen(31), watch) == [60]


def test_an_acknowledgement_after_a_level_that_came_late_anyway_makes_no_other_late() -> None:
    """A follow-up that was down notifies late; only what a person held counts."""
    watch = after(seen(55, acks=(Acknowledgement("aiko", "x"),)), FollowUpMemory(TERMS, notified={2: at(50)}))
    assert watch.late == 0
    down = after(seen(59), FollowUpMemory(TERMS, held=at(20), held_by="aiko"), DutyKind.ESCALATE)
    assert (down.notified, down.late) == ({2: at(59)}, 0)


def test_another_acknowledgement_holds_it_anew_and_the_same_one_does_not() -> None:
    first = (Acknowledgement("aiko", "one"),)
    watch = observe(seen(10, acks=first), FollowUpMemory(TERMS))
    assert observe(seen(40, acks=first), watch).held == at(70)
    assert observe(seen(40, acks=(Acknowledgement("aiko", "two"),)), watch).held == at(100)
    both = observe(seen(50, acks=(*first, Acknowledgement("ken", "one"))), watch)
    assert (both.held, both.held_by) == (at(110), "ken")


def test_an_acknowledgement_between_two_levels_holds_the_next_one() -> None:
    watch = observe(seen(55, acks=(Acknowledgement("aiko", "x"),)), reported(2))
    assert when(DutyKind.ESCALATE, seen(55), watch) == [115]


def test_nothing_escalates_while_the_alarm_is_ok() -> None:
    assert tasks(quiet(40), calm(35)) == []
    # At night no data comes after OK.
    assert DutyKind.ESCALATE not in tasks(seen(40, AlarmState.INSUFFICIENT_DATA, mark="ok"), calm(35))


def test_an_alarm_that_never_was_calm_escalates_without_data_too() -> None:
    assert DutyKind.ESCALATE in tasks(seen(30, AlarmState.INSUFFICIENT_DATA), FollowUpMemory(TERMS))


def test_an_alarm_that_fires_again_continues_at_the_level_reached() -> None:
    watch = observe(seen(80), calm(40, notified={2: at(30)}))
    assert level(80, watch) == ["3"]


def test_the_incident_that_leads_reports_for_this_one() -> None:
    assert tasks(seen(31, lead=True), FollowUpMemory(TERMS)) == []
    # Once the lead is closed, what is still unresolved is reported immediately.
    assert "escalate 2" in ids(due(seen(31), FollowUpMemory(TERMS)))


def test_the_terms_are_those_of_the_incidents_beginning() -> None:
    stored = dump(FollowUpMemory(TERMS))
    assert load(FollowUpMemory, stored).terms == TERMS
    assert when(DutyKind.ESCALATE, seen(0, opened=OPENED), load(FollowUpMemory, stored)) == [30]


def test_the_last_level_is_notified_every_hour_until_a_person_acknowledges() -> None:
    last = FollowUpMemory(TERMS, notified={2: at(30), 3: at(60), 4: at(120)})
    assert when(DutyKind.ESCALATE, seen(121), last) == [180]
    assert when(DutyKind.ESCALATE, seen(181), after(seen(180), last, DutyKind.ESCALATE)) == [240]
    held = observe(seen(150, acks=(Acknowledgement("aiko", "x"),)), last)
    assert when(DutyKind.ESCALATE, seen(151), held) == [210]
    assert when(DutyKind.ESCALATE, seen(121, lead=True), last) == []
    assert when(DutyKind.ESCALATE, quiet(125), calm(122, reported=last.notified)) == []


def test_raised_to_high_it_goes_up_like_any_high_incident() -> None:
    settings = Settings()
    medium, high = (IncidentTimers.of(settings, severity) for severity in (Severity.MEDIUM, Severity.HIGH))
    assert medium.raised() == medium.raised().raised() == high == high.raised()
    later = IncidentTimers.of(replace(settings, medium_later_minutes=1), Severity.MEDIUM)
    assert later.levels != medium.levels
    assert later.raised() == high
