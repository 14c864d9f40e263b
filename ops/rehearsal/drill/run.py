"""Local AWS side by side, each with one world deployed; scenarios are played one after the other on each."""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from liveness_ops.people.options import Language
from local_aws.client import LocalAws
from rehearsal.drill.build import build
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.stack import install
from rehearsal.drill.stage import Played, play
from rehearsal.world.build import World
from rehearsal.world.names import REGION

# A second local AWS costs a deployment; below this many scenarios that takes longer than it saves.
_WORTH_A_SECOND = 30

type Queue = deque[tuple[Scenario, Future[Played]]]


def deployed(world: World, language: Language, first: Callable[[], Any] | None = None) -> LocalAws:
    """A local AWS with this world and our stack; see `install`."""
    aws = LocalAws(region=REGION)
    try:
        aws.start()
        # Alarms change when the drill says so, not when the seeded past arrives.
        aws.settings(evaluates=0, retries_on_clock=1)
        install(aws, world, language, first=first)
    except BaseException:
        aws.stop()
        raise
    return aws


@dataclass
class _Player:
    """Plays from one end of a queue on a local AWS of its own, until nothing is left.

    Two play one queue from both ends: so they end together, and most functions start on one of them only.
    """

    queue: Queue
    deploy: Callable[[], LocalAws]
    last_first: bool
    aws: Future[LocalAws] = field(default_factory=Future)

    def play(self) -> None:
        """All that is left for it."""
        _settle(self.aws, self.deploy)
        while True:
            try:
                scenario, future = self.queue.pop() if self.last_first else self.queue.popleft()
            except IndexError:
                # Asked beforehand, the other player could take the last one in between.
                return
            _settle(future, lambda: play(self.aws.result(), scenario))  # noqa: B023 - called at once


def _settle[T](future: Future[T], work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)


@contextmanager
def plays(scenarios: Sequence[Scenario], language: Language) -> Iterator[list[Future[Played]]]:
    """Every scenario as a future, in the given order."""
    build()
    futures: list[Future[Played]] = [Future() for _ in scenarios]
    queues: dict[World, Queue] = {each.world: deque() for each in scenarios}
    for scenario, future in zip(scenarios, futures, strict=True):
        queues[scenario.world].append((scenario, future))
    players: list[_Player] = []
    for world, queue in queues.items():
        for last_first in (False, True) if len(queue) > _WORTH_A_SECOND else (False,):
            first = players[0].aws.result if players else None
            players.append(_Player(queue, partial(deployed, world, language, first), last_first))
    threads = [threading.Thread(target=each.play) for each in players]
    try:
        for thread in threads:
            thread.start()
        yield futures
    finally:
        for queue in queues.values():
            queue.clear()
        for thread, player in zip(threads, players, strict=True):
            thread.join()
            if player.aws.exception() is None:
                player.aws.result().stop()
