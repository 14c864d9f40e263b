"""The closing table over all scenarios."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from liveness_ops.people.options import Language
from rehearsal.drill import words
from rehearsal.drill.stage import Played
from rehearsal.drill.taken import Taken
from responder.core.cause import Cause


def row(played: Played, language: Language) -> tuple[str, ...]:
    """Alarm, scenario, world, cause, outcomes, settings changed, seconds, ok ("(2)": the second play)."""
    first = played.acts[0]
    cause = Cause.named(first.report.get("cause"))
    results = [part for act in played.acts for part in _became(act, language)]
    return (
        played.scenario.alarm,
        played.scenario.name,
        played.scenario.world.value,
        cause.word if cause else "-",
        " → ".join(results) or "-",
        str(sum(len(act.changes) for act in played.acts)),
        f"{played.seconds:.2f}",
        ("✗" if played.problems else "✓") + (" (2)" if played.again else ""),
    )


def _became(act: Taken, language: Language) -> list[str]:
    if act.course is None:
        return [words.result(outcome["result"], language) for outcome in act.outcomes]
    said = words.ENDED if act.files else words.FOLLOWED
    return [said.said(language).format(minute=act.course.entries[-1].minute)]


def table(console: Console, all_played: Sequence[Played], language: Language, seconds: float) -> None:
    """One line a scenario."""
    shown = Table(*words.COLUMNS.said(language).split("|"), box=None, header_style="bold")
    for played in all_played:
        shown.add_row(*row(played, language), style="red" if played.problems else "")
    console.rule()
    console.print(shown)
    passed = sum(not played.problems for played in all_played)
    said = words.SUMMARY.said(language).format(passed=passed, all=len(all_played), seconds=seconds)
    console.print(f"[bold {'green' if passed == len(all_played) else 'red'}]{said}[/]")
