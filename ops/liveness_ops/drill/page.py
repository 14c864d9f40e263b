"""The drill as one page: opens offline, prints well."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from liveness_ops.drill import words
from liveness_ops.drill.build import ROOT
from liveness_ops.drill.stage import Played
from liveness_ops.drill.summary import row
from liveness_ops.drill.taken import Taken
from liveness_ops.drill.words import Language
from responder.render.page import document
from responder.render.style import CSS

PAGE = ROOT / "out" / "drill" / "index.html"
_MORE = """
body { max-width: 72rem }
.drill { break-before: page }
.mail { white-space: pre-wrap; border-left: 4px solid var(--blue) }
.bad { color: var(--red) }
tr.failed td { color: var(--red) }
"""


def write(all_played: Sequence[Played], language: Language) -> Path:
    """Write it and say where."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(all_played, language), encoding="utf-8")
    return PAGE


def page(all_played: Sequence[Played], language: Language) -> str:
    """The table first, then every scenario. Pure."""
    parts = ["<h1>Liveness Responder</h1>", _table(all_played, language)]
    parts += [_scenario(number, played, language) for number, played in enumerate(all_played)]
    return document("Liveness Responder", parts, CSS + _MORE)


def _table(all_played: Sequence[Played], language: Language) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in words.COLUMNS.said(language).split("|"))
    rows = "".join(_row(number, played) for number, played in enumerate(all_played))
    return f"<table><tr>{head}</tr>{rows}</table>"


def _row(number: int, played: Played) -> str:
    alarm, name, *rest = row(played)
    cells = (escape(alarm), f'<a href="#s{number}">{escape(name)}</a>', *map(escape, rest))
    kind = ' class="failed"' if played.problems else ""
    return f"<tr{kind}>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _scenario(number: int, played: Played, language: Language) -> str:
    scenario = played.scenario
    title = f"{escape(scenario.alarm)} · {escape(scenario.name)} · {escape(scenario.world)}"
    broken = f"<p><b>{words.BROKEN.said(language)}</b> {escape(scenario.broken.said(language))}</p>"
    acts = "".join(part for taken in played.acts for part in _act(taken, language))
    problems = "".join(f'<p class="bad">{escape(problem)}</p>' for problem in played.problems)
    return f'<section class="drill report" id="s{number}"><h2>{title}</h2>{broken}{acts}{problems}</section>'


def _act(taken: Taken, language: Language) -> Iterator[str]:
    if taken.step is not None:
        yield f"<h3>▶ {escape(taken.step.command)} {escape(taken.step.what.said(language))}</h3>"
    if taken.report:
        yield f"<h3>{words.FINDINGS.said(language)}</h3>{_findings(taken)}"
        yield f"<h3>{words.DECISION.said(language)}</h3><p>{escape(taken.report['cause']['text'])}</p>"
        yield "".join(f"<p>{escape(said['text'])}</p>" for said in (taken.report["why"],))
        yield _outcomes(taken)
    yield f"<h3>{words.CHANGED.said(language)}</h3>{_changes(taken, language)}"
    yield f"<h3>{words.MESSAGE.said(language)}</h3>"
    for mail in taken.mail:
        yield f'<p><b>{escape(mail.subject)}</b></p><pre class="mail">{escape(mail.text)}</pre>'


def _findings(taken: Taken) -> str:
    lines = (
        f'<li><span class="tone {escape(each["tone"])}">{escape(each["tone"])}</span> '
        f"{escape(each['said']['text'])}</li>"
        for each in taken.report["findings"]
    )
    return f'<ul class="findings">{"".join(lines)}</ul>'


def _outcomes(taken: Taken) -> str:
    lines = (
        f'<li><span class="result {escape(each["result"])}">{escape(each["result"])}</span> '
        f"{escape(each['remedy'])}: {escape(each['why']['text'])} "
        f"{escape(each['because']['text']) if each['because'] else ''}</li>"
        for each in taken.outcomes
    )
    return f'<ul class="findings">{"".join(lines)}</ul>'


def _changes(taken: Taken, language: Language) -> str:
    if not taken.changes:
        return f"<p>{words.NOTHING.said(language)}</p>"
    rows = "".join(
        f"<tr><td>{escape(setting)}</td><td>{escape(before)}</td><td>{escape(after)}</td></tr>"
        for setting, (before, after) in taken.changes.items()
    )
    return f'<table class="changes">{rows}</table>'
