from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import pytest

from liveness_ops.people.options import Language
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.play_scenario import ScenarioRun
from rehearsal.drill.run import plays
from rehearsal.drill.scenario import Scenario
from tests.e2e.cover import in_english


@pytest.fixture(scope="session")
def played(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[ScenarioRun]]]:
    """Every scenario of a chosen test by its id; played once, while the tests wait for what they need."""
    with _playing(request, "test_drill.py", scenarios(), Language.JA) as found:
        yield found


@pytest.fixture(scope="session")
def played_in_english(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[ScenarioRun]]]:
    """The scenarios of `in_english` with the messages of `make drill MESSAGES=en`."""
    with _playing(request, "test_drill_in_english.py", in_english(), Language.EN) as found:
        yield found


@contextmanager
def _playing(
    request: pytest.FixtureRequest, file: str, known: tuple[Scenario, ...], language: Language
) -> Iterator[dict[str, Future[ScenarioRun]]]:
    asked = {
        item.callspec.params.get("scenario")
        for item in request.session.items
        if item.path.name == file and isinstance(item, pytest.Function) and hasattr(item, "callspec")
    }
    chosen = [one for one in known if one.id in asked]
    with plays(chosen, language) as futures:
        yield {one.id: future for one, future in zip(chosen, futures, strict=True)}
