"""When Slack could not be told, or a button's work was not done: told by mail, never through Slack again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from responder.core import console_links
from responder.core.cause import Cause
from responder.core.context import Context
from responder.core.errors import BadEvent
from responder.core.modes import Severity
from responder.core.report import Report, ReportKind
from responder.core.text import Text, text
from responder.core.verdict import Verdict
from responder.incident_report.reading import when
from responder.messages.published import published
from responder.respond.report import report_id
from responder.slack.outbound import check_undelivered
from responder.slack.outbound.check import summarized

# slack_post leaves reports of this topic alone.
TOPIC = "untold"
POST, ACTION = "slack-post", "slack-action"
SLUGS = (POST, ACTION)


def once_told(payload: object) -> bool:
    """It is about the very message that says so: the mail is out, another one would go round for ever."""
    return _report(payload).get("topic") == TOPIC


def report(slug: str, payload: object, why: Text, context: Context) -> Report:
    """For people who read mail: what is missing in Slack, and what to do about it.

    The incident's own id, so that it is found beside its other mails."""
    settings, now = context.settings, context.now
    look = text("step.slack_log", region=settings.region, group=f"/aws/lambda/{settings.stack}-{slug}")
    summary = summarized(payload) if slug == POST else None
    if summary is not None and _name(summary, "id"):
        return replace(check_undelivered.report(summary, why, look, context), topic=TOPIC)
    about = _report(payload) if slug == POST else _click(payload)
    incident = _name(about, "incident") or f"failure-{now:%Y%m%dT%H%M%SZ}"
    alarm = _name(about, "alarm") or slug
    since = when(about.get("since")) or now
    kind = slug.replace("-", "_")
    cause = (Cause.SLACK_POST_FAILED if slug == POST else Cause.SLACK_ACTION_FAILED)()
    steps = (
        Text(f"step.{kind}_failed", {"incident": incident, "options": settings.console}),
        look,
    )
    return Report(
        id=f"{report_id(incident, ReportKind.FAILURE, now)}-{TOPIC}",
        kind=ReportKind.FAILURE,
        incident=incident,
        alarm=alarm,
        slug=slug,
        severity=Severity.HIGH,
        at=now,
        since=since,
        region=settings.region,
        account=settings.account,
        verdict=Verdict(cause, why, steps=steps),
        links=((text("label.link_alarm"), console_links.alarm(settings.region, alarm)),)
        if about.get("alarm")
        else (),
        topic=TOPIC,
        course=((text("course.news"), cause.text),),
    )


def _report(payload: object) -> Mapping[str, Any]:
    try:
        return published(payload)
    except BadEvent:
        return {}


def _click(payload: object) -> Mapping[str, Any]:
    job: object = payload.get("job") if isinstance(payload, Mapping) else None
    click: object = job.get("click") if isinstance(job, Mapping) else None
    return click if isinstance(click, Mapping) else {}


def _name(about: Mapping[str, Any], part: str) -> str:
    value = about.get(part)
    return value if isinstance(value, str) and len(value) <= 256 and value.isprintable() else ""
