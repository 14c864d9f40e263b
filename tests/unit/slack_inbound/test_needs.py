"""The function may do exactly what its buttons do, and nothing to the monitored service."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
import slack_action

from responder.core.context import Gateway
from responder.core.errors import Unreachable
from responder.core.permissions import PARAMETERS, PARAMETERS_PATH, responder
from responder.core.plain_data import Json
from responder.slack.inbound import function_url
from tests.fakes import FakeAws
from tests.fakes.gateway import api_name
from tests.unit.slack_inbound.workspace import AIKO, KEN, SlackWorkspace, applied, asked

pytestmark = pytest.mark.unit
TABLES = {"Incidents": "${Incidents.Arn}", "Claims": "${Claims.Arn}", "Approvals": "${Approvals.Arn}"}


@dataclass
class Recorder(Gateway):
    """A gateway of the function alone; the alarm's function has another one."""

    aws: FakeAws
    used: set[tuple[str, str]] = field(default_factory=set)

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        self.used.add((action(service, operation), resource(arguments)))
        return self.aws.call(service, operation, **arguments)


def action(service: str, operation: str) -> str:
    name = "InvokeFunction" if operation == "invoke" else api_name(service, operation)
    return f"{service}:{name}"


def resource(arguments: Json) -> str:
    if "TableName" in arguments:
        return TABLES[arguments["TableName"]]
    if "FunctionName" in arguments:
        return responder(arguments["FunctionName"].removeprefix("responder-"))
    if "SecretId" in arguments:
        return "${SlackSecretArn}"
    if "Path" in arguments:
        return PARAMETERS_PATH
    name = re.sub("^/responder/stops/.*", "/responder/stops/*", arguments["Name"])
    return name.replace("/responder/", f"{PARAMETERS_PATH}/")


def rejects(workspace: SlackWorkspace) -> None:
    workspace.press("reject")
    workspace.submit("no")
    workspace.later()


def approves(workspace: SlackWorkspace) -> None:
    workspace.shown()
    for action_ in ("acknowledge", "pause", "approve"):
        workspace.click(action_)


def stops(workspace: SlackWorkspace) -> None:
    """Without an answer it looks whether the stop is there."""
    workspace.scene.aws.fail("ssm", "put_parameter", Unreachable, after=True)
    workspace.click("pause")


def takes_back(workspace: SlackWorkspace) -> None:
    for person in (AIKO, KEN):
        workspace.click("revert", person, proposal="")
        workspace.scene.aws.tick(minutes=1)


def everything() -> set[tuple[str, str]]:
    used: set[tuple[str, str]] = set()
    for begin, play in ((asked, rejects), (asked, approves), (asked, stops), (applied, takes_back)):
        workspace = begin()
        recorder = Recorder(workspace.scene.aws, used)
        workspace.aws = recorder
        play(workspace)
    return used


def test_what_it_calls_is_what_it_needs() -> None:
    needed = {(need.action, need.resource) for need in slack_action.needs if not need.forbidden}
    used = everything()
    assert used - needed == set()
    # One alarm represents all: the others' functions are called likewise.
    unused = {(name, where) for name, where in needed - used if name != "lambda:InvokeFunction"}
    # AWS checks a path or what is below it, depending on how the path is written; here it is the path.
    assert unused == {("ssm:GetParametersByPath", PARAMETERS)}


def test_it_holds_no_right_over_the_service() -> None:
    own = ("${Incidents", "${Claims", "${Approvals", "${SlackSecretArn}")
    stack = ("function:${AWS::StackName}-", f"{PARAMETERS_PATH}/stops/")
    reads = {PARAMETERS_PATH, PARAMETERS}
    for need in slack_action.needs:
        if need.action == "ssm:GetParametersByPath":
            assert need.resource in reads
            continue
        assert need.resource.startswith(own) or any(part in need.resource for part in stack), need
    assert {need.action for need in slack_action.needs} == {
        "secretsmanager:GetSecretValue",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
        "lambda:InvokeFunction",
        "ssm:GetParameter",
        "ssm:GetParametersByPath",
        "ssm:PutParameter",
    }


def test_every_write_says_why() -> None:
    reads = ("Get", "Query")
    assert [n for n in slack_action.needs if not n.why and not n.action.split(":")[1].startswith(reads)] == []


def test_the_lambda_handler_is_that_of_the_function_url() -> None:
    assert slack_action.handler is function_url.handle
