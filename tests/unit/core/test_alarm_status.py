"""Alarms are read in one place, of every type that CloudWatch has."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session

from liveness_ops.template_tools.load import ROOT
from responder.core.alarm_event import AlarmState
from responder.core.deployed_alarm import (
    LISTS,
    TYPES,
    Evaluation,
    describe,
    describe_all,
    read_alarm,
    status,
    watch,
    window,
)
from responder.core.plain_data import Json
from responder.core.refusals import Refusal
from responder.core.switches import Silence
from tests.fakes import FakeAws

SCHEDULE = {"ScheduleExpression": "rate(5 minutes)", "StartTimeOffset": 300}


def one(kind: str) -> FakeAws:
    """As AWS: an alarm of a type that was not asked for is left out."""
    aws = FakeAws()
    row = {"AlarmName": "Mine", "StateValue": "ALARM"}

    def described(**asked: Any) -> Json:
        types = asked.get("AlarmTypes") or ["MetricAlarm"]
        return {LISTS[each]: [row] if each == kind else [] for each in types}

    aws.answer("cloudwatch", "describe_alarms", described)
    return aws


def test_every_type_that_the_sdk_knows_is_read() -> None:
    model: Any = get_session().get_service_model("cloudwatch")
    assert set(TYPES) == set(model.shape_for("AlarmType").enum)
    reported = model.operation_model("DescribeAlarms").output_shape.members
    assert set(LISTS.values()) == set(reported) - {"NextToken"}


@pytest.mark.parametrize("kind", TYPES)
def test_an_alarm_of_any_type_is_found(kind: str) -> None:
    found = read_alarm(one(kind), "Mine")
    assert found is not None
    assert found.state is AlarmState.ALARM
    assert [each["AlarmName"] for each in describe_all(one(kind))] == ["Mine"]


def test_an_alarm_that_was_deleted_is_none() -> None:
    aws = FakeAws()
    aws.answer("cloudwatch", "describe_alarms", {"MetricAlarms": [], "CompositeAlarms": [], "LogAlarms": []})
    assert read_alarm(aws, "Mine") is None


LOUD = {"StateValue": "ALARM", "ActionsEnabled": True}
ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:Maintenance: night"
DISABLED = Silence(Refusal.ACTIONS_DISABLED())


@pytest.mark.parametrize(
    ("row", "silences"),
    [
        (LOUD, ()),
        ({**LOUD, "ActionsEnabled": False}, (DISABLED,)),
        # What AWS does not say is no yes.
        ({"StateValue": "ALARM"}, (DISABLED,)),
        (
            {**LOUD, "ActionsSuppressedBy": "WaitPeriod", "ActionsSuppressor": ARN},
            (Silence(Refusal.SUPPRESSED(name="Maintenance: night", phase="WaitPeriod")),),
        ),
        ({**LOUD, "ActionsSuppressedBy": "Alarm"}, (Silence(Refusal.SUPPRESSED(name="?", phase="Alarm")),)),
    ],
)
def test_what_silences_an_alarm_is_read_with_its_state(row: Json, silences: tuple[Silence, ...]) -> None:
    assert status(row).silences == silences


def test_every_evaluation_state_of_the_sdk_is_known_and_a_new_one_is_no_better() -> None:
    model: Any = get_session().get_service_model("cloudwatch")
    known = set(model.shape_for("EvaluationState").enum)
    assert known == set(Evaluation) - {Evaluation.OTHER}
    for each in known:
        assert status({**LOUD, "EvaluationState": each}).evaluation == Evaluation(each)
    assert status({**LOUD, "EvaluationState": "SOMETHING_NEW"}).evaluation is Evaluation.OTHER
    assert status(LOUD).evaluation is None


def test_who_wants_one_type_gets_no_other() -> None:
    assert describe(one("LogAlarm"), "Mine", ("MetricAlarm",)) is None


@pytest.mark.parametrize(
    ("alarm", "minutes"),
    [
        ({"Period": 300, "EvaluationPeriods": 2}, 10),
        ({"Metrics": [{"MetricStat": {"Period": 3600}}, {"Expression": "a"}], "EvaluationPeriods": 1}, 60),
        ({"AlarmRule": "ALARM(a)"}, 0),
        (
            {"ScheduledQueryConfiguration": {"ScheduleConfiguration": SCHEDULE}, "QueryResultsToEvaluate": 3},
            15,
        ),
        ({"ScheduledQueryConfiguration": {}, "QueryResultsToEvaluate": 3}, 0),
    ],
)
def test_it_is_known_how_far_back_an_alarm_looks(alarm: Json, minutes: int) -> None:
    assert window(alarm) == timedelta(minutes=minutes)


def test_nothing_else_asks_for_alarms() -> None:
    """Another reader would forget a type of alarm."""
    asking = "describe_alarms"
    ops = ("ops/liveness_ops", "ops/rehearsal", "ops/local_aws/client")
    folders = [Path(ROOT) / each for each in ("layers/responder", "functions", *ops)]
    files = (path for folder in folders for path in folder.rglob("*.py") if path.parent.name != "limits")
    found = {path.name for path in files if asking in path.read_text()}
    # The table of operations, AWS's rates, and what is done to a local AWS (as in `limits`).
    local = {"running.py", "past.py", "bench_change.py", "bench_detection.py", "console.py"}
    assert found == {"deployed_alarm.py", "operations.py", "paced.py", *local}


@pytest.mark.parametrize("row", [{}, {"TreatMissingData": "", "AlarmDescription": "", "Metrics": []}])
def test_missing_data_is_missing_where_the_alarm_does_not_say_otherwise(row: Json) -> None:
    assert watch(row).missing == "missing"
    assert watch(row).queries == ()
