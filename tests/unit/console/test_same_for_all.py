"""What is the same for every command of the console: sentences, help, JSON, ends, completion."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from liveness_ops.cli import app
from liveness_ops.people import local
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.local import stay_local
from liveness_ops.people.options import Common
from liveness_ops.usage import alike
from responder.core.errors import Denied
from responder.core.text import Strings
from tests.unit.people.terminal import Terminal

COMMANDS = (
    "incidents", "show", "leases", "tail", "pause", "resume", "mode", "failures", "check", "detect",
    "settings", "ack", "approve", "reject", "withdraw", "revert", "close",
    "backup-table", "restore-table", "restore-object", "enable-versioning",
)  # fmt: skip
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", ["people.md", "people.ja.md"])
def test_every_command_and_every_exit_status_is_in_the_guide(name: str) -> None:
    reported = (ROOT / "docs" / name).read_text()
    assert [each for each in COMMANDS if f"liveness-ops {each}" not in reported] == []
    assert [status.value for status in Exit if f"| {status.value} |" not in reported] == []


@pytest.mark.parametrize(
    "line",
    [
        "incidents",
        "incidents --all",
        "leases",
        "show {}",
        "mode",
        "mode observe",
        "pause x --reason y --until 1h",
        "resume",
        "failures",
        "failures --redrive 1",
        "show nothing",
        "tail nothing",
        "mode nothing",
    ],
)
def test_for_a_machine_there_is_one_object_with_its_exit_status(terminal: Terminal, line: str) -> None:
    assert isinstance(terminal.machine(line.format(terminal.incident))["exit"], int)


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("ack {}", ""),
        ("mode observe", ""),
        ("pause x --reason y --until 1h", ""),
        ("reject {} --reason 'too early'", "Reject?"),
        ("approve {}", "Approve?"),
    ],
)
def test_a_command_that_changes_something_names_account_region_and_stack(
    terminal: Terminal, line: str, question: str
) -> None:
    done = terminal.run(line.format(terminal.incident), typed="y\n")
    named = "Account 123456789012, Region us-east-1, stack responder"
    assert done.exit_code == 0
    assert done.output.count(named) == 1
    if question:
        assert done.output.index(named) < done.output.index(question)


@pytest.mark.parametrize("line", ["incidents", "show {}", "leases", "mode", "settings", "check"])
def test_a_command_that_changes_nothing_names_no_account(terminal: Terminal, line: str) -> None:
    assert "Account 1" not in terminal.run(line.format(terminal.incident)).output


LINES = (
    "incidents",
    "leases",
    "show i",
    "tail i",
    "mode",
    "mode observe",
    "pause --reason y --until 1h",
    "resume",
    "failures",
)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(
    ("service", "operations"),
    [
        ("dynamodb", ("query", "get_item")),
        ("ssm", ("get_parameters_by_path", "put_parameter")),
        ("sqs", ("receive_message",)),
    ],
)
def test_no_error_of_aws_is_a_traceback(
    terminal: Terminal, line: str, service: str, operations: Strings
) -> None:
    for operation in operations:
        terminal.fake.fail(service, operation, Denied, code="AccessDenied", times=99)
    done = terminal.run(line.replace("show i", f"show {terminal.incident}").replace("tail i", "tail nothing"))
    assert done.exit_code in tuple(Exit)
    assert "Traceback" not in done.output
    if done.exit_code == Exit.AWS:
        assert (done.output.count("\n"), "AccessDenied" in done.output) == (1, True)


# --- completion ------------------------------------------------------------------------------------


def complete(line: str) -> list[str]:
    words = f"liveness-ops {line}"
    variables = {
        "_LIVENESS_OPS_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    done = CliRunner().invoke(app, [], env=variables, prog_name="liveness-ops")
    return done.output.split()


def test_the_shell_offers_commands_remedies_and_modes() -> None:
    assert set(COMMANDS) <= set(complete(""))
    assert complete("mode roll") == ["rollout_to_zero"]
    assert complete("mode rollout_to_zero a") == ["approve", "auto"]


def test_the_shell_offers_open_incidents_and_pauses(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liveness_ops.people.command_runner.open_aws", lambda *_: (terminal, "us-east-1"))
    terminal.run("pause release --reason x --until 2099-01-01T00:00Z")
    for command in ("show", "tail", "ack", "approve", "revert"):
        assert complete(f"{command} --stack responder Face") == [terminal.incident]
    assert complete("resume --stack responder rel") == ["release"]


def test_where_aws_cannot_be_asked_the_shell_offers_nothing(terminal: Terminal) -> None:
    terminal.fake.fail("dynamodb", "query", Denied, times=99)
    assert complete("show --stack responder Face") == []


def test_where_the_profile_asks_for_a_code_the_shell_does_not_wait_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text("[profile mfa]\nregion = us-east-1\nmfa_serial = arn:aws:iam::1:mfa/x\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setattr("liveness_ops.people.command_runner.open_aws", lambda *_: pytest.fail("asked"))
    assert complete("show --profile mfa Face") == []


@pytest.mark.parametrize(
    ("typed", "names"),
    [("incidnts", ("incidents",)), ("rolout", ("rollout",)), ("apply", ("apply_b", "apply_a")), ("xyz", ())],
)
def test_only_names_about_as_similar_as_the_nearest_are_suggested(typed: str, names: Strings) -> None:
    assert alike(typed, ("incidents", "mutants", "pictures", "rollout", "apply_a", "apply_b")) == names


# --- --local ---------------------------------------------------------------------------------------


def common(**given: Any) -> Common:
    known = {"profile": "", "region": "", "stack": "s", "endpoint_url": "", "yes": False, "language": "en"}
    return Common(**{**known, "machine": False, "local": True, **given})


@pytest.mark.parametrize(
    "url",
    [
        "https://sqs.us-east-1.amazonaws.com",
        "http://10.0.0.1:4566",
        "http://127.0.0.1.evil.example",
        "nonsense",
    ],
)
@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_LAMBDA"])
def test_local_never_means_another_machine(url: str, name: str) -> None:
    with pytest.raises(EarlyExit) as stopped:
        stay_local({"AWS_ENDPOINT_URL": "http://127.0.0.1:1", name: url}, common())
    assert (stopped.value.status, stopped.value.data["error"]) == (Exit.USAGE, "ops.not_local")


def test_local_is_the_endpoint_that_the_variable_names_with_the_keys_beside_it() -> None:
    variables = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_ACCESS_KEY_ID": "mine"}
    stay_local(variables, common())
    assert (variables["AWS_ACCESS_KEY_ID"], variables["AWS_ENDPOINT_URL"]) == (
        "mine",
        "http://127.0.0.1:4566",
    )


def test_local_does_not_go_to_the_real_aws_where_endpoints_are_to_be_ignored() -> None:
    variables = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
    stay_local(variables, common())
    assert variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] == "false"


def running(folder: Path, name: str, endpoint: str) -> None:
    (folder / f"local-aws-{name}").mkdir()
    given = json.dumps({"endpoint": endpoint, "region": "us-east-1"})
    (folder / f"local-aws-{name}" / "running.json").write_text(given)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(local, "answers", lambda _, port: port != 2)
    return tmp_path


def test_local_finds_the_only_one_that_runs_and_uses_none_of_the_caller_s_own_keys(folder: Path) -> None:
    running(folder, "a", "http://127.0.0.1:1")
    running(folder, "killed", "http://127.0.0.1:2")
    running(folder, "elsewhere", "http://10.0.0.1:1")
    (folder / "local-aws-broken").mkdir()
    (folder / "local-aws-broken" / "running.json").write_text("{")
    variables = {"AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": "real", "AWS_SESSION_TOKEN": "real"}
    stay_local(variables, common())
    assert (variables["AWS_ENDPOINT_URL"], variables["AWS_REGION"]) == ("http://127.0.0.1:1", "us-east-1")
    assert "real" not in variables.values()
    assert "AWS_PROFILE" not in variables


def test_of_several_one_has_to_be_named_and_where_none_runs_it_reports_it(folder: Path) -> None:
    with pytest.raises(EarlyExit) as none:
        stay_local({}, common())
    running(folder, "a", "http://127.0.0.1:1")
    running(folder, "b", "http://127.0.0.1:3")
    with pytest.raises(EarlyExit) as several:
        stay_local({}, common())
    assert (none.value.status, several.value.status) == (Exit.AWS, Exit.USAGE)
    assert several.value.data["endpoints"] == ["http://127.0.0.1:1", "http://127.0.0.1:3"]
