"""The automation's own metrics in CloudWatch."""

import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from responder.core.alarm_event import AlarmState
from responder.core.log import log
from responder.core.plain_data import Json
from responder.core.reasons import Obstacle
from responder.core.refusals import Because, Refusal
from responder.core.settings import Settings
from responder.core.text import text
from responder.core.verdict import Outcome, Result
from responder.followup_rules import Duty, DutyKind, FollowUpMemory, Observation
from responder.respond import own_metrics
from responder.respond.own_metrics import OwnMetric
from tests.fakes.gateway import NOW
from tests.rows import all_rows

SETTINGS = Settings(stack="responder")
type Sheets = list[tuple[str, list[list[str]], Json]]


@pytest.fixture(autouse=True)
def _quiet() -> None:
    """Made before any test captures the output: the log keeps the stream that it is made with."""
    log().setLevel("CRITICAL")


@pytest.fixture
def sheets(capsys: pytest.CaptureFixture[str]) -> Callable[[], Sheets]:
    """Name, sets of dimensions, and values of each metric written since the last time."""

    def read() -> Sheets:
        found: Sheets = []
        for line in capsys.readouterr().out.splitlines():
            written = json.loads(line)
            (sheet,) = written.pop("_aws")["CloudWatchMetrics"]
            assert sheet["Namespace"] == "LivenessResponder"
            (metric,) = sheet["Metrics"]
            found.append((f"{metric['Name']} {metric['Unit']}", sheet["Dimensions"], written))
        return found

    return read


def outcome(result: Result, because: Because | None = None) -> Outcome:
    return Outcome("rollout_to_zero", "", result, text("why.command", order="apply"), because)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def seen() -> Observation:
    return Observation(NOW, ago(60), AlarmState.OK)


def duty(task: DutyKind, key: str = "", **data: Any) -> Duty:
    return Duty(task, text("duty.close"), key, data)


def test_a_metric_has_the_stack_as_its_only_dimension(sheets: Callable[[], Sheets]) -> None:
    own_metrics.measure(SETTINGS, OwnMetric.APPLIED)
    assert sheets() == [("Applied Count", [["Stack"]], {"Stack": "responder", "Applied": [1.0]})]


def test_a_further_dimension_adds_a_metric_and_leaves_the_sum(sheets: Callable[[], Sheets]) -> None:
    own_metrics.measure(SETTINGS, OwnMetric.ESCALATIONS, Level="3")
    ((name, dimensions, values),) = sheets()
    assert (name, sorted(dimensions)) == ("Escalations Count", [["Stack"], ["Stack", "Level"]])
    assert values == {"Stack": "responder", "Level": "3", "Escalations": [1.0]}


def test_the_environment_adds_no_dimension(
    sheets: Callable[[], Sheets], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "another")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Elsewhere")
    own_metrics.measure(SETTINGS, OwnMetric.APPLIED)
    assert sheets()[0][1] == [["Stack"]]


def test_one_metric_after_another_holds_nothing_of_the_first(sheets: Callable[[], Sheets]) -> None:
    own_metrics.measure(SETTINGS, OwnMetric.REFUSED, Reason="cooldown")
    own_metrics.measure(SETTINGS, OwnMetric.APPLIED)
    assert [sorted(values) for _, _, values in sheets()] == [
        ["Reason", "Refused", "Stack"],
        ["Applied", "Stack"],
    ]


@all_rows("metric", OwnMetric)
def test_times_are_seconds_and_the_rest_is_counted(metric: OwnMetric) -> None:
    assert metric.unit == ("Seconds" if "Time" in metric else "Count")


def test_a_response_counts_how_long_it_took_and_its_result(sheets: Callable[[], Sheets]) -> None:
    outcomes = (
        outcome(Result.APPLIED),
        outcome(Result.PARTIAL),
        outcome(Result.REFUSED, Refusal.MODE_OBSERVE()),
        outcome(Result.OBSERVED, Obstacle.NO_TARGETS()),
        outcome(Result.OBSERVED),
        outcome(Result.ASKED, Refusal.MODE_APPROVE()),
        outcome(Result.ALREADY),
        outcome(Result.FAILED),
    )
    own_metrics.answered(SETTINGS, ago(1.5), NOW, outcomes)
    found = sheets()
    assert [name for name, _, _ in found] == [
        "TimeToMessage Seconds",
        *["Applied Count"] * 2,
        *["Refused Count"] * 3,
    ]
    assert found[0][2]["TimeToMessage"] == [90.0]
    reasons = [values["Reason"] for _, _, values in found if "Reason" in values]
    assert reasons == ["mode_observe", "obstacle.no_targets", "none"]


