"""local: a standing local AWS, preferred by --local; the console alone says that it has none."""

import json
from importlib import metadata
from pathlib import Path
from typing import IO
from unittest.mock import Mock

import pytest
import typer
from typer.testing import CliRunner, Result

from liveness_ops.cli import app
from liveness_ops.people import local
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.local import stay_local, there_is_one, typed_here
from rehearsal.standing import place
from tests.rows import in_both_languages
from tests.texts import piece
from tests.unit.console.test_same_for_all import common, folder, running

__all__ = ["folder"]
KEYS = {
    **{name: {"AWS_ACCESS_KEY_ID": f"AKIA{name}"} for name in ("oncall", "lead")},
    "administrator": {},
}
NOTED = {"pid": 1, "endpoint": "http://127.0.0.1:1", "region": "us-east-1", "world": "rolled-out"}


def run(line: str) -> Result:
    return CliRunner().invoke(app, ["local", *line.split()], env={"LIVENESS_LANGUAGE": "en"})


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIVENESS_LOCAL_FOLDER", str(tmp_path))
    return tmp_path


@pytest.fixture
def standing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One runs."""
    monkeypatch.setattr(place, "noted", lambda: {**NOTED, "language": "en", "people": KEYS})


@pytest.mark.parametrize("line", ["up", "alarm", "alarm high-error-rate", "status", "down"])
def test_the_console_alone_says_where_there_is_one(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liveness_ops.local.commands.entry_points", lambda **_: metadata.EntryPoints(()))
    done = run(line)
    assert (done.exit_code, done.stdout) == (Exit.AWS, "")
    assert "make setup" in done.stderr
    assert json.loads(run(f"{line} --json").stdout)["error"] == "local.not_installed"


# --- which local AWS is meant ------------------------------------------------------------------------


def stand(where: Path, endpoint: str, checkout: str = "") -> None:
    running(where, f"standing{checkout[1:]}", endpoint)
    file = where / f"local-aws-standing{checkout[1:]}" / "running.json"
    about = {"standing": True, "people": KEYS, "checkout": checkout}
    file.write_text(json.dumps({**json.loads(file.read_text()), **about}))


def test_of_several_the_standing_one_is_meant(folder: Path) -> None:
    running(folder, "drill", "http://127.0.0.1:1")
    stand(folder, "http://127.0.0.1:3")
    running(folder, "test", "http://127.0.0.1:4")
    variables: dict[str, str] = {}
    stay_local(variables, common())
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:3"


def test_of_several_standing_ones_that_of_this_checkout_is_meant(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(folder, "http://127.0.0.1:3", "/other")
    stand(folder, "http://127.0.0.1:4", "/here")
    with pytest.raises(EarlyExit):
        stay_local({}, common())
    monkeypatch.setattr("liveness_ops.people.local.Path.cwd", lambda: Path("/here/docs"))
    variables: dict[str, str] = {}
    stay_local(variables, common())
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4"


def test_that_of_this_checkout_comes_before_a_standing_one_of_another(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand(folder, "http://127.0.0.1:3", "/other")
    running(folder, "drill", "http://127.0.0.1:4")
    file = folder / "local-aws-drill" / "running.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "checkout": "/here"}))
    monkeypatch.setattr("liveness_ops.people.local.Path.cwd", lambda: Path("/here/docs"))
    variables: dict[str, str] = {}
    stay_local(variables, common())
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4"
    assert capsys.readouterr().err == ""


@in_both_languages
def test_the_one_of_another_checkout_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    stand(folder, "http://127.0.0.1:3", "/other")
    stay_local({}, common(language=language))
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
    assert "/other" in shown.err
    assert "http://127.0.0.1:3" in shown.err
    # A shell that completes a line would show it between what it offers.
    stay_local({local.COMPLETING: "complete_bash"}, common())
    assert capsys.readouterr().err == ""


def test_for_a_command_that_needs_more_than_on_call_has_the_administrator_acts(folder: Path) -> None:
    stand(folder, "http://127.0.0.1:3")
    variables = dict[str, str]()
    stay_local(variables, common(administrator=True))
    assert variables["AWS_ACCESS_KEY_ID"] == "123456789012"


@pytest.mark.parametrize(
    ("profile", "key"), [("", "AKIAoncall"), ("lead", "AKIAlead"), ("administrator", "123456789012")]
)
def test_there_a_person_on_call_acts_and_none_of_the_caller_s_own_keys(
    folder: Path, profile: str, key: str
) -> None:
    stand(folder, "http://127.0.0.1:3")
    variables = {"AWS_PROFILE": "work", "AWS_ACCESS_KEY_ID": "real", "AWS_SESSION_TOKEN": "real"}
    stay_local(variables, common(profile=profile))
    assert variables["AWS_ACCESS_KEY_ID"] == key
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN"} & set(variables)


def test_a_profile_of_the_caller_s_own_acts_where_it_is_named(folder: Path) -> None:
    stand(folder, "http://127.0.0.1:3")
    variables = {"AWS_PROFILE": "work"}
    stay_local(variables, common(profile="work"))
    assert (variables["AWS_PROFILE"], "AWS_ACCESS_KEY_ID" in variables) == ("work", False)


# --- the commands that are shown ----------------------------------------------------------------------

URL = "http://127.0.0.1:9"
KEY = "AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=x AWS_SESSION_TOKEN="


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (
            'liveness-ops reject i p --reason "why" --region us-east-1',
            'liveness-ops reject i p --reason "why" --local',
        ),
        (
            "liveness-ops ack i --region us-east-1 --stack other",
            "liveness-ops ack i --local --stack other",
        ),
        ("Run liveness-ops selftest, then:\n", "Run liveness-ops selftest --local, then:\n"),
        ("liveness-ops mode auto --local", "liveness-ops mode auto --local"),
        (f"liveness-ops show i --endpoint-url {URL}", f"liveness-ops show i --endpoint-url {URL}"),
        ("liveness-ops local alarm high-error-rate", "liveness-ops local alarm high-error-rate"),
        ("liveness-ops and the stack", "liveness-ops and the stack"),
        (
            "Stop everything: aws ssm put-parameter --region us-east-1 --name /s",
            f"Stop everything: {KEY} aws --endpoint-url {URL} ssm put-parameter --region us-east-1 --name /s",
        ),
        ("$(aws sts get-caller-identity)", f"$({KEY} aws --endpoint-url {URL} sts get-caller-identity)"),
        (
            "sam build && sam deploy --region x --profile lead --resolve-s3",
            f"sam build && {KEY} AWS_ENDPOINT_URL={URL} sam deploy --region x --resolve-s3",
        ),
        (
            "logs of /aws/lambda/create. An AWS service fails",
            "logs of /aws/lambda/create. An AWS service fails",
        ),
        (
            "<p>liveness-ops leases</p><p>aws s3 ls --region x</p>",
            f"<p>liveness-ops leases --local</p><p>{KEY} aws --endpoint-url {URL} s3 ls --region x</p>",
        ),
    ],
)
def test_a_shown_command_reaches_the_local_aws_and_no_other(sent: str, shown: str) -> None:
    assert typed_here(sent, URL) == shown


def test_each_command_that_has_the_option_is_shown_with_it() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    having = [name for name, each in commands.items() if any("--local" in one.opts for one in each.params)]
    assert [name for name in having if "--local" not in typed_here(f"liveness-ops {name}", URL)] == []
    assert having


# --- up, alarm, status, down ---------------------------------------------------------------------------


def test_what_was_noted_counts_only_as_long_as_its_keeper_lives(here: Path) -> None:
    with place.kept() as mine:
        place.note(NOTED)
        with place.kept() as another:
            assert (mine, another) == (True, False)
        assert place.noted() == NOTED
    (here / "standing.json").write_text(json.dumps(NOTED))
    assert (place.noted(), place.starting()) == (None, False)


def test_only_its_user_reads_the_keys(here: Path) -> None:
    place.note(NOTED)
    assert (here / "standing.json").stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("here")
def test_where_none_runs_it_says_how_to_start_one() -> None:
    assert "liveness-ops local up" in run("status").stdout
    assert json.loads(run("down --json").stdout) == {"exit": 0, "stopped": False}
    assert run("alarm high-error-rate").exit_code == Exit.AWS


@pytest.mark.usefixtures("standing")
def test_a_second_one_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rehearsal.standing.console._spawned", lambda *_: pytest.fail("started"))
    found = json.loads(run("up --json").stdout)
    assert (found["started"], found["endpoint"], found["people"]) == (False, NOTED["endpoint"], [*KEYS])
    assert "AKIA" not in run("up").output + run("status --json").output


@pytest.mark.usefixtures("here")
def test_one_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    class Dead:
        pid = 0

        def __init__(self, _: list[str], log: IO[str]) -> None:
            log.write("ministack is missing: `make setup` makes it\n")
            log.flush()

        def poll(self) -> int:
            return 1

        def terminate(self) -> None: ...

    monkeypatch.setattr("rehearsal.standing.console._spawned", Dead)
    done = run("up")
    assert done.exit_code == Exit.BROKEN
    assert "make setup" in done.stderr


@pytest.mark.usefixtures("here")
def test_without_a_name_the_alarms_are_listed() -> None:
    found = json.loads(run("alarm --json").stdout)["alarms"]
    assert found["high-error-rate"][0] == "acts"
    assert "unknown-alarm" not in found
    assert len(found) > 10


@pytest.mark.usefixtures("standing")
def test_where_the_alarm_brings_no_message_it_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rehearsal.standing.console._broken", lambda *_: [])
    monkeypatch.setattr("rehearsal.standing.console.Attached", Mock())
    done = run("alarm high-error-rate")
    assert (done.exit_code, "liveness-ops local alarm high-error-rate --ok" in done.stdout) == (0, True)
    assert piece("local.no_message") in done.stdout


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("alarm high-eror-rate", "Did you mean high-error-rate"),
        ("alarm slow", "slow-session-creation, slow-verification"),
        ("alarm high-error-rate --scenario nothing", "acts"),
    ],
)
def test_what_is_not_clear_is_not_guessed(line: str, word: str) -> None:
    done = run(line)
    assert (done.exit_code, word in done.stderr) == (Exit.USAGE, True)


def test_preflight_starts_none_where_the_other_commands_use_one(folder: Path) -> None:
    variables = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    assert not there_is_one({}, common())
    assert there_is_one(variables, common())
    assert there_is_one({}, common(endpoint_url="http://127.0.0.1:1"))
    stand(folder, "http://127.0.0.1:3")
    assert there_is_one({}, common())


@pytest.mark.parametrize("line", ["up", "status", "alarm", "down"])
def test_ctrl_c_names_the_command_that_shows_whether_one_runs(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(place, "noted", interrupted)
    done = run(f"{line} --json")
    assert (done.exit_code, json.loads(done.stdout)["error"]) == (Exit.INTERRUPTED, "local.interrupted")


def test_only_loopback_is_ever_found(folder: Path) -> None:
    stand(folder, "http://10.0.0.1:3")
    assert list(local.found_running()) == []


def test_one_that_hangs_is_named_and_not_said_to_be_absent(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers(host: str, port: int) -> bool:
        if port == 3:
            raise TimeoutError
        return True

    monkeypatch.setattr(local, "answers", answers)
    stand(folder, "http://127.0.0.1:3")
    with pytest.raises(EarlyExit) as stopped:
        stay_local({}, common())
    assert stopped.value.data == {"error": "ops.silent_local", "endpoints": ["http://127.0.0.1:3"]}
    # Another one is used.
    variables: dict[str, str] = {}
    running(folder, "other", "http://127.0.0.1:4")
    stay_local(variables, common())
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4"
