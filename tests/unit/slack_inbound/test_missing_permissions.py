"""The person who clicks reads the IAM name of a permission that is missing; no retry would help."""

import pytest

from responder.core.errors import Denied, Throttled
from tests.texts import piece
from tests.unit.slack_inbound.office import FUNCTION, Office, asked

pytestmark = pytest.mark.unit


def deny(office: Office, service: str, operation: str, times: int = 1, **where: str) -> Office:
    office.scene.aws.fail(service, operation, Denied, times=times, where=where)
    return office


def test_a_command_that_may_not_be_sent() -> None:
    office = deny(asked(), "lambda", "invoke", FunctionName="responder-high-error-rate")
    assert "(lambda:InvokeFunction " in office.click("approve")


def test_work_that_may_not_be_left_for_later_is_done_and_the_right_named() -> None:
    office = deny(asked(), "lambda", "invoke", FunctionName=FUNCTION)
    said = office.click("approve")
    assert piece("click.carried_out") in said
    assert "missing permission lambda:InvokeFunction" in said
    assert len(office.commands) == 1


@pytest.mark.parametrize("action", ["acknowledge", "approve", "pause"])
def test_a_step_that_may_not_be_noted(action: str) -> None:
    office = deny(asked(), "dynamodb", "put_item", 2, TableName="Incidents")
    assert "missing permission dynamodb:PutItem" in office.click(action)
    assert office.steps == []


def test_a_throttled_write_is_not_reported_as_a_missing_permission() -> None:
    office = asked()
    office.scene.aws.fail("dynamodb", "put_item", Throttled, times=2, where={"TableName": "Incidents"})
    assert "missing" not in office.click("acknowledge")


def test_a_message_that_may_not_say_who_has_taken_it() -> None:
    office = asked()
    office.shown()
    deny(office, "dynamodb", "update_item", TableName="Incidents")
    said = office.click("acknowledge")
    assert said.startswith(piece("click.not_shown"))
    assert "missing permission dynamodb:UpdateItem" in said
    assert len(office.rows) == 1
