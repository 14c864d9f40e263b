"""Two local AWS play one queue from both ends, and each ends when nothing is left for it."""

from collections import deque
from concurrent.futures import Future
from typing import Any

import pytest

from rehearsal.drill import run

pytestmark = pytest.mark.unit


class LastTakenMeanwhile(deque[Any]):
    """Its last one is taken by the other player after this one has looked whether there is one."""

    def __bool__(self) -> bool:
        return True


@pytest.mark.parametrize("last_first", [False, True])
def test_the_last_scenario_may_be_taken_by_the_other_one(
    monkeypatch: pytest.MonkeyPatch, last_first: bool
) -> None:
    monkeypatch.setattr(run, "play", lambda _, scenario: f"played {scenario}")
    future: Future[Any] = Future()
    queue = LastTakenMeanwhile([("a", future)])
    aws: Any = object()
    run._Player(queue, lambda: aws, last_first).play()
    assert future.result(0) == "played a"
