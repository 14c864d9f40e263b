"""The drill as one page, and the incident reports beside it: opens offline, prints well."""

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from liveness_ops.people.options import Language
from rehearsal.drill import words
from rehearsal.drill.build import ROOT
from rehearsal.drill.show import row
from rehearsal.drill.slack_page import mrkdwn, story
from rehearsal.drill.stage import Played
from rehearsal.drill.taken import Taken
from responder.messages.page import render

PAGE = ROOT / "out" / "drill" / "index.html"
TEMPLATE = Path(__file__).with_name("page.html.j2")
_REPORTS = "reports"


def write(all_played: Sequence[Played], language: Language) -> Path:
    """Write it and say where."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(PAGE.parent / _REPORTS, ignore_errors=True)
    for taken in (act for played in all_played for act in played.acts):
        _put_reports(taken, PAGE.parent)
    PAGE.write_text(page(all_played, language), encoding="utf-8")
    return PAGE


def page(all_played: Sequence[Played], language: Language) -> str:
    """The table first, then every scenario. Pure."""
    return render(
        TEMPLATE,
        language,
        all_played=all_played,
        words=words,
        row=row,
        mrkdwn=mrkdwn,
        story=partial(story, language=language),
        report=partial(_report, language=language),
        passed=sum(not played.problems for played in all_played),
        seconds=sum(played.seconds for played in all_played),
    )


def _report(taken: Taken, language: Language) -> str:
    """Where the incident's report lies, seen from the page; empty where there is none."""
    name = f"report.{language}.html"
    known = taken.course is not None and name in taken.files
    return f"{_REPORTS}/{taken.course.incident}/{name}" if taken.course and known else ""


def _put_reports(taken: Taken, beside: Path) -> None:
    """The files of the bucket, in a folder beside the page."""
    if taken.course is None or not taken.files:
        return
    folder = beside / _REPORTS / taken.course.incident
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in taken.files.items():
        (folder / name).write_text(text, encoding="utf-8")
