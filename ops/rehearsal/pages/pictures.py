"""The pictures of README: `make pictures`.

The architecture is drawn from a table of boxes. A message in Slack and an incident report are made by a
drill on the local AWS and opened in a headless Chromium.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from rich.console import Console

from liveness_ops.people.options import Language
from rehearsal.drill.build import ROOT
from rehearsal.drill.catalogue import scenarios
from rehearsal.drill.play_scenario import ScenarioRun
from rehearsal.drill.run import plays
from rehearsal.drill.slack_page import mrkdwn, slack_incidents
from rehearsal.pages.browser import capture, find
from responder.messages.page import render

PICTURES = ROOT / "docs" / "pictures"
_HERE = Path(__file__).parent
_REPORTED, _ASKED = ("high-error-rate", "followed"), ("high-error-rate", "asks-throttling")
# Drawn, since a machine that makes pictures need not have a font with emoji.
_DOTS = {"🔴": "#e01e5a", "🟡": "#ecb22e", "🟢": "#2eb67d", "⚪": "#c4c4c4"}
_LEFT_OUT = ("⏳ ", "🔧 ", "⚠️ ", "⚠ ")
# Width and height in CSS pixels. A message is cut to its own height, a report to its first screen.
_MESSAGE, _REPORT = (640, None), (1000, 760)


def named(name: str, language: Language, suffix: str) -> Path:
    """`slack.png`, `slack.ja.png`: as pages are named in the two languages."""
    return PICTURES / f"{name}{'.ja' if language is Language.JA else ''}.{suffix}"


def run(console: Console) -> None:
    """Make all of them."""
    for language, drawing in drawings().items():
        named("architecture", language, "svg").write_text(drawing, encoding="utf-8")
    browser = find()
    chosen = [scenario for alarm, name in (_REPORTED, _ASKED) for scenario in scenarios(alarm, name)]
    with plays(chosen, Language.EN) as futures:
        reported, asked = (future.result() for future in futures)
    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        for name, language, html, size in _pages(reported, asked):
            page.write_text(html, encoding="utf-8")
            picture = named(name, language, "png")
            capture(browser, page, picture, *size)
            console.print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size // 1024} KB")


def drawings() -> dict[Language, str]:
    """The architecture as SVG. Pure."""
    boxes = yaml.safe_load((_HERE / "architecture.yaml").read_text(encoding="utf-8"))
    return {each: render(_HERE / "architecture.svg.j2", each, **boxes) for each in Language}


def _pages(
    reported: ScenarioRun, asked: ScenarioRun
) -> Iterator[tuple[str, Language, str, tuple[int, int | None]]]:
    files = next(act.files for act in reported.acts if act.followed is not None and act.files)
    incident = slack_incidents(asked, Language.EN)[0]
    for language in Language:
        yield "report", language, files[f"report.{language}.html"], _REPORT
        blocks = incident[language].root
        html = render(_HERE / "slack.j2", language, blocks=blocks, mrkdwn=mrkdwn)
        for dot, colour in _DOTS.items():
            html = html.replace(dot, f'<i style="background: {colour}"></i>')
        for symbol in _LEFT_OUT:
            html = html.replace(symbol, "")
        yield "slack", language, html, _MESSAGE
