"""preflight: look, judge, and say it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import typer
from botocore.exceptions import BotoCoreError
from botocore.session import get_session

from liveness_ops.people import session
from liveness_ops.people.ending import Exit, Stop, failed
from liveness_ops.people.local import found_running
from liveness_ops.people.options import Common
from liveness_ops.people.screen import Screen
from liveness_ops.preflight.form import Form, parameters, stack_name
from liveness_ops.preflight.judging import Report, judge
from liveness_ops.preflight.lines import Line, Weight
from liveness_ops.preflight.looking import look, policy
from liveness_ops.preflight.summary import said, summary
from liveness_ops.template_tools.load import INSTALLED, ROOT, template
from liveness_ops.world.build import World
from responder.core.errors import AwsError
from responder.core.text import text
from responder.messages.language import say

_STYLES = {Weight.BLOCKS: "bold red", Weight.OFF: "yellow", Weight.UNREAD: "magenta", Weight.NOTE: ""}
READY, NOT_READY, NOT_SEEN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Wish:
    """As typed."""

    values: tuple[str, ...] = ()
    policy: bool = False
    world: World | None = None


def preflight(common: Common, wish: Wish) -> None:
    """Exit as documented."""
    status = READY

    def work(screen: Screen) -> dict[str, Any]:
        nonlocal status
        with _unseen(), _local(common, wish, screen) as where:
            told = _carry_out(where, wish, screen)
        status = told.get("exit", READY)
        return told

    session.finish(common, work)
    if status != READY:
        raise typer.Exit(status)


def _carry_out(common: Common, wish: Wish, screen: Screen) -> dict[str, Any]:
    known = template()
    given = parameters(wish.values, known)
    form = Form(known, stack_name(common.stack), common.region, given=given, profile=common.profile)
    if wish.policy:
        document = policy(replace(form, region=common.region or _home()))
        if not screen.machine:
            typer.echo(json.dumps(document, indent=2))
        return {"policy": document}
    aws, region = session.open_aws(common)
    form, found = look(aws, replace(form, region=region), _home())
    report = judge(form, found, datetime.now(UTC).date())
    _show(report, screen)
    return _told(report, screen.language)


def status(report: Report) -> int:
    """The exit status."""
    if report.has(Weight.UNREAD):
        return NOT_SEEN
    return NOT_READY if report.has(Weight.BLOCKS) or report.has(Weight.OFF) else READY


@contextmanager
def _unseen() -> Iterator[None]:
    """What AWS does not answer at all has a status of its own here."""
    try:
        yield
    except AwsError as error:
        stop = failed(str(error))
    except Stop as other:
        stop = other
    else:
        return
    raise Stop(Exit.USAGE, stop.said, stop.data) if stop.status is Exit.AWS else stop


@contextmanager
def _local(common: Common, wish: Wish, screen: Screen) -> Iterator[Common]:
    """With --local a local AWS: the one that runs, or one that is started for this."""
    # Typer's enums come here as plain words.
    wanted = World(wish.world) if wish.world else None
    if wanted is not None and not common.local:
        raise Stop(Exit.USAGE, text("preflight.world_is_local"))
    if common.local and not wish.policy and not common.endpoint_url and wanted is None:
        wanted = None if any(found_running()) else World.AS_DEPLOYED
    if wanted is None:
        yield common
        return
    if INSTALLED:
        raise Stop(Exit.AWS, text("ops.none_local"))
    from liveness_ops.preflight.local import started

    screen.say(text("preflight.starting", world=wanted.value), style="dim")
    with _without_keys(), started(wanted) as (endpoint, region):
        yield replace(common, endpoint_url=endpoint, region=common.region or region, profile="")


@contextmanager
def _without_keys() -> Iterator[None]:
    """Those of the shell belong to another AWS: the administrator of the one that is started acts."""
    before = dict(os.environ)
    for name in ("AWS_PROFILE", *session.KEYS):
        os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _home() -> str:
    """The Region of the profile; empty where it names none."""
    try:
        return str(get_session().get_config_variable("region") or "")
    except BotoCoreError:
        return ""


def _show(report: Report, screen: Screen) -> None:
    found, form = report.found, report.form
    where = {"account": found.account, "region": found.region, "who": found.principal, "stack": form.stack}
    screen.say(text("preflight.where", **where), style="bold")
    screen.say(said(summary(form, found)))
    for each in report.lines:
        weight = each.kind.weight
        screen.say(text(f"preflight.weight_{weight}", said=each.said), style=_STYLES[weight])
        screen.say(text("preflight.todo", todo=each.todo))
    screen.say(text(f"preflight.result_{status(report)}"), style="bold")
    command = report.command()
    if report.adoption:
        screen.say(text("preflight.adoption"), style="bold")
        screen.say(report.adoption)
    if command:
        folder = text("preflight.checkout") if INSTALLED else str(ROOT)
        screen.say(text("preflight.command", folder=folder), style="bold")
        screen.say(command)
    if report.settings and command:
        screen.say(text("preflight.settings", console=f"{form.where} --stack {form.stack}"), style="bold")
        screen.say(json.dumps(report.settings, ensure_ascii=False))


def _told(report: Report, language: str) -> dict[str, Any]:
    """The object for machines: `--json`."""
    return {
        "exit": status(report),
        "account": report.found.account,
        "region": report.found.region,
        "principal": report.found.principal,
        "stack": report.form.stack,
        "found": summary(report.form, report.found),
        "lines": [_line(each, language) for each in report.lines],
        "parameters": report.form.overrides if report.command() else {},
        "settings": dict(report.settings),
        "command": report.command(),
        "adoption": report.adoption,
        "folder": "" if INSTALLED else str(ROOT),
    }


def _line(each: Line, language: str) -> dict[str, str]:
    return {
        "kind": each.kind.word,
        "weight": each.kind.weight.value,
        "subject": each.subject,
        "message": say(each.said, language),
        "todo": say(each.todo, language),
    }
