"""Which incident is meant: its id, the beginning of it, or `latest`. What is not clear is never guessed."""

from collections.abc import Iterable
from contextlib import suppress

from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.usage import alike
from responder.core.declined import DeclineReason
from responder.core.errors import Unreadable
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.store import Incident

LATEST = "latest"


def meant(session: OperatorSession, typed: str, *, closed: bool = False) -> str:
    """The incident's id. `closed`: closed incidents are meant too, as by commands that only read.

    `latest` is the newest one; for a command that changes something it has to be the only one that is open.

    Raises:
        EarlyExit: there is none, with those that are spelt alike; or there are several, which are listed.
    """
    if typed != LATEST and (session.incidents.find(typed) or session.incidents.head(typed)):
        return typed
    newest = sorted(session.incidents.newest(), key=lambda each: each.opened, reverse=True)
    waiting = [each for each in newest if not each.closed]
    if typed == LATEST:
        found = (waiting[:1] or newest[:1]) if closed else waiting
    else:
        found = [each for each in newest if _begins(session, each, typed)]
        found = found if closed else [each for each in found if not each.closed] or found
    if len(found) > 1:
        raise _several(typed, found)
    if not found:
        raise _none(session, typed, newest)
    if not session.screen.machine:
        session.screen.note(text("console.meant", incident=found[0].id), style="dim")
    return found[0].id


def _begins(session: OperatorSession, incident: Incident, typed: str) -> bool:
    """The id, a part of it from one of its dashes on, or the short name of its alarm begins so:
    `FaceAuth-Liveness-High`, `HighError`, `high-error-rate`."""
    parts = incident.id.split("-")
    names = ["".join(parts[start:]).casefold() for start in range(len(parts))]
    with suppress(Unreadable):
        head = session.incidents.head(incident.id)
        names.append(head.slug.replace("-", "") if head is not None else "")
    wanted = typed.casefold().replace("-", "")
    return bool(wanted) and any(each.startswith(wanted) for each in names)


def _several(typed: str, found: Iterable[Incident]) -> EarlyExit:
    lines = [_line(each) for each in found]
    data = {"incidents": [each.id for each in found]}
    return EarlyExit(Exit.USAGE, text("console.several_incidents", typed=typed), data, lines)


def _none(session: OperatorSession, typed: str, known: Iterable[Incident]) -> EarlyExit:
    close = alike(typed, (each.id for each in known))
    more = [text("usage.maybe", names=", ".join(close))] if close else []
    more.append(text("console.see_incidents", command=session.typed("incidents", "--all")))
    because = DeclineReason.UNKNOWN_INCIDENT(incident=typed)
    early = EarlyExit.declined(because, {"suggestions": list(close)} if close else None)
    return EarlyExit(early.status, because.text, early.data, more)


def _line(incident: Incident) -> Text:
    key = "console.listed_closed" if incident.closed else "console.listed_open"
    return text(key, incident=incident.id, at=stamp(incident.opened))
