"""Every call of a clean run fails once in every way, and Lambda delivers again: nothing is lost, nothing is
done twice, the record agrees with the world, and a person is told.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from responder.errors import Denied, ResponderError, Throttled, Unreachable
from responder.settings import Settings
from responder.shell.log import log
from tests.fakes import Died
from tests.unit.remedies.world import FOUR, OTHERS, ROLLOUT
from tests.unit.shell.scene import CREATE, REQUEST, RESULT, Scene

pytestmark = pytest.mark.unit

OLD, OFF = "50", "0"
TABLE = Settings().sessions_table
REMEDIES = {"rollout_to_zero": {"remedy": "rollout_to_zero"}, "on_demand": {"remedy": "on_demand_billing"}}
READS = ("get_", "list_", "describe_", "query", "filter_", "lookup_")
# What Lambda does with an event that failed: two more deliveries.
DELIVERIES = 3


@dataclass(frozen=True)
class Fault:
    name: str
    error: Callable[[], Any]
    after: bool = False


FAULTS = (
    Fault("throttled", lambda: Throttled),
    Fault("denied", lambda: Denied),
    Fault("unreachable before", lambda: Unreachable),
    Fault("unreachable after", lambda: Unreachable, after=True),
    Fault("died before", Died),
    Fault("died after", Died, after=True),
)
type Event = dict[str, Any]
type Cell = tuple[str, str, int]


@dataclass(frozen=True)
class Story:
    """`begin` brings the world to where the event arrives; `over`: the alarm is OK at the next delivery.

    `looks`: most of its reads are looks, to which one error of ours is like another: they take turns.
    """

    name: str
    begin: Callable[[], tuple[Scene, Event]]
    over: bool = False
    looks: bool = True


# --- the stories -----------------------------------------------------------------------------------------


def acts() -> tuple[Scene, Event]:
    scene = Scene().faults(15)
    return scene, scene.event()


def acts_behind_an_alias() -> tuple[Scene, Event]:
    scene, event = acts()
    for name in FOUR:
        scene.aws.lambdas.release(name, "live")
    return scene, event


def the_table_throttles() -> tuple[Scene, Event]:
    scene = Scene()
    scene.aws.dynamo.add(TABLE, (10, 20), {"EmployeeIdIndex": (3, 4)})
    for minute in range(2, 12):
        at = scene.aws.now - timedelta(minutes=minute)
        stamp = at.isoformat(timespec="milliseconds").removesuffix("+00:00")
        what = "ProvisionedThroughputExceededException) when calling the PutItem operation: slow down"
        line = f"[ERROR]\t{stamp}Z\t{REQUEST.format(minute)}\tDynamoDB error: An error occurred ({what}"
        scene.logs.put(CREATE, at, line)
        scene.figures.put("AWS/DynamoDB", "WriteThrottleEvents", [(at, 9.0)], TableName=TABLE)
        scene.figures.put("AWS/DynamoDB", "ConsumedWriteCapacityUnits", [(at, 1200.0)], TableName=TABLE)
    return scene, scene.event()


def approved() -> tuple[Scene, Event]:
    scene = Scene().faults(15, code="ThrottlingException")
    scene.alarm()
    return scene, _approved(scene, "apply")


def approved_return() -> tuple[Scene, Event]:
    scene = _applied(acts)
    scene.command("take-back", **REMEDIES["rollout_to_zero"])
    return scene, _approved(scene, "take-back")


def continues() -> tuple[Scene, Event]:
    scene = _applied(acts_behind_an_alias)
    return scene, _order(scene, "continue")


def _applied(begin: Callable[[], tuple[Scene, Event]]) -> Scene:
    scene, event = begin()
    scene.deliver(event)
    scene.aws.settle()
    return scene


def _approved(scene: Scene, order: str) -> Event:
    proposal = scene.result["approval"]
    scene.approve(proposal)
    scene.aws.tick(seconds=5)
    return _order(scene, order, proposal=proposal)


def _order(scene: Scene, order: str, **more: Any) -> Event:
    return {"command": order, "incident": scene.pointer["incident"], "remedy": "rollout_to_zero", **more}


STORIES = (
    Story("acts", acts),
    Story("acts, and the alarm is over", acts, over=True),
    Story("acts behind an alias", acts_behind_an_alias),
    Story("acts on the table", the_table_throttles),
    Story("applies by approval", approved, looks=False),
    Story("takes back by approval", approved_return, looks=False),
    Story("continues", continues, looks=False),
)

# --- playing one cell ------------------------------------------------------------------------------------


def cells(story: Story) -> list[Cell]:
    """Every call of a clean run: service, operation, its number among its like."""
    scene, event = story.begin()
    first = len(scene.aws.calls)
    scene.deliver(event)
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for service, operation, _ in scene.aws.calls[first:]:
        seen[service, operation] += 1
        found.append((service, operation, seen[service, operation]))
    return found


def apart(story: Story, cell: Cell, place: int, fault: Fault) -> bool:
    """Whether the cell differs from another one. A read that failed after its answer is like one that
    failed before; and a read that does not stop a run leaves nothing for an alarm that is over."""
    if not cell[1].startswith(READS):
        return True
    if fault.after or story.over:
        return False
    return not story.looks or fault.name == "died before" or place % 3 == FAULTS.index(fault)


@dataclass
class Played:
    scene: Scene
    told: list[dict[str, Any]]
    thrown: BaseException | None


def play(story: Story, cell: Cell, fault: Fault) -> Played:
    scene, event = story.begin()
    earlier = len(scene.told)
    service, operation, number = cell
    scene.aws.fail(service, operation, fault.error(), call=number, after=fault.after)
    thrown: BaseException | None = None
    for _ in range(DELIVERIES):
        thrown = None
        try:
            scene.deliver(event)
            break
        except (ResponderError, Died) as error:
            thrown = error
        scene.claims.running.clear()
        scene.aws.settle()
        scene.aws.tick(minutes=1)
        scene.state = "OK" if story.over else scene.state
    return Played(scene, scene.told[earlier:], thrown)


# --- what must hold --------------------------------------------------------------------------------------


def wrong(played: Played) -> Iterator[str]:
    """What does not hold, in words."""
    yield from _variables(played.scene)
    yield from _record(played.scene)
    yield from _table(played.scene)
    yield from _once(played.scene)
    yield from _told(played)
    yield from _followed(played)


def _followed(played: Played) -> Iterator[str]:
    """Whatever was opened and answered has a follow-up, and only one."""
    scene = played.scene
    opened = [row["incident"] for row in scene.rows() if row["pk"] == "ALARMS"]
    if played.thrown is None and opened:
        followed = list(scene.aws.lambdas.executions)
        if followed != [f"{opened[0]}-g1"]:
            yield f"followed by {followed}"


def _variables(scene: Scene) -> Iterator[str]:
    for name in FOUR:
        for qualifier in ("$LATEST", *scene.aws.lambdas.functions[name].aliases):
            found = scene.aws.lambdas.variables(name, qualifier)
            if {**found, ROLLOUT: ""} != {**OTHERS, ROLLOUT: ""}:
                yield f"{name} lost a variable"
            if found[ROLLOUT] not in (OLD, OFF):
                yield f"{name} is at {found[ROLLOUT]}"
    for name in (CREATE, RESULT):
        if scene.aws.lambdas.variables(name) != {"LIVENESS_SESSIONS_TABLE": TABLE}:
            yield f"{name} was touched"


def _record(scene: Scene) -> Iterator[str]:
    """Whatever is at 0 is leased with its old value; what is no longer leased is back."""
    leases = [one for one in scene.leases() if one["remedy"] == "rollout_to_zero"]
    held = [one for one in leases if one["state"] not in ("ended", "failed")]
    off = [name for name, value in zip(FOUR, scene.percentages(), strict=True) if value == OFF]
    for name in off:
        known = [one["snapshot"]["functions"].get(name, {}).get("old") for one in held]
        if known != [OLD]:
            yield f"{name} is at 0, leased with {known}"


def _table(scene: Scene) -> Iterator[str]:
    switched = len(scene.aws.dynamo._switches.get(TABLE, []))
    leases = [one for one in scene.leases() if one["remedy"] == "on_demand_billing"]
    if switched > 1:
        yield "the table was switched twice"
    if switched and [one["state"] in ("ended", "failed") for one in leases] != [False]:
        yield "the table is on demand without a lease"


def _once(scene: Scene) -> Iterator[str]:
    rows = [json.loads(row["data"]) for row in scene.rows("APPLIED#")]
    if sum(row["ok"] for row in rows) > 1:
        yield "counted twice"


def _told(played: Played) -> Iterator[str]:
    scene = played.scene
    if "s3cret" in json.dumps([scene.rows(), scene.aws.sns.published], default=str):
        yield "a value leaked"
    if played.thrown is not None:
        # Lambda hands it to response_failed, which tells the manual's steps.
        return
    if not played.told:
        # That AWS still works on it is no news; the follow-up asks again.
        working = [
            one for lease in scene.leases() for one in lease["changes"] if one["status"] == "in_progress"
        ]
        if not working:
            yield "nobody was told"
        return
    off = OFF in scene.percentages()
    if off and not any("SECURITY" in one["headline"] for one in played.told):
        yield "nobody was told that security is lowered"
    results = {outcome["result"] for one in played.told for outcome in one["outcomes"]}
    if "taken_back" in results and off:
        yield "told as taken back, but it is not"


def finished(scene: Scene) -> Iterator[str]:
    """After the follow-up's `continue`, the record still agrees and nothing waits for nobody."""
    for lease in scene.leases():
        for _ in range(2):
            scene.aws.settle()
            scene.command("continue", remedy=lease["remedy"])
    yield from _record(scene)
    yield from _table(scene)
    told = scene.result["result"] if scene.leases() else ""
    if told == "applied" and scene.percentages() != [OFF] * 4 and not scene.aws.dynamo._switches:
        yield "continue told as applied what is not"
    if told == "taken_back" and OFF in scene.percentages():
        yield "continue told as taken back what is not"
    if any(one["state"] == "applying" for one in scene.leases()):
        yield "a lease is neither in force nor given up"


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    # Hundreds of tracebacks that are meant to happen would bury the one that is not.
    log().setLevel("CRITICAL")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_any_call_may_fail_in_any_way(story: Story, fault: Fault) -> None:
    found = {}
    for place, cell in enumerate(cells(story)):
        if apart(story, cell, place, fault):
            played = play(story, cell, fault)
            problems = [*wrong(played), *(f"later: {each}" for each in finished(played.scene))]
            if problems:
                found[cell] = problems
    assert not found, json.dumps({" ".join(map(str, cell)): what for cell, what in found.items()}, indent=1)
