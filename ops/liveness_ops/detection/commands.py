"""The command `detect`, as Typer sees it."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from liveness_ops.people.options import Common, with_common

# The help of each is in `messages/locale/help.po`.
Days = Annotated[int, typer.Option(metavar="N")]
Page = Annotated[Path | None, typer.Option("--page", metavar="FILE")]
Open = Annotated[bool, typer.Option("--open/--no-open")]


def register(app: typer.Typer) -> None:
    """Add it to the console."""
    app.command(name="detect")(with_common(detect, asks=False))


def detect(common: Common, days: Days = 14, page: Page = None, show: Open = True) -> None:
    """Compute how soon a fault becomes an alarm at the traffic of the last days, for each deployed alarm, and
    which alarms can never fire. Nothing is changed."""
    from liveness_ops.detection import work
    from liveness_ops.people.command_runner import carry_out

    carry_out(common, partial(work.detect, back=days, page=page, show=show), strangers=True)
