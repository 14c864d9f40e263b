"""The commands that look and switch, as Typer sees them."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from liveness_ops.console import completion
from liveness_ops.people.options import EXITS, Common, with_common

Incident = Annotated[
    str, typer.Argument(help="Id of the incident, open or closed.", autocompletion=completion.incidents)
]
All = Annotated[bool, typer.Option("--all", help="Closed ones too: the newest 50 of them.")]
Watch = Annotated[bool, typer.Option("--watch", "-w", help="A table that lives, until Ctrl-C.")]
NewName = Annotated[str, typer.Argument(help="Name of the pause; made of you and the time by default.")]
Pause = Annotated[
    str,
    typer.Argument(
        help="Name of the pause; not needed where there is only one.", autocompletion=completion.pauses
    ),
]
Reason = Annotated[str, typer.Option(help="Why; every refused action says it.")]
Until = Annotated[str, typer.Option(help="2h, 1h30m, 22:00, 22:00JST, 2026-02-04T22:00, 2026-02-04T13:00Z.")]
Begin = Annotated[str, typer.Option("--from", help="The same forms; at once by default.")]
First = Annotated[
    str,
    typer.Argument(
        metavar="[REMEDY]", help="A remedy; or a mode, for all.", autocompletion=completion.remedies_and_modes
    ),
]
Second = Annotated[
    str, typer.Argument(metavar="[MODE]", help="observe, approve or auto.", autocompletion=completion.modes)
]


class Settings(StrEnum):
    """What to do with the settings document."""

    SHOW = "show"
    CHECK = "check"
    SET = "set"
    HISTORY = "history"


What = Annotated[
    Settings,
    typer.Argument(
        help="show what is in force; check a file, without AWS; set a file; history of what was set."
    ),
]
File = Annotated[Path | None, typer.Argument(help="Of check and set: the JSON document.")]
Redrive = Annotated[str, typer.Option(help="Decide again for one: its number in the list, or its id.")]
Every = Annotated[bool, typer.Option("--all", help="Decide again for all of them.")]
Discard = Annotated[
    list[str] | None,
    typer.Option(help="Take one out that is not needed: its number, or with --yes its id. May be repeated."),
]

Wait = Annotated[int, typer.Option(min=1, max=600, help="For how many seconds an answer is waited for.")]


def register(app: typer.Typer) -> None:
    """Add them to the console."""
    for command in (incidents, show, leases, tail, pause, resume, mode, settings, failures, selftest):
        app.command(name=command.__name__, epilog=EXITS)(with_common(command))


def incidents(common: Common, everything: All = False, watch: Watch = False) -> None:
    """Open incidents: since when, up to which level notified, who works on them, what waits."""
    from liveness_ops.console import incidents as work
    from liveness_ops.people.session import carry_out

    carry_out(common, partial(work.watch if watch else work.incidents, everything=everything), strangers=True)


def show(common: Common, incident: Incident) -> None:
    """One incident, whole: timeline, causes, findings, changes, proposals, messages."""
    from liveness_ops.console.show import show
    from liveness_ops.people.session import carry_out

    carry_out(common, partial(show, incident=incident), strangers=True)


def leases(common: Common) -> None:
    """Everything in force, and when it ends; what lowers security first."""
    from liveness_ops.console.leases import leases
    from liveness_ops.people.session import carry_out

    carry_out(common, leases, strangers=True)


def tail(common: Common, incident: Incident) -> None:
    """New steps of an incident as they come, until it is closed or Ctrl-C."""
    from liveness_ops.console.show import tail
    from liveness_ops.people.session import carry_out

    carry_out(common, partial(tail, incident=incident), strangers=True)


def pause(common: Common, reason: Reason, until: Until, name: NewName = "", begin: Begin = "") -> None:
    """Stop every action, now or ahead of time; looking and telling go on."""
    from liveness_ops.console.pauses import Wish, pause
    from liveness_ops.people.session import carry_out

    carry_out(common, partial(pause, wish=Wish(name, reason, until, begin)), strangers=True)


def resume(common: Common, name: Pause = "") -> None:
    """End a pause, or a planned one."""
    from liveness_ops.console.pauses import resume
    from liveness_ops.people.session import carry_out

    carry_out(common, partial(resume, name=name), strangers=True)


def mode(common: Common, first: First = "", second: Second = "") -> None:
    """See what each remedy may do by itself, or set it; the stricter of it and the global mode counts."""
    from liveness_ops.console.modes import mode
    from liveness_ops.people.session import carry_out

    carry_out(common, partial(mode, first=first, second=second), strangers=True)


def settings(common: Common, what: What = Settings.SHOW, file: File = None) -> None:
    """The settings document: who may approve what, and how the responder behaves."""
    from liveness_ops.console import settings as work
    from liveness_ops.people.session import carry_out, finish

    match what, file:
        case Settings.CHECK, Path():
            finish(common, partial(work.check, file=file))
        case Settings.SET, Path():
            carry_out(common, partial(work.put, file=file), strangers=True)
        case Settings.HISTORY, None:
            carry_out(common, work.history, strangers=True)
        case Settings.SHOW, None:
            carry_out(common, work.show, strangers=True)
        case _:
            wanted = "no file" if file else "a file"
            raise typer.BadParameter(f"{what} takes {wanted}", param_hint="file")


def failures(
    common: Common, redrive: Redrive = "", everything: Every = False, discard: Discard = None
) -> None:
    """What could not be answered or delivered; listing takes nothing out. --redrive decides again."""
    from liveness_ops.console.failures import Wish, failures
    from liveness_ops.people.session import carry_out

    wish = Wish(redrive, everything, tuple(discard or ()))
    carry_out(common, partial(failures, wish=wish), strangers=True)


def selftest(common: Common, wait: Wait = 60) -> None:
    """Raise a harmless alarm of this stack and see which addresses and channels answer. Every address gets a
    message that says it is a test; nothing is changed. Exit status 7: something did not answer, or is not
    confirmed."""
    from liveness_ops.console.selftest import selftest
    from liveness_ops.people.session import carry_out

    carry_out(common, partial(selftest, wait=wait), strangers=True)
