"""However a command ends, it reports it in one line, and its exit status is right."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Event
from typing import Any
from unittest.mock import Mock

import pytest
from typer.testing import CliRunner

from liveness_ops.cli import app
from liveness_ops.people import command_runner
from liveness_ops.people.operator_session import WatchedWrites
from liveness_ops.people.options import Common
from liveness_ops.people.screen import OpsConsole, Screen, visible, words
from responder.aws.gateway import through
from tests.texts import piece
from tests.unit.people.terminal import Terminal

pytestmark = pytest.mark.unit
_CONFIG = """\
[profile work]
region = eu-west-1
aws_access_key_id = mine
aws_secret_access_key = mine
[profile broken]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = missing
[profile process]
credential_process = /bin/false
"""


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL", *command_runner.KEYS):
        # Set and deleted, so that what the console sets is undone.
        monkeypatch.setenv(name, "-")
        monkeypatch.delenv(name)
    (tmp_path / "config").write_text(_CONFIG)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def line(words: str) -> tuple[int, str]:
    """Exit status and the only line of output."""
    done = CliRunner().invoke(app, [*words.split(), "--language", "en"])
    assert done.output.count("\n") == 1, done.output
    return done.exit_code, done.output


# --- AWS -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(
    ("options", "code", "hint"),
    [
        ("--region us-east-1", "NoCredentialsError", "log in"),
        ("--region us-east-1 --profile nobody", "ProfileNotFound", "no such profile"),
        ("--region us-east-1 --profile broken", "InvalidConfigError", "log in"),
        ("--region us-east-1 --profile process", "CredentialRetrievalError", "log in"),
        ("--region us_east --profile work", "InvalidRegionError", "Check Region"),
        ("--region us-east-1 --profile work --endpoint-url nonsense", "InvalidEndpointError", "Check Region"),
    ],
)
def test_what_cannot_be_used_is_named_with_what_to_do(options: str, code: str, hint: str) -> None:
    status, said = line(f"incidents {options}")
    assert (status, code in said, hint in said) == (6, True, True)


@pytest.mark.usefixtures("configured")
def test_a_profile_that_is_named_is_the_one_that_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys in the environment would sign the write with another person's name."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    common = Common("work", "", "s", "", yes=True, language="en", machine=False)
    aws: Any = command_runner.open_aws(common)[0]
    assert aws._session.get_credentials().access_key == "mine"


@pytest.mark.usefixtures("configured")
def test_without_a_profile_the_keys_of_the_environment_act(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    common = Common("", "us-east-1", "s", "", yes=True, language="en", machine=False)
    aws: Any = command_runner.open_aws(common)[0]
    assert aws._session.get_credentials().access_key == "another"


# --- what was typed --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "pause --json",
        "nothing --json",
        "mode a b c --json",
        "incidents --json --language xx",
        "show '' --json",
        "ack ' ' --json",
    ],
)
def test_a_machine_is_reported_of_a_wrong_command_line_too(terminal: Terminal, typed: str) -> None:
    done = CliRunner().invoke(app, [part.strip("'") for part in typed.split(" ") if part])
    found = json.loads(done.stdout)
    assert (done.exit_code, found["exit"], found["error"]) == (2, 2, "usage")
    assert found["message"]


def test_a_machine_is_reported_once(terminal: Terminal) -> None:
    done = terminal.run("mode nothing --json")
    assert (done.exit_code, len(done.stdout.splitlines())) == (2, 1)


def test_blanks_around_what_was_pasted_do_no_harm(terminal: Terminal) -> None:
    assert terminal.run("show ' INCIDENT '").exit_code == 0


def test_what_steers_a_terminal_is_neither_kept_nor_shown() -> None:
    assert words("a\x1b[31mb\udcff\u202ec　リリース") == "a [31mb c リリース"
    assert visible("a\x1b[2J\nb　c") == "a [2J\nb　c"


def test_bytes_that_are_no_text_never_reach_a_pause(terminal: Terminal) -> None:
    """SSM would accept them, and the automation could then not read the switches."""
    assert terminal.run("pause a --until 1h --reason 'x\udcff\x1by'").exit_code == 0
    assert terminal.scene.aws.ssm.parameters["/responder/stops/a"].isprintable()


# --- interrupted, unread, unexpected ---------------------------------------------------------------


def test_ctrl_c_has_a_status_of_its_own(terminal: Terminal) -> None:
    terminal.scene.aws.fail("ssm", "put_parameter", KeyboardInterrupt())
    found = terminal.machine("mode observe")
    assert (found["exit"], found["error"]) == (130, "ops.interrupted")
    assert piece("ops.interrupted") in found["message"]


@pytest.mark.parametrize("line", ["incidents", "mode", "show latest", "leases", "failures", "mode observe"])
def test_ctrl_c_before_a_change_was_asked_for_says_that_no_changes_were_made(
    terminal: Terminal, line: str
) -> None:
    for service, operation in (("dynamodb", "query"), ("ssm", "get_parameters_by_path")):
        terminal.scene.aws.fail(service, operation, KeyboardInterrupt())
    assert terminal.refused(line) == (130, "ops.interrupted_early")


def test_ctrl_c_during_a_change_by_the_console_itself_says_that_it_may_have_been_made(
    terminal: Terminal,
) -> None:
    terminal.scene.aws.fail("cloudwatch", "set_alarm_state", KeyboardInterrupt())
    assert terminal.refused("selftest") == (130, "ops.interrupted")


@pytest.mark.parametrize(
    ("operation", "noted"),
    [
        ("put_item", True),
        ("set_alarm_state", True),
        ("what_is_new", True),
        ("describe_stacks", False),
        ("receive_message", False),
    ],
)
def test_what_may_change_something_is_noted_before_it_is_sent(operation: str, noted: bool) -> None:
    changing, seen = Event(), list[bool]()
    aws = Mock(call=lambda *_, **__: seen.append(changing.is_set()))
    through(aws, WatchedWrites(changing)).call("any", operation)
    assert (seen, changing.is_set()) == ([noted], noted)


def test_what_no_one_expected_is_one_line_and_not_said_to_be_declined(terminal: Terminal) -> None:
    terminal.scene.aws.fail("dynamodb", "query", RuntimeError("secret"))
    done = terminal.run("incidents")
    assert (done.exit_code, done.output.count("\n")) == (8, 1)
    assert "secret" not in done.output
    assert "RuntimeError" in done.output


def test_with_debugging_on_the_whole_error_is_raised(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVENESS_OPS_DEBUG", "1")
    terminal.scene.aws.fail("dynamodb", "query", RuntimeError("secret"))
    assert isinstance(terminal.run("incidents").exception, RuntimeError)


class Closed(io.StringIO):
    """A pipe whose reader has gone."""

    def write(self, _: str) -> int:
        raise BrokenPipeError


def test_a_pipe_that_no_one_reads_does_not_change_how_a_command_ends(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OpsConsole, "file", Closed())
    done = terminal.run("mode observe")
    assert (done.exit_code, terminal.scene.aws.ssm.modes["everywhere"]) == (0, "observe")


def test_a_closed_output_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Event()
    monkeypatch.setattr(sys, "stdout", Closed())
    Screen("en", machine=True, lost=lost).result({"exit": 0})
    assert lost.is_set()


def test_the_real_program_ends_well_with_a_closed_pipe_and_a_poor_terminal(tmp_path: Path) -> None:
    settings = {**os.environ, "PYTHONIOENCODING": "ascii", "AWS_CONFIG_FILE": str(tmp_path / "none")}
    command = [sys.executable, "-m", "liveness_ops.cli", "incidents", "--language", "ja", "--json"]
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        settings.pop(name, None)
    done = subprocess.run(command, env=settings, capture_output=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["error"]) == (2, "console.no_region")
    assert "--region" in json.loads(done.stdout)["message"]
    assert b"Traceback" not in done.stderr


def test_ctrl_c_ends_the_real_program_quietly_while_it_is_still_imported() -> None:
    code = (
        "import os, signal, sys\nfrom importlib import metadata\n"
        # A test that runs in the background may have it ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'liveness_ops.cli': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "(program,) = metadata.entry_points(group='console_scripts', name='liveness-ops')\n"
        "program.load()()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


@pytest.mark.parametrize("line", ["-h", "ack", "nothing"])
def test_help_and_mistakes_can_be_shown_on_a_poor_terminal(line: str) -> None:
    settings = {**os.environ, "PYTHONIOENCODING": "ascii", "LIVENESS_LANGUAGE": "ja"}
    command = [sys.executable, "-m", "liveness_ops.cli", line]
    done = subprocess.run(command, env=settings, capture_output=True, check=False)
    assert done.returncode == (0 if line == "-h" else 2)
    assert b"Traceback" not in done.stderr


def test_a_question_for_a_machine_leaves_standard_output_clean(terminal: Terminal) -> None:
    done = terminal.run("approve INCIDENT --json", "")
    assert (done.exit_code, done.stdout[:1]) == (1, "{")
    assert done.stderr.splitlines()[-1].startswith("Not approved. No changes were made.")


def test_a_letter_that_the_terminal_does_not_have_is_replaced() -> None:
    code = (
        "from liveness_ops.people.screen import tolerate; from liveness_ops.people.screen import Screen\n"
        "from responder.core.text import text\ntolerate()\n"
        "Screen('ja').say(text('console.declined'))\nScreen('ja', machine=True).result({'a': '中止'})"
    )
    settings = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run([sys.executable, "-c", code], env=settings, capture_output=True, check=True)
    first, second = done.stdout.decode("latin-1").splitlines()
    assert "?" in first
    assert json.loads(second) == {"a": "中止"}
