from dataclasses import replace
from typing import Any

import pytest

from responder.core.change import LeaseState, Status
from responder.core.errors import Denied, Refused, Unreachable
from responder.core.reasons import FailureKind, Obstacle
from responder.remedies.engine.write import failed
from responder.remedies.rollout_to_zero import RolloutToZero
from tests.fakes import FakeAws
from tests.unit.remedies.world import (
    EMERGENCY,
    ENROLLMENT,
    FACE_LOGIN,
    FOUR,
    OTHERS,
    ROLLOUT,
    applied,
    confirmed,
    context,
    lease,
    notes,
    percentages,
    reverted,
    rolled_out,
    statuses,
)

REMEDY = RolloutToZero()


@pytest.fixture
def aws() -> FakeAws:
    return rolled_out()


def test_reverting_restores_the_old_value_and_nothing_else(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    aws.lambdas.person_sets(ENROLLMENT, AD_TIMEOUT="30")
    back = reverted(aws, REMEDY, held)
    assert percentages(aws) == ["50"] * 4
    assert aws.lambdas.variables(ENROLLMENT) == {**OTHERS, ROLLOUT: "50", "AD_TIMEOUT": "30"}
    assert statuses(back.changes) == [Status.REVERTED] * 4


def test_reverting_never_overwrites_a_persons_later_value(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    aws.lambdas.person_sets(FACE_LOGIN, **{ROLLOUT: "5"})
    back = reverted(aws, REMEDY, held)
    assert percentages(aws) == ["50", "5", "50", "50"]
    assert statuses(back.changes)[1] is Status.KEPT
    assert notes(back.changes) == ["change.kept"]


def test_it_goes_back_although_the_parameter_names_another_variable_since(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    changes = REMEDY.revert(context(aws, rollout_variable="ANOTHER_NAME"), held, {})
    assert Status.KEPT not in statuses(changes)
    assert percentages(aws) == ["50"] * 4


def test_a_restore_in_steps_stays_in_force_until_the_old_value_is_there_again(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    step = reverted(aws, REMEDY, held, {"percent": 10})
    assert percentages(aws) == ["10"] * 4
    assert statuses(step.changes) == [Status.APPLIED] * 4
    whole = reverted(aws, REMEDY, step)
    assert percentages(aws) == ["50"] * 4
    assert statuses(whole.changes) == [Status.REVERTED] * 4


def test_a_restore_never_goes_above_the_old_value(aws: FakeAws) -> None:
    aws.lambdas.person_sets(EMERGENCY, **{ROLLOUT: "0"})
    held = applied(aws, REMEDY)
    back = reverted(aws, REMEDY, held, {"percent": 80})
    assert percentages(aws) == ["50", "50", "0", "50"]
    assert statuses(back.changes) == [Status.REVERTED] * 4


@pytest.mark.parametrize("percent", ["ten", -1, 101, 10.5, True, "", "１０ ", "10%"])
def test_an_unreadable_percentage_changes_nothing(aws: FakeAws, percent: Any) -> None:
    held = applied(aws, REMEDY)
    before = len(aws.calls)
    with pytest.raises(Refused):
        REMEDY.revert(context(aws), held, {"percent": percent})
    assert len(aws.calls) == before


def test_a_restore_reaches_the_alias_too(aws: FakeAws) -> None:
    for name in FOUR:
        aws.lambdas.release(name, "live")
    reverted(aws, REMEDY, applied(aws, REMEDY))
    assert percentages(aws, "live") == ["50"] * 4


def test_the_same_revert_twice_writes_once(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    reverted(aws, REMEDY, held)
    writes = len(aws.writes)
    again = reverted(aws, REMEDY, held)
    assert len(aws.writes) == writes
    assert statuses(again.changes) == [Status.REVERTED] * 4


def test_a_function_that_was_never_reached_needs_no_reverting(aws: FakeAws) -> None:
    aws.fail("lambda", "update_function_configuration", Denied, where={"FunctionName": FACE_LOGIN})
    back = reverted(aws, REMEDY, applied(aws, REMEDY))
    assert percentages(aws) == ["50"] * 4
    assert statuses(back.changes) == [Status.REVERTED] * 4


def test_a_write_whose_answer_was_lost_is_reverted_all_the_same(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    lost = tuple(
        failed(change, FailureKind.OUTCOME_UNKNOWN(target=change.target, action="-"))
        for change in held.changes
    )
    reverted(aws, REMEDY, replace(held, changes=lost))
    assert percentages(aws) == ["50"] * 4


def test_what_cannot_be_read_is_left_alone_and_said(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    aws.fail("lambda", "get_function_configuration", Unreachable, where={"FunctionName": ENROLLMENT})
    back = reverted(aws, REMEDY, held)
    assert percentages(aws) == ["0", "50", "50", "50"]
    assert statuses(back.changes)[0] is Status.FAILED


def test_no_step_is_less_than_an_alias_serves_that_never_got_the_value(aws: FakeAws) -> None:
    for name in FOUR:
        aws.lambdas.release(name, "live")
    plan = REMEDY.prepare(context(aws))
    held = lease(REMEDY, plan, REMEDY.apply(context(aws), plan))
    aws.settle()
    with pytest.raises(Refused) as refused:
        REMEDY.revert(context(aws), held, {"percent": 10})
    assert refused.value.reason.kind is Obstacle.ALIAS_SERVES_MORE
    assert (percentages(aws), percentages(aws, "live")) == (["0"] * 4, ["50"] * 4)
    reverted(aws, REMEDY, held)
    assert (percentages(aws), percentages(aws, "live")) == (["50"] * 4, ["50"] * 4)


def test_a_step_back_down_is_made_where_the_alias_serves_our_own_step(aws: FakeAws) -> None:
    for name in FOUR:
        aws.lambdas.release(name, "live")
    step = reverted(aws, REMEDY, applied(aws, REMEDY), {"percent": 10})
    reverted(aws, REMEDY, step, {"percent": 0})
    assert percentages(aws, "live") == ["0"] * 4


def test_an_alias_that_a_person_moved_to_more_than_the_step_is_left_as_it_is() -> None:
    aws = rolled_out("70")
    more = {name: aws.lambdas.release(name, "live") for name in FOUR}
    for name in FOUR:
        aws.lambdas.person_sets(name, **{ROLLOUT: "50"})
        aws.lambdas.release(name, "live")
    held = applied(aws, REMEDY)
    changes = REMEDY.revert(context(aws), held, {"percent": 10})
    aws.settle()
    aws.lambdas.update_alias(FunctionName=ENROLLMENT, Name="live", FunctionVersion=more[ENROLLMENT])
    found = confirmed(aws, REMEDY, replace(held, changes=changes, state=LeaseState.REVERTING)).changes
    assert percentages(aws, "live") == ["70", "10", "10", "10"]
    assert statuses(found) == [Status.FAILED, *[Status.APPLIED] * 3]
    assert notes(found) == ["change.not_released"]
