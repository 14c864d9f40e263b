"""Play a timeline, and judge it."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from unittest.mock import patch

from responder.aws import parallel as look
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.text import Strings
from tests.fakes.pools import AtOnce
from tests.timelines.expect import ALWAYS, Answerable, Miss, Played
from tests.timelines.mails import modes
from tests.timelines.timeline import Timeline
from tests.timelines.world import World


@frozen
class Judged:
    """A timeline, its result, and every difference."""

    timeline: Timeline
    played: Played
    misses: tuple[Miss, ...]


@contextmanager
def quiet() -> Iterator[None]:
    """No log, no metrics on standard output, no threads."""
    before = log().log_level
    log().setLevel("CRITICAL")
    try:
        with (
            patch.object(look, "ThreadPoolExecutor", AtOnce),
            patch.dict(os.environ, {"POWERTOOLS_METRICS_DISABLED": "true"}),
        ):
            yield
    finally:
        log().setLevel(before)


def judge(timeline: Timeline) -> Judged:
    """Play it once, in its own world."""
    played = play(timeline)
    expected = (*timeline.expects, timeline.ends, *ALWAYS)
    return Judged(timeline, played, tuple(miss for each in expected for miss in each.misses(played)))


def play(timeline: Timeline) -> Played:
    """Everything that happens, in virtual time."""
    begun = time.monotonic()
    with quiet():
        world = World(timeline.begin())
        world.service = replace(timeline.service)
        for remedy, mode in modes().items():
            world.mode("auto" if not remedy else mode, remedy)
        recorder = _Recorder(world)
        world.after = recorder.look
        world.becomes("ALARM")
        for each in timeline.script:
            world.at(each.minute, partial(each.act.do, world))
        for minute in sorted(
            {at for each in timeline.expects if isinstance(each, Answerable) for at in each.at}
        ):
            world.at(minute, recorder.ask)
        world.run(timeline.until)
    return Played(
        mails=tuple(world.mails),
        orders=tuple(world.orders),
        rollout=tuple(recorder.rollout),
        answerable=tuple(recorder.answerable),
        closed=_closed(world),
        lost=tuple(world.lost),
        operations=tuple(each.record.used for each in world.executions.values()),
        until=timeline.until,
        seconds=time.monotonic() - begun,
    )


class _Recorder:
    """What can be looked up later by the minute."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rollout: list[tuple[float, Strings]] = []
        self.answerable: list[tuple[float, bool]] = []

    def look(self) -> None:
        """After everything that happened."""
        now = tuple(self.world.scene.percentages())
        if not self.rollout or self.rollout[-1][1] != now:
            self.rollout.append((round(self.world.minute, 1), now))

    def ask(self) -> None:
        """Whether a person could approve something now."""
        self.answerable.append((round(self.world.minute, 1), self.world.answerable()))


def _closed(world: World) -> dict[str, float | None]:
    """When the end of each incident was reported."""
    ends = {each.body["incident"]: each.minute for each in world.mails if each.body["kind"] == "closed"}
    return {each.incident: ends.get(each.incident) for each in world.executions.values()}


def judge_all(timelines: Sequence[Timeline], processes: int = 2) -> Iterator[Judged]:
    """In the given order, played by several processes."""
    if processes == 1 or len(timelines) == 1:
        yield from map(judge, timelines)
        return
    with ProcessPoolExecutor(processes, get_context("forkserver")) as pool:
        for timeline, (played, misses) in zip(
            timelines, pool.map(_by_id, (each.id for each in timelines)), strict=True
        ):
            yield Judged(timeline, played, misses)


def _by_id(name: str) -> tuple[Played, tuple[Miss, ...]]:
    """What a timeline does is code, which does not go from one process to another."""
    from tests.timelines.catalogue import timelines

    (one,) = timelines(name)
    judged = judge(one)
    return judged.played, judged.misses
