"""Metrics and log lines can be read some time after they were written, as on AWS."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from liveness_ops.template_tools.load import defaults, resolve, resources, template
from local_aws.client import LocalAws
from rehearsal.drill import play_scenario
from rehearsal.drill.catalogue import scenarios
from responder.core.plain_data import Json
from tests.integration._local_aws import Keys, allow, code_of, function, role

NOW = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=1)
THROTTLED = resolve(resources(template(), "AWS::CloudWatch::Alarm")["ThrottledAlarm"], defaults(template()))
# With the shortest windows that the parameters allow.
SHORT = defaults(template()) | {"RateSeconds": "900", "SureFaultsSeconds": "900"}
EVERY = [resolve(each, SHORT) for each in resources(template(), "AWS::CloudWatch::Alarm").values()]
EXPRESSIONS = {each["AlarmName"]: each for each in EVERY if "Metrics" in each}
# Without one of their two operands they have no value, or one that says that all is well.
NEED_BOTH = {
    "FaceAuth-Liveness-SlowSessionCreation",
    "FaceAuth-Liveness-SlowVerification-Corrected",
    "LivenessResponder-DailyCheckSilent-liveness-responder",
}
type Points = dict[str, list[tuple[str, Mapping[str, str], float, list[float]]]]
ONE_OF_ONE = {"EvaluationPeriods": 1, "DatapointsToAlarm": 1}


@pytest.fixture
def aws(bare: LocalAws) -> Iterator[LocalAws]:
    bare.move_clock(NOW)
    yield bare
    bare.move_clock(None)
    bare.settings(metrics_late=[0, 0], lines_late=0, policies_late=0)
    bare.restore("bare")


def values(aws: LocalAws, name: str) -> list[float]:
    metric = {"Namespace": "N", "MetricName": name}
    stat = {"Metric": metric, "Period": 60, "Stat": "Sum"}
    answer = aws.client("cloudwatch").get_metric_data(
        MetricDataQueries=[{"Id": "q", "MetricStat": stat}],
        StartTime=NOW - timedelta(minutes=10),
        EndTime=NOW + timedelta(minutes=10),
    )
    found: list[float] = answer["MetricDataResults"][0]["Values"]
    return found


def test_each_series_is_late_by_its_own_time_which_is_always_the_same(aws: LocalAws) -> None:
    aws.settings(metrics_late=[0, 180])
    names = [f"Metric{number}" for number in range(8)]
    for name in names:
        aws.put_points({"N": [(name, {}, NOW.timestamp(), [1.0])]})
    arrived = []
    for minute in range(4):
        aws.move_clock(NOW + timedelta(minutes=minute, seconds=1))
        arrived.append([name for name in names if values(aws, name)])
    assert 0 < len(arrived[1]) < len(arrived[2]) and arrived[3] == names
    aws.move_clock(NOW + timedelta(seconds=61))
    assert [name for name in names if values(aws, name)] == arrived[1]


def test_a_log_line_is_late_by_seconds(aws: LocalAws) -> None:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/late")
    logs.create_log_stream(logGroupName="/late", logStreamName="s")
    aws.settings(lines_late=4)
    aws.put_lines("s", {"/late": [(int(NOW.timestamp() * 1000), "a line")]})
    for seconds, count in ((2, 0), (5, 1)):
        aws.move_clock(NOW + timedelta(seconds=seconds))
        assert len(logs.filter_log_events(logGroupName="/late")["events"]) == count


def states(aws: LocalAws, late: int, **periods: int) -> list[str]:
    """Of ThrottledAlarm in the eight minutes after one call was turned away."""
    aws.client("cloudwatch").put_metric_alarm(**{**THROTTLED, **periods, "AlarmActions": []})
    aws.settings(metrics_late=[late, late])
    query = next(each["MetricStat"]["Metric"] for each in THROTTLED["Metrics"] if "MetricStat" in each)
    where = {each["Name"]: each["Value"] for each in query["Dimensions"]}
    aws.put_points({"AWS/Lambda": [("Throttles", where, NOW.timestamp(), [1.0])]})
    found: list[str] = []
    for minute in range(9):
        aws.move_clock(NOW + timedelta(minutes=minute, seconds=1))
        aws.evaluate_alarms()
        (alarm,) = aws.client("cloudwatch").describe_alarms(AlarmNames=[THROTTLED["AlarmName"]])[
            "MetricAlarms"
        ]
        found.append(alarm["StateValue"])
    return found


@pytest.mark.parametrize("late", [0, 60, 120, 180])
def test_the_alarm_on_throttled_functions_goes_off_however_late_its_metrics_are(
    aws: LocalAws, late: int
) -> None:
    found = states(aws, late)
    assert found.index("ALARM") == late // 60
    assert found[-1] == "OK"


@pytest.mark.parametrize("late", [60, 120, 180])
def test_one_period_with_fill_never_sees_what_is_late(aws: LocalAws, late: int) -> None:
    """What AWS's page says of FILL: the latest datapoint is always the filled one."""
    assert "ALARM" not in states(aws, late, **ONE_OF_ONE)


