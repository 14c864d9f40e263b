"""incidents: what is open, once or as a table that lives."""

from typing import Any

from rich.console import Group, RenderableType
from rich.live import Live

from liveness_ops.console import pace
from liveness_ops.console.leases import lowering, warn
from liveness_ops.console.overview import COLUMNS, Row, overview
from liveness_ops.people.desk import Desk
from responder.errors import AwsError
from responder.render.headline import stamp
from responder.render.language import say
from responder.text import Text, text


def incidents(desk: Desk, everything: bool = False) -> dict[str, Any]:
    """Once."""
    found = overview(desk, everything)
    warn(desk, (lease for each in found for lease in each.leases))
    if found:
        desk.screen.table(_title(desk), map(Text, COLUMNS), (each.cells() for each in found))
    else:
        desk.screen.say(text("ops.none_open"), style="green")
    return {"incidents": [each.as_json() for each in found]}


def watch(desk: Desk, everything: bool = False) -> dict[str, Any]:
    """Until Ctrl-C. A look that fails leaves the last table standing, and says so; for machines each look is
    a line of its own."""
    looks = 0
    shown: tuple[Row, ...] = ()
    with Live(console=desk.screen.console, auto_refresh=False) as live:
        try:
            while True:
                problem = ""
                try:
                    shown = overview(desk, everything)
                    desk.screen.result({"incidents": [each.as_json() for each in shown]})
                except AwsError as error:
                    problem = str(error)
                    desk.screen.result({"error": "console.aws_failed", "call": problem})
                live.update(_table(desk, shown, problem), refresh=True)
                looks += 1
                pace.wait()
        except KeyboardInterrupt:
            return {"looks": looks}


def _title(desk: Desk) -> Text:
    return text("ops.incidents", stack=desk.settings.stack, at=stamp(desk.clock()))


def _table(desk: Desk, shown: tuple[Row, ...], problem: str) -> RenderableType:
    grid = desk.screen.grid(_title(desk), map(Text, COLUMNS), (each.cells() for each in shown))
    lines = [text("ops.watching", seconds=pace.SECONDS)]
    if problem:
        lines = [text("ops.not_looked", call=problem)]
    elif not shown:
        lines.insert(0, text("ops.none_open"))
    above = [text("ops.lowered")] if lowering(lease for each in shown for lease in each.leases) else []
    said = [[say(each, desk.screen.language) for each in part] for part in (above, lines)]
    return Group(*said[0], grid, *said[1])
