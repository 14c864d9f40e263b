"""Every button in Slack as a story: pressed, and pressed again by a person who got no answer."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from http import HTTPStatus
from typing import Any

from responder.core.errors import ResponderError
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.slack.secret import Keeper
from tests.fakes import Died
from tests.proof.faulty_gateway import FaultyGateway
from tests.proof.faulty_slack import FaultySlack
from tests.proof.matrix import Invariant, Story, StoryRun, StoryStart, clean
from tests.proof.reporting import record
from tests.unit.slack_inbound.workspace import FUNCTION, FakeSlackClient, SlackWorkspace, applied, asked


@frozen
class Button:
    """`done`: what is there once it is done; `rows`, `commands`: how many; `what`: the step, if any."""

    begin: Callable[[], SlackWorkspace]
    press: Callable[[SlackWorkspace], Any]
    done: Callable[[SlackWorkspace], bool]
    rows: int = 1
    commands: int = 0
    what: str = ""


BUTTONS = {
    "acknowledge": Button(
        asked, lambda o: o.pressed("acknowledge"), lambda o: len(o.rows) > 0, what="acknowledge"
    ),
    "approve": Button(
        asked,
        lambda o: o.pressed("approve"),
        lambda o: o.scene.percentages() == ["0"] * 4,
        commands=1,
        what="approve",
    ),
    "ask why": Button(
        asked, lambda o: o.pressed("reject"), lambda o: "views.open" in dict(o.client.requests), rows=0
    ),
    "reject": Button(asked, lambda o: o.submitted("no"), lambda o: len(o.rows) > 0, what="reject"),
    "revert": Button(
        applied,
        lambda o: o.pressed("revert", proposal=""),
        lambda o: bool(o.proposal),
        rows=0,
        commands=1,
        what="revert",
    ),
    "pause": Button(asked, lambda o: o.pressed("pause"), lambda o: len(o.pauses) > 0, rows=0, what="pause"),
}


@dataclass
class Known:
    """`heard`, `rows`: by the end of the first press; `status`: of its request, None where it died;
    `success`: the answer where all goes well; `died`: jobs that come again; `unfinished`: those that
    failed again."""

    workspace: SlackWorkspace
    button: Button
    success: frozenset[str] = frozenset()
    heard: list[str] = field(default_factory=list)
    status: int | None = None
    rows: int = 0
    died: list[tuple[str, Json]] = field(default_factory=list)
    unfinished: int = 0


def stories() -> list[Story]:
    """One per button."""
    return [Story(f"button: {name}", partial(_begin, name)) for name in BUTTONS]


def _begin(name: str) -> StoryStart:
    begun = _pressed(name)
    begun.known.success = _success(name)
    return begun


@cache
def _success(name: str) -> frozenset[str]:
    known: Known = clean(Story("", partial(_pressed, name))).begun.known
    return frozenset(known.heard)


def _pressed(name: str) -> StoryStart:
    button = BUTTONS[name]
    workspace = button.begin()
    known = Known(workspace, button)
    aws = workspace.scene.aws
    aws.calls.clear()

    def code(gateway: FaultyGateway) -> Any:
        known.status = _once(known, gateway)
        known.heard = [
            reported["text"]
            for method, reported in workspace.client.requests
            if method == "chat.postEphemeral"
        ]
        known.heard += [method for method, _ in workspace.client.requests if method == "views.open"]
        known.rows = len(workspace.rows) + len(workspace.pauses)
        # Pressed again before Lambda delivers again what died.
        aws.tick(seconds=20)
        again = _once(known, FaultyGateway(aws))
        aws.tick(seconds=45)
        workspace.queue.extend(known.died)
        known.unfinished = len(_deliver(workspace, FaultyGateway(aws)))
        if not button.done(workspace):
            # On record, and not yet sent: the follow-up would send it, and so does the next press.
            _once(known, FaultyGateway(aws))
        return again

    return StoryStart(aws, code, workspace.scene.environment, record("slack-action", {}), known)


def _once(known: Known, gateway: FaultyGateway) -> int | None:
    """One press, and what it leaves for later. `gateway`: it may end on the way."""
    workspace, status = known.workspace, None
    _through(workspace, gateway)
    payload = known.button.press(workspace)
    with suppress(Died):
        status = int(workspace.send(workspace.request(payload))["statusCode"])
    known.died += _deliver(workspace, gateway)
    return status


def _deliver(workspace: SlackWorkspace, gateway: FaultyGateway) -> list[tuple[str, Json]]:
    died = []
    while workspace.queue:
        name, event = workspace.queue.popleft()
        if name != FUNCTION:
            workspace.commands.append(event)
            workspace.scene.deliver(event)
            continue
        gateway = FaultyGateway(workspace.scene.aws) if gateway.dead else gateway
        _through(workspace, gateway)
        try:
            workspace.send(event)
        except (Died, ResponderError):
            died.append((name, event))
    return died


def _through(workspace: SlackWorkspace, gateway: FaultyGateway) -> None:
    workspace.aws = gateway
    workspace.keeper = Keeper()
    heard, error = workspace.client.requests, workspace.client.error
    workspace.client = _FaultySlackClient(heard, error, gateway)


@dataclass
class _FaultySlackClient(FakeSlackClient):
    gateway: FaultyGateway | None = None

    def call(self, method: str, /, **arguments: Any) -> Json:
        assert self.gateway is not None
        return FaultySlack(
            self.gateway, lambda method, given: FakeSlackClient.call(self, method, **given)
        ).call(method, **arguments)


def done_once(played: StoryRun) -> Iterator[str]:
    """However often it was pressed: one row, one command, one step, and everything is done."""
    known: Known = played.begun.known
    workspace, button = known.workspace, known.button
    if not button.done(workspace):
        yield "it is not done by pressing again"
    if len(workspace.rows) != button.rows:
        yield f"{len(workspace.rows)} rows"
    if len(workspace.commands) != button.commands:
        yield f"{len(workspace.commands)} commands"
    steps = [step["what"] for step in workspace.steps]
    # What was reported as failed may be on record, and is then decided twice.
    least = steps[:1] if played.fault is None or not played.fault.kills else steps
    if (least if button.what else steps) != [button.what] * bool(button.what) or len(set(steps)) > 1:
        yield f"steps {steps}"
    if known.unfinished:
        yield "a job failed again"


def heard(played: StoryRun) -> Iterator[str]:
    """The person who pressed sees the result immediately, and is never shown what is not on record."""
    known: Known = played.begun.known
    answered = known.status == HTTPStatus.OK
    fault, cell = played.fault, played.cell
    error = cell is not None and (cell.service == "slack" or cell.operation == "get_secret_value")
    killed = fault is not None and fault.kills
    if answered and not known.heard and not error and not killed:
        yield "Slack shows nothing, and the person hears nothing"
    if known.success & set(known.heard) and known.rows < max(known.button.rows, known.button.what == "pause"):
        yield "told as done, and it is not on record"


def invariants(_: Story) -> tuple[Invariant, ...]:
    """Of each of these stories."""
    return done_once, heard
