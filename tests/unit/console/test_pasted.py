"""What a person is to paste is on the screen letter for letter as it is in the object for machines."""

import ast
import json
import webbrowser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from liveness_ops.checks import work as checks_work
from liveness_ops.detection import work as detection_work
from liveness_ops.people.screen import OpsConsole, Screen
from liveness_ops.preflight import work as preflight_work
from responder.checks.commands import FixCommand
from responder.checks.detection.change import DetectionChange
from responder.checks.model import CheckSection
from responder.checks.run.handler import ScheduledCheck
from responder.core.text import Text, text
from tests.unit.backups.bucket_world import KEY, Bucket, rule
from tests.unit.backups.tables_world import Tables
from tests.unit.checks.reports import RED, StubCheck
from tests.unit.checks.test_detect_command import here as detecting
from tests.unit.console.test_look import looked_at
from tests.unit.people.terminal import Terminal, at, scene
from tests.unit.preflight.account import ADDRESS, ME, SECRET, SLACK, report

__all__ = ["detecting"]
ROOT = Path(__file__).parents[3]
# Emoji and markup of rich, tags, quotes, what a shell reads, a name longer than any terminal is wide,
# Japanese without a blank, and an address that a terminal would underline.
HOSTILE = (
    ":secret:", ":key:", "[bold]name[/bold]", "[/]", "[link=x]", "\\[red]", "<b>&amp;", "it's", '"$(x)"',
    "n" * 400, "顔認証の生存確認に使う関数の警報の名前" * 8, "https://x.example/:id:/[1]", "a  b", "1:on:2",
)  # fmt: skip


def commands(answer: Any) -> Iterator[str]:
    """Every command of an object for machines."""
    if isinstance(answer, Mapping):
        for key, value in answer.items():
            yield from [value] if key in ("command", "adoption") and value else commands(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from commands(value)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    terminal = at(scene(), monkeypatch)
    variables = {"STACK": "responder", "REGION": "us-east-1", "ACCOUNT": "123456789012", "BUCKET": "images"}
    answer = {"FunctionName": "responder-daily-check", "Environment": {"Variables": variables}}
    terminal.fake.answer("lambda", "get_function_configuration", answer)
    monkeypatch.setattr(webbrowser, "open", lambda _: True)
    monkeypatch.chdir(tmp_path)
    return terminal


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("width", [0, 40])
def test_a_line_is_shown_letter_for_letter(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, hostile: str, width: int
) -> None:
    if width:
        looked_at(monkeypatch, width)
    Screen("en").say(f"aws x --name {hostile}")
    assert capsys.readouterr().out == f"aws x --name {hostile}\n"


# A row for another program has no two blanks in a cell.
@pytest.mark.parametrize("hostile", [each for each in HOSTILE if "  " not in each])
@pytest.mark.parametrize("width", [0, 80])
def test_tables_and_cards_show_a_name_as_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, hostile: str, width: int
) -> None:
    if width:
        looked_at(monkeypatch, width)
    name = hostile[:10]
    screen = Screen("en")
    screen.table(text("ops.joined", parts=name), [text("ops.joined", parts=name)], [[name]])
    screen.card(text("ops.joined", parts=name), [(Text("ops.col_by"), name)])
    shown = capsys.readouterr().out
    # For another program a table has no title.
    assert shown.count(name) == (5 if width else 4)


SETS: tuple[dict[str, str], ...] = (
    ADDRESS,
    {},
    SLACK,
    {**SLACK, "SlackSecretArn": f"{SECRET}:secret:NAME"},
    *({**ADDRESS, "MetricNamespace": each, "LowConfidenceAlarmName": each} for each in HOSTILE),
    {**ADDRESS, "FirstApprover": f"{ME}/:key:"},
)


@pytest.mark.parametrize("given", SETS)
@pytest.mark.parametrize("width", [0, 80])
def test_preflight_prints_the_command_that_machines_get(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, given: dict[str, str], width: int
) -> None:
    if width:
        looked_at(monkeypatch, width)
    old = frozenset(f"liveness-responder-{each}-1" for each in ("Incidents", "Claims", "Approvals"))
    answer = report(given, profile="it's :key: [bold]", tables=old, sessions=100.0)
    preflight_work._show(answer, Screen("en"))
    shown, machine = capsys.readouterr().out.splitlines(), preflight_work._machine(answer, "en")
    wanted = [*commands(machine), json.dumps(machine["settings"], ensure_ascii=False)]
    assert len(wanted) == 3
    assert [each for each in wanted if each not in shown] == []


@pytest.mark.parametrize("width", [0, 80])
def test_every_other_command_prints_what_machines_get(
    here: Terminal, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    hostile = " ".join(HOSTILE)
    fix = f"aws x --name {hostile}"
    finding = CheckSection("cost", (type(RED)(RED.identity, RED.light, RED.said, command=fix),))
    monkeypatch.setattr(
        checks_work,
        "round_of",
        lambda rhythm: ScheduledCheck(rhythm, lambda _: [StubCheck("cost", lambda: finding)]),
    )
    bucket = Bucket(here.fake, status="")
    bucket.rules.append(rule(hostile, f"{hostile}/", 30))
    if width:
        looked_at(monkeypatch, width)
    for line in ("check daily", "enable-versioning"):
        wanted = list(commands(here.machine(line)))
        shown = here.run(line).stdout
        assert wanted
        assert [each for each in wanted if each not in shown] == []


def test_guided_restores_print_what_machines_get(here: Terminal) -> None:
    Tables(here.fake)
    bucket = Bucket(here.fake)
    bucket.put("v:id:1", 20)
    bucket.put("v2", 3)
    for line in ("restore-table --to Sessions-Restored", f"restore-object {KEY} --version v:id:1"):
        wanted = list(commands(here.machine(line)))
        shown = here.run(line).stdout.splitlines()
        assert wanted
        assert [each for each in wanted if each not in shown] == []


def test_detect_prints_what_machines_get(detecting: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    fix = " ".join(("aws x", *HOSTILE))
    change = DetectionChange({}, text("detect.no_change"), FixCommand(fix))
    monkeypatch.setattr(detection_work, "most_helpful", lambda *_: change)
    assert detecting.machine("detect --no-open")["change"]["command"] == fix
    assert fix in detecting.run("detect --no-open").output.splitlines()


@pytest.mark.parametrize("hostile", [":secret:", "[bold]", "[/]"])
def test_the_alarm_that_is_being_computed_is_shown_as_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, hostile: str
) -> None:
    monkeypatch.setattr(OpsConsole, "is_terminal", True)
    with detection_work._progress(Screen("en")) as shown:
        shown(text("detect.computed", count=1, all=2, alarm=hostile))
    assert hostile in capsys.readouterr().err


def test_no_console_of_this_repository_reads_emoji() -> None:
    """A text passed as a string would be changed: `:secret:` is a part of every ARN of a secret."""
    files = [
        path for part in ("ops", "tests/timelines", "tests/template") for path in (ROOT / part).rglob("*.py")
    ]
    calls = [
        (path.name, each)
        for path in files
        if "rich.console" in (read := path.read_text())
        for each in ast.walk(ast.parse(read))
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "Console"
    ]
    assert calls
    assert [name for name, each in calls if "emoji" not in {given.arg for given in each.keywords}] == []
