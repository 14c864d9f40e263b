"""up, alarm, status and down: what `liveness-ops local` does in a checkout."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO, Any

from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.local import typed_here
from liveness_ops.people.options import Language
from liveness_ops.people.screen import Screen
from liveness_ops.usage import alike
from local_aws.client import Attached, Mail
from rehearsal.drill import scenario_setup
from rehearsal.drill.alarm_trigger import raised
from rehearsal.drill.catalogue import alarms, scenarios
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.watched_alarms import watched_alarm
from rehearsal.standing import place
from rehearsal.world.build import World
from responder.core.text import Text, text
from responder.core.verdict import Result

# On a busy machine a first build and deployment take minutes.
_PATIENCE, _TICK, _ENDING = 600.0, 0.1, 15.0
_LAST_LINES = 15


def up(screen: Screen, world: str) -> dict[str, Any]:
    """Start a local AWS, unless one runs. Raises EarlyExit where it does not start."""
    if found := place.noted():
        screen.say(text("local.runs", **_where(found)), text("local.first_steps"))
        return {**_shown(found), "started": False}
    screen.say(text("local.starting"), style="dim")
    place.folder().mkdir(parents=True, exist_ok=True)
    log = place.folder() / "keeper.log"
    command = [sys.executable, "-m", "rehearsal.standing.keeper", world, screen.language]
    with log.open("w") as written:
        child = _spawned(command, written)
    try:
        found = _awaited(child)
    except BaseException:
        child.terminate()
        raise
    if found is None:
        child.terminate()
        words = log.read_text(errors="replace").splitlines()[-_LAST_LINES:]
        said = text("local.not_started", log=str(log))
        raise EarlyExit(Exit.BROKEN, said, {"log": words}, [text("usage.other", said=each) for each in words])
    screen.say(text("local.runs", **_where(found)), style="green")
    screen.say(text("local.first_steps"))
    return {**_shown(found), "started": True}


def status(screen: Screen) -> dict[str, Any]:
    """Whether one runs, and where."""
    found = place.noted()
    if found is None:
        screen.say(text("local.coming" if place.starting() else "local.none"))
        return {"running": False}
    screen.say(text("local.runs", **_where(found)), text("local.first_steps"))
    return {"running": True, **_shown(found)}


def down(screen: Screen) -> dict[str, Any]:
    """End the process that keeps it, by its id."""
    found = place.noted()
    if found is None:
        screen.say(text("local.none"))
        return {"stopped": False}
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(int(found["pid"]), number)
        end = time.monotonic() + _ENDING
        while place.starting() and time.monotonic() < end:
            time.sleep(_TICK)
    screen.say(text("local.stopped"), style="green")
    return {"stopped": True}


def alarm(screen: Screen, typed: str, name: str) -> dict[str, Any]:
    """Break the service in the way of a scenario, raise its alarm, and show what was sent. `typed` empty: the
    alarms. Raises EarlyExit where there is none of that name, or no local AWS."""
    found = place.noted()
    world = World(found["world"]) if found else World.ROLLED_OUT
    if not typed:
        return _listed(screen, world)
    scenario = _chosen(_meant(typed), name, world)
    if found is None:
        raise EarlyExit(Exit.AWS, text("local.none"))
    aws = Attached(found["endpoint"], found["region"])
    try:
        mail = _broken(aws, scenario)
    finally:
        aws.stop()
    screen.say(
        text("local.broken", alarm=scenario.alarm, what=scenario.broken.said(Language(screen.language))),
        style="bold",
    )
    for each in mail:
        screen.say("", each.subject, "", typed_here(each.text, found["endpoint"]))
    if not mail:
        screen.say(text("local.no_message", alarm=scenario.alarm))
    incident = next(filter(None, map(_incident, mail)), "")
    if incident:
        screen.say("", text("local.next", incident=incident))
    return {"alarm": scenario.alarm, "scenario": scenario.name, "incident": incident, "messages": len(mail)}


def over(screen: Screen, typed: str) -> dict[str, Any]:
    """Set an alarm back to OK. Raises EarlyExit where there is none of that name, or no local AWS."""
    name, found = _meant(typed), place.noted()
    if found is None:
        raise EarlyExit(Exit.AWS, text("local.none"))
    aws = Attached(found["endpoint"], found["region"])
    try:
        _set_ok(aws, watched_alarm(name).name)
    finally:
        aws.stop()
    screen.say(text("local.over", alarm=name), style="green")
    return {"alarm": name, "state": "OK"}


def _spawned(command: list[str], log: IO[str]) -> subprocess.Popen[bytes]:
    """Start the keeper as a process that stays when this one ends."""
    return subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
    )


def _awaited(child: subprocess.Popen[bytes]) -> Mapping[str, Any] | None:
    """What the new keeper writes; None if it ends before, or takes too long."""
    end = time.monotonic() + _PATIENCE
    while child.poll() is None and time.monotonic() < end:
        found = place.noted()
        if found is not None and found["pid"] == child.pid:
            return found
        time.sleep(_TICK)
    return None


def _where(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(found[name]) for name in ("endpoint", "region", "world", "pid")}


def _shown(found: Mapping[str, Any]) -> dict[str, Any]:
    names = ("endpoint", "region", "world", "pid", "language")
    return {**{name: found[name] for name in names}, "people": list(found["people"])}


# --- what is broken ------------------------------------------------------------------------------


def _broken(aws: Attached, scenario: Scenario) -> list[Mail]:
    """What was sent to on-call."""
    now, (_, before) = datetime.now(UTC), aws.counts()
    cloudwatch, name = aws.client("cloudwatch"), watched_alarm(scenario.alarm).name
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    if alarm["StateValue"] == "ALARM":
        _set_ok(aws, name)
    points = scenario_setup.traffic(aws, scenario, now)
    for condition in scenario.conditions:
        condition(aws, now)
    aws.inject(scenario_setup.faults(aws, scenario))
    raised(aws, scenario.alarm, points, now)
    aws.wait_idle()
    aws.release()
    return [each for each in aws.inbox(before) if "-Notifications" in each.topic]


def _set_ok(aws: Attached, name: str) -> None:
    reason = "liveness-ops local alarm"
    aws.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="OK", StateReason=reason)
    aws.wait_idle()


def _incident(mail: Mail) -> str:
    """The incident that a message is about; empty where of none."""
    found: dict[str, Any] = json.loads(mail.bodies["sqs"])
    return str(found.get("incident") or "")


def _plain(alarm: str, world: World) -> list[Scenario]:
    """What breaks the service only, in this world: those in which most is done first."""
    found = [each for each in scenarios(alarm) if each.alarm == alarm and each.world is world]
    found = [each for each in found if not (each.kind or each.corrected or each.event or each.beside)]
    found = [each for each in found if not (each.modes or each.pause or each.follow) and each.deliveries == 1]
    return sorted(found, key=lambda each: (_rank(each), each.name != "acts", len(each.conditions)))


def _rank(scenario: Scenario) -> int:
    order = (Result.APPLIED, Result.ASKED, Result.OBSERVED)
    return min(
        (order.index(Result(each)) for each in scenario.expect.results.values() if each in order), default=9
    )


def _listed(screen: Screen, world: World) -> dict[str, Any]:
    found = {each: _plain(each, world) for each in alarms()}
    rows = [(name, each[0].broken.said(Language(screen.language))) for name, each in found.items() if each]
    screen.table(text("local.alarms"), (text("local.col_alarm"), text("local.col_what")), rows)
    return {"alarms": {name: [each.name for each in plain] for name, plain in found.items() if plain}}


def _meant(typed: str) -> str:
    known = alarms()
    fits = [typed] if typed in known else [each for each in known if each.startswith(typed)]
    if len(fits) == 1:
        return fits[0]
    names = ", ".join(fits or alike(typed, known))
    more = [text("usage.maybe", names=names)] if names else []
    said = Text("local.several_alarms" if fits else "local.no_alarm", {"alarm": typed})
    raise EarlyExit(Exit.USAGE, said, None, [*more, text("local.see_alarms")])


def _chosen(alarm: str, name: str, world: World) -> Scenario:
    found = _plain(alarm, world)
    fits = [each for each in found if name in ("", each.name)]
    if fits:
        return fits[0]
    names = ", ".join(each.name for each in found)
    said = text("local.no_scenario", alarm=alarm, world=world.value, names=names or "–")
    raise EarlyExit(Exit.USAGE, said, {"scenarios": [each.name for each in found]})
