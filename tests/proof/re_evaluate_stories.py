"""`re-evaluate` after every story, as the follow-up sends it: the alarm is still in ALARM, or OK."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from rehearsal.drill import state
from rehearsal.drill.watched_alarms import watched_alarm
from responder.aws.items import from_item
from responder.core.change import LeaseState
from responder.core.command import CommandKind
from responder.core.frozen import frozen
from responder.store.rows import lease
from tests.fakes import FakeAws
from tests.proof import in_memory_drill
from tests.proof.invariants import INVARIANTS, reported
from tests.proof.matrix import Invariant, Story, StoryRun, StoryStart, clean
from tests.proof.reporting import reports
from tests.proof.scenario_stories import Known, acts_of, begun_with, playable, story_name

# When the follow-up decides again for the first time.
_MINUTES = 5
# What a person has to be notified of. Found done or not needed is no news to people who were notified
# before.
_NEWS = frozenset({"applied", "partial", "failed", "asked", "reverted"})

type Outcomes = frozenset[tuple[str, str]]


@frozen
class Again(Known):
    """`over`: the alarm is; `heard`: remedy and result of whatever was reported before; `half`: remedies that
    are in force in part."""

    over: bool = False
    heard: Outcomes = frozenset()
    half: frozenset[str] = frozenset()


@frozen
class _Ended:
    known: Known
    aws: FakeAws
    heard: Outcomes


@frozen
class Asked:
    """One story. `kind`: what it comes after, and how; the first of each is played whole."""

    story: Story
    kind: tuple[Any, ...]

    def __str__(self) -> str:
        return str(self.story)


def stories() -> list[Asked]:
    """In the order of the catalogue: after each step of each scenario two."""
    found = []
    for scenario in playable():
        expects = (scenario.expect, *(step.expect for step in scenario.then))
        for step, expect in enumerate(expects):
            for over in (False, True):
                name = f"{story_name(scenario, step)}, re-evaluate{' when it is over' * over}"
                kind = (over, *sorted(expect.results.items()))
                found.append(Asked(Story(name, partial(_begin, scenario.id, step, over)), kind))
    return found


def _begin(name: str, step: int, over: bool) -> StoryStart:
    ended = _ended(name)[step]
    aws, scenario = ended.aws.copied(), ended.known.scenario
    aws.calls.clear()
    aws.sns.published.clear()
    aws.tick(minutes=_MINUTES)
    alarm = watched_alarm(scenario.alarm, corrected=scenario.corrected).name
    aws.metrics.set_alarm_state(alarm, "OK" if over else "ALARM")
    first, before = ended.known.first, state.read(in_memory_drill.as_local_aws(aws).client)
    event = {"command": str(CommandKind.RE_EVALUATE), "incident": _incident(aws)}
    known = Again(scenario, step + 1, event, first, before, ended.known.expect, over, ended.heard, _half(aws))
    return begun_with(aws, known)


@lru_cache(maxsize=2)
def _ended(name: str) -> tuple[_Ended, ...]:
    """Every act of a scenario where all went well, with all that was done since the alarm."""
    found, done, heard = list[_Ended](), list[Any](), frozenset[tuple[str, str]]()
    for begun in acts_of(name):
        fresh = replace(begun, aws=begun.aws.copied())
        aws = clean(Story("", lambda fresh=fresh: fresh)).aws  # type: ignore[misc]
        heard |= _heard(aws)
        done += aws.done
        aws.done[:] = done
        found.append(_Ended(begun.known, aws, heard))
    return tuple(found)


def _half(aws: FakeAws) -> frozenset[str]:
    rows = map(from_item, aws.dynamo.rows(in_memory_drill.TABLES["Incidents"]))
    leases = [lease(row) for row in rows if row["sk"].startswith("LEASE#")]
    return frozenset(each.remedy for each in leases if each.state is LeaseState.PARTIAL)


def _heard(aws: FakeAws) -> Outcomes:
    reported = reports(aws.sns.published)
    return frozenset((each["remedy"], each["result"]) for one in reported for each in one.get("outcomes", ()))


def _incident(aws: FakeAws) -> str:
    rows = aws.dynamo.rows(in_memory_drill.TABLES["Incidents"])
    (pointer,) = (row for row in rows if row["pk"] == {"S": "ALARMS"})
    return str(pointer["incident"]["S"])


def stands(played: StoryRun) -> Iterator[str]:
    """What was set before stays as it was set; with the alarm over nothing is changed at all."""
    known: Again = played.begun.known
    found = state.read(in_memory_drill.as_local_aws(played.aws).client)
    for key in sorted(known.first.keys() | known.before.keys() | found.keys()):
        old, new = known.before.get(key, ""), found.get(key, "")
        if new != old and (known.over or known.first.get(key, "") != old):
            yield f"{key} was changed " + ("with the alarm over" if known.over else "once more")


def idle(played: StoryRun) -> Iterator[str]:
    """With the alarm OK nothing is done or requested; what is in force in part is reported so."""
    known: Again = played.begun.known
    answer = played.invocation.answer
    results = answer.get("results", {}) if known.over and isinstance(answer, dict) else {}
    yield from (
        f"{name} is {result} with the alarm over"
        for name, result in results.items()
        if result in _NEWS and not (result == "partial" and name.partition(" ")[0] in known.half)
    )


def heard(played: StoryRun) -> Iterator[str]:
    """As for any event; but where nothing was changed, and the result is the same as before, silence is
    right."""
    known: Again = played.begun.known
    quiet = state.read(in_memory_drill.as_local_aws(played.aws).client) == known.before
    yield from (each for each in reported(played) if each != "no message was sent" or not quiet)
    answer = played.invocation.answer
    results = answer.get("results", {}) if isinstance(answer, dict) else {}
    known_of = known.heard | _heard(played.aws)
    for name, result in results.items():
        if result in _NEWS and (name.partition(" ")[0], result) not in known_of:
            yield f"{name} is {result}, and no message was sent"


JUDGED: tuple[Invariant, ...] = (*(each for each in INVARIANTS if each is not reported), heard, idle, stands)
