"""Bring a follow-up back: the next generation takes over by a conditional write, then it is started.

A follow-up that wakes up after all finds a later generation in charge, and ends itself.
"""

from dataclasses import replace
from datetime import timedelta

from responder.core.context import Context
from responder.core.errors import BadEvent, ResponderError
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence.base import reason
from responder.respond.alarm import store
from responder.respond.report import start
from responder.store import IncidentHead
from responder.watchdog.manual_steps import see_restart
from responder.watchdog.rules import FoundTrouble

_FIRST_LOOK = timedelta(minutes=10)


def restart(context: Context, found: FoundTrouble, head: IncidentHead) -> FoundTrouble | None:
    """What came of it: as found, with the new execution's name; None where somebody was first.

    Raises:
        ResponderError: nobody is in charge now; the same again goes on from there.
    """
    if not context.settings.follow_up:
        raise BadEvent("FOLLOW_UP")
    before = found.key == head.execution
    if before and not store(context).next_generation(head, context.now + _FIRST_LOOK):
        return None
    new = replace(head, generation=head.generation + 1) if before else head
    start(context, new)
    return replace(found, details=(text("watchdog.restarted", execution=new.execution),))


def failed(found: FoundTrouble, error: ResponderError, settings: Settings) -> FoundTrouble:
    """It could not be brought back: told once an hour, tried each round."""
    return replace(
        found,
        key=f"{found.incident}#failed",
        details=(text("watchdog.not_restarted", detail=reason(error)),),
        steps=(see_restart(settings),),
        head=None,
    )
