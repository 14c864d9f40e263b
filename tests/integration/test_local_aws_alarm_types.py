"""Log alarms, anomaly bands, suppressors and mute rules of the local AWS behave as AWS documents them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from responder.core.plain_data import Json

ROLE = "arn:aws:iam::123456789012:role/Query"
LOG: Json = {
    "ScheduledQueryConfiguration": {
        "QueryString": "filter @message like /refused/",
        "LogGroupIdentifiers": ["/aws/lambda/FaceAuth-GetLivenessResult"],
        "ScheduledQueryRoleARN": ROLE,
        "ScheduleConfiguration": {"ScheduleExpression": "rate(5 minutes)", "StartTimeOffset": 300},
        "AggregationExpression": "count(*)",
    },
    "QueryResultsToEvaluate": 3,
    "QueryResultsToAlarm": 2,
    "Threshold": 5.0,
    "ComparisonOperator": "GreaterThanThreshold",
}
ALL = ["MetricAlarm", "CompositeAlarm", "LogAlarm"]


@pytest.fixture(scope="module")
def running(bare: LocalAws) -> LocalAws:
    bare.snapshot("empty")
    return bare


@pytest.fixture
def aws(running: LocalAws) -> LocalAws:
    running.restore("empty")
    running.clear()
    return running


@pytest.fixture
def cloudwatch(aws: LocalAws) -> Any:
    return aws.client("cloudwatch")


@pytest.fixture
def events(aws: LocalAws) -> Callable[[], list[Json]]:
    """The events since the last call, oldest first."""
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName="events")["QueueUrl"]
    arn = f"arn:aws:sqs:{aws.region}:{aws.account}:events"
    aws.client("events").put_rule(Name="all", EventPattern=json.dumps({"source": ["aws.cloudwatch"]}))
    aws.client("events").put_targets(Rule="all", Targets=[{"Id": "q", "Arn": arn}])
    anyone = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": arn}
    policy = {"Version": "2012-10-17", "Statement": [anyone]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})

    def received() -> list[Json]:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        found = answer.get("Messages", [])
        for each in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        bodies = [json.loads(each["Body"])["detail"] for each in found]
        return sorted(bodies, key=lambda detail: str(detail["state"]["timestamp"]))

    return received


def metric(cloudwatch: Any, name: str, **more: Any) -> None:
    plain = {"Namespace": "N", "MetricName": "M", "Statistic": "Sum", "Period": 300, "Threshold": 1.0}
    given = more if "Metrics" in more else {**plain, **more}
    cloudwatch.put_metric_alarm(
        AlarmName=name, EvaluationPeriods=1, **{"ComparisonOperator": "GreaterThanThreshold", **given}
    )


def becomes(cloudwatch: Any, name: str, state: str) -> None:
    cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason=f"set to {state}")


def described(cloudwatch: Any, name: str) -> Json:
    found = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=ALL)
    (row,) = (each for kind in ALL for each in found[f"{kind}s"])
    return dict(row)


def refused(call: Callable[..., Any], **given: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**given)
    return str(caught.value.response["Error"]["Code"])


# --- types ------------------------------------------------------------------------------------------


def test_an_alarm_is_reported_only_where_its_type_is_asked_for(cloudwatch: Any) -> None:
    metric(cloudwatch, "a-metric")
    cloudwatch.put_composite_alarm(AlarmName="b-composite", AlarmRule="ALARM(a-metric)")
    cloudwatch.put_log_alarm(AlarmName="c-log", **LOG)
    for types, names in (
        ([], ["a-metric"]),
        (["CompositeAlarm"], ["b-composite"]),
        (["LogAlarm"], ["c-log"]),
        (ALL, ["a-metric", "b-composite", "c-log"]),
    ):
        asked = {"AlarmTypes": types} if types else {}
        found = cloudwatch.describe_alarms(**asked)
        given = [each["AlarmName"] for kind in ALL for each in found[f"{kind}s"]]
        assert given == names


def test_pages_count_all_types_together(cloudwatch: Any) -> None:
    metric(cloudwatch, "a")
    cloudwatch.put_log_alarm(AlarmName="b", **LOG)
    metric(cloudwatch, "c")
    pages = list(
        cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=ALL, PaginationConfig={"PageSize": 1})
    )
    assert [[each["AlarmName"] for kind in ALL for each in page[f"{kind}s"]] for page in pages] == [
        ["a"],
        ["b"],
        ["c"],
    ]


def test_a_log_alarm_begins_without_data_and_changes_as_any_other(cloudwatch: Any, events: Any) -> None:
    cloudwatch.put_log_alarm(AlarmName="Log", AlarmDescription="refused", **LOG)
    row = described(cloudwatch, "Log")
    assert (row["StateValue"], row["ActionsEnabled"], row["TreatMissingData"]) == (
        "INSUFFICIENT_DATA",
        True,
        "missing",
    )
    assert row["ScheduledQueryConfiguration"]["QueryARN"].startswith("arn:aws:logs:")
    becomes(cloudwatch, "Log", "ALARM")
    (detail,) = events()
    assert (detail["alarmName"], detail["state"]["value"]) == ("Log", "ALARM")
    assert "reasonData" not in detail["state"]
    assert "metrics" not in detail["configuration"]
    # Another definition keeps the state.
    cloudwatch.put_log_alarm(AlarmName="Log", **{**LOG, "Threshold": 9.0})
    row = described(cloudwatch, "Log")
    assert (row["StateValue"], row["Threshold"]) == ("ALARM", 9.0)
    cloudwatch.disable_alarm_actions(AlarmNames=["Log"])
    assert described(cloudwatch, "Log")["ActionsEnabled"] is False
    cloudwatch.delete_alarms(AlarmNames=["Log"])
    assert cloudwatch.describe_alarms(AlarmTypes=ALL)["LogAlarms"] == []


def test_a_log_alarm_is_not_judged_by_metrics(aws: LocalAws, cloudwatch: Any) -> None:
    cloudwatch.put_log_alarm(AlarmName="Log", **LOG)
    becomes(cloudwatch, "Log", "ALARM")
    aws.evaluate_alarms()
    assert described(cloudwatch, "Log")["StateValue"] == "ALARM"


@pytest.mark.parametrize(
    "wrong",
    [
        {"QueryResultsToAlarm": 4},
        {"QueryResultsToEvaluate": 101},
        {"ComparisonOperator": "GreaterThanUpperThreshold"},
        {"ActionLogLineCount": 51, "ActionLogLineRoleArn": ROLE},
        {"ActionLogLineCount": 5},
    ],
)
def test_what_a_log_alarm_may_not_be(cloudwatch: Any, wrong: Json) -> None:
    assert refused(cloudwatch.put_log_alarm, AlarmName="Log", **{**LOG, **wrong}) == "ValidationError"


def test_a_name_is_unique_over_all_types(cloudwatch: Any) -> None:
    metric(cloudwatch, "Mine")
    assert refused(cloudwatch.put_log_alarm, AlarmName="Mine", **LOG) == "ResourceConflict"
    cloudwatch.put_log_alarm(AlarmName="Other", **LOG)
    assert refused(cloudwatch.put_composite_alarm, AlarmName="Other", AlarmRule="TRUE") == "ValidationError"


def test_an_alarm_on_a_band_has_no_threshold_and_is_not_judged(
    aws: LocalAws, cloudwatch: Any, events: Any
) -> None:
    stat = {"Metric": {"Namespace": "N", "MetricName": "M"}, "Period": 300, "Stat": "Average"}
    band = {"Id": "ad1", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)", "ReturnData": True}
    metric(
        cloudwatch,
        "Band",
        ComparisonOperator="LessThanLowerOrGreaterThanUpperThreshold",
        ThresholdMetricId="ad1",
        Metrics=[{"Id": "m1", "MetricStat": stat, "ReturnData": True}, band],
    )
    row = described(cloudwatch, "Band")
    assert "Threshold" not in row
    assert row["ThresholdMetricId"] == "ad1"
    becomes(cloudwatch, "Band", "ALARM")
    aws.evaluate_alarms()
    (detail,) = events()
    assert [each.get("expression") for each in detail["configuration"]["metrics"]] == [
        None,
        "ANOMALY_DETECTION_BAND(m1, 2)",
    ]


def test_how_an_alarm_is_evaluated_can_be_said(aws: LocalAws, cloudwatch: Any) -> None:
    metric(cloudwatch, "Partly")
    aws.alarm_evaluation("Partly", "PARTIAL_DATA")
    assert described(cloudwatch, "Partly")["EvaluationState"] == "PARTIAL_DATA"
    aws.alarm_evaluation("Partly", None)
    assert "EvaluationState" not in described(cloudwatch, "Partly")


# --- suppression ------------------------------------------------------------------------------------


def suppressed(cloudwatch: Any, wait: int = 0, extension: int = 0) -> None:
    for name in ("Child", "Maintenance"):
        metric(cloudwatch, name)
    cloudwatch.put_composite_alarm(
        AlarmName="Whole",
        AlarmRule="ALARM(Child)",
        ActionsSuppressor="Maintenance",
        ActionsSuppressorWaitPeriod=wait,
        ActionsSuppressorExtensionPeriod=extension,
    )


def of_whole(found: list[Json]) -> list[Json]:
    return [each for each in found if each["alarmName"] == "Whole"]


def test_a_raised_suppressor_holds_the_actions_back_until_it_is_over(cloudwatch: Any, events: Any) -> None:
    suppressed(cloudwatch)
    becomes(cloudwatch, "Maintenance", "ALARM")
    events()
    becomes(cloudwatch, "Child", "ALARM")
    (first,) = of_whole(events())
    assert first["state"]["actionsSuppressedBy"] == "Alarm"
    assert first["configuration"]["actionsSuppressor"] == "Maintenance"
    assert "metrics" not in first["configuration"]
    assert json.loads(first["state"]["reasonData"])["triggeringAlarms"][0]["arn"].endswith(":Child")
    assert described(cloudwatch, "Whole")["ActionsSuppressedBy"] == "Alarm"
    becomes(cloudwatch, "Maintenance", "OK")
    (again,) = of_whole(events())
    assert (again["previousState"]["value"], again["state"]["value"]) == ("ALARM", "ALARM")
    assert again["previousState"]["actionsSuppressedBy"] == "Alarm"
    assert "actionsSuppressedBy" not in again["state"]
    assert "ActionsSuppressedBy" not in described(cloudwatch, "Whole")


def test_the_wait_period_holds_the_actions_back_first(aws: LocalAws, cloudwatch: Any, events: Any) -> None:
    suppressed(cloudwatch, wait=1)
    events()
    becomes(cloudwatch, "Child", "ALARM")
    (first,) = of_whole(events())
    assert first["state"]["actionsSuppressedBy"] == "WaitPeriod"
    aws.evaluate_alarms()
    (again,) = of_whole(events())
    assert again["previousState"]["actionsSuppressedBy"] == "WaitPeriod"
    assert "actionsSuppressedBy" not in again["state"]


def test_the_extension_period_follows_the_suppressor(cloudwatch: Any) -> None:
    suppressed(cloudwatch, extension=600)
    becomes(cloudwatch, "Maintenance", "ALARM")
    becomes(cloudwatch, "Child", "ALARM")
    becomes(cloudwatch, "Maintenance", "OK")
    assert described(cloudwatch, "Whole")["ActionsSuppressedBy"] == "ExtensionPeriod"


def test_a_suppressor_needs_both_periods(cloudwatch: Any) -> None:
    metric(cloudwatch, "Maintenance")
    given = {"AlarmName": "Whole", "AlarmRule": "TRUE", "ActionsSuppressor": "Maintenance"}
    assert refused(cloudwatch.put_composite_alarm, **given) == "ValidationError"


# --- mute rules -------------------------------------------------------------------------------------


@pytest.fixture
def now() -> datetime:
    """The windows of the rules are hours long: it is not the time at which a long run of tests began."""
    return datetime.now(UTC)


def mute(cloudwatch: Any, name: str, expression: str, duration: str = "PT2H", **more: Any) -> None:
    schedule = {"Expression": expression, "Duration": duration}
    rule = {"Schedule": {**schedule, **more.pop("schedule", {})}}
    cloudwatch.put_alarm_mute_rule(Name=name, Rule=rule, MuteTargets={"AlarmNames": ["Mine"]}, **more)


def at(moment: datetime) -> str:
    return f"at({moment:%Y-%m-%dT%H:%M})"


def statuses(cloudwatch: Any, **asked: Any) -> dict[str, str]:
    found = cloudwatch.list_alarm_mute_rules(**asked)["AlarmMuteRuleSummaries"]
    return {each["AlarmMuteRuleArn"].rpartition(":")[2]: each["Status"] for each in found}


def test_a_rule_is_scheduled_active_or_expired(cloudwatch: Any, now: datetime) -> None:
    metric(cloudwatch, "Mine")
    metric(cloudwatch, "Another")
    mute(cloudwatch, "now", at(now - timedelta(hours=1)))
    mute(cloudwatch, "over", at(now - timedelta(hours=5)))
    mute(cloudwatch, "later", at(now + timedelta(hours=5)))
    mute(cloudwatch, "nightly", f"cron({now.minute} {now.hour} * * *)")
    mute(cloudwatch, "other-hour", f"cron(0 {(now.hour + 12) % 24} * JAN-DEC SUN-SAT)")
    mute(cloudwatch, "ended", "cron(* * * * *)", ExpireDate=now - timedelta(hours=1))
    mute(cloudwatch, "begins", "cron(* * * * *)", StartDate=now + timedelta(hours=1))
    mute(cloudwatch, "tokyo", at(now + timedelta(hours=8)), schedule={"Timezone": "Asia/Tokyo"})
    assert statuses(cloudwatch) == {
        "now": "ACTIVE",
        "over": "EXPIRED",
        "later": "SCHEDULED",
        "nightly": "ACTIVE",
        "other-hour": "SCHEDULED",
        "ended": "EXPIRED",
        "begins": "SCHEDULED",
        "tokyo": "ACTIVE",
    }
    assert set(statuses(cloudwatch, Statuses=["ACTIVE"])) == {"now", "nightly", "tokyo"}
    assert statuses(cloudwatch, AlarmName="Another") == {}
    pages = cloudwatch.get_paginator("list_alarm_mute_rules").paginate(PaginationConfig={"PageSize": 3})
    assert sum(len(page["AlarmMuteRuleSummaries"]) for page in pages) == 8


def test_a_rule_can_be_read_replaced_and_deleted(cloudwatch: Any, now: datetime) -> None:
    metric(cloudwatch, "Mine")
    mute(cloudwatch, "release", at(now), Description="release 12")
    found = cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName="release")
    assert (found["Name"], found["Status"], found["MuteType"]) == ("release", "ACTIVE", "ONE_TIME")
    assert found["MuteTargets"] == {"AlarmNames": ["Mine"]}
    mute(cloudwatch, "release", at(now + timedelta(days=1)))
    assert statuses(cloudwatch) == {"release": "SCHEDULED"}
    for _ in range(2):
        cloudwatch.delete_alarm_mute_rule(AlarmMuteRuleName="release")
    assert refused(cloudwatch.get_alarm_mute_rule, AlarmMuteRuleName="release") == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("expression", "duration"),
    [
        ("cron(0 2 * *)", "PT1H"),
        ("rate(5 minutes)", "PT1H"),
        ("at(2026-01-01T00:00)", "PT30S"),
        ("at(2026-01-01T00:00)", "P16D"),
    ],
)
def test_what_a_rule_may_not_be(cloudwatch: Any, expression: str, duration: str) -> None:
    metric(cloudwatch, "Mine")
    with pytest.raises(ClientError):
        mute(cloudwatch, "odd", expression, duration)


def test_a_muted_alarm_changes_its_state_names_its_mute_rule_and_does_nothing(
    aws: LocalAws, cloudwatch: Any, events: Any, now: datetime
) -> None:
    topic = aws.client("sns").create_topic(Name="pages")["TopicArn"]
    metric(cloudwatch, "Mine", AlarmActions=[topic])
    begun = now.replace(second=0, microsecond=0) - timedelta(minutes=10)
    mute(cloudwatch, "night", at(begun))
    becomes(cloudwatch, "Mine", "ALARM")
    (detail,) = events()
    assert detail["muteDetail"] == {
        "mutedByArn": f"arn:aws:cloudwatch:{aws.region}:{aws.account}:alarm-mute-rule:night",
        "muteWindowStart": begun.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
        "muteWindowEnd": (begun + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
    }
    assert aws.inbox() == []
    cloudwatch.delete_alarm_mute_rule(AlarmMuteRuleName="night")
    becomes(cloudwatch, "Mine", "OK")
    becomes(cloudwatch, "Mine", "ALARM")
    assert all("muteDetail" not in each for each in events())
    assert len(aws.inbox()) == 1


def test_a_snapshot_holds_the_rules(aws: LocalAws, cloudwatch: Any, now: datetime) -> None:
    metric(cloudwatch, "Mine")
    mute(cloudwatch, "night", at(now))
    aws.restore("empty")
    assert statuses(cloudwatch) == {}
