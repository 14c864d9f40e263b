"""incidents: what is open, once or as a table that lives."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.live import Live

from liveness_ops.console import pace
from liveness_ops.console.history import past
from liveness_ops.console.leases import lowering, warn
from liveness_ops.console.overview import COLUMNS, Row, overview
from liveness_ops.people.desk import Desk
from responder.core.errors import AwsError
from responder.core.text import Text, text
from responder.messages.headline import stamp
from responder.messages.language import say


@dataclass(frozen=True, slots=True)
class Look:
    """What one look shows: the open ones first. `older`: how many more closed ones there are."""

    rows: tuple[Row, ...] = ()
    older: int = 0

    def as_json(self, everything: bool) -> dict[str, Any]:
        """For machines."""
        found = {"incidents": [each.as_json() for each in self.rows]}
        return {**found, "older": self.older} if everything else found


def look(desk: Desk, everything: bool) -> Look:
    """The open ones; with `everything` also those that are over, as many as fit a list."""
    newest, leases = desk.incidents.newest(), desk.incidents.ledger().leases
    found = overview(desk, newest, leases)
    if not everything:
        return Look(found)
    before = past(desk, newest, leases)
    return Look((*found, *before.rows), before.older)


def incidents(desk: Desk, everything: bool = False) -> dict[str, Any]:
    """Once."""
    found = look(desk, everything)
    warn(desk, (lease for each in found.rows for lease in each.leases))
    if found.rows:
        desk.screen.table(_title(desk), map(Text, COLUMNS), (each.cells() for each in found.rows))
    else:
        desk.screen.say(text("ops.none_open"), style="green")
    if found.older:
        desk.screen.say(text("ops.older", count=found.older), style="dim")
    return found.as_json(everything)


def watch(desk: Desk, everything: bool = False) -> dict[str, Any]:
    """Until Ctrl-C, or until nobody reads it. A look that fails leaves the last table standing, and says so;
    for machines each look is a line of its own."""
    looks = 0
    shown = Look()
    with _stage(desk) as show:
        try:
            while not desk.screen.lost.is_set():
                problem = ""
                try:
                    shown = look(desk, everything)
                    desk.screen.result(shown.as_json(everything))
                except AwsError as error:
                    problem = str(error)
                    desk.screen.result({"error": "console.aws_failed", "call": problem})
                show(_table(desk, shown.rows, problem))
                looks += 1
                pace.wait()
        except KeyboardInterrupt:
            pass
    return {"looks": looks}


@contextmanager
def _stage(desk: Desk) -> Iterator[Callable[[RenderableType], None]]:
    """On a terminal the table is drawn over the last one; anywhere else below it."""
    console = desk.screen.console
    if not console.is_terminal:
        yield lambda table: None if desk.screen.machine else console.print(table)
        return
    with Live(console=console, auto_refresh=False) as live:
        yield lambda table: live.update(table, refresh=True)


def _title(desk: Desk) -> Text:
    return text("ops.incidents", stack=desk.settings.stack, at=stamp(desk.clock()))


def _table(desk: Desk, shown: tuple[Row, ...], problem: str) -> RenderableType:
    grid = desk.screen.shape(_title(desk), map(Text, COLUMNS), (each.cells() for each in shown))
    lines = [text("ops.watching", seconds=pace.SECONDS)]
    if problem:
        lines = [text("ops.not_looked", call=problem)]
    elif not shown:
        lines.insert(0, text("ops.none_open"))
    above = [text("ops.lowered")] if lowering(lease for each in shown for lease in each.leases) else []
    said = [[say(each, desk.screen.language) for each in part] for part in (above, lines)]
    return Group(*said[0], grid, *said[1])
