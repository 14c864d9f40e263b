"""Who is notified of what at which minute, as tables on the terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from liveness_ops.people.options import Language
from liveness_ops.people.wrap import wrap
from rehearsal.drill import words
from responder.core.frozen import frozen
from tests.timelines.expect import Miss
from tests.timelines.mails import LEVELS, Mail
from tests.timelines.play import Judged

# Cells and lines of a first line in the table.
_WIDTH, _LINES = 84, 2


@dataclass
class _Row:
    """Mails that differ in nothing but their minute."""

    mail: Mail
    minutes: list[float]


@frozen
class Shown:
    """The tables on one console, in one language."""

    console: Console
    language: Language

    def timeline(self, judged: Judged) -> None:
        """What happened, who was notified, and what is not as expected."""
        one, played = judged.timeline, judged.played
        self.console.rule(f"[bold]{one.id}[/]", align="left")
        self._print(one.says.said(self.language))
        for line in self._script(judged):
            self._print(line, style="dim")
        columns = (self._say("minute"), self._say("kind"), *(f"L{level}" for level in LEVELS))
        shown = Table(*columns, self._say("headline"), box=None, header_style="bold")
        for row in _rows(played.mails):
            marks = ("●" if level in row.mail.to else "" for level in LEVELS)
            kind = words.title(row.mail.kind, self.language)
            shown.add_row(self._when(row), kind, *marks, escape(self._headline(row.mail)))
        self.console.print(shown)
        closed = [self._end(at) for at in played.closed.values()]
        self._print(
            self._say("totals", counts=_per_level(judged), closed=", ".join(closed), seconds=played.seconds)
        )
        if not judged.misses:
            self._print(self._say("as_expected"), style="bold green")
        for miss in judged.misses:
            self._miss(miss)

    def summary(self, judged: Sequence[Judged], seconds: float) -> None:
        """One line for each timeline, every miss, and the score."""
        columns = (self._say(key) for key in ("name", "mails", "closed", "verdict"))
        shown = Table(*columns, box=None, header_style="bold")
        for each in judged:
            state = "state.differs" if each.misses else "state.passed"
            verdict = words.say(state, self.language)
            style = "red" if each.misses else ""
            shown.add_row(each.timeline.id, _per_level(each), self._closed(each), verdict, style=style)
        self.console.rule()
        self.console.print(shown)
        for each in judged:
            for miss in each.misses:
                self._miss(miss, f"{each.timeline.id}: ")
        fine = sum(not each.misses for each in judged)
        said = self._say("summary", passed=fine, all=len(judged), seconds=seconds)
        self._print(said, style=f"bold {'green' if fine == len(judged) else 'red'}")

    def _say(self, key: str, **values: object) -> str:
        return words.say(f"timeline.{key}", self.language, **values)

    def _print(self, said: str, style: str = "") -> None:
        self.console.print(escape(said), style=style, highlight=False)

    def _miss(self, miss: Miss, name: str = "") -> None:
        state = words.say("state.differs", self.language)
        for label, said in (("expected", miss.expected), ("found", miss.actual)):
            value = f"{words.say(f'drill.{label}', self.language)} {said.said(self.language)}"
            self._print(f"{state} {name}{value}" if label == "expected" else f"  {value}", style="red")

    def _script(self, judged: Judged) -> Iterator[str]:
        """What happens, in a few lines."""
        script = judged.timeline.script
        for each in script[:8]:
            yield self._say("event", minute=each.minute, what=each.act.words.said(self.language))
        if len(script) > 8:
            yield self._say("more", count=len(script))

    def _when(self, row: _Row) -> str:
        first = ", ".join(f"{each:g}" for each in row.minutes[:3])
        if len(row.minutes) <= 3:
            return first
        return self._say("times", first=first, last=f"{row.minutes[-1]:g}", count=len(row.minutes))

    def _headline(self, mail: Mail) -> str:
        said = " ".join(str(mail.body["headlines"][self.language]).split())
        lines = wrap(said, _WIDTH)
        return "\n".join(lines[:_LINES]) + (" …" if len(lines) > _LINES else "")

    def _end(self, at: float | None) -> str:
        return self._say("open") if at is None else f"{at:g}"

    def _closed(self, judged: Judged) -> str:
        ends = [self._end(at) for at in judged.played.closed.values()]
        return self._say("several", count=len(ends), last=ends[-1]) if len(ends) > 1 else "".join(ends)


def _per_level(judged: Judged) -> str:
    return "/".join(str(len(judged.played.to(level))) for level in LEVELS)


def _rows(mails: Sequence[Mail]) -> list[_Row]:
    """In the order of their first minute."""
    found: dict[tuple[object, ...], _Row] = {}
    for mail in mails:
        found.setdefault((mail.gist, mail.to), _Row(mail, [])).minutes.append(mail.minute)
    return list(found.values())
