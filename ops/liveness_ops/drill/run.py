"""A local AWS for each lane, deployed side by side; then the scenarios of each, one after the other."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from liveness_ops.drill import page, show, summary
from liveness_ops.drill.build import ROOT, build
from liveness_ops.drill.lanes import Lane, lanes
from liveness_ops.drill.scenario import Scenario
from liveness_ops.drill.stack import install, warm_up
from liveness_ops.drill.stage import Played, play
from liveness_ops.drill.words import PREPARING, Language
from liveness_ops.local_aws import LocalAws
from liveness_ops.world.build import World
from liveness_ops.world.names import REGION


@dataclass
class Theatre:
    """One world on a local AWS of its own for some alarms, and the one thread that may touch it."""

    world: World
    language: Language
    alarms: tuple[str, ...]
    aws: LocalAws = field(default_factory=lambda: LocalAws(region=REGION))
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def open(self, first: Callable[[], LocalAws] | None = None) -> LocalAws:
        """Start and deploy: as SAM CLI does it, or what it has packaged for the first one."""
        self.aws.start()
        # Alarms change when the drill says so, not when the seeded past arrives.
        self.aws.settings(evaluates=0, retries_on_clock=1)
        install(self.aws, self.world, self.language, first=first)
        return self.aws

    def warm_up(self) -> None:
        """Every function that will be asked has answered once."""
        warm_up(self.aws, self.alarms)

    def close(self) -> None:
        """Play nothing more, and stop."""
        self.thread.shutdown(cancel_futures=True)
        self.aws.stop()


@contextmanager
def plays(scenarios: Sequence[Scenario], language: Language) -> Iterator[list[Future[Played]]]:
    """Every scenario as a future, in the given order."""
    build()
    with ExitStack() as stack:
        own = lanes(scenarios)
        theatres: dict[Lane, tuple[Theatre, Future[None]]] = {}
        first: Future[LocalAws] | None = None
        for lane in dict.fromkeys(own):
            mine = (one for one, its in zip(scenarios, own, strict=True) if its == lane)
            alarms = dict.fromkeys(alarm for one in mine for alarm in one.alarms)
            theatre = Theatre(lane[0], language, tuple(alarms))
            stack.callback(theatre.close)
            opened = theatre.thread.submit(theatre.open, first.result if first else None)
            first = first or opened
            theatres[lane] = theatre, theatre.thread.submit(_ready, theatre, opened)
        yield [_submit(*theatres[lane], one) for one, lane in zip(scenarios, own, strict=True)]


def _ready(theatre: Theatre, opened: Future[LocalAws]) -> None:
    opened.result()
    theatre.warm_up()


def _submit(theatre: Theatre, opened: Future[None], scenario: Scenario) -> Future[Played]:
    def after_opening() -> Played:
        opened.result()
        return play(theatre.aws, scenario)

    return theatre.thread.submit(after_opening)


def drill(scenarios: Sequence[Scenario], language: Language, console: Console) -> list[Played]:
    """Everything, with progress while it works; the transcript and the page at the end."""
    begun = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    found: list[Played] = []
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task(PREPARING.said(language), total=len(scenarios))
        with plays(scenarios, language) as futures:
            for scenario, future in zip(scenarios, futures, strict=True):
                found.append(future.result())
                show.transcript(console, found[-1], language)
                progress.update(task, description=scenario.id, advance=1)
    summary.table(console, found, language, time.monotonic() - begun)
    console.print(str(page.write(found, language).relative_to(ROOT)))
    return found
