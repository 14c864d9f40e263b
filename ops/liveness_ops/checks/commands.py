"""The command `check`, as Typer sees it."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from liveness_ops.people.options import EXITS, Common, with_common
from responder.check import Rhythm

Which = Annotated[Rhythm, typer.Argument(help="Which of the scheduled checks.")]
Page = Annotated[
    Path | None, typer.Option("--page", help="File of the page; check-RHYTHM-DAY.html here by default.")
]
Open = Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")]


def register(app: typer.Typer) -> None:
    """Add it to the console."""
    app.command(name="check", epilog=EXITS)(with_common(check))


def check(common: Common, rhythm: Which, page: Page = None, show: Open = True) -> None:
    """Run a scheduled check now, with your own rights: nothing is changed, filed or sent."""
    from liveness_ops.checks.work import check
    from liveness_ops.people.session import carry_out

    carry_out(common, partial(check, rhythm=Rhythm(rhythm), page=page, show=show), strangers=True)
