"""Alarm changes arrive as the event AWS sends; alarms evaluate their own metric."""

import json
from contextlib import nullcontext
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from responder.core.plain_data import Json

REASON = {"version": "1.0", "statistic": "Sum", "period": 300, "recentDatapoints": [12.0], "threshold": 10.0}


@pytest.fixture(scope="module")
def aws(bare: LocalAws) -> LocalAws:
    return bare


@pytest.fixture
def events(aws: LocalAws) -> Any:
    """Sends alarm events to a queue; calling it gives the events that came since."""
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName="events")["QueueUrl"]
    arn = f"arn:aws:sqs:{aws.region}:{aws.account}:events"
    rule = {"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"]}
    aws.client("events").put_rule(Name="alarms", EventPattern=json.dumps(rule))
    aws.client("events").put_targets(Rule="alarms", Targets=[{"Id": "q", "Arn": arn}])
    anyone = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": arn}
    policy = {"Version": "2012-10-17", "Statement": [anyone]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    sqs.purge_queue(QueueUrl=url)

    def received() -> list[Json]:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for each in found.get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        return [json.loads(each["Body"]) for each in found.get("Messages", [])]

    return received


def alarm(aws: LocalAws, name: str, **more: Any) -> None:
    metric = {"Namespace": "FaceAuth/Liveness", "MetricName": "VerificationError"}
    plain = {**metric, "Statistic": "Sum", "Period": 300}
    given = more if "Metrics" in more else {**plain, **more}
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName=name, AlarmDescription="about " + name, EvaluationPeriods=1, Threshold=10,
        ComparisonOperator="GreaterThanThreshold", TreatMissingData="notBreaching", **given,
    )  # fmt: skip


def put(aws: LocalAws, name: str, value: float, **more: Any) -> None:
    datum = {"MetricName": name, "Value": value, **more}
    aws.client("cloudwatch").put_metric_data(Namespace="FaceAuth/Liveness", MetricData=[datum])


@pytest.mark.parametrize(
    ("statistic", "taken"),
    [("PR(10000:900000)", True), ("PR(0.5:3)", True), ("TC(10%:90%)", True), ("p99.9", True), ("tm90", True),
     ("TC(3:)", False), ("TC(0:3)", False), ("PR(:3)", False), ("TM(5%:95%)", False), ("P99", False)],
)  # fmt: skip
def test_an_alarm_takes_the_statistics_that_aws_lists_and_no_other(
    aws: LocalAws, statistic: str, taken: bool
) -> None:
    metric = {"Namespace": "FaceAuth/Liveness", "MetricName": "SessionCreationTime"}
    asked = {"Id": "share", "MetricStat": {"Metric": metric, "Period": 300, "Stat": statistic}}
    for given in ({**metric, "ExtendedStatistic": statistic, "Period": 300}, {"Metrics": [asked]}):
        with nullcontext() if taken else pytest.raises(ClientError, match="not supported for alarms"):
            aws.client("cloudwatch").put_metric_alarm(
                AlarmName="Listed", EvaluationPeriods=1, Threshold=10,
                ComparisonOperator="GreaterThanThreshold", **given,
            )  # fmt: skip


def test_the_first_transition_has_no_previous_reason_data(aws: LocalAws, events: Any) -> None:
    alarm(aws, "High", Dimensions=[{"Name": "Status", "Value": "FAILED"}])
    aws.client("cloudwatch").set_alarm_state(
        AlarmName="High",
        StateValue="ALARM",
        StateReason="Threshold Crossed",
        StateReasonData=json.dumps(REASON),
    )
    (event,) = events()
    assert event["source"] == "aws.cloudwatch"
    assert event["detail-type"] == "CloudWatch Alarm State Change"
    assert event["resources"] == [f"arn:aws:cloudwatch:{aws.region}:{aws.account}:alarm:High"]
    assert (event["account"], event["region"], event["version"]) == (aws.account, aws.region, "0")
    detail = event["detail"]
    assert detail["alarmName"] == "High"
    assert detail["previousState"]["value"] == "INSUFFICIENT_DATA"
    assert detail["previousState"]["reason"] == "Unchecked: Initial alarm creation"
    assert "reasonData" not in detail["previousState"]
    assert json.loads(detail["state"]["reasonData"]) == REASON
    assert detail["state"]["value"] == "ALARM"
    assert detail["state"]["timestamp"][-5:] == "+0000"
    assert detail["state"]["timestamp"][-9] == "."
    (metric,) = detail["configuration"]["metrics"]
    assert metric["returnData"] is True
    assert metric["metricStat"]["metric"] == {
        "dimensions": {"Status": "FAILED"}, "name": "VerificationError", "namespace": "FaceAuth/Liveness",
    }  # fmt: skip
    assert (metric["metricStat"]["period"], metric["metricStat"]["stat"]) == (300, "Sum")
    assert detail["configuration"]["description"] == "about High"


