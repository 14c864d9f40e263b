"""Every check of every rhythm and the backup, as stories of the matrix; and what must hold of them."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, partial
from typing import Any

from checks import daily, monthly, weekly
from responder.checks import days
from responder.checks.backups.making import back_up
from responder.checks.cost import costs
from responder.checks.finding import GREEN, Checked, CheckItem
from responder.checks.model import Cadence, CheckSection
from responder.checks.run.handler import ScheduledCheck
from responder.core.context import Context
from responder.core.errors import Denied
from responder.core.frozen import frozen
from responder.core.permissions import Permissions
from responder.core.plain_data import Data, Json
from responder.core.settings import Settings
from responder.core.text import text
from tests.fakes import FakeAws
from tests.proof.faulty_gateway import FaultyGateway
from tests.proof.matrix import Invariant, Story, StoryRun, StoryStart, clean
from tests.proof.reporting import ENVIRONMENT, record, reported_once, reports
from tests.unit.checks import (
    alarms_world,
    backups_world,
    figures_world,
    ready_world,
    safe_world,
    test_configuration,
    test_detection,
    test_observed,
    test_schedules,
)
from tests.unit.checks.test_records import HELPED, ROLLOUT, assessed
from tests.unit.respond.scene import Scene

_ROUNDS: tuple[ScheduledCheck, ...] = (daily.round_, weekly.round_, monthly.round_)
_KEPT = frozenset({"report.ja.html", "report.en.html", "report.json"})
_NAMES = {"high-error-rate": "FaceAuth-Liveness-HighErrorRate"}
_BUCKET = "reports"
# They claim less than the clean run: not whether an alarm is delivered, and nothing of the day before.
_WEAKER = ("check.alarms.as_defined ", "check.configuration.fine.alone ")
# AWS's answer is empty about a bucket that never had versions, and about a row that is not there: without the
# row of a self-test the check reports that there was none, in amber.
_NEVER_SET = ("check.security.versions ", "check.ready.rehearsed ")
_OLD, _YOUNG = (50.0, 60.0), 3.0

type World = tuple[FakeAws, Settings]


@frozen
class Known:
    """What a story is about. `bright`: items of the clean run that are green, by section."""

    story: str
    bright: Mapping[str, frozenset[str]]


@frozen
class Kept:
    """`stay`: names that nothing may prune."""

    world: backups_world.Backups
    stay: frozenset[str]


@frozen
class _Steady:
    """A check in addition to the one with the fault: it needs nothing, is always reported, and has its
    own."""

    name: str = "steady"

    def needs(self) -> Permissions:
        return ()

    def run(self, _: Context) -> CheckSection:
        return CheckSection(
            self.name,
            (CheckItem(Checked.CHECK.of(), GREEN, text("check.alarms.as_expected", names="-")),),
        )


def stories() -> list[Story]:
    """One per check of each rhythm, and the backup with and without old ones."""
    found = [
        Story(f"{each.rhythm} {type(check).__name__}", partial(_begin, each, type(check).__name__))
        for each in _ROUNDS
        for check in each.checks(Settings())
    ]
    backups = {"backup": _OLD, "first backup": (), "backup that is never allowed": _OLD}
    return found + [Story(name, partial(_backup, old, "never" in name)) for name, old in backups.items()]


def _begin(each: ScheduledCheck, name: str) -> StoryStart:
    begun = _checked(each, name)
    return replace(begun, known=Known(name, _bright(each, name)))


@cache
def _bright(each: ScheduledCheck, name: str) -> Mapping[str, frozenset[str]]:
    done = clean(Story("", partial(_checked, each, name)))
    assert '"checks.failed"' not in json.dumps(_machine(done)), "its world has not all that it looks at"
    return {part["name"]: _green(part) for part in _machine(done)["sections"]}


def _checked(each: ScheduledCheck, name: str) -> StoryStart:
    aws, settings = _WORLDS[name]()
    reports_bucket, topic = settings.reports_bucket or _BUCKET, settings.topic or ENVIRONMENT["TOPIC"]
    settings = replace(settings, reports_bucket=reports_bucket, topic=topic)
    aws.answer("s3", "put_object", {})
    if not aws.dynamo.created("Incidents"):
        aws.dynamo.create("Incidents", "pk", "sk")
    (check,) = [one for one in each.checks(settings) if type(one).__name__ == name]
    alone = ScheduledCheck(each.rhythm, lambda _: (check, _Steady()))

    event = {"source": "aws.scheduler", "detail-type": "Scheduled Event", "time": aws.now.isoformat()}

    def code(gateway: FaultyGateway) -> Any:
        # As its handler does, of every delivery anew.
        return alone.answer(alone.context(event, gateway, settings, aws.now))

    return StoryStart(aws, code, ENVIRONMENT, record(f"{each.rhythm}-check", event))


def _backup(old: tuple[float, ...], forbidden: bool) -> StoryStart:
    aws = FakeAws()
    aws.dynamo.create("Incidents", "pk", "sk")
    world = backups_world.Backups(aws.now, aws=aws)
    for days_ago in old:
        world.ours(days_ago)
    stay = {world.ours(_YOUNG), world.add("of-a-person", 400)} if old else set()
    if forbidden:
        aws.fail("dynamodb", "create_backup", Denied, times=10**9)
    event = {"source": "aws.scheduler", "time": aws.now.isoformat()}
    settings = Settings.read(ENVIRONMENT)

    def code(gateway: FaultyGateway) -> Any:
        world.now = aws.now
        return back_up(event, Context(gateway, settings, aws.now, aws.now), sleep=world.sleep)

    return StoryStart(
        aws,
        code,
        ENVIRONMENT,
        record("sessions-backup", event),
        Kept(world, frozenset(stay)),
        between=lambda _: None,
    )


# --- their worlds --------------------------------------------------------------------------------


def _figures() -> figures_world.World:
    made = figures_world.World()
    today = figures_world.NINE.date()
    for each in days.between(days.before(today, 70), days.before(today, -1)):
        made.day(each, created=9, success=8, failure=1)
    last = costs.last_complete(figures_world.NINE)
    spent: dict[date, float] = dict.fromkeys(days.between(days.before(last, 70), days.before(last, -1)), 14.5)
    return made.cost(spent, forecast=362.5)


def _counted() -> World:
    return _figures().aws, Settings()


def _functions() -> World:
    made, at = figures_world.World(), figures_world.noon(figures_world.YESTERDAY)
    for name in (*Settings().functions, *Settings().rollout_functions):
        made.figures.put("AWS/Lambda", "Invocations", [(at, 1.0)] * 50, FunctionName=name)
        made.figures.put("AWS/Lambda", "Duration", [(at, 900.0)], FunctionName=name)
    return made.aws, Settings()


def _configured() -> World:
    made = test_configuration.Deployed().file()
    return made.aws, test_configuration.SETTINGS


def _alarms() -> World:
    made = alarms_world.World(alarms_world.DEPLOYED, alarms_world.OWN, alarms_world.OURS)
    return made.aws, made.settings


def _detected() -> World:
    made = test_detection.quick()
    return made.aws, made.settings


def _ready() -> World:
    made = ready_world.corrected()
    return made.aws, made.settings


def _safe() -> World:
    return safe_world.corrected().aws, safe_world.SETTINGS


def _watched() -> World:
    made = figures_world.World()
    made.aws.answer("cloudwatch", "get_dashboard", {"DashboardBody": '{"widgets": [{"type": "metric"}]}'})
    return made.aws, Settings()


def _backups() -> World:
    made = backups_world.Backups(safe_world.NOW)
    for each in (1.0, 5.0, 9.0):
        made.ours(each)
    return made.aws, safe_world.SETTINGS


# A check without a world fails here.
def _filed() -> World:
    world = test_schedules.World()
    world.filed(Cadence.WEEKLY, 3).filed(Cadence.MONTHLY, 4)
    world.backups.ours(2)
    return _only_looked_at(world.aws), test_schedules.SETTINGS


def _observed() -> World:
    return _only_looked_at(test_observed.one_week().aws), test_observed.SETTINGS


def _recorded() -> World:
    made = assessed(Scene(), ROLLOUT, *[HELPED] * 3)
    made.aws.answer("s3", "list_objects_v2", {})  # no report of an earlier month
    return _only_looked_at(made.aws), test_observed.SETTINGS


def _only_looked_at(aws: FakeAws) -> FakeAws:
    """What led to it is not the check's own."""
    for each in (aws.calls, aws.done, aws.sns.published):
        each.clear()
    return aws


