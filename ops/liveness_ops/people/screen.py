"""What is shown and asked: lines for people, one JSON object for machines.

The terminal may be narrow or unable to show every letter, and the pipe may have lost its reader.
"""

import io
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext, redirect_stdout, suppress
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import IO, Any

import typer
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text as Line

from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.wrap import units, wrap
from responder.core.plain_data import Json
from responder.core.text import Text
from responder.messages.language import say
from responder.store.approval_writer import tidy

_FRAME = 3
_NOTHING = ("–", "")
_CANCELLED = Text("console.declined")


class OpsConsole(Console):
    """A console that shows what it is given letter for letter: `:secret:` is a part of an ARN and no emoji,
    `[bold]` a part of a name. It continues its work when its output has no reader, so that its exit status
    stays that of the work. `lost` is set then."""

    def __init__(self, lost: Event, *, stderr: bool) -> None:
        super().__init__(stderr=stderr, emoji=False, markup=False, highlight=False)
        self.lost = lost

    def on_broken_pipe(self) -> None:
        """What is still said goes nowhere."""
        self.lost.set()
        mute(self.file)

    def plain(self, said: str) -> None:
        """Write a text as it is: no width, no colors, tabs stay."""
        try:
            self.file.write(f"{said}\n")
            self.file.flush()
        except BrokenPipeError:
            self.on_broken_pipe()


@dataclass(frozen=True, slots=True)
class Screen:
    """With `machine`, standard output holds the JSON only, and text for people is shown only where they are
    asked something, on standard error. Else, where standard output is no terminal, it gets plain lines, and
    tables in columns separated by tabs; other text goes to standard error.

    `yes`: every question is answered with yes. `lost`: set once the output has no reader. `held`:
    what a question would be about. `changing`: set once AWS was asked to change something. `typed`: how the
    commands in a text are shown, in whatever is shown and in the JSON. `target`: the account, Region and
    stack that the command may change. `named`: set once that was shown.
    """

    language: str
    machine: bool = False
    yes: bool = False
    lost: Event = field(default_factory=Event, compare=False)
    held: list[Callable[[OpsConsole], None]] = field(default_factory=list, compare=False)
    changing: Event = field(default_factory=Event, compare=False)
    typed: Callable[[str], str] = field(default=str, compare=False)
    target: Text | None = None
    named: Event = field(default_factory=Event, compare=False)

    def say(self, *said: Text | str, style: str = "") -> None:
        """Lines, never broken and whole: some are there to be copied."""
        for each in said:
            self._show(partial(_line, said=self._plain(each), style=style))

    def note(self, *said: Text | str, style: str = "") -> None:
        """Lines that accompany a result and are no part of it."""
        if self.machine or self.console.is_terminal:
            self.say(*said, style=style)
            return
        for each in said:
            _line(self.aside, self._plain(each), style)

    def card(self, title: Text, lines: Iterable[tuple[Text, Text | str]]) -> None:
        """Labels and what belongs to them."""
        rows = [(say(label, self.language), self._plain(said)) for label, said in lines]
        self.say(title, style="bold")
        self._show(partial(_card, rows=rows))

    def table(self, title: Text, columns: Iterable[Text], rows: Iterable[Iterable[Text | str]]) -> None:
        """A table for people; machines get the same as an object."""
        heads = [say(each, self.language) for each in columns]
        plain = [[self._plain(cell) for cell in row] for row in rows]
        self._show(partial(_table, title=self._plain(title), heads=heads, rows=plain))

    def shape(
        self, title: Text, columns: Iterable[Text], rows: Iterable[Iterable[Text | str]]
    ) -> RenderableType:
        """The table of a terminal, not yet shown; a list of cards where the terminal is too narrow."""
        heads = [say(each, self.language) for each in columns]
        plain = [[self._plain(cell) for cell in row] for row in rows]
        return _shape(self._plain(title), heads, plain, self.console.width)

    def name_target(self) -> None:
        """Show once what the command changes: before its question, or with the result where there is none."""
        if self.target and not self.named.is_set():
            self.named.set()
            self.note(self.target, style="bold")

    def confirm(self, question: Text, declined: Text = _CANCELLED) -> None:
        """Raises EarlyExit unless the person agrees; no answer is no. `declined`: what is then the case."""
        self.name_target()
        if self.yes:
            return
        for show in self.held:
            show(self.aside)
        self.held.clear()
        # Also the blank after the question belongs to standard error then.
        aside = redirect_stdout(sys.stderr) if self.machine else nullcontext()
        try:
            with aside:
                agreed = typer.confirm(say(question, self.language), default=False, err=self.machine)
        except typer.Abort:
            agreed = False
            self.aside.print()
        if not agreed:
            raise EarlyExit(Exit.DECLINED, declined)

    def result(self, data: Json) -> None:
        """The object for machines: one line, immediately."""
        if not self.machine:
            return
        # Not every letter where standard output does not take them.
        encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
        try:
            typer.echo(json.dumps(_each(data, self.typed), ensure_ascii=encoding != "utf8", allow_nan=False))
        except OSError as error:
            self.lost.set()
            mute(sys.stdout)
            if not isinstance(error, BrokenPipeError):
                raise

    def stopped(self, early: EarlyExit) -> None:
        """The lines that say why, on standard error; for machines an object, too."""
        for each in (early.said, *early.more):
            _line(self.aside, self._plain(each), "red")
        message = say(early.said, self.language) if isinstance(early.said, Text) else early.said
        self.result({"exit": early.status, "message": message, **early.data})

    def _plain(self, said: Text | str) -> str:
        return visible(self.typed(said if isinstance(said, str) else say(said, self.language)))

    def _show(self, show: Callable[[OpsConsole], None]) -> None:
        if self.machine:
            self.held.append(show)
        else:
            show(self.console)

    @property
    def console(self) -> OpsConsole:
        """Standard output."""
        return OpsConsole(self.lost, stderr=False)

    @property
    def aside(self) -> OpsConsole:
        """Standard error: errors, questions, and text that accompanies a result."""
        return OpsConsole(self.lost, stderr=True)


