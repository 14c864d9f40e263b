from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from liveness_ops.drill.catalogue import scenarios
from liveness_ops.drill.run import plays
from liveness_ops.drill.scenario import Scenario
from liveness_ops.drill.stage import Played
from liveness_ops.drill.words import Language


@pytest.fixture(scope="session")
def played() -> Iterator[dict[str, Future[Played]]]:
    """Every scenario by its id; played once, while the tests wait for what they need."""
    chosen = scenarios()
    with plays(chosen, Language.JA) as futures:
        yield {scenario.id: future for scenario, future in zip(chosen, futures, strict=True)}


def in_english() -> tuple[Scenario, ...]:
    """Those that are followed to their end, and the first of every other alarm."""
    followed = {scenario.id: scenario for scenario in scenarios() if scenario.follow is not None}
    first = {scenario.alarms[0]: scenario for scenario in reversed(scenarios())}
    return tuple((followed | {scenario.id: scenario for scenario in first.values()}).values())


@pytest.fixture(scope="session")
def played_in_english() -> Iterator[dict[str, Future[Played]]]:
    """The scenarios of `in_english` with the messages of `make drill MESSAGES=en`."""
    chosen = in_english()
    with plays(chosen, Language.EN) as futures:
        yield {scenario.id: future for scenario, future in zip(chosen, futures, strict=True)}
