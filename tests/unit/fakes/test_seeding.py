"""The fakes as a service's owner deploys to them and breaks them."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from responder.core.errors import Denied, Missing, Rejected
from responder.core.plain_data import Json
from tests.fakes import FakeAws
from tests.unit.remedies.world import FOUR
from tests.unit.respond.scene import Scene, played_once

GROUP = "/aws/lambda/F"


def package(words: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handler.py", words)
    return buffer.getvalue()


def deployed() -> FakeAws:
    aws = FakeAws()
    role = "arn:aws:iam::123456789012:role/R"
    environment: Any = {"Variables": {"NAME": "old"}}
    code = {"ZipFile": package("one")}
    aws.call("lambda", "create_function", FunctionName="F", Role=role, Code=code, Environment=environment)
    return aws


def test_new_code_is_in_latest_and_not_behind_the_alias() -> None:
    aws = deployed()
    version = aws.call("lambda", "publish_version", FunctionName="F")["Version"]
    aws.call("lambda", "create_alias", FunctionName="F", Name="live", FunctionVersion=version)
    aws.call("lambda", "update_function_code", FunctionName="F", ZipFile=package("two"))
    aws.settle()
    latest, served = (
        aws.call("lambda", "get_function_configuration", FunctionName="F", **where)["CodeSha256"]
        for where in ({}, {"Qualifier": "live"})
    )
    assert latest != served


def test_an_alias_needs_a_version() -> None:
    with pytest.raises(Rejected):
        deployed().call("lambda", "create_alias", FunctionName="F", Name="live", FunctionVersion="7")


@pytest.mark.parametrize(
    "units", [{"ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}, {}]
)
def test_a_table_has_a_throughput_where_its_mode_wants_one(units: Json) -> None:
    mode = "PAY_PER_REQUEST" if units else "PROVISIONED"
    keys = [{"AttributeName": "id", "KeyType": "HASH"}]
    with pytest.raises(Rejected):
        FakeAws().call(
            "dynamodb",
            "create_table",
            TableName="T",
            KeySchema=keys,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode=mode,
            GlobalSecondaryIndexes=[],
            **units,
        )


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("", ["a one", "b two"]),
        ("a one", ["a one"]),
        ("?a ?b", ["a one", "b two"]),
        ("-two", ["a one"]),
        ("c", []),
        ("[letter=a, word]", ["a one"]),
        (r"%\st%", ["b two"]),
    ],
)
def test_log_events_are_found_by_their_terms(pattern: str, found: list[str]) -> None:
    aws = FakeAws()
    aws.call("logs", "create_log_group", logGroupName=GROUP)
    events = [{"timestamp": at, "message": text} for at, text in ((2, "b two"), (1, "a one"))]
    aws.call("logs", "put_log_events", logGroupName=GROUP, logStreamName="s", logEvents=events)
    (page,) = aws.pages(
        "logs", "filter_log_events", logGroupName=GROUP, startTime=0, endTime=9, filterPattern=pattern
    )
    assert [event["message"] for event in page["events"]] == found


def test_a_group_that_is_not_there_cannot_be_read() -> None:
    with pytest.raises(Missing):
        FakeAws().call("logs", "filter_log_events", logGroupName=GROUP, startTime=0, endTime=9)


def test_what_was_computed_once_is_computed_again_after_another_datapoint() -> None:
    aws = FakeAws()
    at = aws.now - timedelta(minutes=1)

    def total() -> list[float]:
        metric = {"Namespace": "N", "MetricName": "M", "Dimensions": []}
        query = {"Id": "m", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
        asked: Json = {"StartTime": at - timedelta(minutes=1), "EndTime": aws.now}
        found = aws.call("cloudwatch", "get_metric_data", MetricDataQueries=[query], **asked)
        return list(found["MetricDataResults"][0]["Values"])

    assert total() == []
    for expected in ([2.0], [4.0]):
        datum = {"MetricName": "M", "Dimensions": [], "Timestamp": at, "Values": [2.0], "Counts": [1.0]}
        aws.call("cloudwatch", "put_metric_data", Namespace="N", MetricData=[datum])
        assert total() == expected


def test_a_copy_has_a_state_and_a_clock_of_its_own() -> None:
    aws = deployed()
    other = aws.copied()
    other.tick(minutes=5)
    other.lambdas.person_sets("F", NAME="new")
    assert aws.lambdas.variables("F") == {"NAME": "old"}
    assert (
        other.lambdas.functions["F"].latest["LastModified"]
        != aws.lambdas.functions["F"].latest["LastModified"]
    )


def test_what_happens_after_a_beginning_that_was_played_once_happens_in_one_copy() -> None:
    @played_once
    def applied() -> Scene:
        scene = Scene().faults(15)
        scene.alarm()
        return scene

    def state(scene: Scene) -> Any:
        seen = [*map(len, scene.logs.events.values()), *map(len, scene.figures.data.values())]
        return scene.rows(), seen, len(scene.aws.calls), scene.percentages()

    one, other = applied(), applied()
    before = state(other)
    one.aws.settle()
    one.aws.tick(minutes=5)
    one.faults(1)
    one.requests(10)
    one.approve("p")
    one.claims.answers.clear()
    one.command("finish", remedy="rollout_to_zero")
    one.aws.lambdas.person_sets(FOUR[0], LIVENESS_ROLLOUT_PERCENTAGE="7")
    assert state(other) == before
    assert other.aws.dynamo.rows("Approvals") == []
    assert other.claims.answers
    assert other.claims.clock() == other.aws.now < one.aws.now
    assert len(other.reported) == 1


def test_what_was_refused_was_not_done() -> None:
    aws = deployed()
    aws.fail("lambda", "publish_version", Denied)
    with pytest.raises(Denied):
        aws.call("lambda", "publish_version", FunctionName="F")
    aws.administrator("lambda", "publish_version", FunctionName="F")
    aws.call("lambda", "publish_version", FunctionName="F")
    assert [operation for _, operation, _ in aws.calls] == [
        "create_function",
        "publish_version",
        "publish_version",
    ]
    assert [operation for _, operation, _ in aws.done] == ["create_function", "publish_version"]
