"""Two presses, by one person or two, count as one: one row, one command, one step."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Barrier, BrokenBarrierError, Thread
from typing import Any

import pytest

from responder.core.context import Gateway
from responder.core.errors import Denied
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.settings_document import parse
from responder.store import Incidents
from responder.store.approval_writer import ApprovalWriter
from tests.fakes import FakeAws
from tests.rows import all_rows
from tests.texts import piece
from tests.unit.slack_inbound.workspace import AIKO, AIKO_ARN, KEN, PEOPLE, SlackWorkspace, applied, asked

pytestmark = pytest.mark.unit
OPERATIONS = ("query", "get_item", "put_item", "put_parameter", "invoke")


@dataclass
class SimultaneousGateway(Gateway):
    """A gateway at which two who want the same do it at the same moment, as far as they come."""

    aws: FakeAws
    barriers: dict[str, Barrier] = field(default_factory=lambda: {name: Barrier(2) for name in OPERATIONS})

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        self._wait(operation)
        return self.aws.call(service, operation, **arguments)

    def _wait(self, operation: str) -> None:
        if operation in self.barriers:
            try:
                self.barriers[operation].wait(0.05)
            except BrokenBarrierError:
                self.barriers[operation].reset()


@dataclass
class InterruptedGateway(Gateway):
    """Another person acts between the read of the proposal and the read of one's own row."""

    aws: FakeAws
    person: Callable[[], Any]
    looks: int = 0

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        self.looks += operation == "query" and arguments["TableName"] == "Approvals"
        if self.looks == 2:
            self.looks += 1
            self.person()
        return self.aws.call(service, operation, **arguments)


def at_once(workspace: SlackWorkspace, *acts: Callable[[], Any]) -> list[int]:
    workspace.aws = SimultaneousGateway(workspace.scene.aws)
    found: list[int] = []
    threads = [Thread(target=lambda act=act: found.append(act()["statusCode"])) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    workspace.aws = None
    return found


def both(workspace: SlackWorkspace, one: Any, other: Any) -> list[int]:
    """Two simultaneous requests, and then simultaneously what each left for later."""
    statuses = at_once(workspace, lambda: workspace.send(one), lambda: workspace.send(other))
    jobs = [event for _, event in workspace.queue]
    workspace.queue.clear()
    if len(jobs) == 2:
        workspace.aws = SimultaneousGateway(workspace.scene.aws)
        threads = [Thread(target=workspace.send, args=(job,)) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        workspace.aws = None
    else:
        workspace.queue.extend(("responder-slack-action", job) for job in jobs)
    workspace.later()
    return statuses


@all_rows("_", range(5))
@all_rows("action", ["approve", "acknowledge", "pause"])
def test_the_same_click_twice_simultaneously(action: str, _: int) -> None:
    workspace = asked()
    statuses = both(
        workspace, workspace.request(workspace.pressed(action)), workspace.request(workspace.pressed(action))
    )
    assert statuses == [200, 200]
    assert len(workspace.rows) == (action != "pause")
    assert len(workspace.pauses) == (action == "pause")
    assert len(workspace.commands) == (action == "approve")
    assert [step["what"] for step in workspace.steps] == [action]


def test_a_revert_twice_simultaneously() -> None:
    workspace = applied()
    made = [workspace.request(workspace.pressed("revert", proposal="")) for _ in range(2)]
    both(workspace, *made)
    assert [each["command"] for each in workspace.commands] == ["revert"]
    assert len(workspace.steps) == 1


def test_the_same_request_twice_simultaneously_is_answered_once() -> None:
    workspace = asked()
    event = workspace.request(workspace.pressed("approve"))
    assert sorted(both(workspace, event, event)) == [200, 409]
    assert (len(workspace.rows), len(workspace.commands), len(workspace.steps)) == (1, 1, 1)


def test_two_people_who_approve_simultaneously_have_it_carried_out_once() -> None:
    workspace = asked()
    made = [workspace.request(workspace.pressed("approve", user)) for user in (AIKO, KEN)]
    both(workspace, *made)
    assert sorted(row["sk"] for row in workspace.rows) == ["aiko", "ken"]
    assert len(workspace.commands) == 1
    assert workspace.scene.percentages() == ["0"] * 4


def test_an_approval_and_a_rejection_simultaneously_do_not_both_count() -> None:
    workspace = asked()
    both(
        workspace,
        workspace.request(workspace.pressed("approve")),
        workspace.request(workspace.submitted("no", KEN)),
    )
    carried_out = workspace.scene.percentages() == ["0"] * 4
    rejected = any(row["decision"] == "reject" for row in workspace.rows)
    assert rejected or carried_out
    assert len(workspace.commands) <= 1


def test_who_rejects_at_the_terminal_just_before_does_not_approve_by_an_older_click() -> None:
    workspace = asked()
    settings = Settings(approvals_table="Approvals")
    pen = ApprovalWriter(workspace.scene.aws, settings, parse(PEOPLE).people, "aiko", AIKO_ARN)
    stored = Incidents(workspace.scene.aws, "Incidents").asked(workspace.incident, workspace.proposal)
    assert stored is not None
    request = workspace.request(workspace.pressed("approve"))
    workspace.aws = InterruptedGateway(workspace.scene.aws, lambda: pen.reject(stored, "no", workspace.now))
    workspace.send(request)
    workspace.aws = None
    workspace.later()
    assert [row["decision"] for row in workspace.rows] == ["reject"]
    assert workspace.commands == []


@pytest.mark.parametrize("_", range(5))
def test_two_people_who_pause_at_the_same_moment_have_a_pause_each(_: int) -> None:
    workspace = asked()
    assert (
        both(workspace, *(workspace.request(workspace.pressed("pause", user)) for user in (AIKO, KEN)))
        == [200] * 2
    )
    assert sorted(pause["who"] for pause in workspace.pauses.values()) == ["aiko", "ken"]
    workspace.click("approve")
    assert workspace.scene.result["because"]["key"] == "guard.paused"


def test_a_revert_that_could_not_be_sent_is_sent_when_it_is_pressed_again() -> None:
    workspace = applied()
    for function in ("responder-slack-action", "responder-high-error-rate"):
        workspace.scene.aws.fail("lambda", "invoke", Denied, where={"FunctionName": function})
    assert workspace.press("revert", proposal="") == 503
    assert "Press again" in workspace.said
    workspace.scene.aws.tick(seconds=10)
    assert workspace.click("revert", proposal="").startswith("Requested: restore liveness check.")
    assert [each["command"] for each in workspace.commands] == ["revert"]


@pytest.mark.parametrize("seconds", [1, 30, 120])
def test_a_second_click_a_little_later_is_declined(seconds: int) -> None:
    workspace = asked()
    workspace.click("approve")
    workspace.scene.aws.tick(seconds=seconds)
    assert piece("denial.carried_out_before") in workspace.click("approve")
    assert (len(workspace.rows), len(workspace.commands), len(workspace.steps)) == (1, 1, 1)


def test_a_second_click_before_the_first_is_carried_out_does_nothing() -> None:
    workspace = asked()
    workspace.press("approve")
    workspace.scene.aws.tick(seconds=2)
    workspace.press("approve")
    workspace.later()
    assert (len(workspace.rows), len(workspace.commands), len(workspace.steps)) == (1, 1, 1)