_WORLDS: dict[str, Callable[[], World]] = {
    "Figures": _counted,
    "AlarmStates": _alarms,
    "Functions": _functions,
    "ConfigurationCheck": _configured,
    "CostToday": _counted,
    "AlarmAudit": _alarms,
    "Detection": _detected,
    "Readiness": _ready,
    "Dashboard": _watched,
    "Exposure": _safe,
    "CostWeek": _counted,
    "Storage": _safe,
    "SessionsTable": _safe,
    "Backups": _backups,
    "Observed": _observed,
    "Schedules": _filed,
    "Performance": _counted,
    "RemedyRecords": _recorded,
    "Security": _safe,
}


# --- what must hold ------------------------------------------------------------------------------


def checked(played: StoryRun) -> Iterator[str]:
    """What was checked is reported; what was not, is unknown, and never green; no other check is
    stopped."""
    known: Known = played.begun.known
    for part in _machines(played):
        names = {each["name"] for each in part["sections"]}
        if names != set(known.bright):
            yield f"sections {sorted(names)}"
        for each in part["sections"]:
            more = {one for one in _green(each) - known.bright[each["name"]] if not one.startswith(_WEAKER)}
            if more:
                yield f"green, and not in the clean run: {sorted(more)[:2]}"
            lost = {
                one for one in known.bright[each["name"]] - _green(each) if not one.startswith(_NEVER_SET)
            }
            if lost and not any(item["light"] == "unknown" for item in each["items"]):
                yield f"neither told nor unknown: {sorted(lost)[:2]}"


