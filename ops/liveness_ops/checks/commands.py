"""The command `check`, as Typer sees it."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from liveness_ops.people.options import Common, with_common
from responder.checks.model import Cadence


class What(StrEnum):
    """A scheduled check to run, or what to do about one of its findings."""

    DAILY = Cadence.DAILY.value
    WEEKLY = Cadence.WEEKLY.value
    MONTHLY = Cadence.MONTHLY.value
    ACCEPT = "accept"
    ACCEPTED = "accepted"
    UNACCEPT = "unaccept"


# The help of each is in `messages/locale/help.po`.
Which = Annotated[What, typer.Argument(metavar="CHECK")]
Id = Annotated[str, typer.Argument(metavar="ID")]
Until = Annotated[str, typer.Option(metavar="DATE")]
Reason = Annotated[str, typer.Option(metavar="TEXT")]
Page = Annotated[Path | None, typer.Option("--page", metavar="FILE")]
Open = Annotated[bool, typer.Option("--open/--no-open")]


def register(app: typer.Typer) -> None:
    """Add it to the console."""
    app.command(name="check")(with_common(check))


def check(  # noqa: PLR0913 - one per option
    common: Common,
    what: Which,
    finding: Id = "",
    until: Until = "",
    reason: Reason = "",
    page: Page = None,
    show: Open = True,
) -> None:
    """Run a scheduled check now, with your own rights: nothing is changed, filed or sent. Or accept
    one of its findings until a day."""
    from liveness_ops.checks import work
    from liveness_ops.people.command_runner import carry_out
    from liveness_ops.people.screen import words

    match what:
        case What.ACCEPT:
            accept = partial(work.accept, finding=finding, until=until, reason=words(reason))
            carry_out(common, accept)
        case What.UNACCEPT:
            carry_out(common, partial(work.unaccept, finding=finding))
        case What.ACCEPTED:
            carry_out(common, work.accepted, strangers=True)
        case _:
            run = partial(work.check, rhythm=Cadence(what), page=page, show=show)
            carry_out(common, run, strangers=True)
