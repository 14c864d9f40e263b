"""pause and resume: each person who has the right at AWS may create a stop; the reason is kept with it."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from liveness_ops.console.times import moment
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.people.screen import words
from responder.core.declined import DeclineReason
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.switches import Stop, Switches, reserved, stops_path, switches
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.messages.json_report import moment as iso
from responder.messages.requests import name as remedy_name
from responder.people.request import PersonRequest, RequestKind
from responder.people.switches import digest
from responder.store.switches import create_stop, read_parameters

_LONG = timedelta(days=2)
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@frozen
class PauseRequest:
    """The command as typed; `name` empty: made of person and time, `begin` empty: immediately."""

    name: str
    reason: str
    until: str
    begin: str = ""


def pause(session: OperatorSession, wanted: PauseRequest) -> Json:
    """Create a stop. It is in force before the next write of any response, or from `begin` on."""
    now = session.clock()
    why = words(wanted.reason)
    if not why:
        raise EarlyExit(Exit.USAGE, text("ops.pause_why"))
    begin = moment(wanted.begin, now) if wanted.begin else now
    until = moment(wanted.until, max(begin, now))
    if until <= max(begin, now):
        raise EarlyExit(Exit.USAGE, text("ops.pause_past", until=stamp(until)))
    made = Stop(_name(session, wanted, now), session.me.person, why, until, begin if begin > now else None)
    if not create_stop(session.aws, session.settings, made):
        now, there = session.clock(), _read_stop(session, made.name)
        data = {"pause": as_json(there, now)} if there else {}
        taken = line(there, now) if there else made.name
        raise EarlyExit(Exit.NOT_DONE, text("ops.pause_taken", pause=taken), data)
    said = text("ops.paused", name=made.name, until=stamp(until))
    if made.since is not None:
        said = text("ops.window", name=made.name, since=stamp(made.since), until=stamp(until))
    session.screen.say(said, style="green")
    if until - now >= _LONG:
        # Times are shown without their year.
        days = (until - now).days
        session.screen.say(text("ops.pause_long", days=days, date=f"{until:%Y-%m-%d}"), style="bold yellow")
    undo = text("ops.pause_undo", command=session.typed("resume", made.name))
    session.screen.say(text("ops.pause_means"), undo, style="dim")
    return {"person": session.me.person, "pause": as_json(made, now)}


def resume(session: OperatorSession, name: str) -> Json:
    """End a pause. What a person is shown is what is ended, never another one of the same name."""
    found = _chosen(session, name)
    # By this digest the entry knows what the person saw.
    key = f"{stops_path(session.settings.parameters_path)}{found.name}"
    seen = digest(read_parameters(session.aws, session.settings).get(key, ""))
    if found.who != session.me.person and not found.over(session.clock()):
        session.screen.say(line(found, session.clock()))
        ask = text("ops.ask_resume_remedy", remedy=remedy_name(found.asks))
        session.screen.confirm(ask if found.asks else text("ops.ask_resume", who=found.by))
    data = session.ask(PersonRequest(RequestKind.RESUME, name=found.name, shown=seen))
    now = session.clock()
    others = read_switches(session).active(now)
    if others:
        session.screen.say(text("ops.still_paused"), *(line(each, now) for each in others), style="yellow")
    else:
        session.screen.say(text("ops.none_in_force", command=session.typed("mode")), style="dim")
    return {**data, "still_paused": [as_json(each, now) for each in others]}


def read_switches(session: OperatorSession) -> Switches:
    """Modes and stops as the guards read them. Mute rules belong to an alarm; they are not read."""
    return switches(session.settings.parameters_path, read_parameters(session.aws, session.settings), ())


def line(each: Stop, now: datetime) -> Text:
    """One pause, as it is listed."""
    until = stamp(each.until) if each.until else text("guard.until_resumed")
    values = {"name": each.name, "who": each.by, "why": each.why}
    if each.asks:
        return text("ops.ask_line", remedy=remedy_name(each.asks), **values)
    if each.since is not None and each.since > now:
        return text("ops.pause_planned", since=stamp(each.since), until=until, **values)
    return text("ops.pause_line", until=until, **values)


def as_json(each: Stop, now: datetime) -> Json:
    """A pause for machines."""
    times = {"from": iso(each.since), "until": iso(each.until)}
    about = {"name": each.name, "who": each.who, "why": each.why, **times}
    return {**about, "state": each.state(now), "remedy": each.asks or None}


def ahead(found: Iterable[Stop], now: datetime) -> list[Stop]:
    """The pauses that are not over, by name."""
    return sorted((each for each in found if not each.over(now)), key=lambda each: each.name)


def _name(session: OperatorSession, wanted: PauseRequest, now: datetime) -> str:
    who = re.sub(r"[^A-Za-z0-9_.-]+", "-", session.me.person).strip("-") or "pause"
    name = wanted.name or f"{who[:40]}-{now:%Y%m%dT%H%M%SZ}"
    if not _NAME.fullmatch(name) or reserved(name):
        nameless = session.typed("pause", '--reason "…"', "--until 2h")
        more = [text("ops.pause_nameless", command=nameless)]
        raise EarlyExit(Exit.USAGE, text("ops.pause_name"), None, more)
    return name


def _read_stop(session: OperatorSession, name: str) -> Stop | None:
    """The stop of this name, over or not."""
    return next((each for each in read_switches(session).stops if each.name == name), None)


def _chosen(session: OperatorSession, name: str) -> Stop:
    """Raises EarlyExit with the pauses that there are, where it is not clear which one is meant."""
    if name and (named := _read_stop(session, name)):
        return named
    now = session.clock()
    found = ahead(read_switches(session).stops, now)
    if not name and len(found) == 1:
        return found[0]
    data = {"pauses": [as_json(each, now) for each in found]}
    early = EarlyExit(Exit.USAGE, text("ops.several_pauses"), data)
    if name:
        early = EarlyExit.declined(DeclineReason.NO_PAUSE(name=name), data)
    elif not found:
        raise EarlyExit(Exit.NOTHING_OPEN, text("ops.nothing_paused"))
    raise EarlyExit(early.status, early.said, early.data, [line(each, now) for each in found])
