"""Rounds of the watchdog, and what happens to an event that was not answered, as stories of the matrix."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from responder.core.context import Context
from responder.core.errors import ResponderError
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.failures.handler import keep_and_report
from tests.fakes import Died, FakeAws
from tests.proof.faulty_gateway import FaultyGateway
from tests.proof.matrix import Invariant, Story, StoryRun, StoryStart
from tests.proof.reporting import ENVIRONMENT, record, reports
from tests.unit.respond.scene import Scene
from tests.unit.watchdog.world import World, troubled, wrong

_ROUNDS = 3
_UNREAD = {"cause.watchdog_unread"}


def stories() -> list[Story]:
    """Rounds: with troubles and without. Failures: of an alarm, a check, a round, and Slack."""
    failures = {
        "alarm": record("high-error-rate", Scene().event()),
        "command": record(
            "high-error-rate", {"command": "apply", "incident": "i", "remedy": "rollout_to_zero"}
        ),
        "check": record("daily-check", {"source": "aws.scheduler"}),
        "backup": record("sessions-backup", {"source": "aws.scheduler"}),
        "slack": record("slack-action", {"job": {"click": {"incident": "i"}}}),
    }
    return [
        Story("watchdog: troubles", partial(_rounds, troubled)),
        Story("watchdog: no troubles", partial(_rounds, World)),
        *(Story(f"failed: {name}", partial(_failed, each)) for name, each in failures.items()),
    ]


def _rounds(begin: Any) -> StoryStart:
    """EventBridge calls it every five minutes, whatever the result of the last one, and does not retry one
    that was killed."""
    world: World = begin()
    aws = world.aws
    aws.calls.clear()

    def code(gateway: FaultyGateway) -> Any:
        for number in range(_ROUNDS):
            try:
                world.round(gateway if number == 0 else FaultyGateway(aws))
            except (Died, ResponderError) as error:
                world_failed.append(error)
            aws.tick(minutes=5)

    world_failed: list[BaseException] = []
    return StoryStart(
        aws, code, ENVIRONMENT, record("watchdog", {}), (world, world_failed, begin is troubled)
    )


def _failed(event: Any) -> StoryStart:
    aws = FakeAws()
    aws.dynamo.create("Incidents", "pk", "sk")
    settings = Settings.read(ENVIRONMENT)

    def code(gateway: FaultyGateway) -> Any:
        return keep_and_report(event, Context(gateway, settings, aws.now, aws.now))

    return StoryStart(aws, code, ENVIRONMENT, event)


def brought_back(played: StoryRun) -> Iterator[str]:
    """Each generation of a follow-up is brought back once, and everything that is wrong is reported."""
    world, failed, trouble = played.begun.known
    if trouble:
        yield from wrong(world)
    elif world.started or {said["key"] for said in _said(world)} - _UNREAD:
        yield f"told or started without a reason: {world.started}"
    killed = played.fault is not None and played.fault.kills
    if failed and not killed and played.cell is not None and played.cell.operation != "publish":
        yield "a round failed, and on-call could be told"


def _said(world: World) -> Iterator[Json]:
    yield from (each["said"] for messages in world.messages for each in messages["findings"])


def kept_and_reported(played: StoryRun) -> Iterator[str]:
    """The event is in the queue and on-call is notified, at most once more per attempt; under one id."""
    if not played.aws.sqs.sent:
        yield "the event is not kept"
    message = reports(played.reported)
    if not message:
        yield "no message was sent"
    if len({each["id"] for each in message if each["kind"] == "failure"}) > 1 + len(played.invocation.thrown):
        yield "more ids than attempts"
    most = 1 + len(played.invocation.thrown)
    if len(message) > most or len(played.aws.sqs.sent) > most:
        yield f"told {len(message)} times, kept {len(played.aws.sqs.sent)} times"
    if "guard.leases_unread" in json.dumps(message) and played.cell and played.cell.operation != "query":
        yield "the leases were read, and are told as unread"


def invariants(story: Story) -> tuple[Invariant, ...]:
    """Of one of these stories."""
    return (brought_back,) if "watchdog" in story.name else (kept_and_reported,)
