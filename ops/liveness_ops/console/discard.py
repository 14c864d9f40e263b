"""What was looked at and is not needed goes out of its queue: named, confirmed, with the person's name."""

from typing import Any

from liveness_ops.console.picks import Pick
from liveness_ops.console.redrive import letters_of
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.core.declined import DeclineReason
from responder.core.text import text

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
    told = [_one(desk, each) for each in chosen]
    data = {"person": desk.me.person, "failures": told}
    problems = {each["problem"] for each in told} - {None}
    if problems:
        said = text("ops.discard_failed", problems=", ".join(sorted(problems)))
        raise Stop(Exit.NOT_DONE if problems <= {_TAKEN} else Exit.AWS, said, data)
    return data


def _one(desk: Desk, each: Pick) -> dict[str, Any]:
    letter = each.failure.letter
    incident = each.name if each.incident is not None else ""
    try:
        desk.ask("discard", letters=letters_of([each]), incident=incident, error=each.failure.error)
    except Stop as stop:
        if stop.status in (Exit.STRANGER, Exit.USAGE):
            raise
        if stop.data.get("error") == DeclineReason.LETTERS_GONE.value:
            return _told(each, problem=_TAKEN)
        return _told(each, problem=next(iter(stop.data.get("problems", {}).values()), stop.data.get("call")))
    person = desk.me.person
    said = text("ops.discarded", n=each.number, person=person, queue=letter.queue, id=letter.id)
    desk.screen.say(said, style="green")
    return _told(each, removed=True)


def _told(each: Pick, *, removed: bool = False, problem: str | None = None) -> dict[str, Any]:
    return {**each.as_json(), "removed": removed, "problem": problem}
