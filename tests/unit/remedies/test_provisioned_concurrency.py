from datetime import timedelta
from typing import Any

import pytest

from responder.core.change import Plan, Status
from responder.core.errors import Denied, Refused, Unreachable
from responder.core.liveness_function import LivenessFunction
from responder.remedies.provisioned_concurrency import ProvisionedConcurrency
from tests.fakes import FakeAws
from tests.unit.remedies.world import (
    RESULT,
    applied,
    confirmed,
    context,
    keys,
    lease,
    notes,
    reverted,
    statuses,
)

REMEDY = ProvisionedConcurrency(LivenessFunction.RESULT)
PUT = ("lambda", "put_provisioned_concurrency_config")


def used(alias: str = "live", requests: float = 40) -> FakeAws:
    """The result function behind an alias that traffic comes through."""
    aws = FakeAws()
    aws.lambdas.add(RESULT)
    aws.lambdas.release(RESULT, alias)
    traffic(aws, alias, requests)
    return aws


def traffic(aws: FakeAws, alias: str, requests: float) -> None:
    at = aws.now - timedelta(minutes=10)
    dimensions = {"FunctionName": RESULT, "Resource": f"{RESULT}:{alias}"}
    aws.metrics.put("AWS/Lambda", "Invocations", [(at, requests)], **dimensions)


def refused(aws: FakeAws, **settings: Any) -> list[str]:
    """Why not, and that nothing was written."""
    plan = REMEDY.prepare(context(aws, **settings))
    with pytest.raises(Refused):
        REMEDY.apply(context(aws), plan)
    assert aws.writes == []
    return keys(plan)


@pytest.fixture
def aws() -> FakeAws:
    return used()


