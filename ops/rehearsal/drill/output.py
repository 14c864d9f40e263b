"""A whole drill: play scenarios, say in the terminal how each went, write the page and the files for CI."""

import gc
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from liveness_ops.people.options import Language
from rehearsal.drill import files, page
from rehearsal.drill.build import ROOT
from rehearsal.drill.catalogue import ALL, to_play
from rehearsal.drill.difference import About, Difference
from rehearsal.drill.play_scenario import ScenarioRun
from rehearsal.drill.results import DrillResult, ScenarioResult, left_out
from rehearsal.drill.run import plays
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.step_result import StepResult
from rehearsal.drill.terminal import Terminal

FOLDER = ROOT / "out" / "drill"


def drill(  # noqa: PLR0913  one per option
    scenarios: Sequence[Scenario],
    language: Language,
    console: Console,
    *,
    messages: Language | None = None,
    late: bool = False,
    verbose: bool = False,
) -> DrillResult:
    """Everything; a scenario's line comes as soon as it and those before it were played. `messages`: their
    language, where another may be wanted than that of the drill's own words; `late`: see `plays`."""
    begun = time.monotonic()
    # What is played stays until the end: the garbage collector need not look through it so often.
    gc.set_threshold(50_000)
    terminal = Terminal(console, language, verbose)
    others = [each for each in to_play(ALL) if each not in scenarios] if scenarios == to_play() else []
    terminal.begin(scenarios, left_out(others, language, messages))
    page.clear(FOLDER)
    played = _played(scenarios, terminal, messages, late=late)
    result = DrillResult.of(played, language, time.monotonic() - begun, messages, others)
    terminal.end(result)
    written = page.write_index(result, FOLDER)
    data = files.write(result, FOLDER)
    terminal.say_where(written.relative_to(ROOT), [each.relative_to(ROOT) for each in data])
    return result


def _played(
    scenarios: Sequence[Scenario], terminal: Terminal, messages: Language | None, *, late: bool
) -> list[ScenarioRun]:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    column = max(len(each.name) for each in scenarios)
    found: list[ScenarioRun] = []
    left = Counter(each.alarm for each in scenarios)
    console = terminal.console
    with Progress(
        *columns, TimeElapsedColumn(), console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task(terminal.say("run.preparing"), total=len(scenarios))
        with plays(scenarios, messages or terminal.language, late=late) as futures:
            next_ones = (*(each.id for each in scenarios[1:]), terminal.say("run.stopping"))
            for scenario, future, what_next in zip(scenarios, futures, next_ones, strict=True):
                played = _result(scenario, future, first=not found)
                if not found or found[-1].scenario.alarm != scenario.alarm:
                    terminal.alarm(scenario.alarm)
                found.append(played)
                terminal.line(ScenarioResult(played, terminal.language, messages), column)
                progress.update(task, description=what_next, advance=1)
                left[scenario.alarm] -= 1
                if not left[scenario.alarm]:
                    # While others are played, a core may be idle.
                    whole = [each for each in found if each.scenario.alarm == scenario.alarm]
                    page.write_alarms(DrillResult.of(whole, terminal.language, 0.0, messages), FOLDER)
    return found


def _result(scenario: Scenario, future: Future[ScenarioRun], *, first: bool) -> ScenarioRun:
    """An error while playing is a difference, so that the others are still shown; not that of the first one,
    as a local AWS that cannot be deployed spoils all of them."""
    try:
        return future.result()
    except Exception as error:
        if first:
            raise
        difference = Difference(About.PLAYED, None, f"{type(error).__name__}: {error}")
        nothing = StepResult(
            before={}, after={}, mail=(), calls=(), rows=(), seconds=0.0, problems=[difference]
        )
        return ScenarioRun(scenario, (nothing,))
