"""The guide of the first deployment: its commands can be pasted, and are the same in both languages."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from botocore import xform_name
from botocore.session import get_session

from liveness_ops.cli import app
from liveness_ops.template_tools.load import ROOT

GUIDES = [ROOT / "docs" / f"first-deployment{end}.md" for end in ("", ".ja")]
# Of the CLI itself, for every service.
EVERYWHERE = {"region", "query", "output", "profile", "cli-input-json"}
SERVICES = {"s3api": "s3"}


def blocks(guide: Path) -> list[str]:
    return re.findall(r"```console\n(.*?)```", guide.read_text(), re.DOTALL)


def called(guide: Path) -> list[tuple[str, str, set[str]]]:
    """Service, operation and options of each command of the AWS CLI, wherever in the page it is."""
    text = guide.read_text().replace("$(", "\n").replace("`", "\n").replace("; ", "\n").replace(" | ", "\n")
    found = re.findall(r"\baws ([a-z0-9-]+) ((?:wait )?[a-z-]+)([^\n]*)", text)
    # Text in quotes is no option.
    return [
        (service, operation, set(re.findall(r" --([a-z-]+)", re.sub(r"'[^']*'|\"[^\"]*\"", "", rest))))
        for service, operation, rest in found
        if service != "s3"
    ]


def test_both_languages_have_the_same_commands() -> None:
    english, japanese = (blocks(each) for each in GUIDES)
    assert english == japanese
    assert called(GUIDES[0]) == called(GUIDES[1])


def test_each_block_can_be_read_by_a_shell() -> None:
    for block in blocks(GUIDES[0]):
        subprocess.run(["bash", "-n", "-c", block], check=True)


def test_each_command_of_the_aws_cli_exists_with_its_options() -> None:
    session, commands = get_session(), called(GUIDES[0])
    assert len(commands) > 20
    for service, command, options in commands:
        operation = command
        model = session.get_service_model(SERVICES.get(service, service))
        names = {xform_name(each, "-"): each for each in model.operation_names}
        waiters = (
            session.get_waiter_model(SERVICES.get(service, service)) if command.startswith("wait ") else None
        )
        if waiters is not None:
            known = {xform_name(each, "-"): waiters.get_waiter(each) for each in waiters.waiter_names}
            operation = xform_name(known[command.removeprefix("wait ")].operation, "-")
        assert operation in names, (service, operation)
        shape = model.operation_model(names[operation]).input_shape
        members = {xform_name(each, "-") for each in shape.members} if shape else set()
        assert options - EVERYWHERE <= members, (service, operation)


def test_each_of_our_commands_exists() -> None:
    text = GUIDES[0].read_text()
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert set(re.findall(r"liveness-ops ([a-z-]+)", text)) <= known
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert (
        set(re.findall(r"\bmake ([a-z-]+)\b(?= |$|`)", "\n".join(blocks(GUIDES[0])), re.MULTILINE)) <= targets
    )


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Runs pasted lines where `aws` and `sam` are stand-ins, and gives the commands of the AWS CLI."""

    def run(
        pasted: str, *, status: str = "", sam: str = "exit 1", changes: str = "", others: str = ""
    ) -> list[str]:
        log = tmp_path / "log"
        log.write_text("")
        aws = f'echo "$2" >> {log}; case "$2" in list-change-sets) echo {others};; *) echo {status};; esac'
        for name, answer in (("aws", aws), ("sam", sam)):
            (tmp_path / name).write_text(f"#!/bin/sh\n{answer}\n")
            (tmp_path / name).chmod(0o700)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        subprocess.run(["bash", "-c", f"CHANGES={changes}\n{pasted}"], check=False, capture_output=True)
        return log.read_text().split()

    return run


def pasted(command: str) -> str:
    (block,) = (each for each in blocks(GUIDES[0]) if command in each)
    return block


@pytest.mark.parametrize(
    ("status", "others", "deleted"),
    [
        ("REVIEW_IN_PROGRESS", "", True),
        ("REVIEW_IN_PROGRESS", "arn-of-another-person", False),
        ("UPDATE_COMPLETE", "", False),
        ("CREATE_COMPLETE", "", False),
        ("", "", False),
    ],
)
def test_declining_a_change_set_deletes_only_a_stack_that_was_made_for_it_alone(
    shell: Callable[..., list[str]], status: str, others: str, deleted: bool
) -> None:
    commands = shell(pasted("delete-change-set"), status=status, changes="arn", others=others)
    assert ("delete-stack" in commands) == deleted
    assert "delete-change-set" in commands


@pytest.mark.parametrize(
    ("sam", "executes"),
    [
        ("exit 1", False),
        ("echo Changeset created successfully. arn:aws:cloudformation:r:1:changeSet/x/y", True),
    ],
)
def test_only_the_change_set_that_was_just_made_is_executed(
    shell: Callable[..., list[str]], sam: str, executes: bool
) -> None:
    both = pasted("sam deploy --no-execute-changeset") + pasted("execute-change-set")
    real = shell(
        both.replace('--change-set-name "$CHANGES"', '"${CHANGES:?}"'), sam=sam, changes="an-earlier-one"
    )
    assert ("execute-change-set" in real) == executes
