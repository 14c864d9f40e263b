"""The sessions table: its billing mode, throttling, consumption and latency."""

from typing import Any

import pytest

from responder.core.errors import Denied, Missing
from responder.core.finding import Finding, Tone
from responder.core.text import text
from responder.evidence.table import Table, TablePressure
from tests.fakes import FakeAws
from tests.unit.evidence.worlds import Figures, ago, context, keys

TABLE = "FaceAuth-LivenessSessions"
INDEX = "EmployeeIdIndex"


def described(aws: FakeAws, **table: Any) -> Finding:
    aws.answer(
        "dynamodb", "describe_table", {"Table": {"TableName": TABLE, "TableStatus": "ACTIVE", **table}}
    )
    (finding,) = Table().findings(Table().look(context(aws)), context(aws))
    return finding


def test_a_table_that_was_never_switched_is_provisioned(aws: FakeAws) -> None:
    units = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6}
    # As deployed it is on demand: that is what the amber finding is about.
    said = described(aws, ProvisionedThroughput=units).said
    assert said == text("evidence.table.provisioned", table=TABLE, status="ACTIVE")
    state = Table().look(context(aws))
    assert (state.billing, state.throughput.read, state.throughput.write) == ("PROVISIONED", 5, 6)


def test_a_table_on_demand_is_normal(aws: FakeAws) -> None:
    assert described(aws, BillingModeSummary={"BillingMode": "PAY_PER_REQUEST"}).tone is Tone.NORMAL


def test_an_index_that_is_being_changed_is_seen(aws: FakeAws) -> None:
    index = {"IndexName": INDEX, "IndexStatus": "UPDATING"}
    finding = described(
        aws, BillingModeSummary={"BillingMode": "PAY_PER_REQUEST"}, GlobalSecondaryIndexes=[index]
    )
    assert finding.tone is Tone.AMBER


def test_a_table_that_does_not_exist_is_a_fact(aws: FakeAws) -> None:
    aws.fail("dynamodb", "describe_table", Missing, code="ResourceNotFoundException")
    state = Table().look(context(aws))
    (finding,) = Table().findings(state, context(aws))
    assert state.absent
    assert (finding.tone, finding.said.key) == (Tone.RED, "evidence.table.absent")


def test_a_table_that_could_not_be_read_is_no_absent_one(aws: FakeAws) -> None:
    aws.fail("dynamodb", "describe_table", Denied, code="AccessDeniedException")
    with pytest.raises(Denied):
        Table().look(context(aws))


def pressed(aws: FakeAws) -> Finding:
    (finding,) = TablePressure().findings(TablePressure().look(context(aws)), context(aws))
    return finding


def test_throttling_of_table_and_index_is_counted_by_minutes(aws: FakeAws, figures: Figures) -> None:
    figures.put(
        "AWS/DynamoDB", "WriteThrottleEvents", [(ago(minutes=3), 4), (ago(minutes=2), 1)], TableName=TABLE
    )
    figures.put(
        "AWS/DynamoDB",
        "ReadThrottleEvents",
        [(ago(minutes=2), 2), (ago(minutes=40), 9)],
        TableName=TABLE,
        GlobalSecondaryIndexName=INDEX,
    )
    load = TablePressure().look(context(aws))
    assert load.throttles == {"": 5, INDEX: 2}
    assert load.throttled_minutes == 2
    assert pressed(aws).tone is Tone.RED


def test_every_index_that_the_table_has_is_asked_for(aws: FakeAws, figures: Figures) -> None:
    described(aws, GlobalSecondaryIndexes=[{"IndexName": "ByDay"}, {"IndexName": "ByEmployee"}])
    where = {"TableName": TABLE, "GlobalSecondaryIndexName": "ByEmployee"}
    figures.put("AWS/DynamoDB", "WriteThrottleEvents", [(ago(minutes=2), 7)], **where)
    load = TablePressure().look(context(aws))
    assert load.throttles == {"": 0, INDEX: 0, "ByDay": 0, "ByEmployee": 7}
    assert load.hour == 7


def test_where_the_table_cannot_be_described_its_indexes_are_not_known(aws: FakeAws) -> None:
    aws.fail("dynamodb", "describe_table", Denied, code="AccessDeniedException")
    with pytest.raises(Denied):
        TablePressure().look(context(aws))


def test_throttling_of_the_whole_hour_is_counted_apart(aws: FakeAws, figures: Figures) -> None:
    values = [(ago(minutes=3), 4), (ago(minutes=40), 9), (ago(minutes=70), 50)]
    figures.put("AWS/DynamoDB", "WriteThrottleEvents", values, TableName=TABLE)
    load = TablePressure().look(context(aws))
    assert (sum(load.throttles.values()), load.throttled_minutes, load.hour) == (4, 1, 13)


def test_throttling_earlier_in_the_hour_is_amber(aws: FakeAws, figures: Figures) -> None:
    figures.put("AWS/DynamoDB", "WriteThrottleEvents", [(ago(minutes=40), 9)], TableName=TABLE)
    finding = pressed(aws)
    assert finding.tone is Tone.AMBER
    assert "evidence.pressure.hour" in keys(*finding.details)


@pytest.mark.parametrize(("seconds", "tone"), [(0.499, Tone.NORMAL), (0.5, Tone.AMBER)])
def test_a_table_that_takes_its_time_is_seen(
    aws: FakeAws, figures: Figures, seconds: float, tone: Tone
) -> None:
    figures.put(
        "AWS/DynamoDB",
        "SuccessfulRequestLatency",
        [(ago(minutes=3), 1000 * seconds)],
        TableName=TABLE,
        Operation="PutItem",
    )
    assert pressed(aws).tone is tone


def test_consumption_is_the_busiest_minute_in_units_a_second(aws: FakeAws, figures: Figures) -> None:
    figures.put(
        "AWS/DynamoDB",
        "ConsumedWriteCapacityUnits",
        [(ago(minutes=3), 60), (ago(minutes=2), 300)],
        TableName=TABLE,
    )
    assert TablePressure().look(context(aws)).consumed_write == {"": 5.0, INDEX: 0.0}


def test_latency_is_seconds_per_operation(aws: FakeAws, figures: Figures) -> None:
    figures.put(
        "AWS/DynamoDB",
        "SuccessfulRequestLatency",
        [(ago(minutes=3), 8.0)],
        TableName=TABLE,
        Operation="GetItem",
    )
    assert TablePressure().look(context(aws)).latency == {"GetItem": 0.008}


def test_a_calm_table_is_normal(aws: FakeAws, figures: Figures) -> None:
    finding = pressed(aws)
    assert finding.tone is Tone.NORMAL
    assert "evidence.pressure.calm" in keys(finding.said)


def test_internal_errors_of_dynamodb_are_seen(aws: FakeAws, figures: Figures) -> None:
    figures.put("AWS/DynamoDB", "SystemErrors", [(ago(minutes=3), 1.0)], TableName=TABLE, Operation="PutItem")
    assert pressed(aws).tone is Tone.AMBER


def test_the_metric_that_counts_no_throttling_is_not_asked(aws: FakeAws, figures: Figures) -> None:
    pressed(aws)
    (asked, *_) = aws.sent("cloudwatch", "get_metric_data")
    names = {query["MetricStat"]["Metric"]["MetricName"] for query in asked["MetricDataQueries"]}
    assert "UserErrors" not in names
