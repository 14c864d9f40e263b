"""Start the local AWS, deploy, play the scenarios one after the other, show them."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from liveness_ops.drill import page, show, summary
from liveness_ops.drill.build import ROOT, build
from liveness_ops.drill.scenario import Scenario
from liveness_ops.drill.stack import install
from liveness_ops.drill.stage import Played, play
from liveness_ops.drill.words import Language
from liveness_ops.local_aws import LocalAws
from liveness_ops.world.build import World
from liveness_ops.world.names import REGION

_EMPTY = "empty"


@contextmanager
def deployed(scenarios: Sequence[Scenario], language: Language) -> Iterator[LocalAws]:
    """A local AWS with a snapshot of every world that the scenarios need."""
    build()
    with LocalAws(region=REGION) as aws:
        # Alarms change when the drill says so, not when the seeded past arrives.
        aws.settings(evaluates=0)
        aws.snapshot(_EMPTY)
        for world in (world for world in World if any(one.world is world for one in scenarios)):
            aws.restore(_EMPTY)
            install(aws, world, language)
        yield aws


def drill(scenarios: Sequence[Scenario], language: Language, console: Console) -> list[Played]:
    """Everything, with progress while it works; the transcript and the page at the end."""
    begun = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    found: list[Played] = []
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task("sam build, sam deploy", total=len(scenarios))
        with deployed(scenarios, language) as aws:
            for scenario in scenarios:
                progress.update(task, description=scenario.id)
                found.append(play(aws, scenario))
                show.transcript(console, found[-1], language)
                progress.advance(task)
    summary.table(console, found, language, time.monotonic() - begun)
    console.print(str(page.write(found, language).relative_to(ROOT)))
    return found
