"""Every command of the console that writes, as a story: run, and run again by a person who did not see it
done."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, cast
from unittest.mock import patch

from typer.testing import Result

from liveness_ops.people import command_runner
from liveness_ops.people.exits import Exit
from responder.core.frozen import frozen
from responder.core.text import Strings
from tests.fakes import Died, FakeAws
from tests.proof.faulty_gateway import FaultyGateway
from tests.proof.matrix import Invariant, Story, StoryRun, StoryStart
from tests.proof.reporting import record
from tests.unit.console.test_failures import record as kept
from tests.unit.people.terminal import QUEUE, Terminal, scene
from tests.unit.respond.scene import Scene

_QUEUES = ("Failures", "Undelivered", "FailedTwice", "Unfollowed", "Unmailed", "Unposted")
_ENDS = {Exit.DONE, Exit.NOTHING_OPEN, Exit.NOT_DONE}


@frozen
class Command:
    """`line`: `{incident}` is the incident's id. `done`: it is in effect; `rows`, `steps`: what it leaves;
    `changes`: how many settings of the service it changes."""

    begin: Callable[[], Scene]
    line: str
    done: Callable[[Terminal], bool]
    rows: int = 0
    steps: Strings = ()
    changes: int = 0


def _asked() -> Scene:
    """Throttling: rollout waits for an approval."""
    here = scene().faults(15, code="ThrottlingException")
    here.alarm()
    here.aws.tick(minutes=2)
    return here


def _applied() -> Scene:
    """Rollout is at 0 %, and AWS is done with it."""
    here = scene().faults(15)
    here.alarm()
    here.aws.settle()
    here.command("finish", remedy="rollout_to_zero")
    here.aws.tick(minutes=2)
    return here


def _given_up() -> Scene:
    """Its event could not be answered, and is in the queue."""
    return scene().faults(15)


def _off(terminal: Terminal) -> bool:
    return terminal.scene.percentages() == ["0"] * 4


COMMANDS = {
    "ack": Command(_asked, "ack {incident}", lambda t: len(t.rows) == 1, rows=1, steps=("acknowledge",)),
    "approve": Command(_asked, "approve {incident} --yes", _off, rows=1, steps=("approve",), changes=4),
    "reject": Command(
        _asked, "reject {incident} --reason no --yes", lambda t: len(t.rows) == 1, rows=1, steps=("reject",)
    ),
    "revert": Command(
        _applied,
        "revert {incident} --percent 10 --yes",
        lambda t: t.scene.percentages() == ["10"] * 4,
        rows=1,
        steps=("revert", "approve"),
        changes=4,
    ),
    "pause": Command(
        _asked,
        "pause release --reason x --until 1h",
        lambda t: "/responder/stops/release" in t.scene.aws.ssm.parameters,
    ),
    "resume": Command(
        lambda: _paused(_asked()),
        "resume release --yes",
        lambda t: "/responder/stops/release" not in t.scene.aws.ssm.parameters,
    ),
    "mode": Command(
        _asked,
        "mode observe --yes",
        lambda t: t.scene.aws.ssm.modes["everywhere"] == "observe",
    ),
    # As a replay: it is looked into and reported, and nothing is changed.
    "redrive": Command(_given_up, "failures --redrive 1 --yes", lambda t: bool(t.scene.reported)),
}


@dataclass
class Known:
    """`first`: how the first run ended, None where it died; `then`: how the second one did; `early`: it was
    in effect by the end of the first."""

    terminal: Terminal
    command: Command
    before: int
    first: Result | None = None
    then: Result | None = None
    early: bool = False
    line: str = ""


def _paused(here: Scene) -> Scene:
    here.aws.ssm.parameters["/responder/stops/release"] = '{"who": "aiko", "why": "deploying"}'
    return here


def stories() -> list[Story]:
    """One per command."""
    return [Story(f"console: {name}", partial(_begin, name)) for name in COMMANDS]


def _begin(name: str) -> StoryStart:
    command = COMMANDS[name]
    terminal = Terminal(command.begin())
    aws = terminal.scene.aws
    for queue in _QUEUES:
        aws.sqs.queues[QUEUE.format(queue)] = []
    if command.begin is _given_up:
        aws.sqs.put(QUEUE.format("Failures"), _body(terminal.scene))
        aws.tick(minutes=2)
    incident = terminal.incident if command.begin is not _given_up else ""
    known = Known(terminal, command, _changes(aws), line=command.line.format(incident=incident))

    def code(gateway: FaultyGateway) -> Any:
        known.first = _run(known, gateway)
        aws.settle()
        known.early = command.done(terminal)
        if known.first is None or known.first.exit_code != Exit.DONE:
            aws.tick(minutes=6)
            known.then = _run(known, FaultyGateway(cast("FakeAws", terminal)))
            aws.settle()
        return None

    def through(gateway: FaultyGateway) -> Any:
        # The console's own few questions are answered in front of the system.
        gateway.aws = cast("FakeAws", terminal)
        return code(gateway)

    return StoryStart(aws, through, terminal.scene.environment, record("console", {}), known)


def _body(here: Scene) -> str:
    return json.dumps(kept(here.event()))


def _run(known: Known, gateway: FaultyGateway) -> Result | None:
    terminal = known.terminal
    with (
        patch.object(command_runner, "open_aws", lambda _: (gateway, "us-east-1")),
        patch.object(command_runner, "entry_transport", lambda *_: terminal),
        patch.object(terminal.entry, "aws", gateway),
        patch.object(command_runner, "_now", lambda: terminal.scene.aws.now),
    ):
        try:
            return terminal.run(known.line)
        except Died:
            return None


def _changes(aws: FakeAws) -> int:
    return sum(each[1] == "update_function_configuration" for each in aws.done)


def done_once(played: StoryRun) -> Iterator[str]:
    """However often it was run: one row, one step, each setting changed once, and it is in effect."""
    known: Known = played.begun.known
    terminal, command = known.terminal, known.command
    if not command.done(terminal):
        yield "it is not done by running it again"
    # A second revert asks again.
    most = command.rows + ("revert" in command.steps and known.then is not None)
    if not command.rows <= len(terminal.rows) <= most:
        yield f"{len(terminal.rows)} rows"
    steps = {step["what"] for step in terminal.steps}
    ended = known.first is not None and known.first.exit_code == Exit.DONE
    excused = not ended or "timeline" in (known.first.output if known.first else "")
    # Where its incident is known by then, deciding again is a step of it.
    steps -= {"redrive"} if command.begin is _given_up else set()
    if steps - {*command.steps} or ({*command.steps} - steps and not excused):
        yield f"steps {[step['what'] for step in terminal.steps]}"
    made = _changes(terminal.scene.aws) - known.before
    if made != command.changes:
        yield f"{made} changes instead of {command.changes}"


def said(played: StoryRun) -> Iterator[str]:
    """Each run ends as documented, with words; what ends well is done."""
    known: Known = played.begun.known
    for one in (known.first, known.then):
        if one is None:
            continue
        if one.exit_code == Exit.BROKEN:
            yield f"it broke: {one.output.strip()[-200:]}"
        if not one.output.strip():
            yield "it said nothing"
    if known.first is not None and known.first.exit_code == Exit.DONE and not known.early:
        yield "said to be done, and it is not"
    if known.then is not None and known.then.exit_code not in _ENDS:
        yield f"the second run ended with {known.then.exit_code}"


def invariants(_: Story) -> tuple[Invariant, ...]:
    """Of each of these stories."""
    return done_once, said
