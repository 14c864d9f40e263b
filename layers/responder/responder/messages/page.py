"""A report as HTML: a fragment for a page of many, and a document that opens offline and prints well."""

from collections.abc import Iterable
from html import escape

from responder.core.report import Report
from responder.core.text import Text
from responder.messages.language import say
from responder.messages.story import tell
from responder.messages.story_parts import (
    FindingPart,
    LabelledLine,
    OutcomePart,
    SettingRow,
    Story,
    WrittenChangePart,
)

_COLUMNS = ("label.target", "label.setting", "label.before", "label.after", "label.result")


def page(report: Report, language: str) -> str:
    """`<article class="report …">`: everything escaped, no script, colours by class."""
    story = tell(report, language)
    parts = (
        f'<p class="headline{" alert" if story.alert else ""}">{escape(story.headline)}</p>',
        _pairs(story.facts),
        _section("label.course", _pairs(story.course), language),
        _section(
            "label.cause", f'<p class="cause">{escape(story.cause)}</p>{_pairs(story.reasons)}', language
        ),
        _section("label.acts", "".join(_act(act, language) for act in story.acts), language),
        _section("label.findings", _points(story), language),
        _section("label.steps", _list("ol", (_step(step) for step in story.steps)), language),
        _section("label.leases", _list("ul", map(escape, story.leases)), language),
        _section("label.links", _list("ul", (_link(url, label) for label, url in story.links)), language),
    )
    colour = "calm" if story.calm else escape(report.severity.value, quote=True)
    return f'<article class="report {colour}" lang="{escape(language)}">{"".join(parts)}</article>'


def document(title: str, fragments: Iterable[str], css: str, language: str = "ja") -> str:
    """A whole page. `css` is ours; `title` is escaped; nothing is loaded from anywhere.

    The language picks the shapes of the characters: without it a browser may show Chinese ones."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return (
        '<!doctype html>\n<html lang="' + escape(language, quote=True) + '"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{css.replace('</', '<\\/')}</style></head>"
        f"<body>{''.join(fragments)}</body></html>\n"
    )


def _section(label: str, body: str, language: str) -> str:
    return f"<section><h3>{escape(say(Text(label), language))}</h3>{body}</section>" if body else ""


def _pairs(lines: Iterable[LabelledLine]) -> str:
    rows = "".join(f"<dt>{escape(label)}</dt><dd>{escape(said)}</dd>" for label, said in lines)
    return f"<dl>{rows}</dl>" if rows else ""


def _list(tag: str, items: Iterable[str]) -> str:
    body = "".join(f"<li>{item}</li>" for item in items)
    return f"<{tag}>{body}</{tag}>" if body else ""


def _act(act: OutcomePart, language: str) -> str:
    title = f'<h4><span class="result {act.result.value}">{escape(act.label)}</span> {escape(act.title)}</h4>'
    changes = "".join(_written(each, language) for each in act.written)
    return f'<div class="act">{title}{_table(act.rows, language)}{_pairs(act.lines)}{changes}</div>'


def _written(one: WrittenChangePart, language: str) -> str:
    label = say(Text("label.written"), language)
    boxes = (f"<pre>{escape(box)}</pre>" for box in ("\n".join(one.diff), one.command))
    return f'{_pairs([(label, one.what)])}<div class="written">{"".join(boxes)}</div>'


def _table(rows: tuple[SettingRow, ...], language: str) -> str:
    if not rows:
        return ""
    head = "".join(f"<th>{escape(say(Text(column), language))}</th>" for column in _COLUMNS)
    return f'<table class="changes"><tr>{head}</tr>{"".join(map(_row, rows))}</table>'


def _row(row: SettingRow) -> str:
    result = f"{row.status}: {row.note}" if row.note else row.status
    cells = (row.target, row.setting, row.before, row.after, result)
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _points(story: Story) -> str:
    return _list("ul", map(_point, story.points)).replace("<ul>", '<ul class="findings">', 1)


def _point(point: FindingPart) -> str:
    said = f'<span class="tone {point.tone.value}">{escape(point.label)}</span> {escape(point.said)}'
    link = f" {_link(point.link, point.link)}" if point.link else ""
    return said + link + _list("ul", map(escape, point.details))


def _step(step: str) -> str:
    first, _, command = step.partition("\n")
    return escape(first) + (f"<pre>{escape(command)}</pre>" if command else "")


def _link(url: str, label: str) -> str:
    """Only a web address becomes one that can be clicked."""
    if not url.startswith("https://"):
        return escape(f"{label} {url}")
    return f'<a href="{escape(url, quote=True)}" rel="noreferrer">{escape(label)}</a>'
