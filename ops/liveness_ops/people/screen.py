"""What is shown and asked: lines for people, one JSON object for machines."""

import json
import sys
from collections.abc import Iterable
from contextlib import nullcontext, redirect_stdout
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import typer
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from liveness_ops.people.ending import Exit, Stop
from liveness_ops.people.shapes import cards, fits
from liveness_ops.people.voice import Voice, mute, unicode_out, visible
from responder.core.text import Text, text
from responder.messages.language import say

# Columns of what is there to be copied.
_WHOLE = ("_incident", "_id")


@dataclass(frozen=True, slots=True)
class Screen:
    """With `machine`, standard output holds the JSON only; everything else goes to standard error.

    `yes`: every question is answered with yes. `lost`: set once nobody reads the output any more.
    """

    language: str
    machine: bool = False
    yes: bool = False
    lost: Event = field(default_factory=Event, compare=False)

    def say(self, *said: Text | str, style: str = "") -> None:
        """Lines, never broken and whole: some are there to be copied."""
        for each in said:
            self.console.print(
                _plain(each, self.language), markup=False, highlight=False, style=style, soft_wrap=True
            )

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
        heads, cells = tuple(columns), [tuple(row) for row in rows]
        plain = [[_plain(cell, self.language) for cell in row] for row in cells]
        if fits(self.console.width, [each.key.endswith(_WHOLE) for each in heads], plain):
            return self._grid(title, heads, cells)
        return cards(_plain(title, self.language), [say(each, self.language) for each in heads], plain)

    def _grid(self, title: Text, columns: Iterable[Text], rows: Iterable[Iterable[Text | str]]) -> Table:
        grid = Table(title=say(title, self.language), title_justify="left", title_style="bold")
        for each in columns:
            # What is there to be copied stays on one line.
            whole = each.key.endswith(_WHOLE)
            grid.add_column(say(each, self.language), overflow="fold", no_wrap=whole)
        for row in rows:
            # What people wrote may look like markup.
            grid.add_row(*(escape(_plain(cell, self.language)) for cell in row))
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
        try:
            typer.echo(json.dumps(data, ensure_ascii=not unicode_out(), allow_nan=False))
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
    def console(self) -> Voice:
        """Where people look: standard error beside a machine's output."""
        console = Voice(self.lost, stderr=self.machine)
        return console if console.is_terminal else Voice(self.lost, stderr=self.machine, width=150)


def _plain(said: Text | str, language: str) -> str:
    return visible(said if isinstance(said, str) else say(said, language))
