"""What was looked at and is not needed goes out of its queue: named, confirmed, with the person's name."""

from typing import Any

from liveness_ops.console.picks import Pick
from liveness_ops.console.queues import Letter, hold, look, release
from liveness_ops.console.redrive import letters_of
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.errors import AwsError
from responder.text import text

_HELD_SECONDS = 60
_TAKEN = "taken"


def discard(desk: Desk, chosen: list[Pick]) -> dict[str, Any]:
    """Nothing is sent. What somebody else has taken meanwhile stays.

    Raises:
        Stop: this person may not, was not sure, or some of it is still there.
    """
    for each in chosen:
        if each.incident is not None:
            desk.screen.say(text("ops.discard_open", n=each.number, incident=each.name), style="yellow")
    desk.screen.confirm(text("ops.ask_discard", count=len(chosen)))
    told = _all(desk, chosen)
    data = {"person": desk.me.person, "failures": told}
    problems = {each["problem"] for each in told} - {None}
    if problems:
        said = text("ops.discard_failed", problems=", ".join(sorted(problems)))
        raise Stop(Exit.NOT_DONE if problems <= {_TAKEN} else Exit.AWS, said, data)
    return data


def _all(desk: Desk, chosen: list[Pick]) -> list[dict[str, Any]]:
    wanted = {each.failure.letter.id for each in chosen}
    held = {each.id: each for each in look(desk, lambda each: each.id in wanted).letters if each.id in wanted}
    try:
        return [_one(desk, each, held) for each in chosen]
    finally:
        release(desk, held.values())


def _one(desk: Desk, each: Pick, held: dict[str, Letter]) -> dict[str, Any]:
    letter = held.get(each.failure.letter.id)
    if letter is None:
        return _told(each, problem=_TAKEN)
    try:
        # Removed under a receipt that has run out, it could be in somebody else's hands.
        hold(desk, letter, _HELD_SECONDS)
        incident = each.name if each.incident is not None else ""
        desk.ask("discard", letters=letters_of([each], held), incident=incident, error=each.failure.error)
    except AwsError as error:
        return _told(each, problem=str(error))
    except Stop as stop:
        if stop.status in (Exit.STRANGER, Exit.USAGE):
            raise
        return _told(each, problem=next(iter(stop.data.get("problems", {}).values()), stop.data.get("call")))
    del held[letter.id]
    person = desk.me.person
    said = text("ops.discarded", n=each.number, person=person, queue=letter.queue, id=letter.id)
    desk.screen.say(said, style="green")
    return _told(each, removed=True)


def _told(each: Pick, *, removed: bool = False, problem: str | None = None) -> dict[str, Any]:
    return {**each.as_json(), "removed": removed, "problem": problem}
