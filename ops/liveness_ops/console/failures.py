"""failures: what could not be answered, delivered, told or followed; listed, never taken out by looking."""

from collections.abc import Iterable
from typing import Any

from liveness_ops.console.letters import Failure, read
from liveness_ops.console.overview import stamp_of
from liveness_ops.console.picks import Pick, picks
from liveness_ops.console.queues import look
from liveness_ops.console.redrive import redrive
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.render.bilingual import moment
from responder.text import Text, text

COLUMNS = (
    "ops.col_n",
    "ops.col_queue",
    "ops.col_came",
    "ops.col_what",
    "ops.col_function",
    "ops.col_error",
    "ops.col_incident",
    "ops.col_id",
)
_SHORTEST = 6


def failures(desk: Desk, wanted: str = "", everything: bool = False) -> dict[str, Any]:
    """The list; with `wanted` (a number of the list, or a message's id) or `everything`, decide again."""
    reading = look(desk)
    found = picks(desk, [read(each) for each in reading.letters])
    if not wanted and not everything:
        return _list(desk, found, reading.unseen)
    chosen = found if everything else [_named(found, wanted)]
    if not chosen:
        raise Stop(Exit.NOTHING_OPEN, text("ops.no_failures"))
    return redrive(desk, chosen)


def _list(desk: Desk, found: Iterable[Pick], unseen: int) -> dict[str, Any]:
    shown = list(found)
    if shown:
        desk.screen.table(
            text("ops.failures", stack=desk.settings.stack), map(Text, COLUMNS), map(_cells, shown)
        )
        desk.screen.say(text("ops.failures_hint"), style="dim")
    else:
        desk.screen.say(text("ops.no_failures"), style="green")
    if unseen:
        desk.screen.say(text("ops.unseen", count=unseen), style="yellow")
    return {"failures": [each.as_json() for each in shown], "unseen": unseen}


def _named(found: list[Pick], wanted: str) -> Pick:
    """A number is that of the list; what is longer may be the beginning of an id."""
    by_id = [each for each in found if each.failure.letter.id.startswith(wanted) and len(wanted) >= _SHORTEST]
    by_number = [each for each in found if str(each.number) == wanted]
    if len(by_id or by_number) != 1:
        raise Stop(Exit.NOTHING_OPEN, text("ops.no_failure", wanted=wanted))
    return (by_id or by_number)[0]


def _cells(each: Pick) -> tuple[Text | str, ...]:
    failure = each.failure
    return (
        str(each.number),
        failure.letter.queue,
        stamp_of(failure.sent),
        what(failure),
        failure.function or "–",
        failure.error or "–",
        each.name or "–",
        failure.letter.id[:8],
    )


def what(failure: Failure) -> Text:
    """What nobody answered."""
    if failure.what == "alarm" and failure.at is not None:
        return text("ops.what_alarm", alarm=failure.alarm, state=failure.state, at=moment(failure.at) or "")
    if failure.what == "command":
        return text("ops.what_command", order=failure.order or "–")
    return Text(
        {"follow-up": "ops.what_follow_up", "round": "ops.what_round"}.get(failure.what, "ops.what_unknown")
    )
