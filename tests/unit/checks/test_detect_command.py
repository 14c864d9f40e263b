"""`liveness-ops detect`: minutes to ALARM at the real traffic, as a table, as JSON and as a page."""

import json
import webbrowser
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from liveness_ops.detection import work
from responder.checks.commands import FixCommand
from responder.checks.detection import speed
from responder.checks.detection.change import DetectionChange
from responder.checks.detection.observed import ObservedTraffic
from responder.checks.detection.report import DetectionReport, machine
from responder.checks.detection.speed import AlarmSpeed
from responder.core.errors import Denied, Throttled
from responder.core.log import log
from responder.core.plain_data import Json
from responder.core.text import text
from tests.rows import in_both_languages
from tests.texts import piece
from tests.unit.checks.alarms_world import CORRECTED, DEPLOYED, LIMITS
from tests.unit.evidence.worlds import CREATE, RESULT
from tests.unit.people.terminal import Terminal, at, scene

ENVIRONMENT = {"STACK": "responder", "REGION": "us-east-1", "ACCOUNT": "123456789012", "CHECK_ZONE": "UTC"}
DEAD = {"FaceAuth-Liveness-LowSuccessRate", "FaceAuth-Liveness-SlowVerification"}
RATE = "FaceAuth-Liveness-HighErrorRate-Corrected"
CREATION = "FaceAuth-Liveness-SessionCreationErrors"
SHOWN = (RATE, CREATION, "FaceAuth-Liveness-HighErrorRate", *DEAD)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    """A stack with five alarms and 15 days of 960 sessions each."""
    log().setLevel("CRITICAL")
    terminal = at(scene(), monkeypatch)
    aws, figures = terminal.scene.aws, terminal.scene.figures
    alarms = [row for name, row in {**DEPLOYED, **CORRECTED}.items() if name in SHOWN]
    aws.answer("cloudwatch", "describe_alarms", lambda **_: {"MetricAlarms": alarms})
    aws.answer("lambda", "get_function_configuration", configured)
    aws.answer("logs", "describe_metric_filters", {"metricFilters": []})
    figures.data.clear()
    midnight = aws.now.replace(hour=0, minute=0, second=0, microsecond=0)
    for hour in range(24, 15 * 24 + 1):
        points = [(midnight - timedelta(hours=hour - 24, minutes=30), 40.0)]
        for name, own in ((CREATE, "SessionCreated"), (RESULT, "SuccessCount")):
            figures.put("AWS/Lambda", "Invocations", points, FunctionName=name)
            figures.put("FaceAuth/Liveness", own, points)
    monkeypatch.setattr(speed, "_RUNS", 60)
    monkeypatch.setattr(speed, "_RUNS_AN_HOUR", 10)
    monkeypatch.setattr(speed, "_YEARS", 20)
    monkeypatch.chdir(tmp_path)
    return terminal


def configured(FunctionName: str) -> Json:  # noqa: N803 - AWS's own name
    if FunctionName in LIMITS:
        return {"Timeout": LIMITS[FunctionName]}
    return {"FunctionName": FunctionName, "Environment": {"Variables": ENVIRONMENT}}


def test_for_a_machine_there_is_every_alarm_with_its_minutes(here: Terminal) -> None:
    found = here.machine("detect")
    assert (found["exit"], found["schema"]) == (0, "liveness-responder/detection/1")
    assert (found["traffic"]["days"], found["traffic"]["sessions_a_day"]) == (14, 960)
    alarms = {each["name"]: each for each in found["alarms"]}
    assert set(alarms) == set(SHOWN)
    rate = alarms[RATE]
    assert set(rate["minutes"]) == set(rate["by_hour"]) == {"100", "30", "10"}
    assert all(len(each) == 24 for each in rate["by_hour"].values())
    assert 0 < rate["minutes"]["100"]["median"] <= rate["minutes"]["100"]["p90"] < 60
    assert rate["false_alarms_a_year"] is not None
    assert found["delivery_minutes"] == [1, 2]


def test_the_alarms_that_can_never_fire_are_named(here: Terminal) -> None:
    found = here.machine("detect")
    assert set(found["can_never_fire"]) == DEAD
    assert {each["name"] for each in found["alarms"] if each["can_fire"] is False} == DEAD


def test_the_change_that_helps_most_comes_with_its_command(here: Terminal) -> None:
    change = here.machine("detect")["change"]
    assert change["parameters"]["OurAlarms"] == "on"
    assert "OurAlarms=on" in change["command"]
    assert change["after"][0] < (change["before"][0] or 360)


def test_a_change_that_makes_no_alarm_quicker_has_no_minutes() -> None:
    change = DetectionChange({}, text("check.alarms.never"), FixCommand("sam deploy"))
    found = DetectionReport(datetime.now(UTC), "UTC", "", "", ObservedTraffic(None, 14), (), change=change)
    assert machine(found)["change"].keys() == {"parameters", "command", "said"}


