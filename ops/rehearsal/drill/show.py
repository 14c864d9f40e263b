"""Played scenarios in the terminal: each of them, and the closing table."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from liveness_ops.people.options import Language
from rehearsal.drill import words
from rehearsal.drill.course import Course
from rehearsal.drill.deeds import Deed
from rehearsal.drill.follow import Happened, Message
from rehearsal.drill.stage import Played
from rehearsal.drill.taken import Taken
from rehearsal.drill.words import Words
from responder.core.cause import Cause

TONES = {"red": "red", "amber": "yellow", "normal": "green", "info": "blue", "unknown": "magenta"}
RESULTS = {
    "applied": "green",
    "already": "green",
    "taken_back": "green",
    "asked": "yellow",
    "observed": "blue",
}


def transcript(console: Console, played: Played, language: Language) -> None:
    """What was broken, what was seen, decided and changed, and the message."""
    scenario = played.scenario
    console.rule(f"[bold]{scenario.alarm}[/] · {scenario.name} · {scenario.world}")
    _line(console, words.BROKEN, scenario.broken.said(language), language)
    for taken in played.acts:
        _act(console, taken, language)
    for problem in played.problems:
        console.print(f"[bold red]{words.FAILED.said(language)}:[/] {escape(problem)}")


def _act(console: Console, taken: Taken, language: Language) -> None:
    if taken.course is not None:
        console.print(_course(taken.course, language))
        console.print(_changes(taken, language))
        return
    if taken.step is not None:
        console.print(f"\n[bold cyan]▶ {taken.step.command}[/] {escape(taken.step.what.said(language))}")
        if isinstance(taken.step, Deed):
            _line(console, words.PERSON, f"{taken.step.who} → {taken.answer}", language)
    report = taken.report
    if report:
        for group in (_findings(report, language), _decision(report, language), _outcomes(report, language)):
            console.print(group)
    console.print(_changes(taken, language))
    for mail in taken.mail:
        title = f"{words.MESSAGE.said(language)}: {mail.subject}"
        console.print(Panel(Text(mail.text.rstrip()), title=escape(title), title_align="left", style="dim"))
    if not taken.mail:
        console.print(f"[dim]{words.NO_MESSAGE.said(language)}[/]")


def _line(console: Console, label: Words, said: str, language: Language) -> None:
    console.print(f"[bold]{label.said(language)}:[/] {escape(said)}")


def _findings(report: Mapping[str, Any], language: Language) -> RenderableType:
    if not report["findings"]:
        return Text.assemble((f"{words.FINDINGS.said(language)}: ", "bold"), words.NONE.said(language))
    lines: list[RenderableType] = [Text(words.FINDINGS.said(language), style="bold")]
    for finding in report["findings"]:
        counted = finding["samples"] and str(finding["samples"]) not in finding["said"]["text"]
        samples = f" ({words.SAMPLES.said(language)} {finding['samples']})" if counted else ""
        line = Text("  ● ", style=TONES.get(finding["tone"], ""))
        lines.append(line.append(f"{finding['said']['text']}{samples}", style="default"))
        lines += [Text(f"      {detail['text']}", style="dim") for detail in finding["details"]]
    return Group(*lines)


def _decision(report: Mapping[str, Any], language: Language) -> RenderableType:
    return Group(
        Text(words.DECISION.said(language), style="bold"),
        Text(f"  {words.CAUSE.said(language)}: {report['cause']['text']}"),
        *(Text(f"  {line['text']}") for line in (report["why"], *report["ruled_out"])),
    )


def _outcomes(report: Mapping[str, Any], language: Language) -> RenderableType:
    if not report["outcomes"]:
        return Text.assemble((f"{words.OUTCOMES.said(language)}: ", "bold"), words.NONE.said(language))
    lines = [Text(words.OUTCOMES.said(language), style="bold")]
    for outcome in report["outcomes"]:
        line = Text("  ")
        label = words.result(outcome["result"], language)
        line.append(f"[{label}]", style=RESULTS.get(outcome["result"], "red"))
        called = words.remedy(outcome, language)
        line.append(f" {called}: {outcome['why']['text']}")
        lines.append(line)
        lines += [Text(f"      {said}", style="yellow") for said in _reasons(outcome)]
    return Group(*lines)


def _reasons(outcome: Mapping[str, Any]) -> Iterator[str]:
    if outcome["because"]:
        yield outcome["because"]["text"]
    for change in outcome["changes"]:
        if change["note"]:
            yield f"{change['target']}: {change['note']['text']}"


def _changes(taken: Taken, language: Language) -> RenderableType:
    title = words.CHANGED.said(language)
    if not taken.changes:
        return Text.assemble((f"{title}: ", "bold"), (words.NOTHING.said(language), "green"))
    table = Table.grid(padding=(0, 1))
    for setting, (before, after) in taken.changes.items():
        table.add_row(f"  {escape(setting)}", escape(before), "→", f"[bold]{escape(after)}[/]")
    return Group(Text(title, style="bold"), table)


_STYLES = {
    "escalation": "red",
    "failure": "red",
    "watchdog": "yellow",
    "reminder": "yellow",
    "closed": "green",
}


def _course(course: Course, language: Language) -> RenderableType:
    """Minute, which message, its first line; and what happened in between."""
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right")
    table.add_column(no_wrap=True)
    table.add_column()
    for entry in course.entries:
        table.add_row(f"  {entry.minute:.0f}", *_told(entry, language))
    return Group(Text(words.COURSE.said(language), style="bold"), table)


def _told(entry: Message | Happened, language: Language) -> tuple[Text, Text]:
    if isinstance(entry, Happened):
        return Text("●", style="cyan"), Text(entry.words.said(language), style="cyan")
    style = _STYLES.get(entry.body["kind"], "default")
    return Text(entry.name, style=style), Text(entry.first_line, style="dim")


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
