"""The drill as a page; in the same folder a page of messages per alarm and the incident reports. All open
offline."""

import shutil
from base64 import b64encode
from functools import partial
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

from liveness_ops.people.options import Language
from rehearsal.drill import words
from rehearsal.drill.results import OUTCOMES, DrillResult, ScenarioResult
from rehearsal.drill.slack_page import mrkdwn, slack_incidents
from rehearsal.drill.step_result import StepResult
from responder.messages.page import render

TEMPLATE = Path(__file__).with_name("page.html.j2")
_REPORTS, _ALARMS = "reports", "alarms"


def write(result: DrillResult, folder: Path) -> Path:
    """Write `index.html`, a page per alarm and the incident reports into the folder; return the first."""
    clear(folder)
    write_alarms(result, folder)
    return write_index(result, folder)


def clear(folder: Path) -> None:
    """Remove what another drill has written into the folder."""
    for each in (_REPORTS, _ALARMS):
        shutil.rmtree(folder / each, ignore_errors=True)
    (folder / _ALARMS).mkdir(parents=True)


def write_alarms(result: DrillResult, folder: Path) -> None:
    """Write a page per alarm, and the incident reports."""
    for step_result in (act for one in result.scenarios for act in one.played.acts):
        _put_reports(step_result, folder)
    for alarm in result.by_alarm:
        (folder / _ALARMS / f"{alarm}.html").write_text(alarm_page(result, alarm), encoding="utf-8")


def write_index(result: DrillResult, folder: Path) -> Path:
    """Write `index.html`, and return where it is."""
    path = folder / "index.html"
    path.write_text(page(result), encoding="utf-8")
    return path


def page(result: DrillResult) -> str:
    """Sums and what differs first, then every scenario by alarm, folded: decision and changes. Pure."""
    found = {name for one in result.scenarios for name in one.outcomes}
    return _render(
        TEMPLATE,
        result,
        every_outcome=[name for name in OUTCOMES if name in found],
        report=partial(_report, language=result.language),
        messages=_messages,
    )


def alarm_page(result: DrillResult, alarm: str) -> str:
    """Findings and messages of every scenario of an alarm, given by its short name. Pure."""
    return _render(
        TEMPLATE.with_name("alarm.html.j2"),
        result,
        alarm=alarm,
        scenarios=result.by_alarm[alarm],
        mrkdwn=mrkdwn,
        slack_incidents=partial(slack_incidents, language=result.language),
    )


def _render(template: Path, result: DrillResult, **values: object) -> str:
    return render(
        template,
        result.language,
        result=result,
        words=words,
        say=partial(_say, result.language),
        anchor=_anchor,
        style=_beside("page.css"),
        script=_beside("page.js"),
        hash=_hash,
        **values,
    )


def _say(language: Language, key: str, **values: object) -> str:
    return words.say(key, language, **values)


def _beside(name: str) -> Markup:
    return Markup(TEMPLATE.with_name(name).read_text(encoding="utf-8"))  # noqa: S704  # nosec B704 - the project's own file


def _hash(text: str) -> str:
    """What the page's policy allows."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _anchor(one: ScenarioResult) -> str:
    return f"{one.scenario.alarm}.{one.scenario.name}"


def _messages(one: ScenarioResult) -> str:
    """Where its messages are, seen from the page."""
    return f"{_ALARMS}/{one.scenario.alarm}.html#{one.scenario.name}"


def _report(step_result: StepResult, language: Language) -> str:
    """The path of the incident's report, relative to the page; empty where there is none."""
    name = f"report.{language}.html"
    known = step_result.followed is not None and name in step_result.files
    return f"{_REPORTS}/{step_result.followed.incident}/{name}" if step_result.followed and known else ""


def _put_reports(step_result: StepResult, beside: Path) -> None:
    """The files of the bucket, in a folder next to the page."""
    if step_result.followed is None or not step_result.files:
        return
    folder = beside / _REPORTS / step_result.followed.incident
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in step_result.files.items():
        (folder / name).write_text(text, encoding="utf-8")