def test_piped_it_is_one_row_for_each_alarm_in_columns_parted_by_tabs(here: Terminal) -> None:
    done = here.run("detect --no-open")
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert {len(row) for row in rows} == {6}
    assert {row[0] for row in rows[1:]} == set(SHOWN)


def test_the_page_is_written_whole_and_opened(
    here: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    here.run("detect")
    page = tmp_path / f"detection-{here.scene.aws.now:%Y-%m-%d}.html"
    assert opened == [page.as_uri()]
    said = page.read_text(encoding="utf-8")
    assert said.count('<svg class="chart"') >= 3
    assert all(name in said for name in SHOWN)
    assert "style=" not in said
    assert "<script" not in said


def test_nothing_is_changed(here: Terminal) -> None:
    here.machine("detect")
    assert here.scene.aws.writes == []


@pytest.mark.parametrize("days", ["0", "456", "-1"])
def test_days_that_cloudwatch_does_not_keep_are_refused(here: Terminal, days: str) -> None:
    assert here.machine(f"detect --days {days}")["exit"] == 2


def test_without_traffic_it_ends_with_7_and_says_all_the_same_what_can_never_fire(here: Terminal) -> None:
    here.scene.figures.data.clear()
    found = here.machine("detect")
    assert (found["exit"], found["traffic"]["sessions_a_day"], found["quickest"]) == (7, None, None)
    assert set(found["can_never_fire"]) == DEAD
    assert not any(each["minutes"] for each in found["alarms"])
    assert Path(found["page"]).exists()


@pytest.mark.parametrize("error", [Denied, Throttled])
@pytest.mark.parametrize("operation", ["describe_alarms", "get_metric_data"])
def test_what_aws_refuses_ends_with_6(here: Terminal, error: type[Exception], operation: str) -> None:
    here.scene.aws.fail("cloudwatch", operation, error, times=99)  # type: ignore[arg-type]
    assert here.machine("detect")["exit"] == 6
    assert not list(Path().glob("*.html"))


def test_a_timeout_that_cannot_be_read_is_noted_and_proves_nothing(here: Terminal) -> None:
    here.scene.aws.fail(
        "lambda", "get_function_configuration", Denied, times=9, where={"FunctionName": RESULT}
    )
    found = here.machine("detect")
    assert "detect.no_timeout" in [each["key"] for each in found["notes"]]
    assert "FaceAuth-Liveness-SlowVerification" not in found["can_never_fire"]


@pytest.mark.parametrize(("minutes", "wrong"), [(1, False), (-60, True), (60, True)])
def test_a_clock_that_is_wrong_is_noted_and_aws_s_time_counts(
    here: Terminal, time_machine: TimeMachineFixture, minutes: int, wrong: bool
) -> None:
    now = here.scene.aws.now
    time_machine.move_to(now + timedelta(minutes=minutes), tick=False)
    found = here.machine("detect")
    assert ("detect.clock" in [each["key"] for each in found["notes"]]) is wrong
    assert (datetime.fromisoformat(found["at"]), found["traffic"]["days"]) == (now, 14)


def test_alarms_that_are_gone_or_renamed_are_listed(here: Terminal) -> None:
    missing = here.machine("detect")["missing"]
    assert "FaceAuth-Liveness-LowConfidence" in missing
    assert not set(missing) & set(SHOWN)


def test_interrupted_half_way_it_leaves_no_page(here: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Path("there.html")
    before.write_text("yesterday's")

    def half(*_: Any, **__: Any) -> Iterator[AlarmSpeed]:
        yield next(iter(speed.speeds(*_, **__)))
        raise KeyboardInterrupt

    monkeypatch.setattr(work, "speeds", half)
    assert here.machine("detect --page there.html")["exit"] == 130
    assert [each.name for each in Path().iterdir()] == ["there.html"]
    assert before.read_text() == "yesterday's"


def test_a_page_that_cannot_be_written_ends_with_2(here: Terminal) -> None:
    assert here.machine("detect --page no/such/folder.html")["exit"] == 2


@in_both_languages
def test_it_speaks_the_reader_s_language(here: Terminal, language: str) -> None:
    done = here.run("detect --no-open", language=language)
    assert piece("detect.never", language) in done.stdout


def test_the_keys_are_described(here: Terminal) -> None:
    described = (Path(__file__).parents[3] / "docs" / "detection.md").read_text(encoding="utf-8")
    found = json.loads(json.dumps(here.machine("detect")))
    keys = {*found, *found["traffic"], *found["alarms"][0], *found["change"]}
    assert sorted(each for each in keys if f"`{each}`" not in described) == []
