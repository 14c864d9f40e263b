"""The first deployment, by the ways that docs/first-deployment.md names."""

import os
import subprocess
from pathlib import Path
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from liveness_ops.cli import app
from liveness_ops.deploying import environment, main
from liveness_ops.template_tools.load import ROOT, template
from local_aws.client import LocalAws
from rehearsal.drill.build import alone, build
from rehearsal.world.names import REGION

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
ADDRESS = "OnCallEmail=on-call@company.example"
# Stack name, Region, confirm changes, create roles, disable rollback, save, file, environment.
ABOUT_SAM = 8


@pytest.fixture(scope="module")
def aws(service: LocalAws) -> LocalAws:
    build()
    return service


def guided(aws: LocalAws, config: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """`make guided`, and nothing but Enter is typed."""
    config.write_text((ROOT / "samconfig.toml").read_text())
    words = ["sam", "deploy", "--guided", "--config-file", str(config), *more]
    return subprocess.run(
        words,
        cwd=ROOT,
        env={**environment(), **aws.environment(), "SAM_CLI_POLL_DELAY": "0.2"},
        input="\n" * 300,
        capture_output=True,
        text=True,
        check=False,
    )


def status(aws: LocalAws, stack: str) -> str:
    found = aws.client("cloudformation").describe_stacks()["Stacks"]
    return next((each["StackStatus"] for each in found if each["StackName"] == stack), "")


@pytest.mark.long
def test_guided_without_an_address_is_refused_in_words_and_keeps_the_answers(
    aws: LocalAws, tmp_path: Path
) -> None:
    done = guided(aws, tmp_path / "samconfig.local.toml")
    assert done.returncode != 0
    assert "OnCallEmail is needed, or SlackSecretArn and LastResortEmail" in done.stderr
    assert status(aws, "liveness-responder") == ""
    assert "AlarmPrefix" in (tmp_path / "samconfig.local.toml").read_text()


@pytest.mark.long
def test_guided_with_an_address_takes_every_default(aws: LocalAws, tmp_path: Path) -> None:
    before = (ROOT / "samconfig.toml").read_text()
    done = guided(aws, tmp_path / "samconfig.local.toml", "--parameter-overrides", ADDRESS)
    assert (done.returncode, status(aws, "liveness-responder")) == (0, "CREATE_COMPLETE"), done.stderr[-2000:]
    asked = done.stdout.count("]: ")
    assert asked <= len(template()["Parameters"]) + ABOUT_SAM
    assert (ROOT / "samconfig.toml").read_text() == before
    given = {each["ParameterKey"]: each["ParameterValue"] for each in parameters(aws, "liveness-responder")}
    assert (given["InitialMode"], given["OnCallEmail"]) == ("observe", "on-call@company.example")


def parameters(aws: LocalAws, stack: str) -> list[dict[str, str]]:
    (found,) = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    given: list[dict[str, str]] = found["Parameters"]
    return given


def make_deploy(aws: LocalAws, *options: str) -> int:
    # It builds again, whatever is built.
    with alone(), patch.dict(os.environ, {**aws.environment(), "SAM_CLI_POLL_DELAY": "0.2"}):
        return main([*options, "--language", "en", "--region", REGION])


# tests/unit/preflight has what else blocks a deployment.
def test_what_would_fail_is_not_deployed(aws: LocalAws, capfd: pytest.CaptureFixture[str]) -> None:
    name = "liveness-responder-of-the-face-auth-team-2"
    assert make_deploy(aws, "--stack", name, ADDRESS) == 1
    said = capfd.readouterr()
    assert "64" in said.out
    assert "Nothing was deployed" in said.err
    assert status(aws, name) == ""


@pytest.mark.long
def test_a_second_stack_in_the_region_leaves_the_alarms_of_the_first_and_has_its_own_self_test(
    aws: LocalAws,
) -> None:
    # There is no terminal: nothing is executed unasked, and nothing is left behind.
    assert (make_deploy(aws, "--stack", "second", ADDRESS), status(aws, "second")) == (1, "")
    for _again in range(2):
        assert make_deploy(aws, "--stack", "second", "--yes", ADDRESS) == 0
        assert status(aws, "second") == "CREATE_COMPLETE"
    given = {each["ParameterKey"]: each["ParameterValue"] for each in parameters(aws, "second")}
    assert given["OurAlarms"] == "off"
    aws.confirm()
    aws.clear()
    line = f"selftest --stack second --region {REGION} --language en --wait 30"
    tested = CliRunner().invoke(app, line.split(), env={**os.environ, **aws.environment()})
    assert tested.exit_code == 0, tested.output
    subjects = sorted(mail.subject for mail in aws.inbox())
    assert subjects == [
        f'ALARM: "LivenessResponder-SelfTest-second" in {REGION}',
        "[INFO] Self-test of the messages, no action needed",
    ]
