"""tail: new steps of an incident as they come, until it is closed."""

from collections.abc import Iterable
from typing import Any

from liveness_ops.console import pace
from liveness_ops.console.past import find
from liveness_ops.console.show import lines_of
from liveness_ops.people.desk import Desk
from responder.core.errors import AwsError
from responder.core.text import text
from responder.incident_report import entries, people
from responder.incident_report.model import TimelineEntry
from responder.incident_report.timeline import in_order
from responder.messages.bilingual import both, moment
from responder.store.reading import TimelineStep
from responder.store.rows import pack

_LAST = 10


def tail(desk: Desk, incident: str) -> dict[str, Any]:
    """The last ten first; for machines one line per step. A look that fails is said, and made again.

    A response puts its steps down with the time at which it began, so a new one may be older than
    what was shown: each is known by its content.
    """
    found = find(desk, incident)
    seen: set[str] = set()
    _tell(desk, _new(desk.incidents.steps(found.id), seen)[-_LAST:])
    try:
        while not found.closed and not desk.screen.lost.is_set():
            pace.wait()
            try:
                # First whether it goes on, then its steps: none that came before the end is missed.
                found = find(desk, incident)
                _tell(desk, _new(desk.incidents.steps(found.id), seen))
            except AwsError as error:
                desk.screen.say(text("ops.not_looked", call=str(error)), style="yellow")
    except KeyboardInterrupt:
        return {"incident": incident, "closed": False, "steps": len(seen)}
    if not found.closed:
        return {"incident": incident, "closed": False, "steps": len(seen)}
    desk.screen.say(text("ops.over", incident=incident), style="green")
    return {"incident": incident, "closed": True, "steps": len(seen)}


def _new(steps: Iterable[TimelineStep], seen: set[str]) -> list[TimelineStep]:
    named = {f"{each.at.isoformat()} {each.kind} {pack(each.data)}": each for each in steps}
    new = [each for name, each in named.items() if name not in seen]
    seen.update(named)
    return list(in_order(new))


def _tell(desk: Desk, steps: Iterable[TimelineStep]) -> None:
    for each in steps:
        row = _entry(each)
        desk.screen.say(*lines_of(row))
        desk.screen.result(
            {
                "at": moment(row.at),
                "kind": row.kind,
                "by": row.by or None,
                "said": both(row.said),
                "details": [both(one) for one in row.details],
            }
        )


def _entry(step: TimelineStep) -> TimelineEntry:
    done = people.work(step)
    return people.entry(done) if done is not None else entries.entry(step)
