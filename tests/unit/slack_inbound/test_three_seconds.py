"""Slack waits three seconds for its answer. What precedes it is measured in calls in sequence, and a cold
start in CPU, next to boto3."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

import pytest

from responder.core.context import Gateway
from responder.core.plain_data import Json
from tests.fakes import FakeAws
from tests.unit.slack_inbound.workspace import FakeSlackClient, SlackWorkspace, applied, asked

pytestmark = pytest.mark.unit
SLOW = 0.08
# At seven calls in sequence each may take 300 ms, and there is time left for a cold start.
MOST_CALLS = 7


@dataclass
class SlowAws(Gateway):
    """Every call takes its time; several in parallel take no longer than one."""

    aws: FakeAws

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        time.sleep(SLOW)
        return self.aws.call(service, operation, **arguments)


class SlowSlackClient(FakeSlackClient):
    def call(self, method: str, /, **arguments: Any) -> Json:
        time.sleep(SLOW)
        return super().call(method, **arguments)


def seconds(workspace: SlackWorkspace, event: object) -> float:
    workspace.aws, workspace.client = SlowAws(workspace.scene.aws), SlowSlackClient()
    begun = time.monotonic()
    assert workspace.send(event)["statusCode"] == 200
    return time.monotonic() - begun


@pytest.mark.parametrize("action", ["acknowledge", "approve", "reject", "pause", "revert"])
def test_slack_has_its_answer_in_time_although_aws_is_slow(action: str) -> None:
    workspace = applied() if action == "revert" else asked()
    event = workspace.request(workspace.pressed(action))
    calls = seconds(workspace, event) / SLOW
    assert calls < MOST_CALLS + 0.9, f"{calls:.1f} calls in sequence"


def test_a_submitted_form_is_answered_in_time_although_aws_is_slow() -> None:
    workspace = asked()
    assert seconds(workspace, workspace.request(workspace.submitted("no"))) / SLOW < MOST_CALLS + 0.9


def test_nothing_that_takes_long_comes_before_the_answer() -> None:
    workspace = asked()
    workspace.press("approve")
    names = [each["FunctionName"] for each in workspace.scene.aws.lambdas.invocations]
    assert names[-1] == "responder-slack-action"
    assert workspace.scene.aws.lambdas.invocations[-1]["InvocationType"] == "Event"
    assert "responder-high-error-rate" not in names


_COLD_START = """
import pkgutil, time
import boto3
for each in ("dynamodb", "lambda", "secretsmanager", "ssm"):
    boto3.client(each, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
of_boto3 = time.process_time()
import slack_action
from responder.slack import inbound
for each in pkgutil.iter_modules(inbound.__path__):
    __import__(f"responder.slack.inbound.{each.name}")
print(of_boto3, time.process_time() - of_boto3)
"""


def test_a_cold_start_costs_less_beside_boto3_than_boto3() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", _COLD_START], env=environment, capture_output=True, text=True, check=True
    )
    of_boto3, ours = map(float, done.stdout.split())
    assert ours < of_boto3