def filed(played: StoryRun) -> Iterator[str]:
    """All three files, or the message says that they are not; a page that is named is there."""
    kept = {(each["Key"].rpartition("/")[2]) for each in _put(played.aws)}
    for message in reports(played.reported):
        if message["kind"] != "check":
            continue
        whole = kept == _KEPT
        if not whole and not message["problem"]:
            yield f"only {sorted(kept)} is filed, and that is not told"
    if played.reported and not played.invocation.kept and not kept:
        yield "told, and nothing is filed"


def reported(played: StoryRun) -> Iterator[str]:
    """The report once, under one id; else the failure, once."""
    yield from reported_once(played)
    checks = [each for each in reports(played.reported) if each["kind"] == "check"]
    if len({each["id"] for each in checks}) > 1:
        yield "one day's check has more than one id"
    if not checks and not played.invocation.kept:
        yield "no message was sent of the check"


def restorable(played: StoryRun) -> Iterator[str]:
    """Nothing is pruned before a new one can be restored; one order makes one backup."""
    world: backups_world.Backups = played.begun.known.world
    new = [each for each in world.kept if each["BackupCreationDateTime"] >= world.now - timedelta(hours=1)]
    if len(new) > 1:
        yield f"{len(new)} backups of one order"
    pruned = played.aws.done and any(each[1] == "delete_backup" for each in played.aws.done)
    if pruned and not any(each["BackupStatus"] == "AVAILABLE" for each in new):
        yield "pruned, and the new one cannot be restored"
    lost = played.begun.known.stay - set(world.names)
    yield from (f"{name} is young or not ours, and was pruned" for name in sorted(lost))
    if not played.invocation.kept and not new:
        yield "it ended well without a backup"


def failed_aloud(played: StoryRun) -> Iterator[str]:
    """It worked in silence, or on-call was notified that it did not, once."""
    yield from reported_once(played)
    if bool(played.reported) != played.invocation.kept:
        yield "told, and it worked" if played.reported else "no message was sent"


def _machines(played: StoryRun) -> Iterator[Data]:
    for each in _put(played.aws):
        if each["Key"].endswith(".json"):
            yield json.loads(each["Body"])


def _machine(played: StoryRun) -> Data:
    return next(_machines(played))


def _put(aws: FakeAws) -> list[Json]:
    return [asked for service, operation, asked in aws.done if (service, operation) == ("s3", "put_object")]


def _green(section: Data) -> frozenset[str]:
    """What is reported as green: the sentence, and each item that it names."""
    return frozenset(
        f"{said['key']} {name}"
        for said in (item["said"] for item in section["items"] if item["light"] == "green")
        for value in ("", *said["values"].values())
        if isinstance(value, str)
        for name in value.split(", ")
    )


def invariants(story: Story) -> tuple[Invariant, ...]:
    """Of one of these stories."""
    return (restorable, failed_aloud) if "backup" in story.name else (checked, filed, reported)
