"""How an incident went on, in the terminal."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from liveness_ops.drill import words
from liveness_ops.drill.course import Course
from liveness_ops.drill.follow import Happened, Message
from liveness_ops.drill.words import Language

_STYLES = {
    "escalation": "red",
    "failure": "red",
    "watchdog": "yellow",
    "reminder": "yellow",
    "closed": "green",
}


def shown(course: Course, language: Language) -> RenderableType:
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
