"""The Lambda handler of every playbook: from an event to an answer.

What is thrown here goes to Lambda's retries and then, whole, to `response_failed`.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from responder.aws.gateway import through
from responder.core.alarm_event import AlarmEvent, AlarmState, of_contributor, parse
from responder.core.command import UNDER_WAY, Command, is_command, parse_command
from responder.core.context import Context, Gateway
from responder.core.errors import BadEvent, BeingAnswered, NotClaimed
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.plain_data import Data, Json
from responder.core.refusals import Refusal
from responder.core.settings import Settings
from responder.core.verdict import Result
from responder.evidence.base import reason
from responder.respond import alarm
from responder.respond.checked_writes import Deadline
from responder.respond.gather import ahead, event_doubts
from responder.respond.playbook import Playbook
from responder.store.switches import LastKnownSettings, begin_to_know

# Longer than any redelivery that may still act: EventBridge and Lambda give up after 15 min each.
SAME_CHANGE = timedelta(hours=24)
# The same command again within this time is a repeat. The follow-up sends one again after 30 s at the soonest
# (`followup_rules.duties`), and a person who has removed what it was refused for may be faster.
SAME_COMMAND = timedelta(seconds=20)
SAME_REFUSED = timedelta(seconds=3)
# The claim has ended before the next command arrives.
NO_REPEAT = timedelta(seconds=-1)
# A run that dies loses the claim of its command well before Lambda's first retry, a minute later: else the
# retry would pass for a repeat.
_HELD_MS = 45_000
_NOTHING_DONE = {"unchanged", *(result.value for result in (Result.REFUSED, Result.FAILED, Result.OBSERVED))}

type KeptFor = Callable[[Data], timedelta]


class ClaimStore(Protocol):
    """`once` runs the work, or gives the answer of the run that did; see `responder.aws.claims`."""

    def once(self, key: str, work: Callable[[], Json], context: Any, kept: KeptFor) -> Json:
        """`kept`: for how long an answer is given again.

        Raises: what `work` raises; BeingAnswered; NotClaimed where `work` did not run because it had no
            claim.
        """
        ...


@frozen
class World:
    """What a handler takes from outside: AWS, the environment, the time. `began`: the same time as
    read from `time.monotonic`."""

    aws: Gateway
    claims: ClaimStore
    environment: Mapping[str, str]
    now: datetime
    began: float = field(default_factory=time.monotonic)

    def context(self, known: LastKnownSettings, since: datetime | None = None) -> Context:
        """The context for the response of this run."""
        moment = since or self.now
        return Context(self.aws, known.settings, self.now, moment, known.parameters, self.began)


def handle(playbook: Playbook, event: object, lambda_context: Any) -> Json:
    """The entry on Lambda."""
    from responder.aws.boto import gateway
    from responder.aws.claims import Claims

    began = time.monotonic()
    settings = Settings.read(os.environ)
    boto = gateway(settings.region)
    boto.ready(sorted({need.action.partition(":")[0] for need in playbook.needs()}))
    world = World(boto, Claims(boto, settings.claims_table), os.environ, datetime.now(UTC), began)
    return answer(playbook, event, lambda_context, world)


def answer(playbook: Playbook, event: object, lambda_context: Any, world: World) -> Json:
    """Answer one event.

    Raises:
        BadEvent: it belongs to another service; nothing was touched.
        ResponderError: no message could be sent; Lambda tries again.
    """
    settings = Settings.read(world.environment)
    world = replace(world, aws=through(world.aws, Deadline(world.began)))
    if isinstance(event, Mapping) and is_command(event):
        command = parse_command(event)
        log().info("command", extra={"order": command.order})
        return _commanded(playbook, command, settings, lambda_context, world)
    if of_contributor(event):
        log().info("alarm event of a contributor, ignored")
        return {"ignored": "contributor"}
    change = ours(parse(event), settings)
    log().info(
        "alarm event", extra={"alarm": change.name, "state": change.state, "at": change.at.isoformat()}
    )
    if change.state is not AlarmState.ALARM:
        if ahead(change, world.now):
            # If it were recorded, every later change of this alarm would count as old.
            raise BadEvent("state.timestamp")
        return alarm.note(change, Context(world.aws, settings, world.now, change.at))
    return _claimed(playbook, change, settings, lambda_context, world)


def _commanded(
    playbook: Playbook, command: Command, settings: Settings, lambda_context: Any, world: World
) -> Json:
    """Once, however often it is delivered at the same time; a repeat gets the same answer, and no message."""
    from responder.commands.dispatch import receive

    reading = begin_to_know(world.aws, settings)

    def work() -> Json:
        return receive(playbook, command, world.context(reading()), world.environment)

    try:
        return world.claims.once(command.key, work, _Brief(lambda_context), _repeats)
    except BeingAnswered:
        results = {f"{command.remedy} {command.scope}".strip() or "-": UNDER_WAY}
        return {"incident": command.incident, "results": results}
    except NotClaimed as error:
        # The ledger's lock and the comparison before each write hold without it: a repeat only sends the
        # message again.
        log().warning("command without a claim", extra={"error": str(error.why)})
        return work()


@frozen
class _Brief:
    """Lambda's context as a claim reads it."""

    context: Any

    def get_remaining_time_in_millis(self) -> int:
        """How long the run may hold the claim."""
        return min(_HELD_MS, int(self.context.get_remaining_time_in_millis()))


def _repeats(answer: Data) -> timedelta:
    """How long the same command counts as a repeat of the one with this answer. Where it waits for one more
    person it never does: the next command may be that person's."""
    waits = any(Refusal.named(each) is Refusal.ONE_MORE for each in answer.get("because", {}).values())
    if waits:
        return NO_REPEAT
    return SAME_REFUSED if _NOTHING_DONE.issuperset(answer.get("results", {}).values()) else SAME_COMMAND


def ours(change: AlarmEvent, settings: Settings) -> AlarmEvent:
    """Refuse events of another account, Region or alarm."""
    if settings.account and change.account != settings.account:
        raise BadEvent("account")
    if change.region != settings.region:
        raise BadEvent("region")
    if not settings.answers(change.name):
        raise BadEvent("alarmName")
    return change


def _claimed(
    playbook: Playbook, change: AlarmEvent, settings: Settings, lambda_context: Any, world: World
) -> Json:
    reasons = event_doubts(change, world.now, world.environment)
    reading = begin_to_know(world.aws, settings)
    first = Context(world.aws, settings, world.now, change.at)
    asked = None if reasons else alarm.begin_to_ask(change, alarm.store(first))

    def work() -> Json:
        return alarm.respond_to(playbook, change, world.context(reading(), change.at), reasons, asked)

    try:
        return world.claims.once(change.key, work, lambda_context, lambda _: SAME_CHANGE)
    except NotClaimed as error:
        # Without a claim a repeat looks like the first delivery: gather and report, change nothing.
        unclaimed = Refusal.MAY_REPEAT(detail=reason(error.why))
        context = world.context(reading(), change.at)
        return alarm.respond_to(playbook, change, context, (unclaimed, *reasons))
    except Exception as error:
        if notes := getattr(error, "__notes__", None):
            # Lambda keeps only the class and the message of what is thrown.
            log().error("not answered", extra={"alarm": change.name, "notes": notes})
        raise
