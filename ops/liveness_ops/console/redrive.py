"""What failed is decided again on fresh evidence; nothing is ever carried out as it was asked for then.

Where no incident is open, the alarm's function gets the event once more, as a replay: it is looked into and
told, and nothing is changed; an incident is opened while the alarm is raised. The entry takes the messages
out of their queues; the console only names them.
"""

from collections.abc import Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

from liveness_ops.console.picks import Pick
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.core.declined import DeclineReason
from responder.core.text import text

_REFUSED, _TAKEN = "refused", "taken"
_NOT_ACCEPTED = (Exit.NOT_DONE, Exit.NO_INCIDENT, Exit.NOTHING_OPEN)


def redrive(desk: Desk, chosen: list[Pick]) -> dict[str, Any]:
    """Once per incident or alarm; a message is removed only after it was accepted."""
    desk.screen.say(*(why for each in chosen if (why := each.why_not) is not None))
    ready = sorted((each for each in chosen if each.why_not is None), key=attrgetter("title"))
    data: dict[str, Any] = {"person": desk.me.person}
    if not ready:
        told = [_told(each) for each in chosen]
        raise Stop(Exit.NOTHING_OPEN, text("ops.nothing_redriven"), {**data, "failures": told})
    names = tuple(dict.fromkeys(each.title for each in ready))
    desk.screen.confirm(text("ops.ask_redrive", incidents=", ".join(names), count=len(ready)))
    told = [_told(each) for each in chosen if each.why_not is not None]
    told += _all(desk, ready)
    data["failures"] = sorted(told, key=lambda each: int(each["n"]))
    problems = {each["problem"] for each in told} - {None}
    if problems:
        said = text("ops.redrive_failed", problems=", ".join(sorted(problems)))
        raise Stop(Exit.NOT_DONE if problems <= {_REFUSED, _TAKEN} else Exit.AWS, said, data)
    return data


def _all(desk: Desk, ready: list[Pick]) -> list[dict[str, Any]]:
    groups = (list(group) for _, group in groupby(ready, key=attrgetter("title")))
    return [told for group in groups for same in _together(group) for told in _again(desk, same)]


def _together(mine: list[Pick]) -> list[list[Pick]]:
    """What one request is about: the incident; or of each state the changes, whose newest one is looked into.

    In the order of the changes, not in that of their arrival: an OK alone would leave nobody told of the
    alarm before it."""
    if not mine[-1].afresh:
        return [mine]
    by_time = sorted(mine, key=lambda each: str(each.failure.at))
    states = {
        each.failure.state: [one for one in by_time if one.failure.state == each.failure.state]
        for each in by_time
    }
    return sorted(states.values(), key=lambda same: str(same[-1].failure.at))


def _again(desk: Desk, same: list[Pick]) -> list[dict[str, Any]]:
    """One request; its messages leave their queues with it."""
    last = same[-1]
    about = {} if last.afresh else {"incident": last.name}
    function = last.function.removeprefix(f"{desk.settings.stack}-")
    try:
        data = desk.ask("redrive", letters=letters_of(same), function=function, **about)
    except Stop as stop:
        if stop.status in (Exit.STRANGER, Exit.USAGE):
            raise
        data = stop.data
        if "problems" not in data:
            return [_told(each, problem=_problem(stop), results=data.get("results")) for each in same]
    for each in same:
        if (call := data["problems"].get(each.failure.letter.id)) is not None:
            desk.screen.say(text("ops.not_removed", n=each.number, call=call), style="yellow")
    desk.screen.say(text("ops.redriven", incident=last.title, results=_words(data["results"])), style="green")
    return [_sent(each, data) for each in same]


def _problem(stop: Stop) -> str:
    if stop.data.get("error") == DeclineReason.LETTERS_GONE.value:
        return _TAKEN
    if stop.status in _NOT_ACCEPTED:
        return _REFUSED
    return str(stop.data.get("call", stop.data.get("error")))


def _sent(each: Pick, data: Mapping[str, Any]) -> dict[str, Any]:
    name = each.failure.letter.id
    if name in data["missing"]:
        return _told(each, problem=_TAKEN)
    return _told(each, sent=True, removed=name in data["removed"], results=data["results"])


def letters_of(picks: list[Pick]) -> list[dict[str, str]]:
    """As the entry takes them out of their queues."""
    letters = (each.failure.letter for each in picks)
    return [{"queue": each.queue, "id": each.id} for each in letters]


def _told(
    each: Pick,
    *,
    sent: bool = False,
    removed: bool = False,
    problem: str | None = None,
    results: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    why = each.why_not
    return {
        "n": each.number,
        "id": each.failure.letter.id,
        "incident": each.name or None,
        "sent": sent,
        "removed": removed,
        "results": dict(results or {}),
        "problem": problem,
        "why": why.key if why else None,
    }


def _words(results: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {result}" for name, result in results.items()) or "–"
