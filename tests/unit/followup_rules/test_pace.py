"""When to look again: quickly at first, slowly later, always in time for what is planned."""

from dataclasses import replace

import pytest

from responder.core.alarm_event import AlarmState
from responder.core.plain_data import Json
from responder.followup_rules import FollowUpMemory, OpenRequest, pause
from responder.followup_rules.seen import ApprovalAnswer
from tests.unit.followup_rules.world import TERMS, WARM, asking, at, calm, decided, quiet, seen

# Nothing is planned: every level was notified, every round was decided.
NOTHING = FollowUpMemory(TERMS, round=4, notified={2: at(30), 3: at(60), 4: at(120)})


@pytest.mark.parametrize(
    ("minutes", "seconds"),
    [(0, 30), (9.9, 30), (10, 60), (59.9, 60), (60, 300), (359.9, 300), (360, 900), (9_999, 900)],
)
def test_looks_become_slower_with_the_incidents_age(minutes: float, seconds: int) -> None:
    assert pause(seen(minutes), NOTHING) == seconds


def test_the_wait_ends_before_each_planned_minute() -> None:
    assert pause(seen(29.75), FollowUpMemory(TERMS, round=4, again=at(29))) == 15
    assert pause(quiet(400 + 60 - 1, opened=at(0), leases=(WARM,)), calm(400, recovered=at(400))) == 60


def test_an_answer_is_awaited_with_a_look_a_minute() -> None:
    waiting: Json = {"askings": (asking(ApprovalAnswer.OPEN, 395),)}
    assert pause(seen(400, **waiting), NOTHING) == 60
    assert pause(seen(5, **waiting), NOTHING) == 30


def test_a_question_that_has_waited_for_half_an_hour_is_looked_at_every_three_minutes() -> None:
    asked = replace(asking(ApprovalAnswer.OPEN, 395).asked, since=at(370))
    waiting = (OpenRequest(asked, ApprovalAnswer.OPEN),)
    assert pause(seen(399.9, AlarmState.INSUFFICIENT_DATA, askings=waiting), NOTHING) == 60
    assert pause(seen(400, AlarmState.INSUFFICIENT_DATA, askings=waiting), NOTHING) == 180


def test_an_overdue_duty_does_not_shorten_the_wait() -> None:
    assert pause(seen(45, decision=decided(0)), FollowUpMemory(TERMS)) == 60


@pytest.mark.parametrize("seconds", [0.001, 0.4, 1.0])
def test_every_wait_is_at_least_a_second(seconds: float) -> None:
    assert pause(seen(22 - seconds / 60, AlarmState.OK, mark="ok"), calm(12)) == 1
