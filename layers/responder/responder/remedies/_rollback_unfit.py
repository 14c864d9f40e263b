"""Versions that nothing should go back to, whatever their code: by the variables they bring along. Pure."""

from collections.abc import Mapping
from typing import Any

from responder.explained import Explained
from responder.obstacle import Obstacle
from responder.remedies._environment import all_expected
from responder.remedies._managed import variables_of
from responder.remedies._threshold import number
from responder.settings import Settings


def unfit(
    function: str, served: Mapping[str, Any], previous: Mapping[str, Any] | None, settings: Settings
) -> tuple[Explained[Obstacle], ...]:
    """Reasons against `previous`. What is as wrong in `served` is none, and what cannot be read is told of
    elsewhere."""
    if previous is None or variables_of(previous) is None:
        return ()
    version = str(previous.get("Version", "-"))
    broken = tuple(
        each.name
        for each in all_expected(settings)
        if (each.value or each.found(previous) is None)
        and each.amiss(previous)
        and each.found(previous) != each.found(served)
    )
    against = []
    if broken:
        names = ", ".join(broken)
        against.append(Obstacle.PREVIOUS_BROKEN(target=function, version=version, names=names))
    if _lowers(served, previous, settings.threshold_variable):
        # Security is never lowered by the way: that takes two people, and ends by itself.
        against.append(
            Obstacle.PREVIOUS_LOWERS_THRESHOLD(
                target=function,
                version=version,
                setting=settings.threshold_variable,
            )
        )
    return tuple(against)


def _lowers(served: Mapping[str, Any], previous: Mapping[str, Any], name: str) -> bool:
    now, then = (number((variables_of(each) or {}).get(name, "")) for each in (served, previous))
    return now is not None and then is not None and then < now
