"""When the sessions table could not be backed up: nothing was pruned, and how to do it by hand."""

from responder.checks.backups.age import FUNCTION
from responder.checks.run.due import GIVEN_UP, due
from responder.core.cause import Cause
from responder.core.context import Context
from responder.core.modes import Severity
from responder.core.report import Report, ReportKind
from responder.core.text import Text, text
from responder.core.verdict import Verdict
from responder.respond.report import report_id

SLUG = FUNCTION


def report(why: Text, event: object, context: Context) -> Report:
    """Medium: the service itself is fine, and the older backups are still there."""
    settings, now = context.settings, context.now
    function = f"{settings.stack}-{SLUG}"
    cause = Cause.BACKUP_FAILED(table=settings.sessions_table)
    where = {"function": function, "region": settings.region}
    since = due(event, now, GIVEN_UP)
    incident = f"failure-{since:%Y%m%dT%H%M%SZ}"
    steps = (
        ("step.check_log", text("command.check_log", **where)),
        ("step.backup_by_hand", text("command.backup_by_hand", **where)),
    )
    return Report(
        id=f"{report_id(incident, ReportKind.FAILURE, since)}-{SLUG}",
        kind=ReportKind.FAILURE,
        incident=incident,
        alarm=function,
        slug=SLUG,
        severity=Severity.MEDIUM,
        at=now,
        since=since,
        region=settings.region,
        account=settings.account,
        verdict=Verdict(
            cause,
            why,
            steps=tuple(
                text("step.with_command", step=Text(step), command=command) for step, command in steps
            ),
        ),
        course=((text("course.news"), cause.text),),
    )
