"""Which scenarios `make test` plays: a few in which everything occurs that only a local AWS can show. Pure.

Not counted are causes, reasons, warnings, the fields of an alarm's event, and what happens while an incident
is followed: unit tests and timelines show them.
"""

from collections.abc import Iterable, Iterator
from functools import cache, partial

from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.scenario import Scenario

type Feature = tuple[str, ...]

# Of a plain response: how much longer it takes to follow an incident, and a command or another alarm.
_FOLLOWED, _STEP = 8.0, 0.6


def features(one: Scenario) -> Iterator[Feature]:
    """What occurs in it: alarms, results, changed settings, twists, faults, commands."""
    yield from (("alarm", alarm) for alarm in one.alarms)
    yield ("of", one.alarm)
    yield ("world", one.world)
    yield ("part", one.part)
    for expected in (one.expect, *(step.expect for step in one.then)):
        if expected is not None:
            yield from (("result", result) for result in expected.results.values())
            yield from (("changed", setting.rsplit(" ", 1)[-1]) for setting in expected.after)
    twists = (*one.twists, *(twist for step in one.then for twist in step.before))
    names = (twist.func.__name__ for twist in twists if isinstance(twist, partial))
    yield from (("twist", name) for name in names if name != _FOR_THE_FOLLOW_UP)
    yield from (("fault", *(str(fault.get(key)) for key in _FAULT)) for fault in one.faults)
    yield from (("step", type(step).__name__, step.command) for step in one.then)
    yield from (("mode", mode) for mode in one.modes.values())
    yield from (("kind", type(one.kind).__name__) for _ in (one.kind,) if one.kind is not None)
    if one.follow is not None:
        yield ("followed", str(one.follow.closed))
    yield from ((flag,) for flag in _FLAGS if getattr(one, flag))
    yield from (("twice",) for _ in range(one.deliveries - 1))


_FAULT = ("service", "operation", "error_code")
# The twist that only prepares what happens while an incident is followed. `was_ineffective` does so too, and
# is counted: in its scenario the follow-up writes a stop, under its own role.
_FOR_THE_FOLLOW_UP = "for_all"
_FLAGS = ("pause", "denied", "quiet", "past_alias", "corrected", "beside")


def cover(chosen_from: Iterable[Scenario]) -> tuple[Scenario, ...]:
    """The cheapest first that shows the most of what the ones before it do not, until all is shown."""
    found = {one.id: (one, frozenset(features(one))) for one in chosen_from}
    left = {feature for _, its in found.values() for feature in its}
    chosen = []
    while left:
        one, its = max(found.values(), key=lambda each: len(each[1] & left) / _cost(each[0]))
        chosen.append(one)
        left -= its
    return tuple(chosen)


@cache
def in_test() -> frozenset[str]:
    """The ids of those that `make test` plays; `make proof` plays the others too, and `make drill` all."""
    return frozenset(one.id for one in cover(scenarios()))


@cache
def in_english() -> tuple[Scenario, ...]:
    """Those that are followed to their end, and the first of every other alarm."""
    followed = {scenario.id: scenario for scenario in scenarios() if scenario.follow is not None}
    first = {scenario.alarms[0]: scenario for scenario in reversed(scenarios())}
    return tuple((followed | {scenario.id: scenario for scenario in first.values()}).values())


def _cost(one: Scenario) -> float:
    return (_FOLLOWED if one.follow else 1) + _STEP * len(one.then) + len(one.beside)
