"""A person's change during a repair, a run that died in the middle, and why a repair is never reverted."""

import pytest

from responder.core.change import LeaseState, Plan, Status
from responder.core.errors import Refused, Throttled, Unreachable
from responder.core.reasons import Obstacle
from tests.fakes import Died, FakeAws
from tests.unit.remedies.test_repair_environment import (
    BUCKET,
    GOOD,
    OTHER,
    REMEDY,
    TABLE,
    THRESHOLD,
    UPDATE,
    applied,
    context,
    deployed,
    prepared,
)
from tests.unit.remedies.world import RESULT, confirmed, lease, notes, statuses


def stored(plan: Plan) -> Plan:
    """The plan as a later run has it."""
    return Plan(plan.scope, plan.changes, plan.snapshot)


def sets(aws: FakeAws, name: str, value: str) -> None:
    aws.lambdas.person_sets(RESULT, **{name: value})


@pytest.mark.parametrize("before", [None, "wrong"])
def test_a_value_that_a_person_sets_at_the_same_moment_is_not_overwritten(before: str | None) -> None:
    aws = deployed({TABLE: before})
    aws.between(*UPDATE, lambda: sets(aws, TABLE, "a-persons-table"))
    held = applied(aws)
    assert aws.lambdas.variables(RESULT)[TABLE] == "a-persons-table"
    assert notes(held.changes) == ["change.changed_meanwhile"]


@pytest.mark.parametrize(("name", "value"), [(TABLE, "a-persons-table"), (THRESHOLD, "85")])
def test_a_value_that_a_person_set_since_the_plan_is_not_overwritten(name: str, value: str) -> None:
    aws = deployed({name: None})
    plan = prepared(aws)
    sets(aws, name, value)
    assert notes(REMEDY.apply(context(aws), stored(plan))) == ["change.changed_meanwhile"]
    assert aws.writes == []


def test_what_a_person_repaired_since_the_plan_is_found_so() -> None:
    aws = deployed({TABLE: None, BUCKET: "wrong"})
    plan = prepared(aws)
    sets(aws, TABLE, GOOD[TABLE])
    held = lease(REMEDY, plan, REMEDY.apply(context(aws), stored(plan)))
    assert statuses(confirmed(aws, REMEDY, held).changes) == [Status.APPLIED] * 2
    assert aws.lambdas.variables(RESULT) == {**OTHER, **GOOD}


@pytest.mark.parametrize("after", [False, True])
def test_a_crash_in_the_middle_is_finished_by_a_second_run(after: bool) -> None:
    aws = deployed({TABLE: None, BUCKET: "wrong"})
    plan = prepared(aws)
    aws.fail(*UPDATE, Died(), after=after)
    with pytest.raises(Died):
        REMEDY.apply(context(aws), plan)
    aws.settle()
    held = lease(REMEDY, plan, REMEDY.apply(context(aws), stored(plan)))
    assert statuses(confirmed(aws, REMEDY, held).changes) == [Status.APPLIED] * 2
    assert aws.lambdas.variables(RESULT) == {**OTHER, **GOOD}
    assert aws.count(*UPDATE) == (1 if after else 2)


@pytest.mark.parametrize("after", [False, True])
def test_an_unknown_outcome_is_settled_by_the_next_look(after: bool) -> None:
    aws = deployed({TABLE: None, BUCKET: "wrong"})
    plan = prepared(aws)
    aws.fail(*UPDATE, Unreachable, after=after)
    aws.fail("lambda", "get_function_configuration", Throttled)
    changes = REMEDY.apply(context(aws), plan)
    assert notes(changes) == ["change.outcome_unknown"] * 2
    aws.heal()
    held = confirmed(aws, REMEDY, lease(REMEDY, plan, changes, LeaseState.PARTIAL))
    assert statuses(held.changes) == [Status.APPLIED if after else Status.FAILED] * 2
    assert notes(held.changes) == ([] if after else ["change.not_made"] * 2)


def test_an_update_that_aws_gives_up_is_a_failure() -> None:
    aws = deployed({TABLE: None})
    aws.lambdas.fail_next_update(RESULT, "EniLimitExceeded")
    held = applied(aws)
    assert notes(held.changes) == ["change.update_failed"]
    assert TABLE not in aws.lambdas.variables(RESULT)


def test_a_release_is_not_confirmed_over_a_persons_later_value() -> None:
    aws = deployed({TABLE: None})
    plan = prepared(aws)
    held = lease(REMEDY, plan, REMEDY.apply(context(aws), plan))
    aws.settle()
    sets(aws, TABLE, "s3cret-table")
    (change,) = REMEDY.confirm(context(aws), held)
    assert change.status is Status.KEPT
    assert "s3cret" not in repr(change)


def test_our_own_change_is_recognised_later_by_its_time() -> None:
    aws = deployed({TABLE: None})
    aws.lambdas.release(RESULT, "live")
    held = applied(aws)
    assert {change.target: change.written[-1] for change in held.changes} == prepared(aws).modified


def test_a_repair_is_not_undone_because_a_wrong_value_is_nowhere_on_record() -> None:
    aws = deployed({TABLE: "s3cret-wrong"})
    held = applied(aws)
    with pytest.raises(Refused) as found:
        REMEDY.restored(held, {})
    assert found.value.reason.kind is Obstacle.REPAIR_STAYS


def test_a_repair_of_which_no_one_knows_what_became_can_be_closed_and_touches_nothing() -> None:
    aws = deployed({TABLE: None, BUCKET: "wrong"})
    plan = prepared(aws)
    doubtful = lease(REMEDY, plan, plan.changes, LeaseState.PARTIAL)
    assert REMEDY.restored(doubtful, {}) == {RESULT: "(kept)"}
    back = REMEDY.revert(context(aws), doubtful, {})
    assert statuses(back) == [Status.KEPT] * 2
    assert notes(back) == ["change.not_restored"] * 2
    assert aws.writes == []


def test_an_alias_whose_variables_cannot_be_read_is_never_taken_for_one_without_them() -> None:
    aws = deployed({})
    version = aws.lambdas.release(RESULT, "live")
    hidden = {"Error": {"ErrorCode": "AccessDeniedException", "Message": "s3cret"}}
    aws.lambdas.functions[RESULT].versions[version]["Environment"] = hidden
    (reason,) = prepared(aws).obstacles
    assert (reason.kind.value, reason.values["target"]) == ("obstacle.variables_unreadable", f"{RESULT}:live")
