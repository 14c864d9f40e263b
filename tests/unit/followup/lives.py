"""Three incidents whose follow-up may die anywhere, and what must come out of them all the same."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from responder.store import Incidents
from responder.store.assessments import Assessments
from tests.unit.followup.deaths import AFTER, Place, Reaper
from tests.unit.followup.stage import broken, cold, slow
from tests.unit.followup.theatre import Theatre

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


@dataclass(frozen=True)
class Story:
    name: str
    begin: Callable[[], Theatre]
    until: float


def never_recovers() -> Theatre:
    """Acknowledged and forgotten, up to the last level."""
    theatre = Theatre(slow())
    return theatre.at(2.5, theatre.acknowledges)


def step_back() -> Theatre:
    """Switched off, OK, the revert approved and carried out by the follow-up, closed."""
    theatre = Theatre(broken())
    theatre.scene.environment |= {"VERIFY_MINUTES": "2"}
    theatre.scene.traffic(0, 60, per_minute=30)
    for minute in (5, 8):
        theatre.at(minute, theatre.approves)
    return theatre.at(1.5, theatre.recovers)


def lent_and_reverted() -> Theatre:
    """Kept warm, judged ineffective, OK, recovered, reverted, closed."""
    theatre = Theatre(cold())
    theatre.scene.traffic(0, 60)
    return theatre.at(4.5, theatre.recovers)


def made_worse() -> Theatre:
    """Kept warm, reverted by a person because it made things worse: only asked for from then on."""
    theatre = Theatre(cold())
    theatre.scene.traffic(0, 60)
    theatre.at(2.5, lambda: theatre.reverts_harm("provisioned_concurrency"))
    return theatre.at(4.5, theatre.recovers)


STORIES = (
    Story("never recovers", never_recovers, 14),
    Story("comes back in steps", step_back, 30),
    Story("is taken back", lent_and_reverted, 30),
    Story("loses its trust", made_worse, 30),
)


@dataclass(frozen=True)
class Ended:
    """What must be the same, however often it died on the way."""

    reports: frozenset[str]
    effects: tuple[tuple[str, int], ...]
    state: str

    @classmethod
    def of(cls, theatre: Theatre) -> "Ended":
        aws = theatre.scene.aws
        head = Incidents(aws, "Incidents").head(theatre.incident)
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
        leases = [(one["remedy"], one["state"], _untimed(one["changes"])) for one in theatre.scene.leases()]
        trust = [theatre.asking, [(one.act, one.result, one.counted) for one in assessments]]
        facts = [
            theatre.closed,
            kept,
            leases,
            theatre.scene.percentages(),
            str(aws.lambdas.provisioned),
            trust,
        ]
        filed = sorted({each["Key"] for each in aws.sent("s3", "put_object")})
        return cls(
            # A death may put a command off by a second, and the id of its message holds its time.
            frozenset(re.sub(r"/command/\w+", "/command", each.body["id"]) for each in theatre.messages),
            tuple((name, aws.count("lambda", name)) for name in CHANGES),
            json.dumps([facts, filed], sort_keys=True, default=str),
        )


def _untimed(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in each.items() if name != "written"} for each in changes]


def played(
    story: Story, *wanted: Place, sides: tuple[str, ...] = (), late: bool = False
) -> tuple[Ended, Reaper]:
    theatre = story.begin()
    theatre.scene.environment |= SHORT
    theatre.late = late
    reaper = Reaper(theatre, None if sides else frozenset(wanted), sides)
    theatre.play(story.until)
    return Ended.of(theatre), reaper


@cache
def undisturbed(story: Story, late: bool = False) -> tuple[Ended, tuple[Place, ...]]:
    ended, reaper = played(story, late=late)
    return ended, tuple(reaper.passed)


def places(story: Story) -> list[Place]:
    passed = [each for each in undisturbed(story)[1] if not each.quiet and not each.what.startswith("START")]
    behind = [each for each in passed if each.side == AFTER]
    first = {_kind(each): each for each in reversed(behind)}
    last = {_kind(each): each for each in behind}
    tried = {*first.values(), *last.values()}
    return [passed[0], *dict.fromkeys(each for each in behind if each in tried)]


def _kind(place: Place) -> tuple[str, str]:
    """`continue …` of two leases is alike, and so is the checkpoint behind it."""
    what = place.what.partition(" ")[0] if place.what.startswith("SUCCEED") else place.what
    return place.step.partition(" ")[0], what


def wrong(story: Story, ended: Ended, reaper: Reaper) -> list[str]:
    """What is not as it would have been, in words."""
    expected = undisturbed(story)[0]
    found = [f"lost: {each}" for each in expected.reports - ended.reports]
    found += [f"told besides: {each}" for each in ended.reports - expected.reports]
    found += [f"{ended.effects} instead of {expected.effects}"] * (ended.effects != expected.effects)
    found += [f"{ended.state}\ninstead of\n{expected.state}"] * (ended.state != expected.state)
    times = Counter(each.body["id"] for each in reaper.theatre.messages)
    return found + [f"told {n} times: {id_}" for id_, n in times.items() if n > 1 + len(reaper.died)]
