"""When a scheduled check died: what is not known now, and how to look by hand."""

from responder.checks.backups import failed
from responder.checks.model import Cadence
from responder.checks.run.due import GIVEN_UP, due
from responder.core.cause import Cause
from responder.core.context import Context
from responder.core.modes import Severity
from responder.core.report import Report, ReportKind
from responder.core.text import Text, text
from responder.core.verdict import Verdict
from responder.respond.report import report_id

RHYTHMS = {f"{rhythm.value}-check": rhythm for rhythm in Cadence}
SLUGS = frozenset((*RHYTHMS, failed.SLUG))


def report(slug: str, why: Text, event: object, context: Context) -> Report:
    """Medium: the service itself may be fine, and its alarms are answered as ever. `event`: what it died of;
    by its time the id is the same each time it is told."""
    if slug == failed.SLUG:
        return failed.report(why, event, context)
    settings, now, rhythm = context.settings, context.now, RHYTHMS[slug]
    cause = Cause.CHECK_FAILED(rhythm=Text(f"checks.rhythm.{rhythm}"))
    where = {"function": f"{settings.stack}-{slug}", "region": settings.region}
    log = text("command.check_log", **where)
    by_hand = text("command.check_by_hand", rhythm=rhythm.value, where=settings.console)
    if rhythm is Cadence.REHEARSAL:
        # By hand the same check shows the last rehearsal; only the function restores.
        cause, by_hand = Cause.REHEARSAL_FAILED(), text("command.backup_by_hand", **where)
    since = due(event, now, GIVEN_UP)
    incident = f"failure-{since:%Y%m%dT%H%M%SZ}"
    return Report(
        id=f"{report_id(incident, ReportKind.FAILURE, since)}-{slug}",
        kind=ReportKind.FAILURE,
        incident=incident,
        alarm=f"{settings.stack}-{slug}",
        slug=slug,
        severity=Severity.MEDIUM,
        at=now,
        since=since,
        region=settings.region,
        account=settings.account,
        verdict=Verdict(
            cause,
            why,
            steps=(
                text("step.with_command", step=text("step.check_by_hand"), command=by_hand),
                text("step.with_command", step=text("step.check_log"), command=log),
            ),
        ),
        course=((text("course.news"), cause.text),),
    )
