"""What is shown and asked: lines for people, one JSON object for machines."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from liveness_ops.people.ending import Exit, Stop
from responder.render.language import say
from responder.text import Text, text


@dataclass(frozen=True, slots=True)
class Screen:
    """With `machine`, standard output holds the JSON only; everything else goes to standard error.

    `yes`: every question is answered with yes.
    """

    language: str
    machine: bool = False
    yes: bool = False

    def say(self, *said: Text, style: str = "") -> None:
        """Lines, never broken: some are there to be copied."""
        for each in said:
            self.console.print(
                say(each, self.language), markup=False, highlight=False, style=style, soft_wrap=True
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
        self.console.print(self.grid(title, columns, rows), markup=False, highlight=False)

    def grid(self, title: Text, columns: Iterable[Text], rows: Iterable[Iterable[Text | str]]) -> Table:
        """The table, not yet shown."""
        grid = Table(title=say(title, self.language), title_justify="left", title_style="bold")
        for each in columns:
            # What is there to be copied stays on one line.
            whole = each.key.endswith(("_incident", "_id"))
            grid.add_column(say(each, self.language), overflow="fold", no_wrap=whole)
        for row in rows:
            # What people wrote may look like markup.
            grid.add_row(*(escape(_plain(cell, self.language)) for cell in row))
        return grid

    def confirm(self, question: Text) -> None:
        """Raises Stop unless the person agrees; no answer is no."""
        if self.yes:
            return
        try:
            agreed = typer.confirm(say(question, self.language), default=False, err=self.machine)
        except typer.Abort:
            agreed = False
        if not agreed:
            raise Stop(Exit.DECLINED, text("console.declined"))

    def result(self, data: dict[str, Any]) -> None:
        """The object for machines: one line, at once."""
        if self.machine:
            typer.echo(json.dumps(data, ensure_ascii=False, allow_nan=False))

    def stopped(self, stop: Stop) -> None:
        """The one line that says why, in both shapes."""
        self.say(stop.said, style="red")
        self.result(
            {
                "exit": stop.status,
                "error": stop.said.key,
                "message": say(stop.said, self.language),
                **stop.data,
            }
        )

    @property
    def console(self) -> Console:
        """Where people look: standard error beside a machine's output."""
        console = Console(stderr=self.machine)
        return console if console.is_terminal else Console(stderr=self.machine, width=150)


def _plain(said: Text | str, language: str) -> str:
    return said if isinstance(said, str) else say(said, language)
