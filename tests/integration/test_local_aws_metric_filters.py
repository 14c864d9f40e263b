"""Metric filters of the local AWS count as on AWS."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from responder.core.plain_data import Json
from tests.integration._local_aws import allow, code_of, function, role
from tests.integration._stacks import fresh

# In the middle of a minute.
NOW = datetime.now(UTC).replace(second=30, microsecond=0) - timedelta(minutes=10)


@pytest.fixture(scope="module")
def aws(bare: LocalAws) -> LocalAws:
    return bare


@pytest.fixture
def namespace() -> str:
    return fresh("Metrics")


@pytest.fixture
def group(aws: LocalAws) -> str:
    name = fresh("/group")
    aws.client("logs").create_log_group(logGroupName=name)
    aws.client("logs").create_log_stream(logGroupName=name, logStreamName="s")
    return name


def put(aws: LocalAws, group: str, namespace: str, pattern: str, value: str = "1", **more: Any) -> None:
    change = {"metricName": "M", "metricNamespace": namespace, "metricValue": value, **more}
    aws.client("logs").put_metric_filter(
        logGroupName=group, filterName="f", filterPattern=pattern, metricTransformations=[change]
    )


def write(aws: LocalAws, group: str, *messages: str, at: datetime = NOW) -> None:
    events = [{"timestamp": int(at.timestamp() * 1000), "message": each} for each in messages]
    aws.client("logs").put_log_events(logGroupName=group, logStreamName="s", logEvents=events)


def points(aws: LocalAws, namespace: str, stat: str = "Sum", **dimensions: str) -> dict[datetime, float]:
    metric = {
        "Namespace": namespace,
        "MetricName": "M",
        "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
    }
    found = aws.client("cloudwatch").get_metric_data(
        MetricDataQueries=[{"Id": "m", "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat}}],
        StartTime=NOW - timedelta(hours=1),
        EndTime=NOW + timedelta(hours=1),
    )
    (result,) = found["MetricDataResults"]
    return dict(zip(result["Timestamps"], result["Values"], strict=True))


def minute(at: datetime = NOW) -> datetime:
    return at.replace(second=0)


def test_each_matching_event_counts_in_its_own_minute(aws: LocalAws, group: str, namespace: str) -> None:
    put(aws, group, namespace, "?ERROR ?Failed")
    earlier = NOW - timedelta(minutes=3)
    write(aws, group, "ERROR one", "fine", "Failed two", at=earlier)
    write(aws, group, "ERROR three")
    assert points(aws, namespace) == {minute(earlier): 2, minute(): 1}


def test_what_was_written_before_the_filter_does_not_count(aws: LocalAws, group: str, namespace: str) -> None:
    write(aws, group, "ERROR")
    put(aws, group, namespace, "ERROR")
    assert points(aws, namespace) == {}


def test_a_filter_that_was_deleted_counts_no_more(aws: LocalAws, group: str, namespace: str) -> None:
    put(aws, group, namespace, "ERROR")
    aws.client("logs").delete_metric_filter(logGroupName=group, filterName="f")
    write(aws, group, "ERROR")
    assert points(aws, namespace) == {}


def test_the_value_may_be_a_field_and_an_event_without_it_gives_no_point(
    aws: LocalAws, group: str, namespace: str
) -> None:
    put(aws, group, namespace, '{ $.kind = "report" }', "$.took.ms")
    for took in (120, "80.5", "long", None):
        write(aws, group, json.dumps({"kind": "report", "took": {"ms": took}}))
    write(aws, group, '{"kind": "report"}')
    assert points(aws, namespace, "Sum") == {minute(): 200.5}
    assert points(aws, namespace, "SampleCount") == {minute(): 2}


def test_dimensions_are_fields_and_an_event_without_one_gives_no_point(
    aws: LocalAws, group: str, namespace: str
) -> None:
    put(aws, group, namespace, '{ $.kind = "x" }', dimensions={"Place": "$.place"})
    write(aws, group, '{"kind": "x", "place": "a"}', '{"kind": "x", "place": "b"}', '{"kind": "x"}')
    write(aws, group, '{"kind": "x", "place": "a"}')
    assert points(aws, namespace, Place="a") == {minute(): 2}
    assert points(aws, namespace, Place="b") == {minute(): 1}
    assert points(aws, namespace) == {}


ACCESS = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /{} HTTP/1.0" {} {}'
FIELDS = "[ip, server, user, time, request=*.html*, status=4*, bytes]"


def test_values_and_dimensions_may_be_fields_between_spaces(
    aws: LocalAws, group: str, namespace: str
) -> None:
    put(aws, group, namespace, FIELDS, "$bytes", dimensions={"Server": "$server", "Status": "$6"})
    lines = [
        ("a.html", 404, 100),
        ("b.html", 404, 50),
        ("c.html", 410, 7),
        ("d.html", 200, 1),
        ("e.png", 404, 1),
    ]
    write(aws, group, *(ACCESS.format(*each) for each in lines))
    assert points(aws, namespace, Server="Prod", Status="404") == {minute(): 150}
    assert points(aws, namespace, Server="Prod", Status="410") == {minute(): 7}
    assert points(aws, namespace, Server="Prod", Status="200") == {}


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("{ $.ms > 1e2 && ($.ok IS FALSE || $.code NOT EXISTS) }", 2),
        ('{ $.codes[*] = 5* && $.name != "b*" }', 1),
        ("{ $.error IS NULL }", 1),
        ("[first=%^\\{%, ...]", 4),
    ],
)
def test_conditions_on_json_count(
    aws: LocalAws, group: str, namespace: str, pattern: str, count: int
) -> None:
    put(aws, group, namespace, pattern)
    events: list[Json] = [
        {"ms": 150, "ok": False, "name": "a", "codes": [200, 503]},
        {"ms": 101, "name": "big", "codes": [504]},
        {"ms": 100, "ok": False, "code": 1},
        {"ms": 300, "ok": True, "code": 2, "error": None},
    ]
    write(aws, group, *(json.dumps(each) for each in events))
    assert points(aws, namespace) == {minute(): count}


def test_the_default_is_the_value_of_a_minute_whose_events_do_not_match(
    aws: LocalAws, group: str, namespace: str
) -> None:
    put(aws, group, namespace, "ERROR", defaultValue=0.0)
    earlier = NOW - timedelta(minutes=3)
    write(aws, group, "fine", "fine too", at=earlier)
    write(aws, group, "fine")
    write(aws, group, "ERROR")
    assert points(aws, namespace) == {minute(earlier): 0, minute(): 1}
    assert points(aws, namespace, "SampleCount") == {minute(earlier): 1, minute(): 1}


def test_what_a_function_writes_itself_counts(aws: LocalAws, namespace: str) -> None:
    name = fresh("writer")
    says = "def handler(event, context):\n    print('ERROR it says')\n"
    function(aws, name, role(aws, name, allow("logs:*")), says)
    aws.client("logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
    put(aws, f"/aws/lambda/{name}", namespace, "ERROR")
    aws.client("lambda").invoke(FunctionName=name, Payload=b"{}")
    assert sum(points(aws, namespace).values()) == 1


def test_an_alarm_on_the_metric_is_evaluated_on_the_clock_of_a_drill(
    aws: LocalAws, group: str, namespace: str
) -> None:
    put(aws, group, namespace, "ERROR")
    cloudwatch, name = aws.client("cloudwatch"), fresh()
    cloudwatch.put_metric_alarm(
        AlarmName=name, Namespace=namespace, MetricName="M", Statistic="Sum", Period=60, EvaluationPeriods=1,
        Threshold=2, ComparisonOperator="GreaterThanOrEqualToThreshold", TreatMissingData="notBreaching",
    )  # fmt: skip
    later = datetime.now(UTC) + timedelta(hours=5)
    aws.move_clock(later)
    try:
        write(aws, group, "ERROR", at=later)
        assert state(aws, name) == "OK"
        write(aws, group, "ERROR", at=later)
        assert state(aws, name) == "ALARM"
    finally:
        aws.move_clock(None)


@pytest.mark.parametrize(
    ("window", "becomes"), [({}, "ALARM"), ({"EvaluationWindow": {"WallClockWindow": {}}}, "OK")]
)
def test_periods_slide_by_the_minute_unless_they_are_bound_to_the_clock(
    aws: LocalAws, group: str, namespace: str, window: Json, becomes: str
) -> None:
    put(aws, group, namespace, "ERROR")
    cloudwatch, name = aws.client("cloudwatch"), fresh()
    cloudwatch.put_metric_alarm(
        AlarmName=name, Namespace=namespace, MetricName="M", Statistic="Sum", Period=300, EvaluationPeriods=1,
        Threshold=2, ComparisonOperator="GreaterThanOrEqualToThreshold", **window,
    )  # fmt: skip
    hour = (datetime.now(UTC) + timedelta(hours=2)).replace(minute=0, second=30, microsecond=0)
    write(aws, group, "ERROR", at=hour + timedelta(minutes=4))
    aws.move_clock(hour + timedelta(minutes=6))
    try:
        # One on each side of 5 past.
        write(aws, group, "ERROR", at=hour + timedelta(minutes=6))
        assert state(aws, name) == becomes
    finally:
        aws.move_clock(None)


def state(aws: LocalAws, name: str) -> str:
    (alarm,) = aws.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(alarm["StateValue"])


@pytest.mark.parametrize(
    ("pattern", "change"),
    [
        ("ERROR", {"value": "many"}),
        ("ERROR", {"value": "$.took"}),
        ("ERROR", {"dimensions": {"Place": "$.place"}}),
        ("ERROR", {"value": "$1"}),
        ("[a, b]", {"value": "$c"}),
        ("[a, b]", {"value": "$.a"}),
        ("[a, b]", {"dimensions": {"Place": "here"}}),
        ("[a, b]", {"dimensions": {"Place": "$a"}, "defaultValue": 0.0}),
        ("{ $.a[*].b[*] = 1 }", {}),
        ("[a = 1 && b = 2]", {}),
        ("{ $.a == 1 }", {}),
        ('{ $.a = "b" }', {"dimensions": {"Place": "$.place"}, "defaultValue": 0.0}),
    ],
)
def test_a_metric_filter_that_aws_refuses_is_refused(
    aws: LocalAws, group: str, namespace: str, pattern: str, change: Json
) -> None:
    with pytest.raises(ClientError) as refused:
        put(aws, group, namespace, pattern, **change)
    assert code_of(refused.value) == "InvalidParameterException"
