"""The drill as one page, and the incident reports beside it: opens offline, prints well."""

import shutil
from base64 import b64encode
from functools import partial
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

from liveness_ops.people.options import Language
from rehearsal.drill import words
from rehearsal.drill.results import OUTCOMES, DrillResult, ScenarioResult
from rehearsal.drill.slack_page import mrkdwn, story
from rehearsal.drill.taken import Taken
from responder.messages.page import render

TEMPLATE = Path(__file__).with_name("page.html.j2")
_REPORTS = "reports"


def write(result: DrillResult, folder: Path) -> Path:
    """Write it as `index.html` of the folder and say where."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / _REPORTS, ignore_errors=True)
    for taken in (act for one in result.scenarios for act in one.played.acts):
        _put_reports(taken, folder)
    path = folder / "index.html"
    path.write_text(page(result), encoding="utf-8")
    return path


def page(result: DrillResult) -> str:
    """Sums and what differs first, then every scenario by alarm, folded. Pure."""
    language, found = result.language, {name for one in result.scenarios for name in one.outcomes}
    return render(
        TEMPLATE,
        language,
        result=result,
        every_outcome=[name for name in OUTCOMES if name in found],
        words=words,
        say=partial(_say, language),
        mrkdwn=mrkdwn,
        story=partial(story, language=language),
        report=partial(_report, language=language),
        anchor=_anchor,
        style=_beside("page.css"),
        script=_beside("page.js"),
        hash=_hash,
    )


def _say(language: Language, key: str, **values: object) -> str:
    return words.say(key, language, **values)


def _beside(name: str) -> Markup:
    return Markup(TEMPLATE.with_name(name).read_text(encoding="utf-8"))  # noqa: S704  # nosec B704 - a file of ours


def _hash(text: str) -> str:
    """What the page's policy allows."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _anchor(one: ScenarioResult) -> str:
    return f"{one.scenario.alarm}.{one.scenario.name}"


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
