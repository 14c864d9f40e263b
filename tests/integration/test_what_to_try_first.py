"""Step 1 of "What to try first" in docs/first-deployment.md, pasted: who writes, and what if a step fails."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from liveness_ops.deploying import environment
from liveness_ops.template_tools.load import ROOT
from local_aws.client import LocalAws
from tests.integration import aws_cli
from tests.integration._local_aws import settle

FUNCTION = "liveness-responder-high-error-rate"
ASSUMED = 'sts assume-role --role-arn "$ROLE"'


@pytest.fixture
def aws(stack: LocalAws) -> Iterator[LocalAws]:
    yield stack
    stack.restore("deployed")


def block() -> str:
    page = (ROOT / "docs" / "first-deployment.md").read_text(encoding="utf-8")
    text = page.split("\n## What to try first on the real account\n")[1]
    found = re.search(r"\n1\\\..*?```console\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def paste(aws: LocalAws, folder: Path, commands: str) -> subprocess.CompletedProcess[str]:
    """As the administrator, in a shell that continues after an error."""
    (folder / "sleep").write_text("#!/bin/sh\n")
    (folder / "sleep").chmod(0o755)
    tools = environment()
    with aws_cli.installed(folder, aws):
        return subprocess.run(
            ["bash", "-c", commands.replace("REGION", aws.region)],
            cwd=folder,
            env={**tools, **aws.environment(), "PATH": f"{folder}{os.pathsep}{tools['PATH']}"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def trust(aws: LocalAws) -> object:
    role = aws.client("lambda").get_function_configuration(FunctionName=FUNCTION)["Role"]
    return aws.client("iam").get_role(RoleName=role.rpartition("/")[2])["Role"]["AssumeRolePolicyDocument"]


def revision(aws: LocalAws) -> str:
    """Every write gives a new one."""
    return str(
        aws.client("lambda").get_function_configuration(FunctionName="FaceAuth-FaceLogin")["RevisionId"]
    )


def test_the_role_writes_and_the_page_shows_it(aws: LocalAws, tmp_path: Path) -> None:
    before, trusted, calls = revision(aws), trust(aws), len(aws.calls())
    done = paste(aws, tmp_path, block())
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^Who acts: arn:aws:sts::\d+:assumed-role/.*/try$", done.stdout, re.MULTILINE)
    assert done.stdout.splitlines()[-1] == '"InProgress"'
    # The end of an update renews the revision, too.
    settle(aws, "FaceAuth-FaceLogin")
    assert revision(aws) != before
    assert "UpdateFunctionConfiguration" in {call.operation for call in aws.calls(calls)}
    assert trust(aws) == trusted
    assert not (tmp_path / "same.json").exists()


@pytest.mark.parametrize(
    ("command", "broken"),
    [
        (ASSUMED, "sts assume-role --role-arn arn:aws:iam::000000000000:role/none"),
        ("KEYS=$(aws sts", "KEYS=$(true sts"),
        ("aws iam get-role --role-name", "aws iam get-role --role-name no-"),
    ],
    ids=["assume-role fails", "no keys", "no role"],
)
def test_if_a_step_fails_nothing_is_written_and_the_trust_is_restored(
    aws: LocalAws, tmp_path: Path, command: str, broken: str
) -> None:
    before, trusted = revision(aws), trust(aws)
    assert command in block()
    done = paste(aws, tmp_path, block().replace(command, broken))
    assert done.returncode != 0
    assert "InProgress" not in done.stdout
    assert (revision(aws), trust(aws)) == (before, trusted)
