"""Three incidents whose follow-up may die anywhere, and what must come out of them all the same."""

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache

from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.text import Strings
from responder.store import Incidents
from responder.store.ledger import Assessments
from tests.unit.followup.crashes import AFTER, CrashInjector, CrashPoint
from tests.unit.followup.scenes import broken, cold, slow
from tests.unit.followup.simulation import IncidentSimulation

# The clock of an incident, made short: every duty, few of the looks between them.
SHORT = {
    "ESCALATION_MINUTES": "4,6,8",
    "MEDIUM_LATER_MINUTES": "0",
    "ACKNOWLEDGED_MINUTES": "3",
    "AGAIN_MINUTES": "2",
    "SOAK_MINUTES": "2",
    "KEEP_WARM_MINUTES": "2",
    "EFFECT_MINUTES": "3",
}
CHANGES = (
    "update_function_configuration",
    "put_provisioned_concurrency_config",
    "delete_provisioned_concurrency_config",
)


@frozen
class Story:
    name: str
    begin: Callable[[], IncidentSimulation]
    until: float


def never_recovers() -> IncidentSimulation:
    """Acknowledged and forgotten, up to the last level."""
    simulation = IncidentSimulation(slow())
    return simulation.at(2.5, simulation.acknowledges)


def step_back() -> IncidentSimulation:
    """Switched off, OK, the revert approved and carried out by the follow-up, closed."""
    simulation = IncidentSimulation(broken())
    simulation.scene.environment |= {"VERIFY_MINUTES": "2"}
    simulation.scene.traffic(0, 60, per_minute=30)
    for minute in (5, 11):
        simulation.at(minute, simulation.approves)
    return simulation.at(1.5, simulation.recovers)


def kept_warm_and_reverted() -> IncidentSimulation:
    """Kept warm, judged ineffective, OK, recovered, reverted, closed."""
    simulation = IncidentSimulation(cold())
    simulation.scene.traffic(0, 60)
    return simulation.at(4.5, simulation.recovers)


def made_worse() -> IncidentSimulation:
    """Kept warm, reverted by a person because it made things worse: only asked for from then on."""
    simulation = IncidentSimulation(cold())
    simulation.scene.traffic(0, 60)
    simulation.at(2.5, lambda: simulation.reverts_harm("provisioned_concurrency"))
    return simulation.at(4.5, simulation.recovers)


STORIES = (
    Story("never recovers", never_recovers, 14),
    Story("comes back in steps", step_back, 30),
    Story("is taken back", kept_warm_and_reverted, 30),
    Story("loses its trust", made_worse, 30),
)


@frozen
class Ended:
    """What must be the same, however often it died on the way."""

    reports: frozenset[str]
    effects: tuple[tuple[str, int], ...]
    state: str

    @classmethod
    def of(cls, simulation: IncidentSimulation) -> "Ended":
        aws = simulation.scene.aws
        head = Incidents(aws, "Incidents").head(simulation.incident)
        assert head is not None
        assessments = Assessments(aws, "Incidents").read()
        # When it was done may differ by the crash; what was done may not.
        watch = head.remembered
        kept = [
            watch.judged,
            watch.assessed,
            sorted(watch.notified),
            sorted(watch.acks),
            bool(watch.mitigated),
            bool(watch.recovered),
        ]
        leases = [
            (one["remedy"], one["state"], _untimed(one["changes"])) for one in simulation.scene.leases()
        ]
        trust = [simulation.asking, [(one.act, one.result, one.counted) for one in assessments]]
        facts = [
            simulation.closed,
            kept,
            leases,
            simulation.scene.percentages(),
            str(aws.lambdas.provisioned),
            trust,
        ]
        filed = sorted({each["Key"] for each in aws.sent("s3", "put_object")})
        return cls(
            # A crash may put a command off by a second, and the id of its message holds its time.
            frozenset(re.sub(r"/command/\w+", "/command", each.body["id"]) for each in simulation.messages),
            tuple((name, aws.count("lambda", name)) for name in CHANGES),
            json.dumps([facts, filed], sort_keys=True, default=str),
        )


def _untimed(changes: list[Json]) -> list[Json]:
    return [{name: value for name, value in each.items() if name != "written"} for each in changes]


def played(
    story: Story, *wanted: CrashPoint, sides: Strings = (), late: bool = False
) -> tuple[Ended, CrashInjector]:
    simulation = story.begin()
    simulation.scene.environment |= SHORT
    simulation.late = late
    injector = CrashInjector(simulation, None if sides else frozenset(wanted), sides)
    simulation.play(story.until)
    return Ended.of(simulation), injector


@cache
def undisturbed(story: Story, late: bool = False) -> tuple[Ended, tuple[CrashPoint, ...]]:
    ended, injector = played(story, late=late)
    return ended, tuple(injector.reached)


def crash_points(story: Story) -> list[CrashPoint]:
    passed = [each for each in undisturbed(story)[1] if not each.quiet and not each.what.startswith("START")]
    behind = [each for each in passed if each.side == AFTER]
    first = {_kind(each): each for each in reversed(behind)}
    last = {_kind(each): each for each in behind}
    tried = {*first.values(), *last.values()}
    return [passed[0], *dict.fromkeys(each for each in behind if each in tried)]


def _kind(point: CrashPoint) -> tuple[str, str]:
    """`continue …` of two leases is alike, and so is the checkpoint behind it."""
    what = point.what.partition(" ")[0] if point.what.startswith("SUCCEED") else point.what
    return point.step.partition(" ")[0], what


def wrong(story: Story, ended: Ended, injector: CrashInjector) -> list[str]:
    """What is not as it would have been, in words."""
    expected = undisturbed(story)[0]
    found = [f"lost: {each}" for each in expected.reports - ended.reports]
    found += [f"told besides: {each}" for each in ended.reports - expected.reports]
    found += [f"{ended.effects} instead of {expected.effects}"] * (ended.effects != expected.effects)
    found += [f"{ended.state}\ninstead of\n{expected.state}"] * (ended.state != expected.state)
    times = Counter(each.body["id"] for each in injector.simulation.messages)
    return found + [f"told {n} times: {id_}" for id_, n in times.items() if n > 1 + len(injector.crashed)]
