"""Each scenario in a process of its own, forked from one that has installed the scenario's world in moto."""

import gc
import logging
import multiprocessing
import multiprocessing.connection
import os
import sys
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rehearsal.drill.play_scenario import play_once
from rehearsal.drill.scenario import Scenario
from rehearsal.world.build import World
from responder.core.text import Strings
from tests.witness import extras
from tests.witness.moto_aws import MotoAws, NotPlayable, moto_aws
from tests.witness.outcome import Act, Played, acts
from tests.witness.server import served
from tests.witness.usable import NotUsable

_FORK = multiprocessing.get_context("fork")
_WORKERS = 2


def play(aws: MotoAws, scenario: Scenario) -> Played:
    here: Any = aws
    aws.scenario = scenario
    try:
        run = play_once(here, scenario)
    except NotPlayable as reason:
        return Played([], left_out=str(reason))
    problems = tuple(f"{fault.about}: {fault.expected} | {fault.found} {fault.of}" for fault in run.problems)
    return result_of(aws, acts(run), problems)


def result_of(aws: MotoAws, done: list[Act], problems: Strings = ()) -> Played:
    error, log = "; ".join(aws.refused), "\n".join(aws.log)
    return Played(done, aws.calls_made.tally, error=error, log=log, problems=problems)


def _child(line: Any, work: Callable[[], Played]) -> None:
    try:
        line.send(work())
    except NotUsable as stop:
        line.send(Played([], error=str(stop)))
    except BaseException:
        line.send(Played([], error=traceback.format_exc()))


def _world(line: Any, world: World, scenarios: Sequence[Scenario]) -> None:
    _quietly()
    # It ends, and so does each of its forks, before there is much garbage.
    gc.disable()
    with moto_aws(world) as aws:
        # Once for all of them.
        aws.functions_here.load()
        waiting, running = list(scenarios), dict[Any, tuple[Scenario, Any]]()
        while waiting or running:
            while waiting and len(running) < _WORKERS:
                scenario = waiting.pop(0)
                near, far = _FORK.Pipe(duplex=False)
                process = _FORK.Process(target=_child, args=(far, lambda s=scenario: play(aws, s)))
                process.start()
                far.close()
                running[near] = scenario, process
            for ready in list[Any](multiprocessing.connection.wait(list(running))):
                scenario, process = running.pop(ready)
                try:
                    played = ready.recv()
                except EOFError:
                    played = Played([], error="its process has died")
                process.join()
                line.send((scenario.id, played))
    line.send(None)


def _quietly() -> None:
    """What functions print and log goes nowhere."""
    logging.disable(logging.CRITICAL)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def play_extras(port: int) -> Played:
    """The scheduled checks and the console's commands, these over HTTP."""
    near, far = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_child, args=(far, lambda: _extras(port)))
    process.start()
    far.close()
    played: Played = near.recv()
    process.join()
    return played


def _extras(port: int) -> Played:
    _quietly()
    with moto_aws(World.ROLLED_OUT) as aws, served(port) as environment:
        return result_of(aws, extras.run(aws, environment))


def play_all(scenarios: Sequence[Scenario]) -> Iterator[tuple[str, Played]]:
    """By the scenario's id, as they end."""
    worlds = defaultdict[World, list[Scenario]](list)
    for scenario in scenarios:
        worlds[scenario.world].append(scenario)
    for world, some in worlds.items():
        near, far = _FORK.Pipe(duplex=False)
        process = _FORK.Process(target=_world, args=(far, world, some))
        process.start()
        far.close()
        try:
            while (played := near.recv()) is not None:
                yield played
        except EOFError:
            raise NotUsable("moto could not be filled with our stack; why is above") from None
        process.join()
