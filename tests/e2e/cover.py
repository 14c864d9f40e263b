"""Which scenarios `make test` plays: a few in which everything occurs that only a local AWS can show. Pure.

Not counted are causes, reasons, warnings, the fields of an alarm's event, what our functions only read, and
what happens while an incident is followed: unit tests and timelines show them. Nor are what people do and
alarms that fire at the same time: tests/integration (`test_console`, `test_people`) and
tests/proof/test_races.py show them on a local AWS, too. The service as it was before it was rolled out would
need another one.
"""

from collections.abc import Iterable, Iterator
from functools import cache, partial

from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.scenario import Scenario
from rehearsal.world.build import World

type Feature = tuple[str, ...]

# Of a plain response: how much longer it takes to follow an incident, each hour of it, and a command.
_FOLLOWED, _HOUR, _STEP = 4.0, 1.0, 0.6


def features(one: Scenario) -> Iterator[Feature]:
    """What occurs in it: alarms, results, changed settings, conditions, faults, commands."""
    yield from (("alarm", alarm) for alarm in one.alarms)
    yield ("of", one.alarm)
    for expected in (one.expect, *(step.expect for step in one.then)):
        if expected is not None:
            yield from (("result", result) for result in expected.results.values())
            yield from (("changed", setting.rsplit(" ", 1)[-1]) for setting in expected.after)
    conditions = (*one.conditions, *(condition for step in one.then for condition in step.before))
    names = (condition.func.__name__ for condition in conditions if isinstance(condition, partial))
    yield from (("condition", name) for name in names if name not in _ONLY_READ)
    yield from (("fault", *(str(fault.get(key)) for key in _FAULT)) for fault in one.faults)
    yield from (("step", step.command) for step in one.then)
    yield from (("mode", mode) for mode in one.modes.values())
    yield from (("kind", type(one.kind).__name__) for _ in (one.kind,) if one.kind is not None)
    if one.follow is not None:
        yield from (("closed",) for _ in range(one.follow.closed))
        yield from (("commanded",) for each in one.follow.messages if each.name == "command")
    yield from ((flag,) for flag in _FLAGS if getattr(one, flag))
    yield from (("twice",) for _ in range(one.deliveries - 1))


_FAULT = ("service", "operation", "error_code")
# What is different then is only read: tests with fakes show what each of them leads to.
_ONLY_READ = frozenset(
    (
        *("actions_disabled", "bucket_denies", "changed", "for_all", "in_progress"),
        *("maintenance", "muted", "not_evaluated", "released", "settings_changed"),
    )
)
_FLAGS = ("pause", "denied", "quiet", "past_alias", "corrected")


def cover(chosen_from: Iterable[Scenario]) -> tuple[Scenario, ...]:
    """The cheapest first that shows the most of what the ones before it do not, until all is shown; without
    those of which the others show all."""
    found = {one.id: (one, frozenset(features(one))) for one in chosen_from}
    left = {feature for _, its in found.values() for feature in its}
    chosen = []
    while left:
        one, its = max(found.values(), key=lambda each: len(each[1] & left) / _cost(each[0]))
        chosen.append(one)
        left -= its
    for one in tuple(chosen):
        others = frozenset[Feature]().union(*(found[each.id][1] for each in chosen if each is not one))
        if found[one.id][1] <= others:
            chosen.remove(one)
    return tuple(chosen)


@cache
def in_test() -> frozenset[str]:
    """The ids of those that `make test` plays; `make proof` and `make drill ALARM=all` play all."""
    return frozenset(one.id for one in cover(counted()))


def counted() -> list[Scenario]:
    """Those it is chosen from."""
    return [one for one in scenarios() if not one.part and one.world is World.ROLLED_OUT]


@cache
def in_english() -> tuple[Scenario, ...]:
    """Those that are followed to their end, and the first of every other alarm."""
    followed = {scenario.id: scenario for scenario in scenarios() if scenario.follow is not None}
    first = {scenario.alarms[0]: scenario for scenario in reversed(scenarios())}
    return tuple((followed | {scenario.id: scenario for scenario in first.values()}).values())


def _cost(one: Scenario) -> float:
    followed = _FOLLOWED + _HOUR * one.follow.until / 60 if one.follow else 1
    return followed + _STEP * len(one.then)
