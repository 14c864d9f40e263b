"""The drill as one page: opens offline, prints well."""

import shutil
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from liveness_ops.drill import page_course, slack_page, words
from liveness_ops.drill.build import ROOT
from liveness_ops.drill.deeds import Deed
from liveness_ops.drill.stage import Played
from liveness_ops.drill.summary import row
from liveness_ops.drill.taken import Taken
from liveness_ops.drill.words import Language
from responder.messages.page import document
from responder.messages.style import CSS

PAGE = ROOT / "out" / "drill" / "index.html"
_MORE = """
body { max-width: 72rem }
.drill { break-before: page; break-inside: auto; border-left-color: var(--blue) }
.wide { overflow-x: auto; margin: 0 0 2rem }
.summary { font-size: .85rem }
.summary td, .summary th { white-space: nowrap }
.summary td:nth-child(5) { white-space: normal; min-width: 12rem }
.changes td:nth-child(n+2) { white-space: nowrap }
.top { text-align: right; margin: 0 }
@media print { .top { display: none } .summary { font-size: 7pt } .wide { overflow: visible } }
.mail { white-space: pre-wrap; overflow-wrap: anywhere; border-left: 4px solid var(--blue) }
.bad { color: var(--red) }
tr.failed td { color: var(--red) }
"""


def write(all_played: Sequence[Played], language: Language) -> Path:
    """Write it and say where."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(PAGE.parent / page_course.FOLDER, ignore_errors=True)
    for taken in (act for played in all_played for act in played.acts):
        page_course.put_reports(taken, PAGE.parent)
    PAGE.write_text(page(all_played, language), encoding="utf-8")
    return PAGE


def page(all_played: Sequence[Played], language: Language) -> str:
    """The table first, then every scenario. Pure."""
    passed = sum(not played.problems for played in all_played)
    seconds = sum(played.seconds for played in all_played)
    said = words.SUMMARY.said(language).format(passed=passed, all=len(all_played), seconds=seconds)
    title = words.TITLE.said(language)
    parts = [f'<h1 id="top">{escape(title)}</h1><p>{escape(said)}</p>', _table(all_played, language)]
    parts += [_scenario(number, played, language) for number, played in enumerate(all_played)]
    return document(title, parts, CSS + _MORE + page_course.CSS + slack_page.CSS, language)


def _table(all_played: Sequence[Played], language: Language) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in words.COLUMNS.said(language).split("|"))
    rows = "".join(_row(number, played, language) for number, played in enumerate(all_played))
    return f'<div class="wide"><table class="summary"><tr>{head}</tr>{rows}</table></div>'


def _row(number: int, played: Played, language: Language) -> str:
    alarm, name, *rest = row(played, language)
    cells = (escape(alarm), f'<a href="#s{number}">{escape(name)}</a>', *map(escape, rest))
    kind = ' class="failed"' if played.problems else ""
    return f"<tr{kind}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _scenario(number: int, played: Played, language: Language) -> str:
    scenario = played.scenario
    title = f"{escape(scenario.alarm)} · {escape(scenario.name)} · {escape(scenario.world)}"
    broken = f"<p><b>{words.BROKEN.said(language)}</b> {escape(scenario.broken.said(language))}</p>"
    acts = "".join(part for taken in played.acts for part in _act(taken, language))
    problems = "".join(f'<p class="bad">{escape(problem)}</p>' for problem in played.problems)
    top = f'<p class="top"><a href="#top">{words.TOP.said(language)}</a></p>'
    body = f"<h2>{title}</h2>{broken}{acts}{slack_page.story(played, language)}{problems}{top}"
    return f'<section class="drill report" id="s{number}">{body}</section>'


def _act(taken: Taken, language: Language) -> Iterator[str]:
    if taken.course is not None:
        yield from page_course.course(taken, language)
        yield f"<h3>{words.CHANGED.said(language)}</h3>{_changes(taken, language)}"
        return
    if taken.step is not None:
        yield f"<h3>▶ {escape(taken.step.command)} {escape(taken.step.what.said(language))}</h3>"
        if isinstance(taken.step, Deed):
            ended = f"{taken.step.who} → {taken.answer}"
            yield f"<p><b>{words.PERSON.said(language)}</b> {escape(ended)}</p>"
    if found := _findings(taken, language) if taken.report else "":
        yield f"<h3>{words.FINDINGS.said(language)}</h3>{found}"
    if taken.report:
        said = (taken.report["cause"], taken.report["why"], *taken.report["ruled_out"])
        lines = "<br>".join(escape(each["text"]) for each in said)
        yield f"<h3>{words.DECISION.said(language)}</h3><p>{lines}</p>"
        yield _outcomes(taken, language)
    yield f"<h3>{words.CHANGED.said(language)}</h3>{_changes(taken, language)}"
    yield f"<h3>{words.MESSAGE.said(language)}</h3>"
    if not taken.mail:
        yield f"<p>{words.NO_MESSAGE.said(language)}</p>"
    for mail in taken.mail:
        yield f'<p><b>{escape(mail.subject)}</b></p><pre class="mail">{escape(mail.text)}</pre>'


def _findings(taken: Taken, language: Language) -> str:
    return _items(
        _badge("tone", each["tone"], words.tone(each["tone"], language)) + escape(each["said"]["text"])
        for each in taken.report["findings"]
    )


def _outcomes(taken: Taken, language: Language) -> str:
    return _items(
        _badge("result", each["result"], words.result(each["result"], language))
        + escape(f"{words.remedy(each, language)}: {each['why']['text']} ")
        + (escape(each["because"]["text"]) if each["because"] else "")
        for each in taken.outcomes
    )


def _badge(kind: str, name: str, label: str) -> str:
    return f'<span class="{kind} {escape(name)}">{escape(label)}</span> '


def _items(items: Iterator[str]) -> str:
    lines = "".join(f"<li>{item}</li>" for item in items)
    return f'<ul class="findings">{lines}</ul>' if lines else ""


def _changes(taken: Taken, language: Language) -> str:
    if not taken.changes:
        return f"<p>{words.NOTHING.said(language)}</p>"
    rows = "".join(
        f"<tr><td>{escape(setting)}</td><td>{escape(before)}</td><td>{escape(after)}</td></tr>"
        for setting, (before, after) in taken.changes.items()
    )
    head = "".join(f"<th>{escape(name)}</th>" for name in words.SETTING.said(language).split("|"))
    return f'<table class="changes"><tr>{head}</tr>{rows}</table>'
