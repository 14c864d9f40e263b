"""Slack missed a message, or a button's work was not done: reported by mail, never through Slack again."""

from collections.abc import Mapping

from responder.checks.report.summary import SCHEMA as CHECK
from responder.core import console_links
from responder.core.cause import Cause
from responder.core.context import Context
from responder.core.errors import BadEvent
from responder.core.modes import Severity
from responder.core.plain_data import Data
from responder.core.report import Report, ReportKind
from responder.core.text import Text, text
from responder.core.verdict import Verdict
from responder.incident_report.reading import when
from responder.messages.publish import of_schema, published
from responder.respond.report import report_id

# slack_post leaves reports of this topic alone.
TOPIC = "undelivered"
POST, ACTION = "slack-post", "slack-action"
SLUGS = (POST, ACTION)


def is_about_itself(payload: object) -> bool:
    """It is the report of such a failure itself: its mail is out, and another one would repeat for ever."""
    return _report(payload).get("topic") == TOPIC


def report(slug: str, payload: object, why: Text, context: Context) -> Report:
    """For people who read mail: what is missing in Slack, and what to do about it.

    It has the incident's own id, so that it is found with its other mails. Of a scheduled check there is no
    incident, and its mail is out: medium."""
    settings, now = context.settings, context.now
    about = _report(payload) if slug == POST else _click(payload)
    check = _name(about, "id") if slug == POST and of_schema(payload, CHECK) is not None else ""
    if check:
        incident, alarm = check, check
        severity, since = Severity.MEDIUM, now
        cause = Cause.SLACK_CHECK_FAILED(check=str(about.get("title") or check))
        step = _read(str(about.get("page")))
    else:
        incident = _name(about, "incident") or f"failure-{now:%Y%m%dT%H%M%SZ}"
        alarm = _name(about, "alarm") or slug
        severity, since = Severity.HIGH, when(about.get("since")) or now
        cause = (Cause.SLACK_POST_FAILED if slug == POST else Cause.SLACK_ACTION_FAILED)()
        key = f"step.{slug.replace('-', '_')}_failed"
        step = text(key, incident=incident, options=settings.console)
    link = text("label.link_alarm"), console_links.alarm(settings.region, alarm)
    group = f"/aws/lambda/{settings.stack}-{slug}"
    steps = (step, text("step.slack_log", region=settings.region, group=group))
    return Report(
        id=f"{report_id(incident, ReportKind.FAILURE, now)}-{TOPIC}",
        kind=ReportKind.FAILURE,
        incident=incident,
        alarm=alarm,
        slug=slug,
        severity=severity,
        at=now,
        since=since,
        region=settings.region,
        account=settings.account,
        verdict=Verdict(cause, why, steps=steps),
        links=(link,) if about.get("alarm") and not check else (),
        topic=TOPIC,
        course=((text("course.news"), cause.text),),
        stack=settings.stack,
    )


def _read(page: str) -> Text:
    linked = page.startswith("https://")
    return text("step.slack_check_at", page=page) if linked else text("step.slack_check")


def _report(payload: object) -> Data:
    try:
        return published(payload)
    except BadEvent:
        return {}


def _click(payload: object) -> Data:
    job: object = payload.get("job") if isinstance(payload, Mapping) else None
    click: object = job.get("click") if isinstance(job, Mapping) else None
    return click if isinstance(click, Mapping) else {}


def _name(about: Data, part: str) -> str:
    value = about.get(part)
    return value if isinstance(value, str) and len(value) <= 256 and value.isprintable() else ""