def test_a_command_has_no_time_to_message(sheets: Callable[[], Sheets]) -> None:
    own_metrics.answered(SETTINGS, None, NOW, (outcome(Result.APPLIED),))
    assert [name for name, _, _ in sheets()] == ["Applied Count"]


def test_a_clock_that_runs_behind_makes_no_negative_time(sheets: Callable[[], Sheets]) -> None:
    own_metrics.answered(SETTINGS, NOW + timedelta(seconds=2), NOW, ())
    assert sheets()[0][2]["TimeToMessage"] == [0.0]


def test_an_escalation_is_counted_by_its_level(sheets: Callable[[], Sheets]) -> None:
    own_metrics.followed(SETTINGS, duty(DutyKind.ESCALATE, "2"), seen(), FollowUpMemory())
    ((name, _, values),) = sheets()
    assert (name, values["Level"]) == ("Escalations Count", "2")


@pytest.mark.parametrize(("helped", "counted"), [(False, ["Ineffective Count"]), (True, [])])
def test_a_remedy_that_did_not_help_is_counted(
    sheets: Callable[[], Sheets], helped: bool, counted: list[str]
) -> None:
    own_metrics.followed(SETTINGS, duty(DutyKind.JUDGE, "lease", helped=helped), seen(), FollowUpMemory())
    assert [name for name, _, _ in sheets()] == counted


CALM = FollowUpMemory(mitigated=ago(40), recovered=ago(20))


@pytest.mark.parametrize(
    ("task", "watch", "times"),
    [
        (DutyKind.MITIGATED, FollowUpMemory(mitigated=ago(40)), {"TimeToMitigation": 1200.0}),
        (DutyKind.RECOVERED, CALM, {"TimeToRecovery": 2400.0}),
        (DutyKind.CLOSE, CALM, {"TimeToMitigation": 1200.0, "TimeToRecovery": 2400.0}),
        (DutyKind.CLOSE, FollowUpMemory(mitigated=ago(40)), {"TimeToMitigation": 1200.0}),
        (DutyKind.CLOSE, FollowUpMemory(), {}),
        (DutyKind.CLOSE, FollowUpMemory(mitigated=ago(40), reported={"mitigated x": ago(30)}), {}),
        (DutyKind.MITIGATED, FollowUpMemory(mitigated=ago(40), reported={"mitigated x": ago(30)}), {}),
        (DutyKind.REMIND, CALM, {}),
    ],
)
def test_mitigation_and_recovery_are_counted_once_each(
    sheets: Callable[[], Sheets], task: DutyKind, watch: FollowUpMemory, times: dict[str, float]
) -> None:
    own_metrics.followed(SETTINGS, duty(task, "y"), seen(), watch)
    written = [(name.split()[0], values) for name, _, values in sheets()]
    assert {name: values[name][0] for name, values in written} == times


def test_a_round_is_one_value_the_number_of_open_incidents(sheets: Callable[[], Sheets]) -> None:
    own_metrics.beat(SETTINGS, 3)
    names = {name: values[name.split()[0]] for name, _, values in sheets()}
    assert names == {"OpenIncidents Count": [3.0]}


@pytest.mark.parametrize(
    "value", ["employee E-1234 was here", "x" * 41, "", "顔", "8f5cbd1c-63a1-4d57-9c64-0f0a2f5a0001 a"]
)
def test_free_text_is_never_a_dimension(sheets: Callable[[], Sheets], value: str) -> None:
    own_metrics.measure(SETTINGS, OwnMetric.REFUSED, Reason=value)
    assert sheets()[0][2]["Reason"] == "other"


@pytest.mark.parametrize(
    ("settings", "value"),
    [(SETTINGS, "many"), (Settings(stack=""), 1), (None, 1)],
)
def test_a_metric_never_fails_an_answer(sheets: Callable[[], Sheets], settings: Any, value: Any) -> None:
    own_metrics.measure(settings, OwnMetric.APPLIED, value)
    assert all("Stack" not in values or values["Stack"] for _, _, values in sheets())


def test_a_stream_that_is_gone_fails_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def write(self, _: str) -> int:
            raise OSError

        def flush(self) -> None:
            raise OSError

    monkeypatch.setattr(sys, "stdout", Gone())
    own_metrics.answered(SETTINGS, NOW, NOW, (outcome(Result.APPLIED),))
