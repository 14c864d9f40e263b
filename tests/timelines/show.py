"""Who hears what at which minute, as tables on the terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.timelines.mails import LEVELS, Mail
from tests.timelines.play import Judged

_WORDS = 64


@dataclass
class _Row:
    """Mails that differ in nothing but their minute."""

    mail: Mail
    minutes: list[float]

    @property
    def when(self) -> str:
        first = ", ".join(f"{each:g}" for each in self.minutes[:3])
        more = len(self.minutes) - 3
        return first if more <= 0 else f"{first} … {self.minutes[-1]:g} ({len(self.minutes)} times)"


def timeline(console: Console, judged: Judged) -> None:
    """What happened, who was reported, and what is not as expected."""
    one, played = judged.timeline, judged.played
    console.rule(f"[bold]{one.id}[/]", align="left")
    console.print(escape(one.says))
    for line in _script(judged):
        console.print(escape(line), style="dim")
    shown = Table(
        "minute", "kind", *(f"L{level}" for level in LEVELS), "subject", box=None, header_style="bold"
    )
    for row in _rows(played.mails):
        marks = ("●" if level in row.mail.to else "" for level in LEVELS)
        subject = row.mail.subject.partition("] ")[2].partition(" ")[2] or row.mail.subject
        shown.add_row(row.when, row.mail.kind, *marks, escape(subject[:_WORDS]))
    console.print(shown)
    closed = [f"{at:g}" if at is not None else "open" for at in played.closed.values()]
    counts = "/".join(str(len(played.to(level))) for level in LEVELS)
    console.print(f"mails per level {counts}; closed: {', '.join(closed)}; played in {played.seconds:.1f} s")
    if not judged.misses:
        console.print("[bold green]as expected[/]")
    for miss in judged.misses:
        console.print(f"[bold red]✗[/] {escape(miss.expected)}: [red]{escape(miss.actual)}[/]")


def _script(judged: Judged) -> Iterator[str]:
    """What happens, in a few lines."""
    script = judged.timeline.script
    for each in script[:8]:
        yield f"  {each.minute:g}: {each.deed.words}"
    if len(script) > 8:
        yield f"  … and so on, {len(script)} in all"


def _rows(mails: Sequence[Mail]) -> list[_Row]:
    """In the order of their first minute."""
    found: dict[tuple[object, ...], _Row] = {}
    for mail in mails:
        found.setdefault((mail.gist, mail.to), _Row(mail, [])).minutes.append(mail.minute)
    return list(found.values())


def summary(console: Console, judged: Sequence[Judged], seconds: float) -> None:
    """One line for each timeline, every miss, and the score."""
    shown = Table("timeline", "mails 1/2/3/4", "closed", "verdict", box=None, header_style="bold")
    for each in judged:
        counts = "/".join(str(len(each.played.to(level))) for level in LEVELS)
        ends = [f"{at:g}" if at is not None else "open" for at in each.played.closed.values()]
        closed = ends[0] if len(ends) == 1 else f"{len(ends)} incidents, the last {ends[-1]}" if ends else "-"
        verdict = "✓" if not each.misses else f"✗ {len(each.misses)}"
        shown.add_row(each.timeline.id, counts, closed, verdict, style="red" if each.misses else "")
    console.rule()
    console.print(shown)
    for each in judged:
        for miss in each.misses:
            console.print(f"[red]✗ {each.timeline.id}[/]: {escape(miss.expected)}: {escape(miss.actual)}")
    fine = sum(not each.misses for each in judged)
    colour = "green" if fine == len(judged) else "red"
    console.print(f"[bold {colour}]{fine} of {len(judged)} as expected[/] ({seconds:.0f} s)")
