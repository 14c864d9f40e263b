"""What was begun is finished; what people decided is applied, or reported."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from responder.core.alarm_event import AlarmState
from responder.core.change import LeaseState, Status
from responder.core.plain_data import Json
from responder.core.reasons import FailureKind
from responder.core.refusals import Refusal
from responder.followup_rules import DutyKind, FollowUpMemory, due, observe
from responder.followup_rules.seen import ApprovalAnswer, Observation, Vote
from tests.unit.followup_rules.world import (
    ROLLOUT,
    TERMS,
    WARM,
    after,
    asking,
    at,
    change,
    ids,
    seen,
    tasks,
    turn,
    working,
)

START = FollowUpMemory(TERMS)
APPROVED = (asking(ApprovalAnswer.APPROVED, 1, 4),)


def dues(task: DutyKind, looks: Iterable[Observation]) -> list[float]:
    """The minutes at which a task is done, look by look."""
    watch, found = START, []
    for looked in looks:
        watch, did = turn(looked, watch)
        found += [(looked.now - looked.opened).total_seconds() / 60] * did.count(task)
    return found


def looks(until: float, every: float = 0.5, **more: Any) -> list[Observation]:
    return [seen(number * every, **more) for number in range(int(until / every))]


# --- continue ------------------------------------------------------------------------------------


def test_aws_is_asked_soon_then_every_minute_then_every_five() -> None:
    found = dues(DutyKind.FINISH, looks(30, leases=(working(ROLLOUT),)))
    assert found[:10] == [1.5, *(2.5 + each for each in range(9))]
    assert found[10:] == [15.5, 20.5, 25.5]


def test_each_lease_is_finished_separately() -> None:
    looked = seen(5, leases=(working(ROLLOUT), working(WARM)))
    assert [each for each in ids(due(looked, START)) if each.startswith("finish")] == [
        f"finish {ROLLOUT.id}",
        f"finish {WARM.id}",
    ]


def test_what_is_finished_is_left_alone() -> None:
    assert DutyKind.FINISH not in tasks(seen(5, leases=(ROLLOUT, WARM)), START)


@pytest.mark.parametrize(
    ("note", "state", "looked_at"),
    [
        (FailureKind.OUTCOME_UNKNOWN, LeaseState.IN_FORCE, True),
        (FailureKind.OUTCOME_UNKNOWN, LeaseState.REVERTING, False),
        (FailureKind.VARIABLES_LOST, LeaseState.IN_FORCE, False),
    ],
    ids=["no answer came", "it is ordered anew instead", "only a person puts it right"],
)
def test_the_result_of_a_change_is_looked_at_where_a_look_can_settle_it(
    note: FailureKind, state: LeaseState, looked_at: bool
) -> None:
    doubtful = replace(change(Status.FAILED), note=note())
    one = replace(ROLLOUT, state=state, changes=(doubtful,))
    assert (DutyKind.FINISH in tasks(seen(5, leases=(one,)), START)) is looked_at


def test_a_run_that_died_half_way_is_asked_what_it_had_done_once_lambda_has_given_up() -> None:
    died = replace(ROLLOUT, state=LeaseState.APPLYING, changes=(change(Status.PLANNED),))
    assert dues(DutyKind.FINISH, looks(10, leases=(died,)))[0] == 6


def test_what_aws_never_finishes_is_reported_once() -> None:
    found = dues(DutyKind.STUCK, looks(120, leases=(working(ROLLOUT),)))
    assert len(found) == 1
    assert 20 < found[0] < 45


def test_while_the_automation_is_paused_nothing_is_finished_and_that_is_reported_once() -> None:
    paused: Json = {"held": {"rollout_to_zero": Refusal.MUTED(name="night")}}
    assert dues(DutyKind.FINISH, looks(30, leases=(working(ROLLOUT),), **paused)) == []
    assert dues(DutyKind.POSTPONED, looks(30, leases=(working(ROLLOUT),), **paused)) == [1.5]


# --- approved ------------------------------------------------------------------------------------


def test_an_approval_is_carried_out_a_minute_later_where_its_writer_did_not() -> None:
    assert DutyKind.REPEAT not in tasks(seen(4.9, askings=APPROVED), START)
    assert "repeat 0123456789abcdef" in ids(due(seen(5, askings=APPROVED), START))[0]


def test_an_order_that_fails_is_repeated_and_then_reported_while_the_approval_is_still_good() -> None:
    assert dues(DutyKind.REPEAT, looks(19, askings=APPROVED)) == [5, 10, 15]
    assert len(stuck := dues(DutyKind.STUCK, looks(60, askings=APPROVED))) == 1
    # After 15 minutes an approval counts no more, so nothing would be left to report.
    assert stuck[0] < 4 + 15


@pytest.mark.parametrize("state", [AlarmState.OK, AlarmState.INSUFFICIENT_DATA])
def test_what_was_approved_against_a_fault_is_not_done_to_a_service_that_works_again(
    state: AlarmState,
) -> None:
    assert DutyKind.REPEAT not in tasks(seen(9, state, askings=APPROVED), START)
    # The revert is approved exactly then.
    back = (asking(ApprovalAnswer.APPROVED, 1, 4, order="revert"),)
    assert DutyKind.REPEAT in tasks(seen(9, state, askings=back, leases=(ROLLOUT,)), START)
    assert DutyKind.REPEAT not in tasks(seen(9, state, askings=back), START)


@pytest.mark.parametrize("answer", [ApprovalAnswer.OPEN, ApprovalAnswer.REJECTED, ApprovalAnswer.EXPIRED])
def test_nothing_else_is_carried_out(answer: ApprovalAnswer) -> None:
    assert DutyKind.REPEAT not in tasks(seen(9, askings=(asking(answer, 1, 4),)), START)


def test_each_approval_is_judged_separately() -> None:
    answers = (
        asking(ApprovalAnswer.OPEN, 1, id="1"),
        asking(ApprovalAnswer.APPROVED, 1, 4, id="2"),
        asking(ApprovalAnswer.APPROVED, 1, 4, id="3", order="revert", remedy=WARM.remedy),
        asking(ApprovalAnswer.APPROVED, 1, 4, id="4", order="revert"),
    )
    found = due(seen(9, AlarmState.OK, askings=answers, leases=(ROLLOUT,)), START)
    assert [each.data["proposal"] for each in found if each.task is DutyKind.REPEAT] == ["4"]


def test_an_approval_of_the_same_proposal_given_again_is_another_one() -> None:
    watch = after(seen(5, askings=APPROVED), START, DutyKind.REPEAT)
    later = (asking(ApprovalAnswer.APPROVED, 1, 25),)
    assert DutyKind.REPEAT in tasks(seen(26, askings=later), watch)


def test_a_revert_that_is_held_is_neither_sent_nor_counted_and_that_is_reported_once() -> None:
    back = (asking(ApprovalAnswer.APPROVED, 1, 4, order="revert"),)
    held: Json = {"held": {ROLLOUT.remedy: Refusal.MUTED(name="night")}}
    during = looks(20, leases=(ROLLOUT,), askings=back, **held)
    assert (dues(DutyKind.REPEAT, during), dues(DutyKind.STUCK, during)) == ([], [])
    assert dues(DutyKind.POSTPONED, during) == [5]
    afterwards = [seen(20, AlarmState.OK, leases=(ROLLOUT,), askings=back)]
    assert dues(DutyKind.REPEAT, [*during, *afterwards]) == [20]


def test_an_approval_that_a_stop_or_the_mode_refuses_waits_and_is_not_called_stuck() -> None:
    yes = (asking(ApprovalAnswer.APPROVED, 1, 4),)
    held: Json = {"held": {ROLLOUT.remedy: Refusal.MODE_OBSERVE()}}
    during = looks(15, askings=yes, **held)
    assert (dues(DutyKind.REPEAT, during), dues(DutyKind.STUCK, during)) == ([], [])
    assert dues(DutyKind.REPEAT, [*during, seen(15, askings=yes)]) == [15]


# --- rejected ------------------------------------------------------------------------------------


def test_a_rejection_is_reported_once() -> None:
    no = (asking(ApprovalAnswer.REJECTED, 1, 4),)
    assert dues(DutyKind.REJECTED, looks(60, askings=no)) == [0]


def test_each_rejected_proposal_is_reported() -> None:
    both = (
        asking(ApprovalAnswer.REJECTED, 1, 4),
        asking(ApprovalAnswer.REJECTED, 2, 5, id="fedcba9876543210"),
    )
    assert tasks(seen(6, askings=both), START).count(DutyKind.REJECTED) == 2


def test_a_rejection_that_was_withdrawn_is_forgotten_and_one_after_it_is_reported_again() -> None:
    no, unheard = (asking(ApprovalAnswer.REJECTED, 1, 4),), (asking(ApprovalAnswer.OPEN, 1),)
    open_again = (replace(unheard[0], said=(Vote("sato", "withdraw", at(5.5)),)),)
    reported = after(seen(5, askings=no), START, DutyKind.REJECTED)
    assert any(key.startswith(DutyKind.REJECTED) for key in reported.reported)
    assert observe(seen(6, askings=no), reported).reported == reported.reported
    # That no one is known who may answer is no withdrawal.
    assert observe(seen(6, askings=unheard), reported).reported == reported.reported
    withdrawn = observe(seen(6, askings=open_again), reported)
    assert not any(key.startswith(DutyKind.REJECTED) for key in withdrawn.reported)
    assert DutyKind.REJECTED in tasks(seen(8, askings=no), withdrawn)
