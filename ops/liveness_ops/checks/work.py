"""What `liveness-ops check` does: run a check as its function would and show what needs a person, or accept
one of its findings, on which the entry for people decides."""

from datetime import date
from importlib import import_module
from pathlib import Path

from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from liveness_ops.people.page_file import write_page
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
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import text
from responder.people.request import PersonRequest, RequestKind
from responder.store.switches import known

_MOST = 200
_COLUMNS = ("ops.finding_id", "ops.accepted_until", "ops.accepted_who", "ops.accepted_why")


def check(session: OperatorSession, rhythm: Cadence, page: Path | None, show: bool) -> Json:
    """Raises EarlyExit where the stack has no such check, or the page cannot be written."""
    now = session.clock()
    context = Context(session.aws, settings_of(session, rhythm), now, now)
    session.screen.say(text("ops.checking", rhythm=text(f"checks.rhythm.{rhythm}")), style="dim")
    report = run(rhythm, round_of(rhythm).checks(context.settings), context)
    session.screen.say(*plain(Summary(report), session.screen.language, _MOST).splitlines())
    path = page or Path(f"{report.id}.html")
    written = write_page(session.screen, path, drawn(report, session.screen.language), show=show)
    return {"page": written, **machine(report)}


def round_of(rhythm: Cadence) -> ScheduledCheck:
    """What the function of this rhythm does."""
    found: ScheduledCheck = import_module(f"checks.{rhythm}").round_
    return found


def settings_of(session: OperatorSession, rhythm: Cadence) -> Settings:
    """The settings of the deployed function: the parameters of the stack, its names resolved."""
    name = f"{session.settings.stack}-{rhythm}-check"
    try:
        found = session.aws.call("lambda", "get_function_configuration", FunctionName=name)
    except Missing:
        raise EarlyExit(Exit.AWS, text("ops.no_check", function=name), {"function": name}) from None
    variables = found.get("Environment", {}).get("Variables", {})
    return known(session.aws, Settings.read(variables)).settings


def accept(session: OperatorSession, finding: str, until: str, reason: str) -> Json:
    """Raises EarlyExit where something is missing, or the entry refuses."""
    if not finding or not until:
        raise EarlyExit(Exit.USAGE, text("ops.accept_usage", where=session.where))
    if not reason:
        raise EarlyExit.declined(DeclineReason.NO_REASON())
    try:
        date.fromisoformat(until)
    except ValueError:
        raise EarlyExit(Exit.USAGE, text("ops.accept_day", typed=until)) from None
    return session.ask(PersonRequest(RequestKind.ACCEPT, finding=finding, until=until, reason=reason))


def unaccept(session: OperatorSession, finding: str) -> Json:
    """The next check reports it again."""
    if not finding:
        raise EarlyExit(Exit.USAGE, text("ops.unaccept_usage", where=session.where))
    return session.ask(PersonRequest(RequestKind.UNACCEPT, finding=finding))


def accepted(session: OperatorSession) -> Json:
    """The acceptances, also those that are over. Whether a finding is still what was accepted, the next check
    shows."""
    found = acceptances(session.aws, session.settings.approvals_table)
    ordered = sorted(found.items(), key=lambda each: (each[1].until, each[0]))
    rows = [(id_, each.until.isoformat(), each.person, each.reason) for id_, each in ordered]
    if rows:
        session.screen.table(text("ops.accepted"), map(text, _COLUMNS), rows)
    else:
        session.screen.say(text("ops.accepted_none"))
    names = ("finding", "until", "person", "reason")
    return {"accepted": [dict(zip(names, row, strict=True)) for row in rows]}
