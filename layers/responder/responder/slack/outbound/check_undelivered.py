"""When Slack could not be told of a scheduled check: there is no incident, and the page says it all."""

from collections.abc import Mapping
from typing import Any

from responder.core.cause import Cause
from responder.core.context import Context
from responder.core.modes import Severity
from responder.core.report import Report, ReportKind
from responder.core.text import Text, text
from responder.core.verdict import Verdict
from responder.respond.report import report_id


def report(summary: Mapping[str, Any], why: Text, look: Text, context: Context) -> Report:
    """Medium: the mail of the check is out. `look`: what to do about Slack."""
    settings, now = context.settings, context.now
    check, page = str(summary["id"]), summary.get("page")
    cause = Cause.SLACK_CHECK_FAILED(check=str(summary.get("title") or check))
    link = page if isinstance(page, str) and page.startswith("https://") else ""
    read = text("step.slack_check_at", page=link) if link else text("step.slack_check")
    return Report(
        id=f"{report_id(check, ReportKind.FAILURE, now)}-untold",
        kind=ReportKind.FAILURE,
        incident=check,
        alarm=check,
        slug="slack-post",
        severity=Severity.MEDIUM,
        at=now,
        since=now,
        region=settings.region,
        account=settings.account,
        verdict=Verdict(cause, why, steps=(read, look)),
        course=((text("course.news"), cause.text),),
    )
