from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from liveness_ops.drill.catalogue import scenarios
from liveness_ops.drill.run import plays
from liveness_ops.drill.stage import Played
from liveness_ops.drill.words import Language


@pytest.fixture(scope="session")
def played() -> Iterator[dict[str, Future[Played]]]:
    """Every scenario by its id; played once, while the tests wait for what they need."""
    chosen = scenarios()
    with plays(chosen, Language.JA) as futures:
        yield {scenario.id: future for scenario, future in zip(chosen, futures, strict=True)}