def test_the_alias_that_is_used_is_kept_warm(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    assert aws.lambdas.provisioned[RESULT, "live"]["RequestedProvisionedConcurrentExecutions"] == 5
    assert statuses(held.changes) == [Status.APPLIED]


def test_the_manual_command_names_no_alias_and_cannot_run(aws: FakeAws) -> None:
    with pytest.raises(AssertionError, match="Qualifier"):
        aws.call(*PUT, FunctionName=RESULT, ProvisionedConcurrentExecutions=5)


def test_the_deployed_system_has_no_alias_so_it_is_refused() -> None:
    aws = FakeAws()
    aws.lambdas.add(RESULT)
    assert refused(aws) == ["obstacle.no_alias"]


def test_an_alias_that_no_one_uses_would_only_cost_money() -> None:
    assert refused(used(requests=0)) == ["obstacle.alias_unused"]


def test_of_two_aliases_the_busier_one_is_chosen() -> None:
    aws = used("old", 3)
    aws.lambdas.release(RESULT, "live")
    traffic(aws, "live", 30)
    assert REMEDY.prepare(context(aws)).changes[0].target == f"{RESULT}:live"


def test_an_alias_with_weights_refuses(aws: FakeAws) -> None:
    aws.lambdas.release(RESULT, "live", **{"1": 0.1})
    assert refused(aws) == ["obstacle.alias_weighted"]


def test_an_alias_on_latest_refuses(aws: FakeAws) -> None:
    aws.lambdas.functions[RESULT].aliases["live"]["FunctionVersion"] = "$LATEST"
    assert refused(aws) == ["obstacle.alias_unpublished"]


def test_snap_start_refuses(aws: FakeAws) -> None:
    aws.lambdas.functions[RESULT].latest["SnapStart"] = {"ApplyOn": "PublishedVersions"}
    assert refused(aws) == ["obstacle.snap_start"]


def test_a_policy_that_would_change_it_back_refuses(aws: FakeAws) -> None:
    aws.autoscaling.targets.append(
        {
            "ServiceNamespace": "lambda",
            "ResourceId": f"function:{RESULT}:live",
            "ScalableDimension": "lambda:function:ProvisionedConcurrency",
        }
    )
    assert refused(aws) == ["obstacle.scaled_by_policy"]


@pytest.mark.parametrize(("left", "expected"), [(105, []), (104, ["obstacle.account_full"])])
def test_a_hundred_executions_are_left_to_the_others(aws: FakeAws, left: int, expected: list[str]) -> None:
    aws.lambdas.unreserved = left
    assert keys(REMEDY.prepare(context(aws))) == expected


@pytest.mark.parametrize(("reserved", "expected"), [(5, []), (4, ["obstacle.reserved_too_low"])])
def test_a_reservation_is_enough_or_refuses(aws: FakeAws, reserved: int, expected: list[str]) -> None:
    aws.lambdas.unreserved = 100
    aws.lambdas.reserved[RESULT] = reserved
    assert keys(REMEDY.prepare(context(aws))) == expected


def test_what_cannot_be_read_refuses_and_names_the_right(aws: FakeAws) -> None:
    aws.fail("lambda", "get_account_settings", Denied, code="AccessDeniedException")
    assert refused(aws) == ["obstacle.unreadable"]


def test_more_than_wanted_is_already_so(aws: FakeAws) -> None:
    aws.lambdas.provision(RESULT, "live", 10)
    assert REMEDY.prepare(context(aws)).already


def test_reverting_removes_it(aws: FakeAws) -> None:
    back = reverted(aws, REMEDY, applied(aws, REMEDY))
    assert aws.lambdas.provisioned == {}
    assert statuses(back.changes) == [Status.REVERTED]


def test_reverting_restores_an_older_smaller_amount(aws: FakeAws) -> None:
    aws.lambdas.provision(RESULT, "live", 2)
    back = reverted(aws, REMEDY, applied(aws, REMEDY))
    assert aws.lambdas.provisioned[RESULT, "live"]["RequestedProvisionedConcurrentExecutions"] == 2
    assert statuses(back.changes) == [Status.REVERTED]


def test_reverting_never_overwrites_a_persons_later_amount(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    aws.lambdas.provision(RESULT, "live", 20)
    back = reverted(aws, REMEDY, held)
    assert aws.lambdas.provisioned[RESULT, "live"]["RequestedProvisionedConcurrentExecutions"] == 20
    assert (statuses(back.changes), notes(back.changes)) == ([Status.KEPT], ["change.kept"])


def test_an_alias_that_is_gone_needs_no_reverting(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    del aws.lambdas.functions[RESULT].aliases["live"]
    assert statuses(reverted(aws, REMEDY, held).changes) == [Status.REVERTED]


@pytest.mark.parametrize("after", [False, True])
def test_a_write_without_an_answer_is_looked_up(aws: FakeAws, after: bool) -> None:
    aws.fail(*PUT, Unreachable, after=after)
    held = applied(aws, REMEDY)
    assert statuses(held.changes) == [Status.APPLIED if after else Status.FAILED]
    assert aws.count(*PUT) == 1


def test_what_aws_cannot_allocate_is_reported_without_its_free_text(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    changes = REMEDY.apply(context(aws), plan)
    found = aws.lambdas.provisioned[RESULT, "live"]
    found.update(Status="FAILED", StatusReason="FUNCTION_ERROR_INIT_FAILURE s3cret text")
    (change,) = REMEDY.confirm(context(aws), lease(REMEDY, plan, changes))
    assert change.note is not None
    assert change.note.values["reason"] == "FUNCTION_ERROR_INIT_FAILURE"


def test_a_person_who_removes_it_while_we_wait_is_respected(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    held = lease(REMEDY, plan, REMEDY.apply(context(aws), plan))
    aws.lambdas.provisioned.clear()
    assert statuses(confirmed(aws, REMEDY, held).changes) == [Status.KEPT]


def test_a_second_run_after_a_crash_writes_nothing_again(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    REMEDY.apply(context(aws), plan)
    (change,) = REMEDY.apply(context(aws), lease(REMEDY, plan, plan.changes).plan)
    assert change.status is Status.IN_PROGRESS
    assert aws.count(*PUT) == 1


def test_an_amount_that_changed_since_the_plan_is_not_overwritten(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    aws.lambdas.provision(RESULT, "live", 3)
    stale = Plan(plan.scope, plan.changes, plan.snapshot)
    assert notes(REMEDY.apply(context(aws), stale)) == ["change.changed_meanwhile"]


def test_an_allocation_that_aws_works_on_is_waited_for(aws: FakeAws) -> None:
    aws.lambdas.provision(RESULT, "live", 2)
    aws.lambdas.provisioned[RESULT, "live"]["Status"] = "IN_PROGRESS"
    plan = REMEDY.prepare(context(aws))
    assert plan.in_flight is not None
    assert notes(REMEDY.apply(context(aws), plan)) == ["obstacle.in_flight"]
    assert aws.writes == []


def test_an_amount_that_a_person_set_since_it_was_read_is_kept(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    aws.lambdas.provision(RESULT, "live", 3)
    assert notes(REMEDY.apply(context(aws), plan)) == ["change.changed_meanwhile"]
    assert aws.lambdas.provisioned[RESULT, "live"]["RequestedProvisionedConcurrentExecutions"] == 3
