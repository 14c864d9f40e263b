"""Which scenarios share a local AWS: one world each, and a full world on two of them. Pure."""

from collections import Counter
from collections.abc import Sequence

from liveness_ops.drill.scenario import Scenario
from liveness_ops.world.build import World

type Lane = tuple[World, int]

# To follow an incident takes about as long as so many responses.
_FOLLOWED = 5
# A second local AWS costs a deployment; below this many scenarios that takes longer than it saves.
_WORTH_A_SECOND = 30


def lanes(scenarios: Sequence[Scenario]) -> list[Lane]:
    """The lane of each scenario. An alarm stays in one lane, so that its function starts once there."""
    split = {world: _halves([s for s in scenarios if s.world is world]) for world in World}
    return [(scenario.world, split[scenario.world][scenario.alarm]) for scenario in scenarios]


def _halves(scenarios: Sequence[Scenario]) -> dict[str, int]:
    counts = Counter[str]()
    for scenario in scenarios:
        counts[scenario.alarm] += _FOLLOWED if scenario.follow else 1
    if len(scenarios) < _WORTH_A_SECOND:
        return dict.fromkeys(counts, 0)
    found: dict[str, int] = {}
    load = [0, 0]
    for alarm, count in counts.most_common():
        found[alarm] = load.index(min(load))
        load[found[alarm]] += count
    return found
