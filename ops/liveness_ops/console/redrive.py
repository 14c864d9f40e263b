"""What failed is decided again on fresh evidence; nothing is ever carried out as it was asked for then.

Where no incident is open, the alarm's function gets the event once more: as old as it is, it is looked into
and told, and only what all guards allow is done.
"""

from collections.abc import Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

from liveness_ops.console.picks import Pick
from liveness_ops.console.queues import Letter, hold, look, release, remove
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from liveness_ops.people.send import ask, order
from responder.command import Command, Order
from responder.errors import AwsError, Unreachable
from responder.text import text

# Longer than a function runs, so that nobody reads the message before it is removed.
_HELD_SECONDS = 300
_REFUSED, _TAKEN = "refused", "taken"


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
    if not mine:
        return told
    try:
        for each in mine:
            hold(desk, held[each.failure.letter.id], _HELD_SECONDS)
        results = _decide_again(desk, mine)
    except AwsError as error:
        return [*told, *(_told(each, problem=str(error)) for each in mine)]
    if "-" in results:
        return [*told, *(_told(each, problem=_REFUSED, results=results) for each in mine)]
    last = mine[-1]
    if last.incident is not None:
        desk.note(last.name, "redrive", messages=len(mine), queue=last.failure.letter.queue)
    desk.screen.say(text("ops.redriven", incident=last.title, results=_words(results)), style="green")
    return [*told, *(_remove(desk, each, held, results) for each in mine)]


def _remove(desk: Desk, each: Pick, held: dict[str, Letter], results: Mapping[str, str]) -> dict[str, Any]:
    letter = held[each.failure.letter.id]
    try:
        remove(desk, letter)
    except AwsError as error:
        # Still held, it is given back at the end.
        desk.screen.say(text("ops.not_removed", n=each.number, call=str(error)), style="yellow")
        return _told(each, sent=True, results=results)
    del held[letter.id]
    return _told(each, sent=True, removed=True, results=results)


def _decide_again(desk: Desk, mine: list[Pick]) -> Mapping[str, str]:
    last = mine[-1]
    if not last.afresh:
        return _accepted(order(desk, last.function, Command(Order.DECIDE_AGAIN, last.name)))
    results: dict[str, str] = {}
    for each in _newest(mine):
        results |= _accepted(ask(desk, each.function, each.failure.event))
    return results


def _newest(mine: list[Pick]) -> list[Pick]:
    """Of each state the newest change, in the order of the changes, not in that of their arrival.

    An OK alone would leave nobody told of the alarm before it."""
    by_time = sorted(mine, key=lambda each: str(each.failure.at))
    newest = {each.failure.state: each for each in by_time}
    return [each for each in by_time if newest[each.failure.state] is each]


def _accepted(answer: object) -> Mapping[str, str]:
    # An OK is only put on record: there is nothing to decide.
    results = (
        answer.get("results", {} if "state" in answer else None) if isinstance(answer, Mapping) else None
    )
    if not isinstance(results, Mapping):
        raise Unreachable("lambda", "Invoke", "NoResults")
    return {str(name): str(result) for name, result in results.items()}


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
