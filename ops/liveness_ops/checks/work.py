"""Run a check as its function would, and show what needs a person."""

import webbrowser
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from liveness_ops.people.desk import Desk
from liveness_ops.people.ending import Exit, Stop
from responder.checks.model import Cadence, CheckReport
from responder.checks.report.json_report import machine
from responder.checks.report.page import page as drawn
from responder.checks.report.summary import Summary, plain
from responder.checks.run.handler import ScheduledCheck
from responder.checks.run.running import run
from responder.core.context import Context
from responder.core.errors import Missing
from responder.core.settings import Settings
from responder.core.text import text
from responder.store.switches import known

_MOST = 200


def check(desk: Desk, rhythm: Cadence, page: Path | None, show: bool) -> dict[str, Any]:
    """Raises Stop where the stack has no such check, or the page cannot be written."""
    now = desk.clock()
    context = Context(desk.aws, settings_of(desk, rhythm), now, now)
    desk.screen.say(text("ops.checking", rhythm=text(f"checks.rhythm.{rhythm}")), style="dim")
    told = run(rhythm, round_of(rhythm).checks(context.settings), context)
    desk.screen.say(*plain(Summary(told), desk.screen.language, _MOST).splitlines())
    written = _write(desk, told, page or Path(f"{told.id}.html"))
    desk.screen.say(text("ops.check_page", path=str(written)))
    if show and not desk.screen.machine:
        # A machine without a browser still has the file.
        with suppress(webbrowser.Error, OSError):
            webbrowser.open(written.as_uri())
    return {"page": str(written), **machine(told)}


def round_of(rhythm: Cadence) -> ScheduledCheck:
    """What the function of this rhythm does."""
    found: ScheduledCheck = import_module(f"checks.{rhythm.value}").round_
    return found


def settings_of(desk: Desk, rhythm: Cadence) -> Settings:
    """What the deployed function is told: the parameters of the stack, its names resolved."""
    name = f"{desk.settings.stack}-{rhythm.value}-check"
    try:
        found = desk.aws.call("lambda", "get_function_configuration", FunctionName=name)
    except Missing:
        raise Stop(Exit.AWS, text("ops.no_check", function=name), {"function": name}) from None
    told = Settings.read(found.get("Environment", {}).get("Variables", {}))
    return known(desk.aws, told).settings


def _write(desk: Desk, told: CheckReport, path: Path) -> Path:
    try:
        path.write_text(drawn(told, desk.screen.language), encoding="utf-8")
    except OSError as error:
        said = text("ops.check_not_written", path=str(path), why=type(error).__name__)
        raise Stop(Exit.USAGE, said, {"path": str(path)}) from None
    return path.absolute()
