"""The person who clicks reads the IAM name of a permission that is missing; no retry would help."""

import pytest

from responder.core.errors import Denied, Throttled
from tests.texts import piece
from tests.unit.slack_inbound.workspace import FUNCTION, SlackWorkspace, asked


def deny(
    workspace: SlackWorkspace, service: str, operation: str, times: int = 1, **where: str
) -> SlackWorkspace:
    workspace.scene.aws.fail(service, operation, Denied, times=times, where=where)
    return workspace


def test_a_command_that_may_not_be_sent() -> None:
    workspace = deny(asked(), "lambda", "invoke", FunctionName="responder-high-error-rate")
    assert "(lambda:InvokeFunction " in workspace.click("approve")


def test_work_that_may_not_be_left_for_later_is_done_and_the_right_named() -> None:
    workspace = deny(asked(), "lambda", "invoke", FunctionName=FUNCTION)
    said = workspace.click("approve")
    assert piece("click.carried_out") in said
    assert "missing permission lambda:InvokeFunction" in said
    assert len(workspace.commands) == 1


@pytest.mark.parametrize("action", ["acknowledge", "approve", "pause"])
def test_a_step_that_may_not_be_noted(action: str) -> None:
    workspace = deny(asked(), "dynamodb", "put_item", 2, TableName="Incidents")
    assert "missing permission dynamodb:PutItem" in workspace.click(action)
    assert workspace.steps == []


def test_a_throttled_write_is_not_reported_as_a_missing_permission() -> None:
    workspace = asked()
    workspace.scene.aws.fail("dynamodb", "put_item", Throttled, times=2, where={"TableName": "Incidents"})
    assert "missing" not in workspace.click("acknowledge")


def test_a_message_that_may_not_say_who_has_taken_it() -> None:
    workspace = asked()
    workspace.shown()
    deny(workspace, "dynamodb", "update_item", TableName="Incidents")
    said = workspace.click("acknowledge")
    assert said.startswith(piece("click.not_shown"))
    assert "missing permission dynamodb:UpdateItem" in said
    assert len(workspace.rows) == 1
