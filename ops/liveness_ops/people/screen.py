"""What is shown and asked: lines for people, one JSON object for machines.

The terminal may be narrow or unable to show every letter, and the pipe may have lost its reader.
"""

import io
import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import nullcontext, redirect_stdout, suppress
from dataclasses import dataclass, field
from threading import Event
from typing import IO, Any

import typer
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Line

from liveness_ops.people.ending import Exit, Stop
from responder.core.text import Text, text
from responder.messages.language import say
from responder.store.approval_writer import tidy

# Columns of what is there to be copied.
_WHOLE = ("_incident", "_id")
_READABLE = 10
_FRAME = 3
_NOTHING = ("–", "")


class OpsConsole(Console):
    """A console that goes on with its work when its output has no reader any more, so that its exit status
    stays that of the work. `lost` is set then."""

    def __init__(self, lost: Event, *, stderr: bool, width: int | None = None) -> None:
        super().__init__(stderr=stderr, width=width)
        self.lost = lost

    def on_broken_pipe(self) -> None:
        """What is still said goes nowhere."""
        self.lost.set()
        mute(self.file)


@dataclass(frozen=True, slots=True)
class Screen:
    """With `machine`, standard output holds the JSON only; everything else goes to standard error.

    `yes`: every question is answered with yes. `lost`: set once the output has no reader any more.
    """

    language: str
    machine: bool = False
    yes: bool = False
    lost: Event = field(default_factory=Event, compare=False)

    def say(self, *said: Text | str, style: str = "") -> None:
        """Lines, never broken and whole: some are there to be copied."""
        for each in said:
            plain = _plain(each, self.language)
            self.console.print(plain, markup=False, highlight=False, style=style, soft_wrap=True)

    def card(self, title: Text, lines: Iterable[tuple[Text, Text | str]]) -> None:
        """Labels and what belongs to them."""
        table = Table.grid(padding=(0, 2))
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for label, said in lines:
            table.add_row(say(label, self.language), escape(_plain(said, self.language)))
        self.say(title, style="bold")
        self.console.print(table, markup=False, highlight=False)

    def table(self, title: Text, columns: Iterable[Text], rows: Iterable[Iterable[Text | str]]) -> None:
        """A table for people; machines get the same as an object."""
        self.console.print(self.shape(title, columns, rows), markup=False, highlight=False)

    def shape(
        self, title: Text, columns: Iterable[Text], rows: Iterable[Iterable[Text | str]]
    ) -> RenderableType:
        """The table, not yet shown; a list of cards where the terminal is too narrow for it."""
        heads = [(say(each, self.language), each.key.endswith(_WHOLE)) for each in columns]
        plain = [[_plain(cell, self.language) for cell in row] for row in rows]
        if not _fits(self.console.width, [whole for _, whole in heads], plain):
            return _cards(_plain(title, self.language), [head for head, _ in heads], plain)
        grid = Table(title=say(title, self.language), title_justify="left", title_style="bold")
        for head, whole in heads:
            # What is there to be copied stays on one line.
            grid.add_column(head, overflow="fold", no_wrap=whole)
        for row in plain:
            # What people wrote may look like markup.
            grid.add_row(*map(escape, row))
        return grid

    def confirm(self, question: Text) -> None:
        """Raises Stop unless the person agrees; no answer is no."""
        if self.yes:
            return
        # Also the blank after the question belongs to standard error then.
        aside = redirect_stdout(sys.stderr) if self.machine else nullcontext()
        try:
            with aside:
                agreed = typer.confirm(say(question, self.language), default=False, err=self.machine)
        except typer.Abort:
            agreed = False
            self.console.print()
        if not agreed:
            raise Stop(Exit.DECLINED, text("console.declined"))

    def result(self, data: dict[str, Any]) -> None:
        """The object for machines: one line, at once."""
        if not self.machine:
            return
        # Not every letter where standard output does not take them.
        encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
        try:
            typer.echo(json.dumps(data, ensure_ascii=encoding != "utf8", allow_nan=False))
        except OSError as error:
            self.lost.set()
            mute(sys.stdout)
            if not isinstance(error, BrokenPipeError):
                raise

    def stopped(self, stop: Stop) -> None:
        """The one line that says why, in both shapes; on the screen with those after it."""
        self.say(stop.said, *stop.more, style="red")
        message = say(stop.said, self.language) if isinstance(stop.said, Text) else stop.said
        self.result({"exit": stop.status, "message": message, **stop.data})

    @property
    def console(self) -> OpsConsole:
        """Where people look: standard error beside a machine's output."""
        console = OpsConsole(self.lost, stderr=self.machine)
        return console if console.is_terminal else OpsConsole(self.lost, stderr=self.machine, width=150)


def _fits(width: int, whole: Sequence[bool], rows: Sequence[Sequence[str]]) -> bool:
    """Columns that are `whole` need all of their cells, in columns of the terminal; the others can fold."""
    needed = 1 + _FRAME * len(whole)
    for number, stays in enumerate(whole):
        widest = max((cell_len(row[number]) for row in rows), default=0)
        needed += widest if stays else min(widest, _READABLE)
    return needed <= width


def _cards(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> RenderableType:
    """The first cell, and below it all that is not empty. Lines are broken, never cut."""
    lines = [Line(title, style="bold")]
    for row in rows:
        lines.append(Line(row[0], style="bold", overflow="fold"))
        told = [(head, cell) for head, cell in zip(heads[1:], row[1:], strict=True) if cell not in _NOTHING]
        lines += [Line(f"  {head}: {cell}", overflow="fold") for head, cell in told]
    return Group(*lines)


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
    """Without what would steer the terminal, and without bytes that are no text."""
    return "".join(each if each == "\n" or _shown(each) else " " for each in said)


def words(typed: str) -> str:
    """A reason as it is kept: one line of text that every reader can decode and show."""
    return tidy("".join(each if _shown(each) else " " for each in typed))


def _shown(letter: str) -> bool:
    return not unicodedata.category(letter).startswith("C")


def _plain(said: Text | str, language: str) -> str:
    return visible(said if isinstance(said, str) else say(said, language))