def without_one_operand(name: str, alarm: Json) -> Iterator[tuple[Json, Points]]:
    """The alarm once for each operand, with metrics of its own, and points of the other operands that are far
    beyond any threshold."""
    operands = [each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each]
    for number, absent in enumerate(operands):
        own = deepcopy(alarm)
        own |= {
            "AlarmName": f"{name}-{number}",
            "AlarmActions": [],
            "OKActions": [],
            "Threshold": float(own["Threshold"]),
        }
        points: Points = {}
        for place, each in enumerate(query for query in own["Metrics"] if "MetricStat" in query):
            each["MetricStat"]["Period"] = int(each["MetricStat"]["Period"])
            metric = each["MetricStat"]["Metric"] = {"Namespace": own["AlarmName"], "MetricName": f"M{place}"}
            if operands[place] is not absent:
                points.setdefault(own["AlarmName"], []).append(
                    (metric["MetricName"], {}, NOW.timestamp(), [500.0] * 100)
                )
        yield own, points


def test_an_alarm_on_an_expression_does_not_stay_in_alarm_where_an_operand_is_absent(
    aws: LocalAws,
) -> None:
    names, cloudwatch = set(), aws.client("cloudwatch")
    aws.settings(rates=0)
    for name, alarm in EXPRESSIONS.items():
        for own, points in without_one_operand(name, alarm):
            cloudwatch.put_metric_alarm(**own)
            aws.put_points(points)
            names.add(own["AlarmName"])
    went, left = set[str](), set[str]()
    for minute in range(0, 36, 2):
        aws.move_clock(NOW + timedelta(minutes=minute, seconds=1))
        aws.evaluate_alarms()
        pages = cloudwatch.get_paginator("describe_alarms").paginate(StateValue="ALARM")
        left = {each["AlarmName"] for page in pages for each in page["MetricAlarms"]} & names
        went |= left
    assert left == set()
    assert {name.rpartition("-")[0] for name in went} == EXPRESSIONS.keys() - NEED_BOTH


def test_a_decision_made_before_the_metrics_arrived_is_made_again(
    stack: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At first no invocation is known of the minutes in which requests ran out of memory."""
    monkeypatch.setitem(play_scenario.LATE, "metrics_late", [175, 175])
    (scenario,) = scenarios("get-result-errors", "asks-memory")
    try:
        (response,) = play_scenario.play(stack, scenario, late=True).acts
    finally:
        stack.settings(metrics_late=[0, 0], lines_late=0, policies_late=0)
    assert response.problems == []
    # The response itself has no answer: this is that of the command that decided again.
    assert response.answer["results"] == {"rollout_to_zero": "asked"}


def may(aws: LocalAws, keys: Keys) -> bool:
    try:
        keys.client(aws, "cloudwatch").describe_alarms()
    except ClientError as problem:
        assert code_of(problem) == "AccessDeniedException"
        return False
    return True


def test_changed_policies_of_a_role_are_honoured_some_seconds_later(aws: LocalAws) -> None:
    iam = aws.client("iam")
    arn = role(aws, "changed", allow("cloudwatch:DescribeAlarms"))
    keys = Keys.of(aws.client("sts").assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"])
    policy = iam.get_role_policy(RoleName="changed", PolicyName="p")["PolicyDocument"]
    aws.settings(policies_late=10)
    iam.delete_role_policy(RoleName="changed", PolicyName="p")
    aws.move_clock(NOW + timedelta(seconds=6))
    iam.put_role_policy(RoleName="changed", PolicyName="p", PolicyDocument=json.dumps(policy))
    honoured = []
    for seconds in (7, 11, 17):
        aws.move_clock(NOW + timedelta(seconds=seconds))
        honoured.append(may(aws, keys))
    assert honoured == [True, False, True]


def test_a_new_role_is_unknown_to_other_services_for_some_seconds(aws: LocalAws) -> None:
    aws.settings(policies_late=10)
    arn = role(aws, "new")
    with pytest.raises(ClientError, match="cannot be assumed by Lambda"):
        function(aws, "early", arn)
    with pytest.raises(ClientError, match="not authorized to perform: sts:AssumeRole"):
        aws.client("sts").assume_role(RoleArn=arn, RoleSessionName="me")
    aws.move_clock(NOW + timedelta(seconds=11))
    function(aws, "later", arn)
    aws.client("sts").assume_role(RoleArn=arn, RoleSessionName="me")
