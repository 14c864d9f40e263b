"""The commands that look, switch, check and restore, as Typer sees them.

What a command does is imported once it is carried out: help and completion have to be quick. Its help is in
`messages/locale/help.po`.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from liveness_ops.console import completion
from liveness_ops.people.options import Command, Common, with_common
from responder.checks.model import Cadence

if TYPE_CHECKING:
    from liveness_ops.people.operator_session import OperatorSession
    from responder.core.plain_data import Json

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
File = Annotated[Path | None, typer.Argument()]
Redrive = Annotated[str, typer.Option(metavar="N")]
Discard = Annotated[list[str] | None, typer.Option(metavar="N")]
Wait = Annotated[int, typer.Option(min=1, max=600, metavar="SECONDS")]
Finding = Annotated[str, typer.Argument(metavar="ID")]
Day = Annotated[str, typer.Option(metavar="DATE")]
Page = Annotated[Path | None, typer.Option("--page", metavar="FILE")]
Open = Annotated[bool, typer.Option("--open/--no-open")]
Days = Annotated[int, typer.Option(min=1, max=90, metavar="N")]
Alarms = Annotated[list[str] | None, typer.Option("--alarm", metavar="NAME")]
InFile = Annotated[Path | None, typer.Option(metavar="FILE")]
Backup = Annotated[str, typer.Option(metavar="ARN")]
To = Annotated[str, typer.Option("--to", metavar="TABLE")]
Dry = Annotated[bool, typer.Option("--dry-run")]
Minutes = Annotated[int, typer.Option(min=1, max=720)]
Key = Annotated[str, typer.Argument()]
Version = Annotated[str, typer.Option("--version", metavar="ID")]
Values = Annotated[list[str] | None, typer.Argument(metavar="PARAMETER=VALUE")]
Policy = Annotated[bool, typer.Option("--policy")]
InWorld = Annotated[Literal["as-deployed", "rolled-out"] | None, typer.Option("--world")]


class Settings(StrEnum):
    """What to do with the settings document."""

    SHOW = "show"
    CHECK = "check"
    SET = "set"
    HISTORY = "history"


class Check(StrEnum):
    """A scheduled check to run, or what to do about one of its findings."""

    DAILY = Cadence.DAILY
    WEEKLY = Cadence.WEEKLY
    MONTHLY = Cadence.MONTHLY
    ACCEPT = "accept"
    ACCEPTED = "accepted"
    UNACCEPT = "unaccept"


What = Annotated[Settings, typer.Argument(metavar="show|check|set|history")]
Which = Annotated[Check, typer.Argument(metavar="CHECK")]


def register(app: typer.Typer) -> None:
    """Add them to the console."""
    reading: tuple[Command, ...] = (incidents, show, leases, tail, selftest, backtest, preflight)
    changing: tuple[Command, ...] = (pause, resume, mode, settings, failures, check)
    restoring: tuple[Command, ...] = (backup_table, restore_table, restore_object, enable_versioning)
    for command in (*reading, *changing, *restoring):
        name = command.__name__.replace("_", "-")
        app.command(name=name)(with_common(command, asks=command not in reading))


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


def failures(common: Common, redrive: Redrive = "", everything: All = False, discard: Discard = None) -> None:
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


def check(  # noqa: PLR0913 - one per option
    common: Common,
    what: Which,
    finding: Finding = "",
    until: Day = "",
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
        case Check.ACCEPT:
            accept = partial(work.accept, finding=finding, until=until, reason=words(reason))
            carry_out(common, accept)
        case Check.UNACCEPT:
            carry_out(common, partial(work.unaccept, finding=finding))
        case Check.ACCEPTED:
            carry_out(common, work.accepted, strangers=True)
        case _:
            run = partial(work.check, rhythm=Cadence(what), page=page, show=show)
            carry_out(common, run, strangers=True)


def backtest(  # noqa: PLR0913 - one per option
    common: Common,
    days: Days = 30,
    alarms: Alarms = None,
    settings: InFile = None,
    page: Page = None,
    state: InFile = None,
    show: Open = True,
) -> None:
    """What the responder would have done about the alarms of the last days. Nothing is changed."""
    from liveness_ops.backtest import work
    from liveness_ops.people.command_runner import carry_out

    asked = work.Asked(days, tuple(alarms or ()), settings, page, show, state)
    # It needs more than on-call has (docs/backtest.md).
    carry_out(replace(common, administrator=True), partial(work.backtest, asked=asked), strangers=True)


def _guided(common: Common, work: Callable[["OperatorSession"], "Json"]) -> None:
    """With the settings of the weekly check: they name the table and the bucket, and what is promised."""
    from liveness_ops.checks.work import settings_of
    from liveness_ops.people.command_runner import carry_out

    def deployed(session: "OperatorSession") -> "Json":
        return work(replace(session, settings=settings_of(session, Cadence.WEEKLY)))

    carry_out(common, deployed)


def backup_table(common: Common, dry_run: Dry = False) -> None:
    """List the backups of the sessions table; --yes makes one more, as the schedule does."""
    from liveness_ops.backups.backup_table import back_up

    _guided(common, partial(back_up, do=common.yes and not dry_run))


def restore_table(
    common: Common, to: To, backup: Backup = "newest", dry_run: Dry = False, minutes: Minutes = 60
) -> None:
    """Restore a backup of the sessions table to a new table; shows the steps, --yes carries them out."""
    from liveness_ops.backups.restore_table import restore

    do = common.yes and not dry_run
    _guided(common, partial(restore, backup=backup, to=to, do=do, wait_seconds=minutes * 60.0))


def restore_object(common: Common, key: Key, version: Version = "", dry_run: Dry = False) -> None:
    """List the versions of one object of the images bucket; --version and --yes bring one back."""
    from liveness_ops.backups.restore_object import restore

    _guided(common, partial(restore, key=key, version=version, do=common.yes and not dry_run))


def enable_versioning(common: Common, dry_run: Dry = False) -> None:
    """Versions for the images bucket, with an end for old ones; shows the steps, --yes carries them out."""
    from liveness_ops.backups.versioning import enable

    _guided(common, partial(enable, do=common.yes and not dry_run))


def preflight(common: Common, values: Values = None, policy: Policy = False, world: InWorld = None) -> None:
    """Check the account before a deployment: what is there, what will not work and why; prints the deploy
    command. Nothing is changed. With --local and no local AWS here, one is started."""
    from liveness_ops.preflight.work import PreflightRequest, preflight

    preflight(common, PreflightRequest(tuple(values or ()), policy, world))
