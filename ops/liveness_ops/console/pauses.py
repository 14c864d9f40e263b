"""pause and resume: each person who has the right at AWS may create a stop; the reason is kept with it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from liveness_ops.console.times import moment
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from liveness_ops.people.screen import words
from responder.core import stops
from responder.core.declined import DeclineReason
from responder.core.switches import Switches, switches
from responder.core.text import Text, text
from responder.messages.headline import name as remedy_name
from responder.messages.headline import stamp
from responder.messages.json_report import moment as iso
from responder.people.switches import digest
from responder.store.switches import create_stop, read_parameters

_LONG = timedelta(days=2)
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Wish:
    """The command as typed; `name` empty: made of person and time, `begin` empty: immediately."""

    name: str
    reason: str
    until: str
    begin: str = ""


def pause(desk: Desk, wish: Wish) -> dict[str, Any]:
    """Create a stop. It is in force before the next write of any response, or from `begin` on."""
    now = desk.clock()
    why = words(wish.reason)
    if not why:
        raise Stop(Exit.USAGE, text("ops.pause_why"))
    begin = moment(wish.begin, now) if wish.begin else now
    until = moment(wish.until, max(begin, now))
    if until <= max(begin, now):
        raise Stop(Exit.USAGE, text("ops.pause_past", until=stamp(until)))
    made = stops.Stop(_name(desk, wish, now), desk.me.person, why, until, begin if begin > now else None)
    if not create_stop(desk.aws, desk.settings, made):
        now, there = desk.clock(), _read_stop(desk, made.name)
        data = {"pause": as_json(there, now)} if there else {}
        taken = line(there, now) if there else made.name
        raise Stop(Exit.NOT_DONE, text("ops.pause_taken", pause=taken), data)
    said = text("ops.paused", name=made.name, until=stamp(until))
    if made.since is not None:
        said = text("ops.window", name=made.name, since=stamp(made.since), until=stamp(until))
    desk.screen.say(said, style="green")
    if until - now >= _LONG:
        # Times are shown without their year.
        days = (until - now).days
        desk.screen.say(text("ops.pause_long", days=days, date=f"{until:%Y-%m-%d}"), style="bold yellow")
    undo = text("ops.pause_undo", command=desk.typed("resume", made.name))
    desk.screen.say(text("ops.pause_means"), undo, style="dim")
    return {"person": desk.me.person, "pause": as_json(made, now)}


def resume(desk: Desk, name: str) -> dict[str, Any]:
    """End a pause. What a person is shown is what is ended, never another one of the same name."""
    found = _chosen(desk, name)
    # By this digest the entry knows what the person saw.
    key = f"{stops.path(desk.settings.parameters_path)}{found.name}"
    seen = digest(read_parameters(desk.aws, desk.settings).get(key, ""))
    if found.who != desk.me.person and not found.over(desk.clock()):
        desk.screen.say(line(found, desk.clock()))
        ask = text("ops.ask_resume_remedy", remedy=remedy_name(found.asks))
        desk.screen.confirm(ask if found.asks else text("ops.ask_resume", who=found.by))
    data = desk.ask("resume", name=found.name, shown=seen)
    now = desk.clock()
    others = read_switches(desk).active(now)
    if others:
        desk.screen.say(text("ops.still_paused"), *(line(each, now) for each in others), style="yellow")
    return {**data, "still_paused": [as_json(each, now) for each in others]}


def read_switches(desk: Desk) -> Switches:
    """Modes and stops as the guards read them. Mute rules belong to an alarm; they are not read."""
    return switches(desk.settings.parameters_path, read_parameters(desk.aws, desk.settings), ())


def line(each: stops.Stop, now: datetime) -> Text:
    """One pause, as it is listed."""
    until = stamp(each.until) if each.until else text("guard.until_resumed")
    values = {"name": each.name, "who": each.by, "why": each.why}
    if each.asks:
        return text("ops.ask_line", remedy=remedy_name(each.asks), **values)
    if each.since is not None and each.since > now:
        return text("ops.pause_planned", since=stamp(each.since), until=until, **values)
    return text("ops.pause_line", until=until, **values)


def as_json(each: stops.Stop, now: datetime) -> dict[str, Any]:
    """A pause for machines."""
    times = {"from": iso(each.since), "until": iso(each.until)}
    about = {"name": each.name, "who": each.who, "why": each.why, **times}
    return {**about, "state": each.state(now), "remedy": each.asks or None}


def ahead(found: Iterable[stops.Stop], now: datetime) -> list[stops.Stop]:
    """The pauses that are not over, by name."""
    return sorted((each for each in found if not each.over(now)), key=lambda each: each.name)


def _name(desk: Desk, wish: Wish, now: datetime) -> str:
    who = re.sub(r"[^A-Za-z0-9_.-]+", "-", desk.me.person).strip("-") or "pause"
    name = wish.name or f"{who[:40]}-{now:%Y%m%dT%H%M%SZ}"
    if not _NAME.fullmatch(name) or stops.reserved(name):
        raise Stop(Exit.USAGE, text("ops.pause_name"))
    return name


def _read_stop(desk: Desk, name: str) -> stops.Stop | None:
    """The stop of this name, over or not."""
    return next((each for each in read_switches(desk).stops if each.name == name), None)


def _unknown(desk: Desk, name: str) -> Stop:
    """With the pauses that there are."""
    now = desk.clock()
    found = ahead(read_switches(desk).stops, now)
    stop = Stop.declined(
        DeclineReason.NO_PAUSE(name=name), {"pauses": [as_json(each, now) for each in found]}
    )
    return Stop(stop.status, stop.said, stop.data, [line(each, now) for each in found])


def _chosen(desk: Desk, name: str) -> stops.Stop:
    if name:
        named = _read_stop(desk, name)
        if named is None:
            raise _unknown(desk, name)
        return named
    now = desk.clock()
    found = ahead(read_switches(desk).stops, now)
    if not found:
        raise Stop(Exit.NOTHING_OPEN, text("ops.nothing_paused"))
    if len(found) > 1:
        data = {"pauses": [as_json(each, now) for each in found]}
        raise Stop(Exit.USAGE, text("ops.several_pauses"), data, [line(each, now) for each in found])
    return found[0]
