"""GetMetricData and FilterLogEvents answer what was asked, not something near it."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from responder.core.plain_data import Json
from tests.integration._local_aws import code_of

NAMESPACE = "FaceAuth/Liveness"
HOUR_AGO = (datetime.now(UTC) - timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)


@pytest.fixture(scope="module")
def aws(bare: LocalAws) -> LocalAws:
    return bare


def query(name: str, stat: str, *dimensions: tuple[str, str], ident: str = "q", period: int = 300) -> Json:
    pairs = [{"Name": key, "Value": value} for key, value in dimensions]
    metric = {"Namespace": NAMESPACE, "MetricName": name, "Dimensions": pairs}
    return {"Id": ident, "MetricStat": {"Metric": metric, "Period": period, "Stat": stat}}


def ask(aws: LocalAws, *queries: Json, **more: Any) -> dict[str, list[float]]:
    answer = aws.client("cloudwatch").get_metric_data(
        MetricDataQueries=list(queries), StartTime=HOUR_AGO, EndTime=HOUR_AGO + timedelta(hours=1), **more
    )
    return {each["Id"]: each["Values"] for each in answer["MetricDataResults"]}


def put(aws: LocalAws, name: str, minute: int, **more: Any) -> None:
    datum = {"MetricName": name, "Timestamp": HOUR_AGO + timedelta(minutes=minute), **more}
    aws.client("cloudwatch").put_metric_data(Namespace=NAMESPACE, MetricData=[datum])


@pytest.mark.parametrize(
    ("stat", "expected"),
    [("Average", 4.0), ("Sum", 20.0), ("Minimum", 1.0), ("Maximum", 10.0), ("SampleCount", 5.0),
     ("p50", 3.0), ("p100", 10.0), ("p10", 1.4), ("TC(:1)", 1.0), ("TC(1:3)", 2.0), ("TC(3:)", 2.0),
     ("PR(3:100)", 40.0), ("PR(:3)", 60.0), ("PR(10:100)", 0.0)],
)  # fmt: skip
def test_every_statistic_from_raw_values(aws: LocalAws, stat: str, expected: float) -> None:
    name = "Score" + stat.translate(str.maketrans("(:)", "___"))
    put(aws, name, 1, Values=[1.0, 2.0, 10.0], Counts=[1, 1, 1])
    put(aws, name, 2, Value=3.0)
    put(aws, name, 3, Value=4.0)
    assert ask(aws, query(name, stat))["q"] == [pytest.approx(expected)]


def test_periods_begin_at_the_start_that_was_asked_for(aws: LocalAws) -> None:
    for minute in (5, 25, 35):
        put(aws, "Aligned", minute, Value=1)
    answer = aws.client("cloudwatch").get_metric_data(
        MetricDataQueries=[query("Aligned", "Sum", period=1800)],
        StartTime=HOUR_AGO + timedelta(minutes=10),
        EndTime=HOUR_AGO + timedelta(minutes=40),
    )
    assert answer["MetricDataResults"][0]["Values"] == [2.0]


def test_dimensions_are_matched_exactly(aws: LocalAws) -> None:
    put(aws, "Count", 1, Value=1, Dimensions=[{"Name": "Status", "Value": "SUCCESS"}])
    put(aws, "Count", 1, Value=10, Dimensions=[{"Name": "Status", "Value": "FAILED"}])
    put(aws, "Count", 1, Value=100)
    found = ask(
        aws, query("Count", "Sum", ident="none"), query("Count", "Sum", ("Status", "FAILED"), ident="failed")
    )
    assert found == {"none": [100.0], "failed": [10.0]}


def test_what_was_put_months_ago_is_still_there(aws: LocalAws) -> None:
    long_ago = HOUR_AGO - timedelta(days=60)
    for when in (long_ago, HOUR_AGO):
        datum = {"MetricName": "Kept", "Timestamp": when, "Value": 7.0}
        aws.client("cloudwatch").put_metric_data(Namespace=NAMESPACE, MetricData=[datum])
    answer = aws.client("cloudwatch").get_metric_data(
        MetricDataQueries=[query("Kept", "Sum", period=3600)],
        StartTime=long_ago,
        EndTime=long_ago + timedelta(hours=1),
    )
    assert answer["MetricDataResults"][0]["Values"] == [7.0]


def test_newest_first_unless_asked_otherwise(aws: LocalAws) -> None:
    put(aws, "Order", 1, Value=1)
    put(aws, "Order", 11, Value=2)
    assert ask(aws, query("Order", "Sum"))["q"] == [2.0, 1.0]
    assert ask(aws, query("Order", "Sum"), ScanBy="TimestampAscending")["q"] == [1.0, 2.0]


def test_metric_math_gives_no_point_where_it_has_no_result(aws: LocalAws) -> None:
    for minute, value in ((1, 0.0), (11, 4.0)):
        put(aws, "Base", minute, Value=value)
    expression = {"Id": "e1", "Expression": "100 * (b / b)"}
    assert ask(aws, {**query("Base", "Sum", ident="b"), "ReturnData": False}, expression) == {"e1": [100.0]}


def test_more_than_500_queries_are_refused(aws: LocalAws) -> None:
    with pytest.raises(ClientError):
        ask(aws, *(query("Base", "Sum", ident=f"q{number}") for number in range(501)))


FORM = {"metricNamespace": "N", "metricName": "M", "metricValue": "1"}


def put_filter(aws: LocalAws, name: str, pattern: str) -> None:
    aws.client("logs").put_metric_filter(
        logGroupName="/aws/lambda/filtered",
        filterName=name,
        filterPattern=pattern,
        metricTransformations=[FORM],
    )


def test_a_log_group_takes_five_filters_with_regular_expressions(aws: LocalAws) -> None:
    aws.client("logs").create_log_group(logGroupName="/aws/lambda/filtered")
    for number in range(5):
        put_filter(aws, f"regex-{number}", f"%^x{number}%")
    put_filter(aws, "regex-0", "%^y%")  # takes the place of the first
    put_filter(aws, "words", '"x y"')
    with pytest.raises(ClientError) as refused:
        put_filter(aws, "sixth", "{ $.message = %^x% }")
    assert code_of(refused.value) == "LimitExceededException"
    with pytest.raises(ClientError) as refused:
        put_filter(aws, "groups", "%(a|b)%")
    assert code_of(refused.value) == "InvalidParameterException"


LINES = [
    "[ERROR]\t2026-02-04T10:25:00.123Z\tr1\tUnexpected error: boom",
    "[WARNING]\t2026-02-04T10:25:01.123Z\tr2\tSession expired: x",
    "2026-02-04T10:25:02.123Z r3 Task timed out after 10.01 seconds",
    "REPORT RequestId: r4\tInit Duration: 300 ms",
]


@pytest.fixture(scope="module")
def group(aws: LocalAws) -> str:
    logs, now = aws.client("logs"), int(time.time() * 1000)
    logs.create_log_group(logGroupName="/aws/lambda/x")
    logs.create_log_stream(logGroupName="/aws/lambda/x", logStreamName="s")
    events = [
        {"timestamp": now - 10_000 + number * 1000, "message": line} for number, line in enumerate(LINES)
    ]
    logs.put_log_events(logGroupName="/aws/lambda/x", logStreamName="s", logEvents=events)
    return "/aws/lambda/x"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", [0, 1, 2, 3]),
        ("ERROR", [0]),
        ("error boom", [0]),
        ('"timed out"', [2]),
        ('?"Task timed out" ?ERROR', [0, 2]),
        ('?WARNING ?"Init Duration"', [1, 3]),
        ("r1 boom", [0]),
        ("r1 nothing", []),
        ("r -REPORT", [0, 1, 2]),
        ("?Task r1", [0]),
        (r"%^\[ERROR\]\s|^\S+\s\S+\sTask\s%", [0, 2]),
        ("task", []),
        ("[level=ERROR, ...]", [0]),
        ("[..., last=*ms]", [3]),
    ],
)
def test_patterns(aws: LocalAws, group: str, pattern: str, expected: list[int]) -> None:
    found = aws.client("logs").filter_log_events(logGroupName=group, filterPattern=pattern)["events"]
    assert [LINES.index(each["message"]) for each in found] == expected


def test_a_pattern_that_aws_does_not_take_is_refused(aws: LocalAws, group: str) -> None:
    with pytest.raises(ClientError) as caught:
        aws.client("logs").filter_log_events(logGroupName=group, filterPattern="[level=ERROR, level]")
    assert code_of(caught.value) == "InvalidParameterException"


def test_pages_and_times(aws: LocalAws, group: str) -> None:
    pages = aws.client("logs").get_paginator("filter_log_events")
    found = [each["events"] for each in pages.paginate(logGroupName=group, limit=3)]
    assert [len(page) for page in found] == [3, 1]
    start = found[0][1]["timestamp"]
    late = aws.client("logs").filter_log_events(logGroupName=group, startTime=start, endTime=start)
    assert [each["message"] for each in late["events"]] == [LINES[1]]


@pytest.mark.parametrize(
    ("days", "kept"), [(14, (60, 300, 3600)), (16, (300, 3600)), (62, (300, 3600)), (64, (3600,)), (456, ())]
)
def test_an_older_point_is_found_in_a_wider_period_only(
    aws: LocalAws, days: int, kept: tuple[int, ...]
) -> None:
    cloudwatch, name = aws.client("cloudwatch"), f"Old{days}"
    at = datetime.now(UTC) - timedelta(days=days)
    datum = {"MetricName": name, "Value": 1.0, "Timestamp": at}
    cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=[datum])
    found = cloudwatch.get_metric_data(
        MetricDataQueries=[
            query(name, "Sum", ident=f"p{period}", period=period) for period in (60, 300, 3600)
        ],
        StartTime=at - timedelta(hours=1),
        EndTime=at + timedelta(hours=1),
    )
    assert {int(each["Id"][1:]) for each in found["MetricDataResults"] if each["Values"]} == set(kept)
