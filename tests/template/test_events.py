"""The files in events/: one folder per function, each file something that function must understand."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from liveness_ops.template_tools.alarms import (
    CLOCKED,
    OTHER_MODULES,
    alarm_modules,
    check_modules,
    playbook_of,
    slug,
)
from liveness_ops.template_tools.event_stub import STATES
from liveness_ops.template_tools.load import EVENTS
from responder.core.alarm_event import of_contributor, parse
from responder.core.command import CommandKind, is_command, parse_command
from responder.core.plain_data import Json
from responder.people import request
from responder.store.incidents import incident_id
from tests.rows import all_rows

FILES = sorted(EVENTS.rglob("*.json"))
CHECKS = {slug(module) for module in (*check_modules(), *CLOCKED)}
MODULES = [module for module in alarm_modules() if module != "unknown_alarm"]


def load(path: Path) -> Json:
    event: Json = json.loads(path.read_text(encoding="utf-8"))
    return event


def ended(event: Json) -> bool:
    """An execution of a follow-up that ended."""
    return event.get("detail-type") == "Durable Execution Status Change"


def test_one_folder_per_function() -> None:
    expected = {slug(module) for module in (*alarm_modules(), *OTHER_MODULES, *check_modules(), *CLOCKED)}
    # Without a secret they are not deployed, and without Slack they have no one to talk to.
    expected -= {"slack-action", "slack-post"}
    assert {path.name for path in EVENTS.iterdir()} == expected


@all_rows("path", FILES)
def test_is_read_by_the_parser_of_the_functions(path: Path) -> None:
    event = load(path)
    if path.parent.name == "response-failed":
        assert ended(event) or event["requestContext"]["condition"] in (
            "RetriesExhausted",
            "EventAgeExceeded",
        )
    elif path.parent.name in ("follow-up", "watchdog"):
        assert event.keys() >= {"incident"} or event["source"] == "aws.events"
    elif path.parent.name in CHECKS:
        assert event["source"] == "aws.scheduler"
    elif path.parent.name == "people":
        asked = request.read(event["body"].encode())
        assert asked.kind == path.stem
    elif is_command(event):
        alarm = parse(load(path.with_name("alarm.json")))
        assert parse_command(event).incident == incident_id(alarm)
    else:
        assert parse(event).name


@all_rows("module", MODULES)
@all_rows("name", STATES)
def test_each_alarm_has_each_state_of_itself(module: str, name: str) -> None:
    change = parse(load(EVENTS / slug(module) / f"{name}.json"))
    assert change.name == playbook_of(module).alarm
    assert change.state == STATES[name]


@all_rows("module", MODULES)
def test_each_alarm_has_each_command(module: str) -> None:
    events = [load(path) for path in (EVENTS / slug(module)).glob("*.json")]
    assert {parse_command(event).order for event in events if is_command(event)} == set(CommandKind)


@all_rows("path", FILES)
def test_reason_data_is_json_in_a_string(path: Path) -> None:
    event = load(path)
    # The scheduler's own detail is a string.
    change = {} if path.parent.name in CHECKS else event.get("detail") or event.get("alarmData") or {}
    for state in (change.get("state"), change.get("previousState")):
        if state and "reasonData" in state:
            assert isinstance(json.loads(state["reasonData"]), dict)


def test_people_can_be_tried_with_every_request() -> None:
    assert {path.stem for path in (EVENTS / "people").iterdir()} == set(request.RequestKind) - {
        request.RequestKind.PAUSE
    }


def test_a_follow_up_gets_no_more_than_its_incident() -> None:
    event = load(EVENTS / "follow-up" / "incident.json")
    alarm = parse(load(EVENTS / "low-confidence" / "alarm.json"))
    assert event == {"incident": incident_id(alarm)}


def test_the_odd_shapes_are_there() -> None:
    names = {path.stem for path in FILES}
    assert {"first_transition", "direct", "replayed", "foreign_account"} <= names
    first = load(EVENTS / "create-session-errors" / "first_transition.json")
    assert "reasonData" not in first["detail"]["previousState"]
    assert parse(load(EVENTS / "high-error-rate" / "replayed.json")).replayed


# One file for each kind of alarm, and what AWS does not send for that kind: of the reason, and of the alarm.
KINDS: dict[str, tuple[set[str], set[str]]] = {
    "high-error-rate/alarm": (set(), {"alarmRule", "scheduledQueryConfiguration"}),
    "low-success-rate/metric_math": ({"statistic"}, {"alarmRule", "scheduledQueryConfiguration"}),
    "unknown-alarm/percentile": (set(), {"alarmRule", "scheduledQueryConfiguration"}),
    "unknown-alarm/anomaly_band": ({"statistic", "threshold"}, {"alarmRule"}),
    "unknown-alarm/composite": ({"statistic", "threshold", "period"}, {"metrics"}),
    "unknown-alarm/log_alarm": ({"statistic", "threshold", "period"}, {"metrics", "alarmRule"}),
    "unknown-alarm/multi_time_series": ({"statistic", "threshold", "period"}, {"alarmRule"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_alarm_has_an_event_that_holds_no_more_than_aws_sends(kind: str) -> None:
    detail = load(EVENTS / f"{kind}.json")["detail"]
    unreasoned, undefined = KINDS[kind]
    assert not unreasoned & json.loads(detail["state"].get("reasonData", "{}")).keys()
    assert not undefined & detail["configuration"].keys()


def test_silenced_alarms_are_there_with_what_silences_them() -> None:
    files = ("high-error-rate/muted", "unknown-alarm/suppressed", "unknown-alarm/suppression_ended")
    muted, suppressed, ended = (parse(load(EVENTS / f"{name}.json")) for name in files)
    assert muted.silences
    assert suppressed.silences
    assert (ended.silences, ended.released) == ((), True)
    assert of_contributor(load(EVENTS / "unknown-alarm" / "contributor.json"))


def test_both_shapes_hold_the_same() -> None:
    folder = EVENTS / "get-result-timeouts"
    assert parse(load(folder / "direct.json")) == parse(load(folder / "alarm.json"))


def test_times_are_those_of_aws() -> None:
    change = parse(load(EVENTS / "high-error-rate" / "alarm.json"))
    assert change.at.utcoffset() == timedelta(0)
    assert change.at.isoformat() == "2026-02-04T01:25:12.345000+00:00"
