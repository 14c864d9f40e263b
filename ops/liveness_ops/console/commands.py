"""The commands that look and switch, as Typer sees them."""

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from liveness_ops.console import completion
from liveness_ops.people.options import Command, Common, with_common

# The help of each is in `messages/locale/help.po`.
Incident = Annotated[str, typer.Argument(autocompletion=completion.incidents)]
All = Annotated[bool, typer.Option("--all")]
Watch = Annotated[bool, typer.Option("--watch", "-w")]
NewName = Annotated[str, typer.Argument()]
Pause = Annotated[str, typer.Argument(autocompletion=completion.pauses)]
Reason = Annotated[str, typer.Option(metavar="TEXT")]
Until = Annotated[str, typer.Option(metavar="TIME")]
Begin = Annotated[str, typer.Option("--from", metavar="TIME")]
First = Annotated[str, typer.Argument(metavar="REMEDY", autocompletion=completion.remedies_and_modes)]
Second = Annotated[str, typer.Argument(metavar="MODE", autocompletion=completion.modes)]


class Settings(StrEnum):
    """What to do with the settings document."""

    SHOW = "show"
    CHECK = "check"
    SET = "set"
    HISTORY = "history"


What = Annotated[Settings, typer.Argument(metavar="show|check|set|history")]
File = Annotated[Path | None, typer.Argument()]
Redrive = Annotated[str, typer.Option(metavar="N")]
Every = Annotated[bool, typer.Option("--all")]
Discard = Annotated[list[str] | None, typer.Option(metavar="N")]
Wait = Annotated[int, typer.Option(min=1, max=600, metavar="SECONDS")]


def register(app: typer.Typer) -> None:
    """Add them to the console."""
    reading: tuple[Command, ...] = (incidents, show, leases, tail, selftest)
    changing: tuple[Command, ...] = (pause, resume, mode, settings, failures)
    for command in (*reading, *changing):
        app.command(name=command.__name__)(with_common(command, asks=command in changing))


def incidents(common: Common, everything: All = False, watch: Watch = False) -> None:
    """Open incidents: since when, up to which level notified, who works on them, what waits."""
    from liveness_ops.console import incidents as work
    from liveness_ops.people.command_runner import carry_out

    carry_out(common, partial(work.watch if watch else work.incidents, everything=everything), strangers=True)


def show(common: Common, incident: Incident) -> None:
    """One incident, whole: timeline, causes, findings, changes, proposals, messages."""
    from liveness_ops.console.show import show
    from liveness_ops.people.command_runner import carry_out

    carry_out(common, partial(show, incident=incident), strangers=True)


def leases(common: Common) -> None:
    """Everything in force, and when it ends; what lowers security first."""
    from liveness_ops.console.leases import leases
    from liveness_ops.people.command_runner import carry_out

    carry_out(common, leases, strangers=True)


def tail(common: Common, incident: Incident) -> None:
    """New steps of an incident as they come, until it is closed or Ctrl-C."""
    from liveness_ops.console.show import tail
    from liveness_ops.people.command_runner import carry_out

    carry_out(common, partial(tail, incident=incident), strangers=True)


def pause(common: Common, reason: Reason, until: Until, name: NewName = "", begin: Begin = "") -> None:
    """Stop every action, now or ahead of time; investigation and messages continue."""
    from liveness_ops.console.pauses import PauseRequest, pause
    from liveness_ops.people.command_runner import carry_out

    carry_out(common, partial(pause, wanted=PauseRequest(name, reason, until, begin)), strangers=True)


def resume(common: Common, name: Pause = "") -> None:
    """End a pause, or a planned one."""
    from liveness_ops.console.pauses import resume
    from liveness_ops.people.command_runner import carry_out

    carry_out(common, partial(resume, name=name), strangers=True)


def mode(common: Common, first: First = "", second: Second = "") -> None:
    """See what each remedy may do automatically, or set it; the stricter of it and the global mode counts."""
    from liveness_ops.console.modes import mode
    from liveness_ops.people.command_runner import carry_out

    carry_out(common, partial(mode, first=first, second=second), strangers=True)


def settings(common: Common, what: What = Settings.SHOW, file: File = None) -> None:
    """The settings document: who may approve what, and how the responder behaves."""
    from liveness_ops.console import settings as work
    from liveness_ops.people.command_runner import carry_out, finish
    from liveness_ops.usage import wrong
    from responder.core.text import text

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
            raise wrong(text("usage.no_file" if file else "usage.needs_file", what=str(what)))


def failures(
    common: Common, redrive: Redrive = "", everything: Every = False, discard: Discard = None
) -> None:
    """What could not be answered or delivered; listing takes nothing out. --redrive decides again."""
    from liveness_ops.console.failures import FailuresRequest, failures
    from liveness_ops.people.command_runner import carry_out

    wanted = FailuresRequest(redrive, everything, tuple(discard or ()))
    carry_out(common, partial(failures, wanted=wanted), strangers=True)


def selftest(common: Common, wait: Wait = 60) -> None:
    """Raise a harmless alarm of this stack and see which addresses and channels answer. Every address gets a
    message that says it is a test; nothing is changed. Exit status 7: something did not answer, or is not
    confirmed."""
    from liveness_ops.console.selftest import selftest
    from liveness_ops.people.command_runner import carry_out

    carry_out(common, partial(selftest, wait=wait), strangers=True)
