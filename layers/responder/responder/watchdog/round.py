"""A round of the watchdog: read, find, restart, report, show that it is alive.

It may die anywhere and run twice at the same time: the next round completes what was begun and not reported.
"""

import os
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from responder.aws.gateway import patient
from responder.core.context import Context
from responder.core.errors import BadEvent, Defect, ResponderError
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.permissions import (
    APPROVALS_TABLE,
    FOLLOW_UP,
    INCIDENTS_TABLE,
    SETTINGS,
    STOPS,
    TOPIC,
    Permission,
)
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence.base import reason
from responder.evidence.logs import group_of
from responder.messages.publish import publish
from responder.messages.steps import about_ours
from responder.respond.alarm import store
from responder.respond.own_metrics import OwnMetric, beat, measure
from responder.respond.report import start
from responder.store import IncidentHead
from responder.store.switches import known, remove_ended_stops
from responder.watchdog import reading
from responder.watchdog.notes import Notes
from responder.watchdog.reading import due, read
from responder.watchdog.report import message
from responder.watchdog.rules import FoundTrouble, findings

_FIRST_LOOK = timedelta(minutes=10)

# What the watchdog needs of AWS. It changes nothing of the service, and sends no command.
NEEDS = frozenset(
    {
        Permission("dynamodb:Query", INCIDENTS_TABLE),
        Permission("dynamodb:GetItem", INCIDENTS_TABLE),
        Permission("dynamodb:PutItem", INCIDENTS_TABLE, "what was reported is not repeated each round"),
        Permission("dynamodb:UpdateItem", INCIDENTS_TABLE, "put the next execution in charge"),
        Permission("dynamodb:Query", APPROVALS_TABLE),
        *SETTINGS,
        Permission("ssm:GetParameters", STOPS),
        Permission("ssm:DeleteParameters", STOPS, "remove stops that have ended"),
        Permission("lambda:InvokeFunction", FOLLOW_UP, "bring a follow-up back"),
        Permission("sns:Publish", TOPIC, "notify on-call"),
        *reading.NEEDS,
    }
)


def handle(event: Data, _: Any) -> Json:
    """The entry on Lambda: every five minutes."""
    from responder.aws.boto import gateway

    settings = Settings.read(os.environ)
    aws = gateway(settings.region)
    return watch_over(known(aws, settings).context(aws, datetime.now(UTC)), counts_unsent=due(event))


def watch_over(context: Context, *, counts_unsent: bool = True) -> Json:
    """One round; `counts_unsent`: the events, too, that Lambda could not send on.

    Raises:
        ResponderError: on-call could not be notified; the alarm on the heartbeat goes off, the next does it.
    """
    seen = read(patient(context), counts_unsent=counts_unsent)
    round_ = _Round(context, Notes(context.aws, context.settings.incidents_table))
    reported = tuple(filter(None, map(round_.see_to, findings(seen, context.settings))))
    if reported:
        unnoted = next(iter(round_.unnoted), None)
        report = message(reported, seen.leases, context, unnoted)
        publish(context.aws, context.settings, replace(report, answered=seen.unusable is None))
        for each in reported:
            # From now on an hour of silence; where that cannot be stored, the next round repeats it.
            round_.reported(each.id)
    _remove_ended_stops(context)
    if seen.unsent:
        measure(context.settings, OwnMetric.UNSENT, seen.unsent)
    if seen.looked:
        beat(context.settings, len(seen.cases))
    result = {"open": len(seen.cases), "reported": [each.id for each in reported], "looked": seen.looked}
    log().info("a round", extra=result)
    return result


def _remove_ended_stops(context: Context) -> None:
    """Remove ended stops, since each makes every response read longer. If that fails, the daily check reports
    the ones that are left."""
    try:
        removed = remove_ended_stops(context.aws, context.settings, context.now)
    except Exception as error:
        log().warning("ended stops not removed", extra={"error": f"{type(error).__name__}: {error}"})
    else:
        if removed:
            log().info("ended stops removed", extra={"count": removed})


@frozen
class _Round:
    context: Context
    notes: Notes
    unnoted: list[ResponderError] = field(default_factory=list)

    def see_to(self, found: FoundTrouble) -> FoundTrouble | None:
        """What is to be reported of it; None where another round does, or nothing is wrong."""
        if not self._claimed(found):
            return None
        if found.head is None:
            return found
        try:
            done = restart(self.context, found, found.head)
        except Exception as error:
            cause = error if isinstance(error, ResponderError) else Defect(type(error).__name__)
            log().warning("not restarted", extra={"incident": found.incident, "error": str(cause)})
            settings = self.context.settings
            group = group_of(f"{settings.stack}-watchdog")
            # Reported once an hour, tried each round.
            stuck = replace(
                found,
                key=f"{found.incident}#failed",
                details=(text("watchdog.not_restarted", detail=reason(cause)),),
                steps=(about_ours("step.watchdog_not_restarted", settings, group=group),),
                head=None,
            )
            return stuck if self._claimed(stuck) else None
        if done is None:
            self.reported(found.id)
        return done

    def _claimed(self, found: FoundTrouble) -> bool:
        """Whether this round may report it. Without its memory the watchdog reports twice rather than not at
        all."""
        try:
            return self.notes.claim(found.id, self.context.now, found.quiet)
        except ResponderError as error:
            log().warning("not noted", extra={"trouble": found.id, "error": str(error)})
            self.unnoted.append(error)
            return True

    def reported(self, trouble: str) -> None:
        """Record that the trouble was reported, or needs no report."""
        try:
            self.notes.reported(trouble)
        except ResponderError as error:
            log().warning("not noted as reported", extra={"trouble": trouble, "error": str(error)})


def restart(context: Context, found: FoundTrouble, head: IncidentHead) -> FoundTrouble | None:
    """The next generation of a follow-up takes over by a conditional write, then it is started; an earlier
    one that wakes up after all finds a later generation in charge, and ends itself. As found, with the new
    execution's name; None where another was first.

    Raises:
        ResponderError: no follow-up is in charge now; a repeat continues from there.
    """
    if not context.settings.follow_up:
        raise BadEvent("FOLLOW_UP")
    before = found.key == head.execution
    if before and not store(context).next_generation(head, context.now + _FIRST_LOOK):
        return None
    new = replace(head, generation=head.generation + 1) if before else head
    start(context, new)
    return replace(found, details=(text("watchdog.restarted", execution=new.execution),))
