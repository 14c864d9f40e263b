"""preflight: look, judge, and say it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import entry_points

import typer
from botocore.exceptions import BotoCoreError
from botocore.session import get_session

from liveness_ops.people import command_runner
from liveness_ops.people.exits import EarlyExit, Exit, failed
from liveness_ops.people.local import there_is_one
from liveness_ops.people.options import Common
from liveness_ops.people.screen import Screen
from liveness_ops.preflight.facts import BUCKET, FUNCTIONS, INDEX, ROLE, STACK, TABLE, Found, Names, expected
from liveness_ops.preflight.form import ON, Form, parameters, stack_name
from liveness_ops.preflight.judging import SWITCHES, Report, judge
from liveness_ops.preflight.lines import Weight
from liveness_ops.preflight.looking import look, policy
from liveness_ops.template_tools.load import INSTALLED, ROOT, template
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import Strings, Text, text
from responder.messages.language import say

_STYLES = {Weight.BLOCKS: "bold red", Weight.OFF: "yellow", Weight.UNREAD: "magenta", Weight.NOTE: ""}
READY, NOT_READY, NOT_SEEN = 0, 1, 2
_NONE = "–"


@frozen
class PreflightRequest:
    """The command as typed."""

    values: Strings = ()
    policy: bool = False
    world: str | None = None


def preflight(common: Common, requested: PreflightRequest) -> None:
    """Exit as documented."""
    status = READY

    def work(screen: Screen) -> Json:
        nonlocal status
        with _unseen(), _local(common, requested, screen) as where:
            data = _carry_out(where, requested, screen)
        status = data.get("exit", READY)
        return data

    command_runner.finish(common, work)
    if status != READY:
        raise typer.Exit(status)


def _carry_out(common: Common, requested: PreflightRequest, screen: Screen) -> Json:
    known = template()
    given = parameters(requested.values, known)
    form = Form(known, stack_name(common.stack), common.region, given=given, profile=common.profile)
    if requested.policy:
        document = policy(replace(form, region=common.region or _home()))
        if not screen.machine:
            typer.echo(json.dumps(document, indent=2))
        return {"policy": document}
    aws, region = command_runner.open_aws(common)
    form, found = look(aws, replace(form, region=region), _home())
    report = judge(form, found, datetime.now(UTC).date())
    _show(report, screen)
    return _machine(report, screen.language)


def status(report: Report) -> int:
    """The exit status."""
    weights = {each.kind.weight for each in report.lines}
    if Weight.UNREAD in weights:
        return NOT_SEEN
    return NOT_READY if weights & {Weight.BLOCKS, Weight.OFF} else READY


@contextmanager
def _unseen() -> Iterator[None]:
    """What AWS does not answer at all has its own exit status here."""
    try:
        yield
    except AwsError as error:
        early = failed(str(error))
    except EarlyExit as other:
        early = other
    else:
        return
    raise EarlyExit(Exit.USAGE, early.said, early.data) if early.status is Exit.AWS else early


@contextmanager
def _local(common: Common, requested: PreflightRequest, screen: Screen) -> Iterator[Common]:
    """With --local a local AWS: the one that every command uses, or one that is started for this."""
    wanted = requested.world
    if wanted and not common.local:
        raise EarlyExit(Exit.USAGE, text("preflight.world_is_local"))
    if common.local and not (requested.policy or wanted or there_is_one(os.environ, common)):
        wanted = "as-deployed"
    if not wanted:
        yield common
        return
    # A checkout brings it along; the console alone has none.
    start = next(iter(entry_points(group="local_aws.client")), None)
    if start is None:
        raise EarlyExit(Exit.AWS, text("ops.none_local"))
    screen.say(text("preflight.starting", world=wanted), style="dim")
    with _without_keys(), start.load()(wanted) as (endpoint, region):
        yield replace(common, endpoint_url=endpoint, region=common.region or region, profile="")


@contextmanager
def _without_keys() -> Iterator[None]:
    """Those of the shell belong to another AWS: the administrator of the started one is used."""
    before = dict(os.environ)
    for name in ("AWS_PROFILE", *command_runner.KEYS):
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
    screen.say(command_runner.target(found.account, found.region, form.stack, found.principal), style="bold")
    screen.say(_in_one_line(_summary(form, found)))
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
        screen.say(_cost(form), style="dim")
    if report.settings and command:
        screen.say(text("preflight.settings", console=f"{form.where} --stack {form.stack}"), style="bold")
        screen.say(json.dumps(report.settings, ensure_ascii=False))


def _cost(form: Form) -> Text:
    """What the alarms of this deployment cost, by the switch that leaves them out."""
    costs = {switch: form.alarms_cost(switch) for switch in SWITCHES if form.value(switch) == ON}
    by_switch = ", ".join(f"{switch}: {cost:.2f} USD" for switch, cost in costs.items()) or _NONE
    return text("preflight.alarms_cost", costs=by_switch)


def _machine(report: Report, language: str) -> Json:
    """The object for machines: `--json`."""
    return {
        "exit": status(report),
        "account": report.found.account,
        "region": report.found.region,
        "principal": report.found.principal,
        "stack": report.form.stack,
        "found": _summary(report.form, report.found),
        "lines": [
            {
                "kind": each.kind.word,
                "weight": each.kind.weight,
                "subject": each.subject,
                "message": say(each.said, language),
                "todo": say(each.todo, language),
            }
            for each in report.lines
        ],
        "alarms_cost": {each: round(report.form.alarms_cost(each), 2) for each in SWITCHES},
        "parameters": report.form.overrides if report.command() else {},
        "settings": dict(report.settings),
        "command": report.command(),
        "adoption": report.adoption,
        "folder": "" if INSTALLED else str(ROOT),
    }


# --- what is there -------------------------------------------------------------------------------


def _summary(form: Form, found: Found) -> Json:
    """Names are those that the deployment will have; what is missing or could not be read is null."""
    alarms = form.alarms()
    groups = form.filtered()
    return {
        "functions": {form.value(each): _function(form.value(each), found) for each in FUNCTIONS},
        "alarms": {name: _there(name, found.alarms) for name in alarms.values()},
        "log_groups": {name: _there(name, found.log_groups) for name in groups},
        "table": _named(form.value(TABLE), found.tables),
        "index": _named(form.value(INDEX), found.indexes),
        "bucket": _named(expected(form, BUCKET), found.buckets),
        "role": None if found.policies is None else form.value(ROLE),
        "inline_policies": None if found.policies is None else list(found.policies),
        "service_stack": _named(form.value(STACK), frozenset(found.stacks or ())),
        "metrics": None if found.metrics is None else sorted(found.metrics),
        "concurrency": found.limits and found.limits.concurrent,
        "unreserved": found.limits and found.limits.free,
        "sessions_a_day": None if found.sessions is None else round(found.sessions, 1),
        "quota_per_second": min(found.quotas) if found.quotas else None,
        "slack_secret": found.secret and (found.secret.there and not found.secret.missing),
    }


def _in_one_line(data: Json) -> Text:
    """The same in one line."""
    functions = [each for each in data["functions"].values() if each]
    sessions = data["sessions_a_day"]
    values = {
        "table": data["table"],
        "index": data["index"],
        "bucket": data["bucket"],
        "role": data["role"],
        "service": data["service_stack"],
        "free": data["unreserved"],
        "concurrent": data["concurrency"],
        "quota": data["quota_per_second"] or None,
        "sessions": None if sessions is None else round(sessions),
    }
    return text(
        "preflight.found",
        functions=len(functions),
        all_functions=len(data["functions"]),
        aliased=sum(bool(each["aliases"]) for each in functions),
        alarms=_count(data["alarms"]),
        all_alarms=len(data["alarms"]),
        groups=_count(data["log_groups"]),
        all_groups=len(data["log_groups"]),
        metrics=len(data["metrics"] or ()),
        **{name: _NONE if value is None else value for name, value in values.items()},
    )


def _function(name: str, found: Found) -> Json | None:
    known = (found.functions or {}).get(name)
    if known is None:
        return None
    served = (found.served or {}).get(name)
    names = ("runtime", "memory", "timeout", "vpc", "log_group")
    return {
        **{each: getattr(known, each) for each in names},
        "rollout_variable": _there(Settings().rollout_variable, known.variables),
        "aliases": None if served is None else list(served.aliases),
        "versions": None if served is None else served.versions,
    }


def _there(name: str, names: Names) -> bool | None:
    return None if names is None else name in names


def _named(name: str, names: Names) -> str | None:
    return name if names is not None and name in names else None


def _count(there: dict[str, bool | None]) -> int:
    return sum(each is True for each in there.values())
