"""The command `backtest`, as Typer sees it."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from liveness_ops.people.options import Common, with_common

# The help of each is in `messages/locale/help.po`.
Days = Annotated[int, typer.Option(min=1, max=90, metavar="N")]
Alarms = Annotated[list[str] | None, typer.Option("--alarm", metavar="NAME")]
Settings = Annotated[Path | None, typer.Option("--settings", metavar="FILE")]
Page = Annotated[Path | None, typer.Option("--page", metavar="FILE")]
State = Annotated[Path | None, typer.Option("--state", metavar="FILE")]
Open = Annotated[bool, typer.Option("--open/--no-open")]


def register(app: typer.Typer) -> None:
    """Add it to the console."""
    app.command(name="backtest")(with_common(backtest, asks=False))


def backtest(  # noqa: PLR0913 - one per option
    common: Common,
    days: Days = 30,
    alarms: Alarms = None,
    settings: Settings = None,
    page: Page = None,
    state: State = None,
    show: Open = True,
) -> None:
    """What the responder would have done about the alarms of the last days. Nothing is changed."""
    from liveness_ops.backtest import work
    from liveness_ops.people.command_runner import carry_out

    asked = work.Asked(days, tuple(alarms or ()), settings, page, show, state)
    # It needs more than on-call has (docs/backtest.md).
    carry_out(replace(common, administrator=True), partial(work.backtest, asked=asked), strangers=True)
