from datetime import timedelta

import pytest

from responder.core.change import Status
from responder.core.errors import Denied, Refused, Unreachable
from responder.remedies.on_demand_billing import OnDemandBilling
from tests.fakes import FakeAws
from tests.unit.remedies.world import TABLE, applied, context, keys, lease, notes, reverted, statuses

REMEDY = OnDemandBilling()
INDEX = "EmployeeIdIndex"
UPDATE = ("dynamodb", "update_table")


@pytest.fixture
def aws() -> FakeAws:
    """The table as a person made it: PROVISIONED, with the deployed index."""
    aws = FakeAws()
    aws.dynamo.add(TABLE, (10, 20), {INDEX: (3, 4)})
    return aws


def billing(aws: FakeAws) -> str:
    found = aws.dynamo.tables[TABLE].get("BillingModeSummary", {"BillingMode": "PROVISIONED"})
    return str(found["BillingMode"])


def units(aws: FakeAws) -> list[tuple[int, int]]:
    table = aws.dynamo.tables[TABLE]
    found = [table, *table["GlobalSecondaryIndexes"]]
    each = [part["ProvisionedThroughput"] for part in found]
    return [(part["ReadCapacityUnits"], part["WriteCapacityUnits"]) for part in each]


def load(aws: FakeAws, throttled: float, consumed: float, index: str = "") -> None:
    at = aws.now - timedelta(minutes=5)
    where = {"TableName": TABLE, **({"GlobalSecondaryIndexName": index} if index else {})}
    aws.metrics.put("AWS/DynamoDB", "WriteThrottleEvents", [(at, throttled)], **where)
    aws.metrics.put("AWS/DynamoDB", "ConsumedWriteCapacityUnits", [(at, consumed * 60)], **where)


