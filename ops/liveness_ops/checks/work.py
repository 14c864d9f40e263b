"""What `liveness-ops check` does: run a check as its function would and show what needs a person, or accept
one of its findings, on which the entry for people decides."""

import webbrowser
from contextlib import suppress
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.checks.accepted import acceptances
from responder.checks.model import Cadence
from responder.checks.report.json_report import machine
from responder.checks.report.page import page as drawn
from responder.checks.report.summary import Summary, plain
from responder.checks.run.handler import ScheduledCheck
from responder.checks.run.running import run
from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import Missing
from responder.core.settings import Settings
from responder.core.text import text
from responder.store.switches import known

_MOST = 200
_COLUMNS = ("ops.finding_id", "ops.accepted_until", "ops.accepted_who", "ops.accepted_why")


def check(desk: Desk, rhythm: Cadence, page: Path | None, show: bool) -> dict[str, Any]:
    """Raises Stop where the stack has no such check, or the page cannot be written."""
    now = desk.clock()
    context = Context(desk.aws, settings_of(desk, rhythm), now, now)
    desk.screen.say(text("ops.checking", rhythm=text(f"checks.rhythm.{rhythm}")), style="dim")
    report = run(rhythm, round_of(rhythm).checks(context.settings), context)
    desk.screen.say(*plain(Summary(report), desk.screen.language, _MOST).splitlines())
    path = page or Path(f"{report.id}.html")
    try:
        path.write_text(drawn(report, desk.screen.language), encoding="utf-8")
    except OSError as error:
        said = text("ops.check_not_written", path=str(path), why=type(error).__name__)
        raise Stop(Exit.USAGE, said, {"path": str(path)}) from None
    written = path.absolute()
    desk.screen.say(text("ops.check_page", path=str(written)))
    if show and not desk.screen.machine:
        # A machine without a browser still has the file.
        with suppress(webbrowser.Error, OSError):
            webbrowser.open(written.as_uri())
    return {"page": str(written), **machine(report)}


def round_of(rhythm: Cadence) -> ScheduledCheck:
    """What the function of this rhythm does."""
    found: ScheduledCheck = import_module(f"checks.{rhythm.value}").round_
    return found


def settings_of(desk: Desk, rhythm: Cadence) -> Settings:
    """The settings of the deployed function: the parameters of the stack, its names resolved."""
    name = f"{desk.settings.stack}-{rhythm.value}-check"
    try:
        found = desk.aws.call("lambda", "get_function_configuration", FunctionName=name)
    except Missing:
        raise Stop(Exit.AWS, text("ops.no_check", function=name), {"function": name}) from None
    settings = Settings.read(found.get("Environment", {}).get("Variables", {}))
    return known(desk.aws, settings).settings


def accept(desk: Desk, finding: str, until: str, reason: str) -> dict[str, Any]:
    """Raises Stop where something is missing, or the entry refuses."""
    if not finding or not until:
        raise Stop(Exit.USAGE, text("ops.accept_usage"))
    if not reason:
        raise Stop.declined(DeclineReason.NO_REASON())
    try:
        date.fromisoformat(until)
    except ValueError:
        raise Stop(Exit.USAGE, text("ops.accept_day", typed=until)) from None
    return desk.ask("accept", finding=finding, until=until, reason=reason)


def unaccept(desk: Desk, finding: str) -> dict[str, Any]:
    """The next check reports it again."""
    if not finding:
        raise Stop(Exit.USAGE, text("ops.unaccept_usage"))
    return desk.ask("unaccept", finding=finding)


def accepted(desk: Desk) -> dict[str, Any]:
    """The acceptances, also those that are over. Whether a finding is still what was accepted, the next check
    shows."""
    found = acceptances(desk.aws, desk.settings.approvals_table)
    ordered = sorted(found.items(), key=lambda each: (each[1].until, each[0]))
    rows = [(id_, each.until.isoformat(), each.person, each.reason) for id_, each in ordered]
    if rows:
        desk.screen.table(text("ops.accepted"), map(text, _COLUMNS), rows)
    else:
        desk.screen.say(text("ops.accepted_none"))
    names = ("finding", "until", "person", "reason")
    return {"accepted": [dict(zip(names, row, strict=True)) for row in rows]}
