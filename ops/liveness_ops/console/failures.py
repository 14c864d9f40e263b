"""failures: what could not be answered, delivered, told or followed; listed, never taken out by looking."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from liveness_ops.console.discard import discard
from liveness_ops.console.letters import Failure, read
from liveness_ops.console.opened import Opened, opened
from liveness_ops.console.overview import stamp_of
from liveness_ops.console.picks import Pick, picks
from liveness_ops.console.queues import look
from liveness_ops.console.redrive import redrive
from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.core.text import Text, text
from responder.messages.bilingual import moment

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
_WHAT = {
    "follow-up": "ops.what_follow_up",
    "round": "ops.what_round",
    "check": "ops.what_check",
    "message": "ops.what_message",
    "button": "ops.what_button",
}
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class Wish:
    """As typed; each names a message by its number in the list or by its id. All empty: the list."""

    redrive: str = ""
    everything: bool = False
    discard: tuple[str, ...] = ()

    @property
    def clear(self) -> bool:
        """One thing is asked for, and no more."""
        return sum(map(bool, (self.redrive, self.everything, self.discard))) <= 1


def failures(desk: Desk, wish: Wish) -> dict[str, Any]:
    """The list; or decide again, or discard, what is wished."""
    if not wish.clear:
        raise Stop(Exit.USAGE, text("ops.one_of"))
    if desk.screen.yes and any(len(each) < _SHORTEST for each in wish.discard):
        # Without a look at it, a number may have become that of another message.
        raise Stop(Exit.USAGE, text("ops.discard_by_id"))
    reading = look(desk)
    now = opened(desk) if reading.letters else Opened()
    found = picks(desk, now, map(read, reading.letters))
    broken = list(now.broken.values())
    desk.screen.say(*(text("ops.broken_row", row=each) for each in broken), style="yellow")
    if wish.discard:
        named = {pick.number: pick for pick in (_named(found, each) for each in wish.discard)}
        _show(desk, named.values())
        return discard(desk, list(named.values()))
    if not wish.redrive and not wish.everything:
        return {**_list(desk, found, reading.unseen), "broken": broken}
    chosen = found if wish.everything else [_named(found, wish.redrive)]
    if not chosen:
        raise Stop(Exit.NOTHING_OPEN, text("ops.no_failures"))
    return redrive(desk, chosen)


def _list(desk: Desk, found: Iterable[Pick], unseen: int) -> dict[str, Any]:
    shown = list(found)
    if shown:
        _show(desk, shown)
        desk.screen.say(text("ops.failures_hint"), style="dim")
    else:
        desk.screen.say(text("ops.no_failures"), style="green")
    if unseen:
        desk.screen.say(text("ops.unseen", count=unseen), style="yellow")
    return {"failures": [each.as_json() for each in shown], "unseen": unseen}


def _show(desk: Desk, shown: Iterable[Pick]) -> None:
    title = text("ops.failures", stack=desk.settings.stack)
    desk.screen.table(title, map(Text, COLUMNS), map(_cells, shown))


def _named(found: list[Pick], wanted: str) -> Pick:
    """A number is that of the list; what is longer may be the beginning of an id."""
    by_id = [each for each in found if each.failure.letter.id.startswith(wanted) and len(wanted) >= _SHORTEST]
    by_number = [each for each in found if str(each.number) == wanted]
    if len(by_id) > 1:
        ids = [each.failure.letter.id for each in by_id]
        raise Stop(Exit.USAGE, text("ops.several_failures", ids=" ".join(ids)), {"ids": ids})
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
    return Text(_WHAT.get(failure.what, "ops.what_unknown"))
