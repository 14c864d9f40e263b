"""All timelines, and those that the follow-up does not yet get right."""

from collections.abc import Mapping

from tests.timelines.stories import flapping, in_force, outages, unsolved
from tests.timelines.timeline import Timeline

_ALL = (*unsolved.TIMELINES, *in_force.TIMELINES, *flapping.TIMELINES, *outages.TIMELINES)


def timelines(name: str = "") -> tuple[Timeline, ...]:
    """The one of this name, or those whose name begins so; all without one."""
    exact = tuple(each for each in _ALL if each.id == name)
    return exact or tuple(each for each in _ALL if each.id.startswith(name))


# By timeline, what is not as expected. One that goes right leaves this list: a test sees to it.
KNOWN_MISSES: Mapping[str, str] = {}
