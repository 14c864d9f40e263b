"""Which of the expected variables have to be put back, and what stands in the way. Pure."""

from collections.abc import Mapping
from typing import Any

from responder.change import Change, Plan, Status
from responder.context import Context
from responder.explained import Explained
from responder.obstacle import Obstacle
from responder.remedies._environment import Expected, Variables, all_expected
from responder.remedies._functions import FunctionNow
from responder.remedies._managed import variables_of
from responder.remedies._obstacles import cautions, in_flight, moves, obstacles, to_announce


def planned(context: Context, now: FunctionNow) -> Plan:
    """One change per variable: from `(missing)` or `(wrong)` to the parameter's value."""
    unread = _unreadable(now)
    if unread:
        return Plan(now.name, (), obstacles=unread)
    wanted = all_expected(context.settings)
    unknown = tuple(
        Obstacle.NO_EXPECTED_VALUE(target=now.name, setting=each.name) for each in wanted if not each.value
    )
    known = tuple(each for each in wanted if each.value)
    amiss = tuple(each for each in known if any(map(each.amiss, _served(now))))
    several = Variables(amiss)
    against = obstacles(now, several, context.now.date()) if amiss else ()
    return Plan(
        now.name,
        tuple(_to_do(now, each) for each in amiss) or _done(now, known),
        {"functions": {now.name: _snapshot(now, several)}},
        (*unknown, *against),
        in_flight(now) if amiss else None,
        cautions=cautions(now, several) if amiss else (),
        modified={} if now.modified is None else {now.name: now.modified},
        moves=moves(now, several) if amiss else frozenset(),
        held=now,
    )


def _served(now: FunctionNow) -> tuple[Mapping[str, Any], ...]:
    """What users have: $LATEST, and the version behind each alias."""
    return (now.configuration, *(alias.served for alias in now.released))


def _unreadable(now: FunctionNow) -> tuple[Explained[Obstacle], ...]:
    names = (now.name, *(f"{now.name}:{alias.name}" for alias in now.released))
    return tuple(
        Obstacle.VARIABLES_UNREADABLE(target=name)
        for name, configuration in zip(names, _served(now), strict=True)
        if variables_of(configuration) is None
    )


def _to_do(now: FunctionNow, each: Expected) -> Change:
    before = next(each.state(found) for found in _served(now) if each.amiss(found))
    return Change(now.name, each.name, before, each.value)


def _done(now: FunctionNow, known: tuple[Expected, ...]) -> tuple[Change, ...]:
    """What somebody chose otherwise is not ours to show."""
    fine = (each for each in known if each.state(now.configuration) == each.value)
    return tuple(Change(now.name, each.name, each.value, each.value, Status.ALREADY) for each in fine)


def _snapshot(now: FunctionNow, several: Variables) -> dict[str, Any]:
    return {
        "others": sorted(name for name in several.rest(now.configuration) if not name.startswith(".")),
        "revision": now.revision,
        "code": now.code,
        "aliases": {alias.name: alias.version for alias in now.aliases},
        **to_announce(now, several),
    }
