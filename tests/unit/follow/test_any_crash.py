"""The follow-up's process dies at every place of three incidents, and resumes: the same story, done once.

A place is one side of a write of its own, or of a checkpoint of the SDK. What is behind one is what is before
the next one, so each is tried from behind alone; of the duties of one kind, and of the looks that find
something to do, the first and the last. The runs that die at every place, one after the other, omit none.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from responder.incidents import Incidents
from tests.unit.follow.deaths import AFTER, BEFORE, Place, Reaper
from tests.unit.follow.stage import broken, cold, slow
from tests.unit.follow.theatre import Theatre

pytestmark = pytest.mark.unit
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
    """Switched off, OK, the way back approved and carried out by the follow-up, closed."""
    theatre = Theatre(broken())
    theatre.scene.environment |= {"VERIFY_MINUTES": "2"}
    theatre.scene.traffic(0, 60, per_minute=30)
    for minute in (5, 8):
        theatre.at(minute, theatre.approves)
    return theatre.at(1.5, theatre.recovers)


def lent_and_taken_back() -> Theatre:
    """Kept warm, judged in vain, OK, recovered, taken back, closed."""
    theatre = Theatre(cold())
    theatre.scene.traffic(0, 60)
    return theatre.at(4.5, theatre.recovers)


STORIES = (
    Story("never recovers", never_recovers, 14),
    Story("comes back in steps", step_back, 30),
    Story("is taken back", lent_and_taken_back, 30),
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
        # When it was done may differ by the crash; what was done may not.
        kept = [head.watch.get("judged"), *(sorted(head.watch.get(name, {})) for name in ("told", "acks"))]
        kept += [bool(head.watch.get(name)) for name in ("mitigated", "recovered")]
        leases = [(one["remedy"], one["state"], one["changes"]) for one in theatre.scene.leases()]
        facts = [theatre.closed, kept, leases, theatre.scene.percentages(), str(aws.lambdas.provisioned)]
        filed = sorted({each["Key"] for each in aws.sent("s3", "put_object")})
        return cls(
            frozenset(each.body["id"] for each in theatre.messages),
            tuple((name, aws.count("lambda", name)) for name in CHANGES),
            json.dumps([facts, filed], sort_keys=True, default=str),
        )


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
    return [passed[0], *(each for each in behind if each in tried)]


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


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_stories_have_an_end_and_every_kind_of_duty(story: Story) -> None:
    ended, passed = undisturbed(story)
    assert len(places(story)) > 20
    assert len({each.step.split()[0] for each in passed}) >= 4
    assert ended.reports


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_it_may_die_at_any_place_and_resumes(story: Story) -> None:
    found: dict[str, Any] = {}
    for place in places(story):
        ended, reaper = played(story, place)
        problems = wrong(story, ended, reaper)
        if problems or reaper.died != [place]:
            found[str(place)] = problems or "never died there"
    assert not found, json.dumps(found, indent=1)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_command_that_is_sent_twice_changes_things_once(story: Story) -> None:
    """The alarm's function is slow, and the follow-up died before it could note that it had sent it."""
    expected = undisturbed(story, late=True)[0]
    for place in places(story):
        if place.what.startswith("lambda:invoke"):
            ended, reaper = played(story, place, late=True)
            assert reaper.died == [place]
            assert (ended.effects, ended.state) == (expected.effects, expected.state), str(place)
            lost = {each for each in expected.reports - ended.reports if "/command/" not in each}
            assert not lost, str(place)


@pytest.mark.parametrize("sides", [(BEFORE,), (AFTER,), (BEFORE, AFTER)], ids="-".join)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_it_may_die_at_every_place_of_one_incident(story: Story, sides: tuple[str, ...]) -> None:
    ended, reaper = played(story, sides=sides)
    assert wrong(story, ended, reaper) == []
    died = {(each.step.split()[0], each.side) for each in reaper.died}
    assert {(each.step.split()[0], each.side) for each in undisturbed(story)[1] if each.side in sides} <= died
