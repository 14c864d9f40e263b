"""HTML from plain strings: everything given as words is escaped, what is given as HTML is ours."""

from collections.abc import Iterable, Sequence
from html import escape

from responder.core.text import Text
from responder.messages.language import clean, say

type Html = str


def words(said: str | Text, language: str) -> Html:
    """A sentence of the catalogue, or a name from outside, escaped."""
    return escape(say(said, language) if isinstance(said, Text) else clean(said))


def section(title: Text, body: Html, language: str) -> Html:
    """Nothing of an empty body."""
    return f"<section><h2>{words(title, language)}</h2>{body}</section>" if body else ""


def pairs(lines: Iterable[tuple[Html, Html]]) -> Html:
    """Labelled lines."""
    rows = "".join(f"<dt>{label}</dt><dd>{said}</dd>" for label, said in lines)
    return f"<dl>{rows}</dl>" if rows else ""


def bullets(items: Iterable[Html], kind: str = "", tag: str = "ul") -> Html:
    """A list; nothing of no items."""
    body = "".join(f"<li>{item}</li>" for item in items)
    opening = f'<{tag} class="{kind}">' if kind else f"<{tag}>"
    return f"{opening}{body}</{tag}>" if body else ""


def table(heads: Sequence[Html], rows: Iterable[Sequence[Html]], kind: str) -> Html:
    """A table with a head that is repeated on every printed page; nothing of no rows."""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    return (
        f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>' if body else ""
    )


def step(said: Text, language: str) -> Html:
    """A step of the manual; what follows on lines of its own is to be pasted."""
    first, _, command = say(said, language).partition("\n")
    return escape(first) + (f"<pre>{escape(command)}</pre>" if command else "")


def link(url: str, label: Html) -> Html:
    """Only a web address becomes one that can be clicked."""
    if not url.startswith("https://"):
        return f"{label} {escape(url)}"
    return f'<a href="{escape(url, quote=True)}" rel="noreferrer">{label}</a>'
