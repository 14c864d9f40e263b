"""Slack signed it, and still this person may not, or it is too late: the answer gives the reason, and nothing
is done."""

from collections.abc import Callable

import pytest

from responder.aws.items import from_item, typed
from responder.core.plain_data import Json
from tests.rows import each_of
from tests.texts import piece
from tests.unit.slack_inbound.conftest import Records
from tests.unit.slack_inbound.workspace import AIKO, KEN, MARI, STRANGER, SlackWorkspace, applied, asked

OTHER = "FaceAuth-Liveness-Other-20260204T102400Z"

type Press = tuple[str, str, Json]


def closed(workspace: SlackWorkspace) -> None:
    workspace.scene.aws.dynamo.update_item(
        TableName="Incidents",
        Key={"pk": typed("ALARMS"), "sk": typed(workspace.scene.pointer["slug"])},
        UpdateExpression="SET closed = :yes",
        ExpressionAttributeValues={":yes": typed(True)},
    )


def spent(workspace: SlackWorkspace) -> None:
    workspace.click("approve", KEN)
    workspace.scene.aws.tick(minutes=1)


def rejected(workspace: SlackWorkspace) -> None:
    workspace.submit("not now", KEN)
    workspace.later()


def changed(workspace: SlackWorkspace) -> None:
    """Its row does not match its hash."""
    proposal = workspace.proposal
    (stored,) = [
        row for row in workspace.scene.aws.dynamo.rows("Incidents") if f"#{proposal}" in row["sk"]["S"]
    ]
    row = from_item(stored)
    stored["data"] = typed(row["data"].replace('"after": "0"', '"after": "90"'))
    assert stored["data"] != typed(row["data"])
    workspace.scene.aws.dynamo.put_item(TableName="Incidents", Item=stored)


def nothing(_: SlackWorkspace) -> None:
    """As it is."""


def later(minutes: float) -> Callable[[SlackWorkspace], None]:
    return lambda workspace: workspace.scene.aws.tick(minutes=minutes)


EVERY = ("acknowledge", "approve", "reject", "pause")
CHANGED = piece("denial.proposal_changed")
REFUSED: dict[str, tuple[Callable[[SlackWorkspace], None], Press, str]] = {
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


@each_of(("before", "press", "said"), REFUSED)
def test_a_refused_click_changes_nothing_and_the_person_gets_the_reason(
    logged: Records, before: Callable[[SlackWorkspace], None], press: Press, said: str
) -> None:
    workspace = asked()
    before(workspace)
    action, user, more = press
    rows_, commands, steps, percent = (
        workspace.rows,
        workspace.commands,
        workspace.steps,
        workspace.scene.percentages(),
    )
    workspace.client.requests.clear()
    assert workspace.press(action, user, **more) == 200
    workspace.later()
    assert said in workspace.said
    assert [method for method, _ in workspace.client.requests] == ["chat.postEphemeral"]
    assert (workspace.rows, workspace.commands, workspace.steps) == (rows_, commands, steps)
    assert workspace.scene.percentages() == percent
    assert workspace.pauses == {}
    assert any(line.startswith("refused") for line in logged.lines)


def test_a_proposal_of_another_incident_is_not_approved_here() -> None:
    workspace = asked()
    proposal, first = workspace.proposal, workspace.incident
    closed(workspace)
    workspace.scene.aws.tick(minutes=20)
    workspace.scene.alarm()
    assert workspace.incident != first
    said = workspace.click("approve", proposal=proposal)
    assert "has no proposal" in said
    assert workspace.rows == []


@pytest.mark.parametrize(("user", "allowed"), [(AIKO, True), (MARI, False), (STRANGER, False)])
def test_only_the_people_of_its_class_take_a_remedy_back(user: str, allowed: bool) -> None:
    workspace = applied()
    workspace.click("revert", user, proposal="")
    assert (len(workspace.commands) == 1) is allowed
    assert (len(workspace.steps) == 1) is allowed


def test_what_is_left_of_an_incident_is_reverted_after_its_end() -> None:
    workspace = applied()
    closed(workspace)
    workspace.click("revert", proposal="")
    assert [each["command"] for each in workspace.commands] == ["revert"]
    workspace.scene.aws.tick(minutes=1)
    assert piece("click.carried_out") in workspace.click("approve", KEN)
    assert workspace.scene.percentages() == ["50"] * 4


def test_after_a_person_changed_the_value_the_function_refuses_it() -> None:
    workspace = asked()
    for name in workspace.scene.aws.lambdas.functions:
        variables = workspace.scene.aws.lambdas.functions[name].latest["Environment"]["Variables"]
        if "LIVENESS_ROLLOUT_PERCENTAGE" in variables:
            variables["LIVENESS_ROLLOUT_PERCENTAGE"] = "30"
    workspace.click("approve")
    assert workspace.scene.percentages() == ["30"] * 4
    assert workspace.scene.result["because"]["key"] == "guard.proposal_changed"


def test_after_the_alarm_recovered_the_function_refuses_it() -> None:
    workspace = asked()
    workspace.scene.state = "OK"
    workspace.click("approve")
    assert workspace.scene.percentages() == ["50"] * 4
    assert workspace.scene.result["because"]["key"] == "guard.already_ok"


def test_a_reason_is_kept_as_one_short_line() -> None:
    workspace = asked()
    workspace.submit("a\u202e\nb\ud800" + "x" * 900)
    (row,) = workspace.rows
    assert row["reason"].startswith("a b")
    assert len(row["reason"]) == 500


def test_a_lease_is_named_by_its_scope_too() -> None:
    workspace = applied()
    (lease,) = (row for row in workspace.scene.leases())
    workspace.click("revert", proposal="", s=lease["scope"])
    assert len(workspace.commands) == 1
