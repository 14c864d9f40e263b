"""What failed is decided again on fresh evidence; nothing is ever carried out as it was asked for then.

Where no incident is open, the alarm's function gets the event once more: as old as it is, it is looked into
and told, and only what all guards allow is done.
"""

from collections.abc import Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

from liveness_ops.console.picks import Pick
from liveness_ops.console.queues import Letter, hold, look, release
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.errors import AwsError
from responder.text import text

# Longer than a function runs, so that nobody reads the message before it is removed.
_HELD_SECONDS = 300
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
    wanted = {each.failure.letter.id for each in ready}
    held = {each.id: each for each in look(desk, lambda each: each.id in wanted).letters if each.id in wanted}
    told: list[dict[str, Any]] = []
    try:
        for _, group in groupby(ready, key=attrgetter("title")):
            told += _one(desk, list(group), held)
    finally:
        release(desk, held.values())
    return told


def _one(desk: Desk, group: list[Pick], held: dict[str, Letter]) -> list[dict[str, Any]]:
    mine = [each for each in group if each.failure.letter.id in held]
    told = [_told(each, problem=_TAKEN) for each in group if each not in mine]
    try:
        for each in mine:
            hold(desk, held[each.failure.letter.id], _HELD_SECONDS)
    except AwsError as error:
        return [*told, *(_told(each, problem=str(error)) for each in mine)]
    for same in _together(mine):
        told += _again(desk, same, held)
    return told


def _together(mine: list[Pick]) -> list[list[Pick]]:
    """What one request is about: the incident; or of each state the changes, whose newest one is sent.

    In the order of the changes, not in that of their arrival: an OK alone would leave nobody told of the
    alarm before it."""
    if not mine or not mine[-1].afresh:
        return [mine] if mine else []
    by_time = sorted(mine, key=lambda each: str(each.failure.at))
    states = {
        each.failure.state: [one for one in by_time if one.failure.state == each.failure.state]
        for each in by_time
    }
    return sorted(states.values(), key=lambda same: str(same[-1].failure.at))


def _again(desk: Desk, same: list[Pick], held: dict[str, Letter]) -> list[dict[str, Any]]:
    """One request; its messages leave their queues with it."""
    last = same[-1]
    about = {"event": last.failure.event} if last.afresh else {"incident": last.name}
    function = last.function.removeprefix(f"{desk.settings.stack}-")
    try:
        data = desk.ask("redrive", letters=letters_of(same, held), function=function, **about)
    except Stop as stop:
        if stop.status in (Exit.STRANGER, Exit.USAGE):
            raise
        data = stop.data
        if "problems" not in data:
            problem = _REFUSED if stop.status in _NOT_ACCEPTED else str(data.get("call", data.get("error")))
            return [_told(each, problem=problem, results=data.get("results")) for each in same]
    for each in same:
        if (call := data["problems"].get(each.failure.letter.id)) is not None:
            # Still held, it is given back at the end.
            desk.screen.say(text("ops.not_removed", n=each.number, call=call), style="yellow")
        else:
            held.pop(each.failure.letter.id)
    desk.screen.say(text("ops.redriven", incident=last.title, results=_words(data["results"])), style="green")
    return [
        _told(each, sent=True, removed=each.failure.letter.id in data["removed"], results=data["results"])
        for each in same
    ]


def letters_of(picks: list[Pick], held: Mapping[str, Letter]) -> list[dict[str, str]]:
    """As the entry takes them out of their queues."""
    letters = (held[each.failure.letter.id] for each in picks)
    return [{"queue": each.queue, "id": each.id, "receipt": each.receipt} for each in letters]


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
