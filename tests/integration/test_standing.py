"""`liveness-ops local`: up, an alarm, every command with --local as oncall and as lead, followed, down."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner

from liveness_ops.cli import app
from rehearsal.standing import place
from responder.checks.detection import speed
from responder.core.plain_data import Json

pytestmark = pytest.mark.timeout(600)


def shell() -> dict[str, str]:
    """The variables of a person's shell."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**ours, "LIVENESS_LANGUAGE": "en"}


def started() -> Json:
    """By a process that ends: the local AWS continues to run."""
    command = [str(Path(sys.executable).parent / "liveness-ops"), "local", "up", "--json"]
    done = subprocess.run(command, env=shell(), capture_output=True, text=True, check=True, timeout=500)
    found: Json = json.loads(done.stdout)
    return found


def reported(line: str) -> Json:
    with patch.dict(os.environ, shell(), clear=True):
        done = CliRunner().invoke(app, [*line.split(), "--json"])
    found: Json = json.loads(done.stdout)
    assert (found["exit"], done.stderr) == (done.exit_code, "" if not done.exit_code else done.stderr)
    return found


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Json]:
    with pytest.MonkeyPatch.context() as patched:
        # --local finds no other local AWS of this machine there, and the console of other tests not this one.
        patched.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("standing")))
        patched.setenv("TMPDIR", str(tempfile.tempdir))
        # One that a developer keeps in this checkout is another one.
        patched.setenv("LIVENESS_LOCAL_FOLDER", str(tmp_path_factory.mktemp("place")))
        found = started()
        try:
            yield found
        finally:
            reported("local down")


def test_it_runs_on_loopback_and_a_second_one_is_not_started(up: Json) -> None:
    assert (up["exit"], up["started"], up["endpoint"][:17]) == (0, True, "http://127.0.0.1:")
    again = reported("local up")
    assert (again["started"], again["pid"]) == (False, up["pid"])
    assert reported("local status")["running"] is True


@pytest.mark.long
@pytest.mark.usefixtures("up")
def test_minutes_to_alarm_are_computed_from_its_traffic_with_the_rights_of_on_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Before an alarm is raised: in the first hour of a day, some of its requests are of yesterday.
    # Few runs: how exact the minutes are, tests/unit/detection shows.
    for name, runs in (("_RUNS", 10), ("_RUNS_AN_HOUR", 1), ("_YEARS", 1)):
        monkeypatch.setattr(speed, name, runs)
    page = tmp_path / "detection.html"
    found = reported(f"detect --local --page {page}")
    assert (found["exit"], found["traffic"]["days"], found["traffic"]["sessions_a_day"]) == (0, 14, 300)
    assert set(found["can_never_fire"]) == {
        "FaceAuth-Liveness-LowSuccessRate",
        "FaceAuth-Liveness-SlowVerification",
    }
    assert (found["without_data"], found["notes"][1:]) == ([], [])
    assert 0 < found["quickest"]["minutes"]["100"]["median"] < 10
    assert page.read_text(encoding="utf-8").count("<svg")


@pytest.mark.long
@pytest.mark.usefixtures("up")
def test_what_needs_two_people_is_done_when_lead_has_approved_after_on_call() -> None:
    incident = reported("local alarm low-success-rate --scenario asks-two-people")["incident"]
    first = reported(f"approve {incident} --yes --local")
    assert (first["exit"], first["person"], first["carried_out"]) == (0, "oncall", False)
    second = reported(f"approve {incident} --yes --local --profile lead")
    assert (second["person"], second["results"]) == ("lead", {"lower_threshold": "applied"})
    (asked,) = reported(f"show {incident} --local")["proposals"]
    assert asked["by"] == "oncall, lead"


def test_an_alarm_is_answered_and_its_change_reverted_by_a_person(up: Json) -> None:
    raised = reported("local alarm sessions-table")
    assert (raised["alarm"], raised["messages"]) == ("sessions-table-throttles", 1)
    incident = raised["incident"]
    assert reported("show latest --local")["incident"] == incident
    assert reported("ack sessions-table-throttles --local --profile lead")["person"] == "lead"
    back = reported(f"revert {incident[:30]} --yes --local")
    assert (back["exit"], back["carried_out"], back["person"]) == (0, True, "oncall")
    (asked,) = reported("show latest --local")["proposals"]
    assert (asked["answer"], asked["by"]) == ("carried_out", "oncall")
    assert reported("local alarm sessions-table-throttles --ok")["state"] == "OK"
    assert reported("show latest --local")["state"] == "OK"


def test_it_ends_by_its_own_process_id(up: Json) -> None:
    assert reported("local down")["stopped"] is True
    with pytest.raises(OSError):
        urlopen(f"{up['endpoint']}/_drill/ready", timeout=5)
    assert place.starting() is False
    assert (reported("local status")["running"], reported("local down")["stopped"]) == (False, False)
    assert reported("show latest --local")["exit"] in (2, 6)
