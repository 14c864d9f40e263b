"""The first deployment, by the ways that docs/first-deployment.md names."""

import os
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from liveness_ops.cli import app
from liveness_ops.deploying import main
from local_aws.client import LocalAws
from rehearsal.drill.build import alone, build
from rehearsal.world.names import REGION

pytestmark = pytest.mark.timeout(300)
ADDRESS = "OnCallEmail=on-call@company.example"


@pytest.fixture(scope="module")
def aws(service: LocalAws) -> LocalAws:
    build()
    return service


def status(aws: LocalAws, stack: str) -> str:
    found = aws.client("cloudformation").describe_stacks()["Stacks"]
    return next((each["StackStatus"] for each in found if each["StackName"] == stack), "")


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
    assert make_deploy(aws, "--yes", ADDRESS) == 0
    first = {each["ParameterKey"]: each["ParameterValue"] for each in parameters(aws, "liveness-responder")}
    assert (first["InitialMode"], first["OurAlarms"]) == ("observe", "on")
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
