"""Slack signed it, and still this person may not, or it is too late: the answer gives the reason, and nothing
is done."""

from collections.abc import Callable
from typing import Any

import pytest

from responder.aws.items import from_item, typed
from tests.texts import piece
from tests.unit.slack_inbound.conftest import Records
from tests.unit.slack_inbound.office import AIKO, KEN, MARI, STRANGER, Office, applied, asked

pytestmark = pytest.mark.unit
OTHER = "FaceAuth-Liveness-Other-20260204T102400Z"

type Press = tuple[str, str, dict[str, Any]]


def closed(office: Office) -> None:
    office.scene.aws.dynamo.update_item(
        TableName="Incidents",
        Key={"pk": typed("ALARMS"), "sk": typed(office.scene.pointer["slug"])},
        UpdateExpression="SET closed = :yes",
        ExpressionAttributeValues={":yes": typed(True)},
    )


def spent(office: Office) -> None:
    office.click("approve", KEN)
    office.scene.aws.tick(minutes=1)


def rejected(office: Office) -> None:
    office.submit("not now", KEN)
    office.later()


def changed(office: Office) -> None:
    """Its row does not match its hash."""
    proposal = office.proposal
    (stored,) = [row for row in office.scene.aws.dynamo.rows("Incidents") if f"#{proposal}" in row["sk"]["S"]]
    row = from_item(stored)
    stored["data"] = typed(row["data"].replace('"after": "0"', '"after": "90"'))
    assert stored["data"] != typed(row["data"])
    office.scene.aws.dynamo.put_item(TableName="Incidents", Item=stored)


def nothing(_: Office) -> None:
    """As it is."""


def later(minutes: float) -> Callable[[Office], None]:
    return lambda office: office.scene.aws.tick(minutes=minutes)


EVERY = ("acknowledge", "approve", "reject", "pause")
CHANGED = piece("denial.proposal_changed")
REFUSED: dict[str, tuple[Callable[[Office], None], Press, str]] = {
    **{
        f"unknown person: {act}": (nothing, (act, STRANGER, {}), f"{STRANGER} is not registered")
        for act in EVERY
    },
    "without the right": (nothing, ("approve", MARI, {}), f"mari ({MARI}) may not approve"),
    "a rejection without the right": (nothing, ("reject", MARI, {}), f"mari ({MARI}) may not approve"),
    **{f"closed: {act}": (closed, (act, AIKO, {}), "is closed") for act in EVERY},
    **{
        f"unknown incident: {act}": (nothing, (act, AIKO, {"incident": OTHER}), "There is no")
        for act in EVERY
    },
    "unknown proposal": (nothing, ("approve", AIKO, {"proposal": "0" * 16}), "has no proposal"),
    "another remedy": (
        nothing,
        ("approve", AIKO, {"r": "on_demand_billing"}),
        CHANGED,
    ),
    "another scope": (nothing, ("approve", AIKO, {"s": "create"}), CHANGED),
    "expired": (later(30), ("approve", AIKO, {}), "expired at Feb 04 10:55 UTC"),
    "expired: reject": (later(30), ("reject", AIKO, {}), "expired at"),
    "used": (spent, ("approve", AIKO, {}), piece("denial.carried_out_before")),
    "used: reject": (spent, ("reject", AIKO, {}), piece("denial.carried_out_before")),
    "rejected": (rejected, ("approve", AIKO, {}), "ken rejected the proposal"),
    "rejected by the same": (rejected, ("approve", KEN, {}), "ken rejected the proposal"),
    "another hash": (changed, ("approve", AIKO, {}), CHANGED),
    "another hash: reject": (changed, ("reject", AIKO, {}), CHANGED),
    "nothing to take back": (nothing, ("revert", AIKO, {"proposal": ""}), piece("denial.no_lease")),
}


@pytest.mark.parametrize(("before", "press", "said"), REFUSED.values(), ids=REFUSED)
def test_a_refused_click_changes_nothing_and_the_person_gets_the_reason(
    logged: Records, before: Callable[[Office], None], press: Press, said: str
) -> None:
    office = asked()
    before(office)
    action, user, more = press
    rows_, commands, steps, percent = office.rows, office.commands, office.steps, office.scene.percentages()
    office.ear.heard.clear()
    assert office.press(action, user, **more) == 200
    office.later()
    assert said in office.said
    assert [method for method, _ in office.ear.heard] == ["chat.postEphemeral"]
    assert (office.rows, office.commands, office.steps) == (rows_, commands, steps)
    assert office.scene.percentages() == percent
    assert office.pauses == {}
    assert any(line.startswith("refused") for line in logged.lines)


def test_a_proposal_of_another_incident_is_not_approved_here() -> None:
    office = asked()
    proposal, first = office.proposal, office.incident
    closed(office)
    office.scene.aws.tick(minutes=20)
    office.scene.alarm()
    assert office.incident != first
    said = office.click("approve", proposal=proposal)
    assert "has no proposal" in said
    assert office.rows == []


@pytest.mark.parametrize(("user", "allowed"), [(AIKO, True), (MARI, False), (STRANGER, False)])
def test_only_the_people_of_its_class_take_a_remedy_back(user: str, allowed: bool) -> None:
    office = applied()
    office.click("revert", user, proposal="")
    assert (len(office.commands) == 1) is allowed
    assert (len(office.steps) == 1) is allowed


def test_what_is_left_of_an_incident_is_reverted_after_its_end() -> None:
    office = applied()
    closed(office)
    office.click("revert", proposal="")
    assert [each["command"] for each in office.commands] == ["revert"]
    office.scene.aws.tick(minutes=1)
    assert piece("click.carried_out") in office.click("approve", KEN)
    assert office.scene.percentages() == ["50"] * 4


def test_after_a_person_changed_the_value_the_function_refuses_it() -> None:
    office = asked()
    for name in office.scene.aws.lambdas.functions:
        variables = office.scene.aws.lambdas.functions[name].latest["Environment"]["Variables"]
        if "LIVENESS_ROLLOUT_PERCENTAGE" in variables:
            variables["LIVENESS_ROLLOUT_PERCENTAGE"] = "30"
    office.click("approve")
    assert office.scene.percentages() == ["30"] * 4
    assert office.scene.result["because"]["key"] == "guard.proposal_changed"


def test_after_the_alarm_recovered_the_function_refuses_it() -> None:
    office = asked()
    office.scene.state = "OK"
    office.click("approve")
    assert office.scene.percentages() == ["50"] * 4
    assert office.scene.result["because"]["key"] == "guard.already_ok"


def test_a_reason_is_kept_as_one_short_line() -> None:
    office = asked()
    office.submit("a\u202e\nb\ud800" + "x" * 900)
    (row,) = office.rows
    assert row["reason"].startswith("a b")
    assert len(row["reason"]) == 500


def test_a_lease_is_named_by_its_scope_too() -> None:
    office = applied()
    (lease,) = (row for row in office.scene.leases())
    office.click("revert", proposal="", s=lease["scope"])
    assert len(office.commands) == 1
