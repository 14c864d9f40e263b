"""The history of alarms is as strict as CloudWatch's: by type, in order, in pages, 30 days."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local_aws.client import LocalAws
from responder.core.plain_data import Json


@pytest.fixture
def cloudwatch(bare: LocalAws) -> Any:
    bare.restore("bare")
    found = bare.client("cloudwatch")
    found.put_metric_alarm(
        AlarmName="one", Namespace="N", MetricName="M", Period=60, EvaluationPeriods=1, Threshold=0,
        ComparisonOperator="GreaterThanThreshold", Statistic="Sum",
    )  # fmt: skip
    found.put_composite_alarm(AlarmName="both", AlarmRule="ALARM(one)")
    return found


def items(cloudwatch: Any, **asked: Any) -> list[Json]:
    pages = cloudwatch.get_paginator("describe_alarm_history").paginate(**asked)
    return [each for page in pages for each in page["AlarmHistoryItems"]]


def test_only_the_types_that_are_asked_for_are_returned_and_without_any_metric_alarms(
    cloudwatch: Any,
) -> None:
    cloudwatch.set_alarm_state(AlarmName="one", StateValue="ALARM", StateReason="test")
    assert {each["AlarmName"] for each in items(cloudwatch)} == {"one"}
    assert {each["AlarmName"] for each in items(cloudwatch, AlarmTypes=["CompositeAlarm"])} == {"both"}
    types = ["CompositeAlarm", "MetricAlarm", "LogAlarm"]
    assert {each["AlarmType"] for each in items(cloudwatch, AlarmTypes=types)} == set(types[:2])


def test_a_change_of_state_holds_its_reason_data_and_its_milliseconds(cloudwatch: Any) -> None:
    data = {"version": "1.0", "startDate": "2026-01-01T00:00:00.000+0000", "recentDatapoints": [7.0]}
    before = datetime.now(UTC)
    cloudwatch.set_alarm_state(
        AlarmName="one", StateValue="ALARM", StateReason="seven", StateReasonData=json.dumps(data)
    )
    (found,) = items(cloudwatch, AlarmName="one", HistoryItemType="StateUpdate")
    said = json.loads(found["HistoryData"])
    assert said["oldState"] == {"stateValue": "INSUFFICIENT_DATA"}
    assert said["newState"] == {"stateValue": "ALARM", "stateReason": "seven", "stateReasonData": data}
    assert found["Timestamp"].astimezone(UTC) >= before - timedelta(milliseconds=1)


def test_what_of_the_alarm_was_changed_is_kept_with_its_old_value_also_once_it_is_deleted(
    cloudwatch: Any,
) -> None:
    cloudwatch.disable_alarm_actions(AlarmNames=["one"])
    cloudwatch.delete_alarms(AlarmNames=["both"])
    cloudwatch.delete_alarms(AlarmNames=["one"])
    found = items(cloudwatch, AlarmName="one", HistoryItemType="ConfigurationUpdate")
    deleted, updated, created = (json.loads(each["HistoryData"]) for each in found)
    assert (created["type"], created["createdAlarm"]["alarmName"]) == ("Create", "one")
    assert (updated["type"], updated["originalUpdatedFields"]) == ("Update", {"actionsEnabled": True})
    assert (deleted["type"], deleted["deletedAlarm"]["actionsEnabled"]) == ("Delete", False)


def test_newest_first_in_pages_and_no_item_twice(cloudwatch: Any) -> None:
    for number in range(6):
        state = ("OK", "ALARM")[number % 2]
        cloudwatch.set_alarm_state(AlarmName="one", StateValue=state, StateReason=str(number))
    asked: Json = {"AlarmName": "one", "HistoryItemType": "StateUpdate"}
    pages = cloudwatch.get_paginator("describe_alarm_history").paginate(**asked, MaxRecords=2)
    reasons = [
        [json.loads(each["HistoryData"])["newState"]["stateReason"] for each in page["AlarmHistoryItems"]]
        for page in pages
    ]
    assert reasons == [["5", "4"], ["3", "2"], ["1", "0"]]
    oldest = items(cloudwatch, **asked, ScanBy="TimestampAscending")[0]
    assert json.loads(oldest["HistoryData"])["newState"]["stateReason"] == "0"


def test_an_item_is_kept_for_30_days(bare: LocalAws, cloudwatch: Any) -> None:
    cloudwatch.set_alarm_state(AlarmName="one", StateValue="ALARM", StateReason="old")
    bare.age(29)
    assert items(cloudwatch, AlarmName="one")
    bare.age(2)
    assert not items(cloudwatch, AlarmName="one")
