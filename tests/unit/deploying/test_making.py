"""`make deploy` while SAM CLI makes the change set: which one is ours, and what stays of it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import IO, Any

import pytest

from liveness_ops import deploying
from liveness_ops.people import command_runner
from liveness_ops.people.exits import Exit
from liveness_ops.template_tools.load import ROOT
from responder.core.plain_data import Json
from tests.unit.deploying.test_change_set import DELETED, EXECUTED, REMOVED, STACK, CloudFormation, row

HERE = command_runner.target("123456789012", "us-east-1", "responder", "arn:aws:iam::123456789012:user/aiko")
WAITING, PRINTED = "Waiting for changeset to be created..", "Changeset created successfully. "


def named(seconds: float, number: int = 1) -> str:
    """The ARN of a change set that SAM CLI made so many seconds from now."""
    return f"arn:aws:x:changeSet/samcli-deploy{int(time.time() + seconds)}/{number}"


class Account(CloudFormation):
    """With several change sets, by ARN: status and reason."""

    def __init__(self) -> None:
        super().__init__(row("Add"))
        self.there: dict[str, tuple[str, str]] = {}
        self.gone: list[str] = []

    def call(self, service: str, operation: str, /, **given: Any) -> Json:
        arn = given.get("ChangeSetName", "")
        if operation == "describe_change_set" and EXECUTED not in self.done:
            status, _reason = self.there[arn]
            self.there[arn] = ("CREATE_COMPLETE" if status == "CREATE_IN_PROGRESS" else status, "")
            return {"Status": status, "StackId": STACK}
        if operation == REMOVED:
            assert self.there.pop(arn)[0] != "CREATE_IN_PROGRESS"
            self.gone.append(arn)
            return {}
        if operation == EXECUTED:
            self.done.append(operation)
            return {}
        return super().call(service, operation, **given)

    def pages(self, service: str, operation: str, /, **given: Any) -> Iterator[Json]:
        if operation == "list_change_sets":
            yield {"Summaries": [{"ChangeSetId": arn} for arn in self.there]}
            return
        if operation == "describe_change_set":
            self.status, self.reason = self.there[given["ChangeSetName"]]
        yield from super().pages(service, operation, **given)


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """`make deploy YES=1`, where SAM CLI prints this, ends so and leaves these change sets."""

    def run(aws: Account, printed: str, ends: int | None, **after: tuple[str, str]) -> int:
        def sam(_words: list[str], stdout: IO[str], **_given: Any) -> Any:
            stdout.write(printed)
            aws.there.update(after)
            if ends is None:
                raise KeyboardInterrupt
            return subprocess.CompletedProcess([], ends)

        monkeypatch.setattr(deploying, "_preflight", lambda *_given: ("sam", HERE))
        monkeypatch.setattr(command_runner, "open_aws", lambda *_given: (aws, "us-east-1"))
        monkeypatch.setattr(subprocess, "run", sam)
        monkeypatch.setenv("SAM_CLI_POLL_DELAY", "0")
        return deploying.main(["--yes", "--language", "en"])

    return run


def test_ctrl_c_while_it_is_made_leaves_nothing_behind(make: Callable[..., int]) -> None:
    aws, ours = Account(), named(1)
    aws.stack = "REVIEW_IN_PROGRESS"
    assert make(aws, WAITING, None, **{ours: ("CREATE_IN_PROGRESS", "")}) == Exit.INTERRUPTED
    assert (aws.gone, aws.done) == ([ours], [DELETED])


@pytest.mark.parametrize("status", ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"])
def test_a_change_set_is_removed_whose_end_sam_cli_has_not_seen(
    make: Callable[..., int], status: str
) -> None:
    aws, ours = Account(), named(1)
    assert make(aws, WAITING, 1, **{ours: (status, "")}) == Exit.NOT_DONE
    assert (aws.gone, aws.done) == ([ours], [])


@pytest.mark.parametrize("first", [True, False])
def test_only_the_change_set_that_sam_cli_printed_is_executed(make: Callable[..., int], first: bool) -> None:
    aws, ours, theirs = Account(), named(1), named(1, 2)
    both = {theirs: ("FAILED", "their template"), ours: ("CREATE_COMPLETE", "")}
    both = both if first else dict(reversed(both.items()))
    assert make(aws, f"{WAITING}{PRINTED}{ours}", 0, **both) == Exit.DONE
    assert (aws.gone, aws.done) == ([], [EXECUTED])


@pytest.mark.parametrize("printed", ["", WAITING])
def test_a_change_set_that_may_be_of_another_person_stays_and_is_named(
    make: Callable[..., int], printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """SAM CLI had not come so far, or both failed in the same minute."""
    aws, theirs = Account(), {named(1): ("FAILED", "theirs"), named(2): ("FAILED", "theirs")}
    assert make(aws, printed, 1, **theirs) == Exit.NOT_DONE
    assert aws.gone == []
    said = capsys.readouterr().err
    assert all(arn in said for arn in theirs)


def test_one_that_was_made_elsewhere_or_earlier_is_not_ours(make: Callable[..., int]) -> None:
    aws = Account()
    others = {named(-60): ("FAILED", "theirs"), "arn:changeSet/by-hand/1": ("FAILED", "theirs")}
    ours = named(1)
    assert make(aws, WAITING, 1, **others, **{ours: ("FAILED", "bad")}) == Exit.NOT_DONE
    assert aws.gone == [ours]


def test_without_a_terminal_nothing_is_built(
    make: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    monkeypatch.setattr(deploying, "_preflight", lambda *_given: ("sam", HERE))
    monkeypatch.setattr(command_runner, "open_aws", lambda *_given: pytest.fail("went on"))
    assert deploying.main(["--language", "en"]) == Exit.DECLINED
    assert "YES=1" in capsys.readouterr().err


@pytest.mark.parametrize("delay", ["x", "", "-1", "nan", "inf"])
def test_a_wrong_delay_is_one_line(
    make: Callable[..., int], delay: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAM_CLI_POLL_DELAY", delay)
    assert deploying.main(["--yes", "--language", "en"]) == Exit.USAGE
    assert capsys.readouterr().err.splitlines() == [f"SAM_CLI_POLL_DELAY={delay} is no number of seconds."]


@pytest.mark.parametrize(
    ("typed", "pairs"),
    [
        ("", []),
        ("A=1 B=", ["A=1", "B="]),
        ("B=cron(45 8 ? * MON *) C=UTC", ["B=cron(45 8 ? * MON *)", "C=UTC"]),
        ("A='x y' B=2", ["A=x y", "B=2"]),
        ("A='x", ["A='x"]),
    ],
)  # fmt: skip
def test_a_parameter_may_have_blanks(typed: str, pairs: list[str]) -> None:
    assert deploying._pairs(typed) == pairs


def test_what_preflight_refuses_is_said_once(capfd: pytest.CaptureFixture[str]) -> None:
    bad = ["--region", "r", "Nonsense=1", "CheckHour=x"]
    assert deploying.main(["--yes", "--language", "en", *bad]) == Exit.USAGE
    said = capfd.readouterr()
    assert (said.out, len(said.err.splitlines()), said.err.count("Nonsense")) == ("", 2, 1)


@pytest.mark.parametrize(
    ("flag", "given"), [("YES=0", False), ("YES=no", False), ("YES=1", True), ("YES=yes", True)]
)
def test_a_flag_of_the_makefile_can_be_off(flag: str, given: bool) -> None:
    parameters = "PARAMETERS=BackupSchedule=cron(45 8 ? * MON *)"
    make = ["make", "-n", "-o", ".venv/.installed", "-o", ".venvs/sam/.synced", "deploy", flag, parameters]
    # Where make runs the tests, it hands its own options down.
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    shown = subprocess.run(make, cwd=ROOT, env=alone, capture_output=True, text=True, check=True).stdout
    assert ("--yes" in shown) == given
    assert "cron(" not in shown
    command = shown[shown.index(".venv/bin/python") :].replace(".venv/bin/python", "printf '%s\\n'")
    environment = {**os.environ, "DELETES": "", "PARAMETERS": parameters.partition("=")[2]}
    words = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, check=True
    )
    assert words.stdout.splitlines()[-1] == "BackupSchedule=cron(45 8 ? * MON *)"


@pytest.mark.parametrize(("typed", "given"), [(["DELETES=Sessions"], "Sessions"), ([], "")])
def test_only_what_is_typed_lets_data_go(typed: list[str], given: str) -> None:
    """Not a variable that the shell still has."""
    make = ["make", "--eval", 'shown: ; @echo "$$DELETES"', "shown", *typed]
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        make, cwd=ROOT, env={**alone, "DELETES": "Table"}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == given
