"""Bring a follow-up back: the next generation takes over by a conditional write, then it is started.

A follow-up that wakes up after all finds a later generation in charge, and ends itself.
"""

from dataclasses import replace
from datetime import timedelta

from responder.context import Context
from responder.errors import BadEvent, ResponderError
from responder.evidence.failed import reason
from responder.incidents import Head
from responder.settings import Settings
from responder.shell.alarms import store
from responder.shell.watchdog.by_hand import see_restart
from responder.shell.watchdog.found import Found
from responder.shell.wrap_up import start
from responder.text import text

_FIRST_LOOK = timedelta(minutes=10)


def restart(context: Context, found: Found, head: Head) -> Found | None:
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


def failed(found: Found, error: ResponderError, settings: Settings) -> Found:
    """It could not be brought back: told once an hour, tried each round."""
    return replace(
        found,
        key=f"{found.incident}#failed",
        details=(text("watchdog.not_restarted", detail=reason(error)),),
        steps=(see_restart(settings),),
        head=None,
    )
