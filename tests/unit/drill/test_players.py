"""Several local AWS share the scenarios of a world: each ends when nothing is left for it."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest

from liveness_ops.people.options import Language
from rehearsal.drill import run
from rehearsal.drill.build import SamError
from rehearsal.drill.catalogue import scenarios


def queue_of(**scenarios: int) -> tuple[run.Queue, list[Future[Any]]]:
    """So many scenarios of each alarm."""
    queue = run.Queue()
    futures: list[Future[Any]] = []
    for alarm, count in scenarios.items():
        for _ in range(count):
            futures.append(Future())
            beside = ("busy",) if alarm == "together" else ()
            scenario: Any = SimpleNamespace(alarm=alarm, beside=beside, alarms=(alarm, *beside))
            queue.put(scenario, futures[-1])
    return queue, futures


def test_players_side_by_side_play_each_scenario_once(monkeypatch: pytest.MonkeyPatch) -> None:
    queue, futures = queue_of(slow=20, busy=50, quiet=1)
    played: Counter[int] = Counter()
    together = Barrier(3)
    monkeypatch.setattr(run, "play", lambda _, scenario, late: played.update([id(scenario)]))

    ended: list[None] = []

    def begin() -> Any:
        together.wait()
        return SimpleNamespace(stop=lambda: ended.append(None))

    threads = [Thread(target=run._Player(queue, begin).play) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert all(future.done() for future in futures)
    assert set(played.values()) == {1}
    assert len(played) == len(futures)
    assert len(ended) == len(threads)


def test_where_the_build_fails_nothing_is_deployed_and_every_scenario_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deployed: list[object] = []

    def fails() -> bool:
        raise SamError("sam build failed")

    def started(fill: Callable[[object], object], _: Path) -> None:
        fill(None)

    monkeypatch.setattr(run, "build", fails)
    monkeypatch.setattr(run, "_started", started)
    monkeypatch.setattr(run, "install", lambda *given: deployed.append(given))
    with run.plays(scenarios()[:3], Language.EN) as futures:
        errors = [str(future.exception(timeout=10)) for future in futures]
    assert errors == ["sam build failed"] * 3
    assert not deployed


def test_a_player_stays_with_the_functions_that_it_has_started() -> None:
    queue, _ = queue_of(slow=2, busy=3)
    begun: set[str] = set()
    assert [queue.take(begun)[0].alarm for _ in range(5)] == ["busy"] * 3 + ["slow"] * 2  # type: ignore[index]
    assert queue.take(begun) is None


def test_scenarios_of_several_alarms_are_not_left_for_the_end() -> None:
    queue, _ = queue_of(busy=3, together=1, slow=2)
    begun: set[str] = set()
    found = [queue.take(begun)[0].alarm for _ in range(6)]  # type: ignore[index]
    assert found == ["together", *["busy"] * 3, *["slow"] * 2]


def test_another_player_begins_with_functions_that_no_other_has_started() -> None:
    queue, _ = queue_of(busy=3, quiet=1, slow=2)
    first: set[str] = set()
    second: set[str] = set()
    found = [queue.take(begun)[0].alarm for begun in (first, second, first, second, second, first)]  # type: ignore[index]
    assert found == ["busy", "slow", "busy", "slow", "quiet", "busy"]


@pytest.mark.parametrize(("scenarios", "players"), [(1, 1), (39, 1), (40, 2), (500, 4)])
def test_another_local_aws_is_started_where_it_is_worth_it(scenarios: int, players: int) -> None:
    queue, _ = queue_of(busy=scenarios)
    assert queue.players == players
