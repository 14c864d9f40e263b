"""How an incident went on, as a part of the page; its closing report is put beside it."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from liveness_ops.drill import words
from liveness_ops.drill.follow import Happened, Message
from liveness_ops.drill.taken import Taken
from liveness_ops.drill.words import Language

FOLDER = "reports"
CSS = """
.course td { vertical-align: top }
.course td:first-child { text-align: right }
.course td:nth-child(2) { white-space: nowrap }
.course .happened td { color: var(--blue) }
.course summary { cursor: pointer }
"""


def course(taken: Taken, language: Language) -> Iterator[str]:
    """Minute, which message, its first line with the whole message behind it; a link to the report."""
    if taken.course is None:
        return
    rows = "".join(_row(entry, language) for entry in taken.course.entries)
    yield f'<h3>{words.COURSE.said(language)}</h3><table class="course">{rows}</table>'
    name = _name(language)
    if name in taken.files:
        where = f"{FOLDER}/{taken.course.incident}/{name}"
        yield f'<p><a href="{escape(where)}">{words.CLOSED.said(language)}</a></p>'


def put_reports(taken: Taken, beside: Path) -> None:
    """The files of the bucket, in a folder beside the page."""
    if taken.course is None or not taken.files:
        return
    folder = beside / FOLDER / taken.course.incident
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in taken.files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _row(entry: Message | Happened, language: Language) -> str:
    if isinstance(entry, Happened):
        said = escape(entry.words.said(language))
        return f'<tr class="happened"><td>{entry.minute:.0f}</td><td>●</td><td>{said}</td></tr>'
    whole = f'<pre class="mail">{escape(entry.mail.text)}</pre>'
    told = f"<details><summary>{escape(entry.first_line)}</summary>{whole}</details>"
    return f"<tr><td>{entry.minute:.0f}</td><td>{escape(entry.name)}</td><td>{told}</td></tr>"


def _name(language: Language) -> str:
    return f"report.{language}.html"
