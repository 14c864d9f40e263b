"""When a response itself failed: keep the event, and tell on-call what to do by hand."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from responder.aws.translate import lacking
from responder.checks.backups.age import FUNCTION as BACKUP
from responder.checks.model import Cadence
from responder.checks.run.due import GIVEN_UP, due
from responder.core import console_links
from responder.core.alarm_event import AlarmEvent, parse
from responder.core.cause import Cause
from responder.core.context import Context
from responder.core.errors import BadEvent, ResponderError
from responder.core.log import log
from responder.core.modes import Severity
from responder.core.permissions import FAILURES_QUEUE, INCIDENTS_TABLE, SETTINGS, TOPIC, Permission
from responder.core.refusals import Refusal
from responder.core.report import Report, ReportKind
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.core.verdict import Verdict
from responder.evidence.base import reason
from responder.messages.manual_steps import by_hand
from responder.messages.publish import publish
from responder.respond.playbook import PLAYBOOKS
from responder.respond.report import in_force, report_id
from responder.slack.outbound import undelivered
from responder.store import Incidents
from responder.store.dead_letters import as_record, keep, not_kept
from responder.store.switches import known

RHYTHMS = {f"{rhythm.value}-check": rhythm for rhythm in Cadence}
SLUGS = frozenset((*RHYTHMS, BACKUP))


def report(slug: str, why: Text, event: object, context: Context) -> Report:
    """Medium: the service itself may be fine, its alarms are answered as ever, and older backups are still
    there. `event`: what it died of; its time makes the id, so that each delivery has the same."""
    settings, now = context.settings, context.now
    where = {"function": f"{settings.stack}-{slug}", "region": settings.region}
    log, invoke = text("command.check_log", **where), text("command.backup_by_hand", **where)
    steps = (("step.check_by_hand", invoke), ("step.check_log", log))
    if slug == BACKUP:
        cause = Cause.BACKUP_FAILED(table=settings.sessions_table)
        steps = (("step.check_log", log), ("step.backup_by_hand", invoke))
    elif (rhythm := RHYTHMS[slug]) is Cadence.REHEARSAL:
        # By hand the same check shows the last rehearsal; only the function restores.
        cause = Cause.REHEARSAL_FAILED()
    else:
        cause = Cause.CHECK_FAILED(rhythm=Text(f"checks.rhythm.{rhythm}"))
        by_hand = text("command.check_by_hand", rhythm=rhythm.value, where=settings.console)
        steps = (("step.check_by_hand", by_hand), ("step.check_log", log))
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
            steps=tuple(
                text("step.with_command", step=Text(step), command=command) for step, command in steps
            ),
        ),
        course=((text("course.news"), cause.text),),
    )


# What is on record when a response has failed: the changes in force, and the incident whose thread gets the
# message.


def on_record(event: AlarmEvent | None, context: Context) -> dict[str, Any]:
    """Parts of the report of the failure. What cannot be read is said, or left out."""
    settings = context.settings
    soak = timedelta(minutes=settings.soak_minutes)
    incidents = Incidents(context.aws, settings.incidents_table, soak)
    found = {**_in_force(incidents), **_going_on(event, incidents)}
    return found | {"warnings": (*found.get("warnings", ()), *_unread(context))}


def _unread(context: Context) -> tuple[Text, ...]:
    """That the settings could not be read, so that defaults were used."""
    error = context.parameters
    if not isinstance(error, ResponderError):
        return ()
    return (text("evidence.failed", look=text("evidence.look.switches"), reason=reason(error)),)


def _in_force(incidents: Incidents) -> dict[str, Any]:
    try:
        return {"leases": in_force(incidents.ledger())}
    except ResponderError as error:
        return {"warnings": (Refusal.LEASES_UNREAD(detail=reason(error)).text,)}


def _going_on(event: AlarmEvent | None, incidents: Incidents) -> dict[str, Any]:
    """The incident of the change, and the report's id in it, so that the failure is reported in its thread.
    Empty where there is none, or where it cannot be read: then the report has an id of its own."""
    if event is None:
        return {}
    try:
        newest = next((each for each in incidents.newest() if each.slug == event.slug), None)
    except ResponderError:
        log().warning("whose failure it is was not read", extra={"alarm": event.name})
        return {}
    if newest is None or newest.over(event.at, 0, incidents.soak):
        return {}
    return {"incident": newest.id, "id": report_id(newest.id, ReportKind.FAILURE, event.at)}


NEEDS = frozenset(
    {
        Permission("sqs:SendMessage", FAILURES_QUEUE, "keep what could not be answered"),
        Permission("sns:Publish", TOPIC, "tell on-call"),
        # What lowers security right now is said first, also when the run that did it has died.
        Permission("dynamodb:Query", INCIDENTS_TABLE),
        *SETTINGS,
    }
)


def handle(record: object, _: Any) -> dict[str, Any]:
    """The entry on Lambda: a destination's record of a failed invocation, or EventBridge's event of a
    follow-up that failed, was stopped or timed out."""
    from responder.aws.door import door

    settings = Settings.read(os.environ)
    aws = door(settings.region)
    return keep_and_tell(record, known(aws, settings).context(aws, datetime.now(UTC)))


def keep_and_tell(given: object, context: Context) -> dict[str, Any]:
    """Store first, then tell; either is tried although the other failed.

    Raises:
        ResponderError: one of them failed: Lambda tries again, then the last resort is alarmed.
    """
    record = as_record(given) if isinstance(given, Mapping) else {}
    told = replace(failure_report(record, context), **on_record(_event(record), context))
    unkept = _tried(partial(keep, given, context), told.incident)
    if unkept is not None:
        told = not_kept(told, _why(record, kept=False), unkept)
    mute = undelivered.once_told(record.get("requestPayload"))
    unsaid = None if mute else _tried(partial(publish, context.aws, context.settings, told), told.incident)
    problem = unkept or unsaid
    if problem is not None:
        raise problem
    return {"report": told.id, "incident": told.incident}


def _tried(step: Callable[[], None], incident: str) -> ResponderError | None:
    try:
        step()
    except ResponderError as error:
        log().exception("a failure could not be handled", extra={"incident": incident})
        return error
    return None


def failure_report(record: Mapping[str, Any], context: Context) -> Report:
    """The manual's steps for the alarm of the function that failed; high, whatever the alarm's severity,
    since nobody else is looking."""
    settings = context.settings
    event = _event(record)
    slug = slug_of(record, settings)
    why = _why(record)
    if slug in undelivered.SLUGS:
        return undelivered.report(slug, record.get("requestPayload"), why, context)
    if slug in SLUGS:
        return report(slug, why, record.get("requestPayload"), context)
    alarm = event.name if event else slug
    since = event.at if event else context.now
    ended = str(_part(record, "ended").get("incident", ""))
    incident = f"{event.slug}-{event.at:%Y%m%dT%H%M%SZ}" if event else ended
    incident = incident or f"failure-{context.now:%Y%m%dT%H%M%SZ}"
    return Report(
        id=report_id(incident, ReportKind.FAILURE, since),
        kind=ReportKind.FAILURE,
        incident=incident,
        alarm=alarm,
        slug=slug,
        severity=Severity.HIGH,
        at=context.now,
        since=since,
        region=settings.region,
        account=settings.account,
        verdict=Verdict(
            Cause.AUTOMATION_FAILED(),
            why,
            steps=by_hand(PLAYBOOKS.manual(slug), settings),
        ),
        links=((text("label.link_alarm"), console_links.alarm(settings.region, alarm)),) if event else (),
    )


def slug_of(record: Mapping[str, Any], settings: Settings) -> str:
    """The playbook of the function that failed: its name is `<stack>-<slug>`."""
    return _function(record).removeprefix(f"{settings.stack}-") or "unknown-alarm"


def _function(record: Mapping[str, Any]) -> str:
    arn = str(_part(record, "requestContext").get("functionArn", ""))
    name = arn.split(":function:", 1)[-1].split(":", 1)[0]
    return name if name and len(name) <= 64 and name.isprintable() else "-"


def _why(record: Mapping[str, Any], kept: bool = True) -> Text:
    """`kept`: the event is in the failures queue, and can be given again."""
    missing = lacking(_part(record, "responsePayload"))
    if missing is not None:
        key = "why.automation_denied" if kept else "why.automation_denied_only"
        return text(key, function=_function(record), reason=reason(missing))
    key = "why.automation_failed" if kept else "why.automation_failed_only"
    return text(key, function=_function(record), error=_error(record))


def _error(record: Mapping[str, Any]) -> str:
    """The class of the error, never its message."""
    kind = str(
        _part(record, "responsePayload").get("errorType", "")
        or _part(record, "requestContext").get("condition", "")
    )
    return kind if kind and len(kind) <= 80 and kind.replace(".", "").isidentifier() else "-"


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value: object = record.get(name)
    return value if isinstance(value, Mapping) else {}


def _event(record: Mapping[str, Any]) -> AlarmEvent | None:
    try:
        return parse(record.get("requestPayload"))
    except BadEvent:
        return None