def test_the_table_becomes_on_demand(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    assert billing(aws) == "PAY_PER_REQUEST"
    assert statuses(held.changes) == [Status.APPLIED]


def test_it_does_not_count_as_applied_while_aws_works_on_it(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    held = lease(REMEDY, plan, REMEDY.apply(context(aws), plan))
    assert statuses(REMEDY.confirm(context(aws), held)) == [Status.IN_PROGRESS]


def test_the_deployed_table_is_on_demand_already() -> None:
    aws = FakeAws()
    aws.dynamo.add(TABLE)
    plan = REMEDY.prepare(context(aws))
    assert plan.already
    REMEDY.apply(context(aws), plan)
    assert aws.writes == []


def test_going_back_restores_the_throughput_of_the_table_and_every_index(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    assert units(aws) == [(0, 0), (0, 0)]
    back = reverted(aws, REMEDY, held)
    assert units(aws) == [(10, 20), (3, 4)]
    assert statuses(back.changes) == [Status.REVERTED]


def test_going_back_without_indexes() -> None:
    aws = FakeAws()
    aws.dynamo.add(TABLE, (10, 20))
    assert statuses(reverted(aws, REMEDY, applied(aws, REMEDY)).changes) == [Status.REVERTED]
    *_, back = aws.sent("dynamodb", "update_table")
    assert "GlobalSecondaryIndexUpdates" not in back, "AWS takes no empty list"


def test_a_table_on_demand_is_asked_for_without_throughput(aws: FakeAws) -> None:
    """AWS refuses both together."""
    applied(aws, REMEDY)
    assert aws.sent("dynamodb", "update_table") == [{"TableName": TABLE, "BillingMode": "PAY_PER_REQUEST"}]


def test_an_index_that_was_added_since_needs_a_person(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    aws.dynamo.tables[TABLE]["GlobalSecondaryIndexes"].append(
        {"IndexName": "New", "IndexStatus": "ACTIVE", "ProvisionedThroughput": {}}
    )
    assert notes(reverted(aws, REMEDY, held).changes) == ["change.index_added"]
    assert billing(aws) == "PAY_PER_REQUEST"


def test_an_index_that_is_gone_is_left_out(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    del aws.dynamo.tables[TABLE]["GlobalSecondaryIndexes"]
    assert statuses(reverted(aws, REMEDY, held).changes) == [Status.REVERTED]


def test_a_person_who_switched_back_already_is_respected(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    aws.dynamo.add(TABLE, (50, 50), {INDEX: (5, 5)})
    reverted(aws, REMEDY, held)
    assert units(aws) == [(50, 50), (5, 5)]


def test_a_table_that_aws_works_on_is_waited_for(aws: FakeAws) -> None:
    aws.dynamo.tables[TABLE]["TableStatus"] = "UPDATING"
    plan = REMEDY.prepare(context(aws))
    assert plan.in_flight is not None
    assert notes(REMEDY.apply(context(aws), plan)) == ["obstacle.in_flight"]
    assert aws.writes == []


def test_an_index_that_is_being_made_is_waited_for(aws: FakeAws) -> None:
    aws.dynamo.tables[TABLE]["GlobalSecondaryIndexes"][0]["IndexStatus"] = "CREATING"
    assert REMEDY.prepare(context(aws)).in_flight is not None


def test_a_table_in_another_state_refuses(aws: FakeAws) -> None:
    aws.dynamo.tables[TABLE]["TableStatus"] = "INACCESSIBLE_ENCRYPTION_CREDENTIALS"
    plan = REMEDY.prepare(context(aws))
    assert keys(plan) == ["obstacle.table_not_active"]
    with pytest.raises(Refused):
        REMEDY.apply(context(aws), plan)


def test_a_table_that_cannot_be_read_refuses(aws: FakeAws) -> None:
    aws.fail("dynamodb", "describe_table", Denied, code="AccessDeniedException")
    assert keys(REMEDY.prepare(context(aws))) == ["obstacle.unreadable"]


@pytest.mark.parametrize(("consumed", "expected"), [(9.0, ["caution.hot_key"]), (10.0, []), (19.0, [])])
def test_a_hot_key_which_it_does_not_cure_is_asked_about(
    aws: FakeAws, consumed: float, expected: list[str]
) -> None:
    load(aws, throttled=7, consumed=consumed)
    assert [reason.kind.value for reason in REMEDY.prepare(context(aws)).cautions] == expected


def test_a_hot_key_of_an_index_is_named(aws: FakeAws) -> None:
    load(aws, throttled=7, consumed=0.5, index=INDEX)
    (caution,) = REMEDY.prepare(context(aws)).cautions
    assert caution.values["target"] == f"{TABLE}/{INDEX}"


def test_a_global_table_is_asked_about(aws: FakeAws) -> None:
    aws.dynamo.tables[TABLE]["Replicas"] = [{"RegionName": "ap-northeast-1"}]
    assert [reason.kind.value for reason in REMEDY.prepare(context(aws)).cautions] == ["caution.global_table"]


def test_a_load_that_cannot_be_read_is_asked_about(aws: FakeAws) -> None:
    aws.fail("cloudwatch", "get_metric_data", Denied)
    aws.fail("application-autoscaling", "describe_scalable_targets", Denied)
    keys_ = [reason.kind.value for reason in REMEDY.prepare(context(aws)).cautions]
    assert keys_ == ["caution.scaling_unread", "caution.load_unread"]


def test_a_load_that_aws_gives_only_a_part_of_is_asked_about(aws: FakeAws) -> None:
    part = {"Id": "m0", "StatusCode": "PartialData", "Timestamps": [], "Values": []}
    aws.answer("cloudwatch", "get_metric_data", {"MetricDataResults": [part]})
    assert [reason.kind.value for reason in REMEDY.prepare(context(aws)).cautions] == ["caution.load_unread"]


def test_scaling_targets_of_the_table_are_in_the_snapshot(aws: FakeAws) -> None:
    for resource in (f"table/{TABLE}", f"table/{TABLE}/index/{INDEX}", f"table/{TABLE}-2"):
        target = {"ServiceNamespace": "dynamodb", "ResourceId": resource, "MinCapacity": 1, "RoleARN": "x"}
        aws.autoscaling.targets.append(target)
    scaling = REMEDY.prepare(context(aws)).snapshot["scaling"]
    assert [each["ResourceId"] for each in scaling] == [f"table/{TABLE}", f"table/{TABLE}/index/{INDEX}"]
    assert "RoleARN" not in scaling[0]


@pytest.mark.parametrize("after", [False, True])
def test_a_write_without_an_answer_is_never_repeated_because_switches_are_counted(
    aws: FakeAws, after: bool
) -> None:
    aws.fail(*UPDATE, Unreachable, after=after)
    held = applied(aws, REMEDY)
    assert statuses(held.changes) == [Status.APPLIED if after else Status.FAILED]
    assert aws.count(*UPDATE) == 1


def test_the_fifth_switch_of_a_day_is_refused_by_aws_and_reported(aws: FakeAws) -> None:
    for _ in range(4):
        reverted(aws, REMEDY, applied(aws, REMEDY))
    plan = REMEDY.prepare(context(aws))
    (change,) = REMEDY.apply(context(aws), plan)
    assert change.note is not None
    assert change.note.values["code"] == "LimitExceededException"


def test_a_second_run_after_a_crash_does_not_switch_again(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    REMEDY.apply(context(aws), plan)
    aws.settle()
    assert statuses(REMEDY.apply(context(aws), lease(REMEDY, plan, plan.changes).plan)) == [Status.APPLIED]
    assert aws.count(*UPDATE) == 1


@pytest.mark.parametrize(("minutes", "expected"), [(15, ["caution.hot_key"]), (16, [])])
def test_a_key_that_was_hot_more_than_a_quarter_of_an_hour_ago_is_not(
    aws: FakeAws, minutes: int, expected: list[str]
) -> None:
    at = aws.now - timedelta(minutes=minutes)
    aws.metrics.put("AWS/DynamoDB", "WriteThrottleEvents", [(at, 7)], TableName=TABLE)
    assert [reason.kind.value for reason in REMEDY.prepare(context(aws)).cautions] == expected


def test_throughput_that_a_person_set_since_it_was_read_is_not_forgotten(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    aws.dynamo.add(TABLE, (50, 50), {INDEX: (3, 4)})
    changes = REMEDY.apply(context(aws), plan)
    assert notes(changes) == ["change.changed_meanwhile"]
    assert aws.writes == []
    assert units(aws) == [(50, 50), (3, 4)]


def test_an_index_that_a_person_added_since_it_was_read_is_not_forgotten(aws: FakeAws) -> None:
    plan = REMEDY.prepare(context(aws))
    aws.dynamo.add(TABLE, (10, 20), {INDEX: (3, 4), "New": (5, 5)})
    assert notes(REMEDY.apply(context(aws), plan)) == ["change.changed_meanwhile"]
    assert aws.writes == []


def test_a_table_that_was_deleted_leaves_nothing_to_put_back(aws: FakeAws) -> None:
    held = applied(aws, REMEDY)
    aws.dynamo.tables.pop(TABLE)
    changes = REMEDY.revert(context(aws), held, {})
    assert (statuses(changes), notes(changes)) == ([Status.KEPT], ["change.gone"])