def _line(console: OpsConsole, said: str, style: str = "") -> None:
    console.print(said, style=style, soft_wrap=True)


def _card(console: OpsConsole, rows: Sequence[tuple[str, str]]) -> None:
    if not console.is_terminal:
        for label, said in rows:
            console.plain(_joined((label, said)))
        return
    first = max((cell_len(label) for label, _ in rows), default=0)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, said in rows:
        grid.add_row(label, _broken(said, console.width - first - 2))
    console.print(grid)


def _table(console: OpsConsole, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not console.is_terminal:
        for row in (heads, *rows):
            console.plain(_joined(row))
        return
    console.print(_shape(title, heads, rows, console.width))


def _joined(cells: Iterable[str]) -> str:
    """One row for another program: one line, its cells parted by tabs."""
    return "\t".join(" ".join(each.split()) for each in cells)


def _shape(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> RenderableType:
    columns = list(zip(heads, *rows, strict=True))
    widths = _widths(columns, width - 1 - _FRAME * len(columns))
    if not widths:
        return _cards(title, heads, rows, width)
    grid = Table(title=title, title_justify="left", title_style="bold")
    for head, wide in zip(heads, widths, strict=True):
        grid.add_column(head, overflow="fold", width=wide)
    for row in rows:
        grid.add_row(*(_broken(cell, wide) for cell, wide in zip(row, widths, strict=True)))
    return grid


def _widths(columns: Sequence[Sequence[str]], there: int) -> list[int]:
    """The widths of the columns: wide enough that no id is broken, and wider if there is room; none if there
    is too little."""
    widest = [max(map(cell_len, each)) for each in columns]
    least = [max(cell_len(part.rstrip()) for cell in each for part in (*units(cell), "")) for each in columns]
    spare = there - sum(least)
    if spare < 0:
        return []
    more = [most - few for most, few in zip(widest, least, strict=True)]
    part = min(1.0, spare / sum(more)) if sum(more) else 0.0
    return [few + int(part * each) for few, each in zip(least, more, strict=True)]


def _cards(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> RenderableType:
    """The first cell, and below it all that is not empty. Lines are broken, never cut."""
    lines = [Line(title, style="bold")]
    for row in rows:
        lines.append(Line(row[0], style="bold", overflow="fold"))
        shown = [(head, cell) for head, cell in zip(heads[1:], row[1:], strict=True) if cell not in _NOTHING]
        lines += [Line(f"  {_broken(f'{head}: {cell}', width - 6, '    ')}") for head, cell in shown]
    return Group(*lines)


def _broken(said: str, width: int, margin: str = "") -> str:
    """Lines of this width, the first one without the margin."""
    return f"\n{margin}".join(wrap(said, width))


def mute(stream: IO[str]) -> None:
    """Whatever is written to it from now on is dropped, the rest of its buffer too."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def tolerate() -> None:
    """A letter that the terminal's encoding does not have becomes a question mark, never an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def visible(said: str) -> str:
    """The text without control sequences for the terminal, and without bytes that are no text."""
    return "".join(each if each == "\n" or _shown(each) else " " for each in said)


def words(typed: str) -> str:
    """A reason as it is kept: one line of text that every reader can decode and show."""
    return tidy("".join(each if _shown(each) else " " for each in typed))


def _shown(letter: str) -> bool:
    return not unicodedata.category(letter).startswith("C")


def _each(data: Any, change: Callable[[str], str]) -> Any:
    """The same data with each of its strings changed; the keys stay."""
    match data:
        case str():
            return change(data)
        case dict():
            return {key: _each(value, change) for key, value in data.items()}
        case list() | tuple():
            return [_each(each, change) for each in data]
    return data
