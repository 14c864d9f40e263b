"""`liveness-ops check`: the same code run manually, a page in a file, nothing changed, filed or sent."""

import json
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from liveness_ops.checks import work
from responder.aws.items import to_item
from responder.checks.finding import CheckStatus
from responder.checks.model import Cadence, CheckReport, CheckSection
from responder.checks.report.json_report import machine
from responder.checks.run.handler import ScheduledCheck
from responder.core.errors import Missing
from responder.core.log import log
from responder.core.settings import Settings
from tests.texts import catalogue, piece
from tests.times import day
from tests.unit.checks.reports import GREEN, RED, StubCheck
from tests.unit.people.terminal import Terminal, at, scene

pytestmark = pytest.mark.unit

DOCS = Path(__file__).parents[3] / "docs" / "check-report.md"
FUNCTION = "responder-daily-check"
ENVIRONMENT = {"STACK": "responder", "REGION": "us-east-1", "ACCOUNT": "123456789012", "CHECK_ZONE": "UTC"}
type Here = tuple[Terminal, list[str]]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Here:
    """A stack with the function of the check; the pages that were opened."""
    log().setLevel("CRITICAL")
    terminal, opened = at(scene(), monkeypatch), list[str]()
    answer = {"FunctionName": FUNCTION, "Environment": {"Variables": ENVIRONMENT}}
    terminal.scene.aws.answer("lambda", "get_function_configuration", answer)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(work, "round_of", lambda rhythm: ScheduledCheck(rhythm, made(lambda: RED)))
    return terminal, opened


def made(item: Callable[[], object]) -> Callable[[Settings], list[StubCheck]]:
    def checks(settings: Settings) -> list[StubCheck]:
        assert settings.check_zone == "UTC"
        return [StubCheck("cost", lambda: CheckSection("cost", (GREEN, item())))]  # type: ignore[arg-type]

    return checks


def test_the_page_is_written_and_opened_and_what_needs_a_person_is_shown(here: Here, tmp_path: Path) -> None:
    terminal, opened = here
    done = terminal.run("check daily")
    page = tmp_path / f"check-daily-{terminal.scene.aws.now:%Y-%m-%d}.html"
    assert done.exit_code == 0
    assert opened == [page.as_uri()]
    assert "<html" in page.read_text(encoding="utf-8")
    assert piece("checks.news.red") in done.stdout
    assert RED.command in done.stdout


def test_nothing_is_changed_filed_or_sent(here: Here) -> None:
    terminal, _ = here
    terminal.run("check daily --no-open")
    assert terminal.scene.aws.writes == []


def test_no_open_opens_nothing_and_the_page_goes_where_it_is_sent(here: Here, tmp_path: Path) -> None:
    terminal, opened = here
    terminal.run("check weekly --no-open --page there.html", language="ja")
    assert opened == []
    assert '<html lang="ja">' in (tmp_path / "there.html").read_text(encoding="utf-8")


def test_machines_get_the_report_and_no_browser(here: Here) -> None:
    terminal, opened = here
    answer = terminal.machine("check monthly")
    assert (answer["rhythm"], answer["light"]) == ("monthly", CheckStatus.RED)
    assert Path(answer["page"]).exists()
    assert opened == []


@pytest.mark.parametrize("options", ["--local", "--endpoint-url http://127.0.0.1:9"])
def test_of_a_local_aws_every_command_is_one_for_that(
    here: Here, options: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    terminal, _ = here
    done = terminal.run(f"check daily --no-open --page there.html {options}")
    sent = terminal.machine(f"check daily {options}")["sections"][0]["items"][1]["command"]
    for shown in (done.stdout, Path("there.html").read_text(encoding="utf-8"), sent):
        assert "aws --endpoint-url http://127.0.0.1:9 ce get-cost-and-usage" in shown
        assert "aws ce" not in shown


def test_what_machines_get_is_documented(here: Here) -> None:
    answer = here[0].machine("check daily")
    report = machine(CheckReport(Cadence.DAILY, here[0].scene.aws.now, day("2026-02-04"), "", "", ()))
    more = answer.keys() - report.keys()
    assert more == {"exit", "page"}
    assert all(f"`{name}`" in DOCS.read_text(encoding="utf-8") for name in more)


def test_a_stack_without_the_check_reports_it(here: Here) -> None:
    terminal, _ = here
    terminal.scene.aws.fail("lambda", "get_function_configuration", Missing)
    done = terminal.machine("check daily")
    assert (done["exit"], done["function"]) == (6, FUNCTION)


def test_a_place_that_cannot_be_written_is_reported(here: Here) -> None:
    terminal, _ = here
    assert terminal.run("check daily --no-open --page no/such/folder.html").exit_code == 2


def test_what_was_found_is_shown_also_where_the_page_cannot_be_written(here: Here) -> None:
    terminal, _ = here
    assert RED.command in terminal.run("check daily --no-open --page no/such/folder.html").output


def test_a_long_command_is_shown_whole(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    long = replace(RED, command=f"aws x '{'y' * 2_000}'")
    terminal, _ = here
    monkeypatch.setattr(work, "round_of", lambda rhythm: ScheduledCheck(rhythm, made(lambda: long)))
    assert long.command in terminal.run("check daily --no-open").stdout


def test_no_browser_is_no_failure(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> bool:
        raise webbrowser.Error("none")

    terminal, _ = here
    monkeypatch.setattr(webbrowser, "open", refuse)
    assert terminal.run("check daily").exit_code == 0


@pytest.mark.parametrize("rhythm", Cadence)
def test_by_hand_it_is_what_the_function_runs(rhythm: Cadence) -> None:
    assert work.round_of(rhythm).rhythm is rhythm
    assert json.dumps([each.name for each in work.round_of(rhythm).checks(Settings())])


@pytest.mark.parametrize("rhythm", Cadence)
def test_every_check_has_a_name_of_its_own_that_people_can_read(rhythm: Cadence) -> None:
    names = [each.name for each in work.round_of(rhythm).checks(Settings())]
    assert len(names) == len(set(names)) > 0
    assert [name for name in names if f"checks.section.{name}" not in catalogue()] == []


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("check accept", 2),
        ("check accept cost/cost_days", 2),
        ("check accept cost/cost_days --until soon --reason x", 2),
        ("check accept cost/cost_days --until 2026-03-01", 2),
        ("check unaccept", 2),
        ("check unaccept cost/cost_days", 5),
    ],
)
def test_accepting_needs_all_that_it_is_about(here: Here, line: str, status: int) -> None:
    terminal, _ = here
    done = terminal.machine(line)
    assert done["exit"] == status
    assert "liveness-ops" in done["message"] or "2026-03-31" in done["message"] or "reason" in done["message"]
    assert terminal.rows == []


def test_what_is_accepted_is_listed_for_people_and_machines(here: Here) -> None:
    terminal, _ = here
    assert terminal.machine("check accepted")["accepted"] == []
    row = {
        "pk": "ACCEPTED",
        "sk": "cost/cost_days",
        "decision": "accept",
        "person": "aiko",
        "at": "2026-02-01T00:00:00+00:00",
        "until": "2026-03-01",
        "reason": "no budget",
    }
    terminal.scene.aws.call("dynamodb", "put_item", TableName="Approvals", Item=to_item(row))
    (listed,) = terminal.machine("check accepted")["accepted"]
    assert listed == {
        "finding": "cost/cost_days",
        "until": "2026-03-01",
        "person": "aiko",
        "reason": "no budget",
    }
    assert "no budget" in terminal.run("check accepted").stdout