def test_the_next_transition_holds_the_state_before(aws: LocalAws, events: Any) -> None:
    alarm(aws, "Twice")
    client = aws.client("cloudwatch")
    client.set_alarm_state(
        AlarmName="Twice", StateValue="ALARM", StateReason="first", StateReasonData=json.dumps(REASON)
    )
    client.set_alarm_state(AlarmName="Twice", StateValue="OK", StateReason="second")
    first, second = sorted(events(), key=lambda each: each["detail"]["state"]["reason"])
    assert second["detail"]["previousState"] == first["detail"]["state"]
    assert "reasonData" not in second["detail"]["state"]


def test_the_same_state_again_is_no_event(aws: LocalAws, events: Any) -> None:
    alarm(aws, "Still")
    for _ in range(2):
        aws.client("cloudwatch").set_alarm_state(AlarmName="Still", StateValue="ALARM", StateReason="again")
    assert len(events()) == 1


def test_metric_math_shows_expression_and_queries(aws: LocalAws, events: Any) -> None:
    def stat(name: str) -> Json:
        metric = {"Namespace": "FaceAuth/Liveness", "MetricName": name}
        return {
            "Id": name[:1].lower(),
            "MetricStat": {"Metric": metric, "Period": 300, "Stat": "Sum"},
            "ReturnData": False,
        }

    rate = {"Id": "e1", "Expression": "100 * f / (s + f)", "Label": "rate", "ReturnData": True}
    alarm(aws, "Rate", Metrics=[rate, stat("SuccessCount"), stat("FailureCount")])
    put(aws, "SuccessCount", 1)
    put(aws, "FailureCount", 3)
    (event,) = events()
    shown = event["detail"]["configuration"]["metrics"]
    assert shown[0] == {"expression": "100 * f / (s + f)", "id": "e1", "label": "rate", "returnData": True}
    assert [each["returnData"] for each in shown] == [True, False, False]
    data = json.loads(event["detail"]["state"]["reasonData"])
    assert "statistic" not in data
    assert data["recentDatapoints"] == [75.0]


def test_data_with_other_dimensions_does_not_move_an_alarm(aws: LocalAws, events: Any) -> None:
    alarm(aws, "Failed", MetricName="SessionCount", Dimensions=[{"Name": "Status", "Value": "FAILED"}])
    put(aws, "SessionCount", 50, Dimensions=[{"Name": "Status", "Value": "SUCCESS"}])
    assert events() == []
    put(aws, "SessionCount", 50, Dimensions=[{"Name": "Status", "Value": "FAILED"}])
    (event,) = events()
    assert json.loads(event["detail"]["state"]["reasonData"])["statistic"] == "Sum"
    described = aws.client("cloudwatch").describe_alarms(AlarmNames=["Failed"])["MetricAlarms"][0]
    assert described["StateValue"] == "ALARM"


def test_a_state_set_by_hand_stays_until_its_own_metric_speaks(aws: LocalAws) -> None:
    alarm(aws, "Hand", MetricName="Quiet")
    client = aws.client("cloudwatch")
    client.set_alarm_state(AlarmName="Hand", StateValue="ALARM", StateReason="drill")
    put(aws, "VerificationTime", 1)
    assert client.describe_alarms(AlarmNames=["Hand"])["MetricAlarms"][0]["StateValue"] == "ALARM"
    aws.evaluate_alarms()
    assert client.describe_alarms(AlarmNames=["Hand"])["MetricAlarms"][0]["StateValue"] == "OK"
