"""What is the same for every command: options, languages, shapes, ends."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from liveness_ops.cli import app
from liveness_ops.people import command_runner
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.options import Common
from responder.aws import Boto
from responder.core.errors import Rejected
from tests.texts import piece
from tests.unit.people.terminal import Terminal, asked

COMMON = Common("", "", "liveness-responder", "", yes=True, language="en", machine=False)


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"LANG": "en_US.UTF-8"}, "There is no incident"),
        ({"LANG": "ja_JP.UTF-8"}, "インシデント"),
        ({"LANG": "C.UTF-8"}, "インシデント"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ja_JP.UTF-8"}, "インシデント"),
        ({}, "インシデント"),
    ],
)
def test_the_terminal_s_language_is_spoken(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], word: str
) -> None:
    asked(monkeypatch)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert word in CliRunner().invoke(app, ["ack", "nothing", "--stack", "responder"]).output


def test_for_a_machine_standard_output_is_json_only(terminal: Terminal) -> None:
    done = terminal.run("approve INCIDENT --json", "y\n")
    assert done.stdout.startswith("{")
    found = json.loads(done.stdout)
    assert (found["results"], found["in_progress"]) == ({"rollout_to_zero": "applied"}, True)
    assert (found["exit"], found["proposal"], found["person"]) == (0, terminal.proposal, "aiko")
    assert piece("console.ask_approve") in done.stderr


def test_for_a_machine_an_end_has_its_status_and_its_reason(terminal: Terminal) -> None:
    found = terminal.machine("ack nothing")
    assert (found["exit"], found["error"]) == (4, "denial.unknown_incident")
    assert found["message"] == 'There is no incident "nothing". No changes were made.'


def test_a_long_line_to_copy_is_not_broken(terminal: Terminal) -> None:
    terminal.caller = f"arn:aws:iam::123456789012:user/{'x' * 200}"
    assert terminal.caller in terminal.run("ack nothing").output


def test_a_stack_of_another_person_is_not_used(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Terminal, "stack", lambda *_: {"StackName": "other"})
    assert terminal.run("ack nothing").exit_code == 6


def test_a_stack_that_does_not_exist_is_one_line(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:

    def gone(*_: object) -> None:
        raise Rejected("cloudformation", "DescribeStacks", "ValidationError")

    monkeypatch.setattr(Terminal, "stack", gone)
    done = terminal.run("ack nothing")
    assert (done.exit_code, done.output.count("\n")) == (6, 1)
    assert "The stack responder does not exist in us-east-1" in done.output


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        # Set and deleted, so that what the console sets is undone.
        monkeypatch.setenv(name, "-")
        monkeypatch.delenv(name)
    (tmp_path / "config").write_text("[profile work]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.usefixtures("configured")
def test_the_region_is_the_one_given_or_the_profile_s() -> None:
    aws, region = command_runner.open_aws(replace(COMMON, profile="work"))
    assert isinstance(aws, Boto)
    assert region == "eu-west-1"
    assert command_runner.open_aws(replace(COMMON, profile="work", region="us-east-1"))[1] == "us-east-1"


@pytest.mark.usefixtures("configured")
def test_without_a_region_it_asks_for_one() -> None:
    with pytest.raises(EarlyExit) as stopped:
        command_runner.open_aws(COMMON)
    assert stopped.value.status is Exit.USAGE


@pytest.mark.usefixtures("configured")
def test_a_profile_that_does_not_exist_is_one_line() -> None:
    done = CliRunner().invoke(app, ["ack", "x", "--profile", "nobody", "--region", "us-east-1"])
    assert (done.exit_code, done.output.count("\n")) == (6, 1)
    assert "ProfileNotFound" in done.output
