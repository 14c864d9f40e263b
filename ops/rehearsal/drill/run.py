"""Several local AWS in parallel, each with one world deployed; on each, scenarios are played in sequence."""

import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from liveness_ops.people.options import Language
from local_aws.client import LocalAws
from local_aws.quick_sdk import quicken
from rehearsal.drill.build import build
from rehearsal.drill.play_scenario import ScenarioRun, play
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.stack import install
from rehearsal.world.build import World
from rehearsal.world.names import REGION

# Another local AWS costs a deployment; for fewer further scenarios that takes longer than it saves. Scenarios
# also wait, for AWS's rates and updates: so there are more players than cores.
_WORTH_ANOTHER, _PLAYERS = 40, 4


def deployed(world: World, language: Language) -> LocalAws:
    """A local AWS with this world and our stack; see `install`."""
    return _started(lambda aws: install(aws, world, language))


def _started(fill: Callable[[LocalAws], object], parents: Path | None = None) -> LocalAws:
    aws = LocalAws(region=REGION, parents=parents)
    try:
        aws.start()
        # Alarms change when the drill says so, not when the seeded past arrives.
        aws.settings(evaluates=0, retries_on_clock=1)
        fill(aws)
    except BaseException:
        aws.stop()
        raise
    return aws


@dataclass
class _Deployment:
    """Our stack in a world, deployed once, after `building`: each further local AWS loads what the first one
    was then. `file`: where that is kept."""

    world: World
    language: Language
    building: Future[bool]
    file: Path
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> LocalAws:
        """Another local AWS with it."""
        return _started(self._fill, self.file.parent)

    def _fill(self, aws: LocalAws) -> None:
        # Who comes while it is deployed waits for it.
        with self.lock:
            if not self.file.exists():
                self.building.result()
                install(aws, self.world, self.language)
                aws.save(self.world, self.file)
                return
        aws.load(self.world, self.file)


@dataclass
class Queue:
    """Scenarios of one world that are still to be played, by alarm."""

    left: dict[str, deque[tuple[Scenario, Future[ScenarioRun]]]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    # Alarms whose function has started anywhere.
    begun: set[str] = field(default_factory=set)

    def put(self, scenario: Scenario, future: Future[ScenarioRun]) -> None:
        """At the end."""
        self.left.setdefault(scenario.alarm, deque()).append((scenario, future))

    def take(self, begun: set[str]) -> tuple[Scenario, Future[ScenarioRun]] | None:
        """The next of an alarm whose function has started there (`begun`), else of one whose function has not
        started anywhere, first one with a scenario of several alarms, which takes long, else of the one with
        most left; None where none is."""
        with self.lock:
            alarms = [alarm for alarm, scenarios in self.left.items() if scenarios]
            if not alarms:
                return None
            alarm = max(alarms, key=lambda each: self._first(each, begun))
            taken = self.left[alarm].popleft()
            begun.update(taken[0].alarms)
            self.begun.update(taken[0].alarms)
            return taken

    def _first(self, alarm: str, begun: set[str]) -> tuple[bool, bool, bool, int]:
        left = self.left[alarm]
        long = any(scenario.beside for scenario, _ in left)
        return alarm in begun, alarm not in self.begun, long, len(left)

    def clear(self) -> None:
        """Nothing more is played."""
        with self.lock:
            self.left.clear()

    @property
    def players(self) -> int:
        """How many it is worth."""
        return min(_PLAYERS, 1 + sum(map(len, self.left.values())) // _WORTH_ANOTHER)


@dataclass
class _Player:
    """Plays from a queue on its own local AWS, until nothing is left. Several share a queue: so they end
    together, and most functions start on one of them only."""

    queue: Queue
    deploy: Callable[[], LocalAws]
    late: bool = False
    aws: Future[LocalAws] = field(default_factory=Future)

    def play(self) -> None:
        """All that is left for it; then its local AWS ends."""
        _settle(self.aws, self.deploy)
        begun: set[str] = set()
        while (taken := self.queue.take(begun)) is not None:
            scenario, future = taken
            _settle(future, lambda: play(self.aws.result(), scenario, late=self.late))  # noqa: B023 - called immediately
        if self.aws.exception() is None:
            self.aws.result().stop()


def _settle[T](future: Future[T], work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)


@contextmanager
def plays(
    scenarios: Sequence[Scenario], language: Language, *, late: bool = False
) -> Iterator[list[Future[ScenarioRun]]]:
    """Every scenario as a future, in the given order; `late`: see `play`."""
    quicken()
    folder = tempfile.TemporaryDirectory(prefix="drill-")
    building: Future[bool] = Future()
    futures: list[Future[ScenarioRun]] = [Future() for _ in scenarios]
    queues = {each.world: Queue() for each in scenarios}
    for scenario, future in zip(scenarios, futures, strict=True):
        queues[scenario.world].put(scenario, future)
    players: list[_Player] = []
    for world, queue in queues.items():
        deployment = _Deployment(world, language, building, Path(folder.name) / world)
        players += [_Player(queue, deployment.start, late) for _ in range(queue.players)]
    # While it is built, the local AWS start.
    threads = [threading.Thread(target=_settle, args=(building, build))]
    threads += [threading.Thread(target=each.play) for each in players]
    try:
        for thread in threads:
            thread.start()
        yield futures
    finally:
        for queue in queues.values():
            queue.clear()
        for thread in threads:
            thread.join()
        folder.cleanup()
