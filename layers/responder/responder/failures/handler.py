"""When a response itself failed: keep the event, and send on-call the manual steps."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from responder.aws.translate import raised
from responder.checks.backups.age import FUNCTION as BACKUP
from responder.checks.model import Cadence
from responder.checks.run.due import GIVEN_UP, due
from responder.core import console_links
from responder.core.alarm_event import AlarmEvent, parse
from responder.core.cause import Cause
from responder.core.change import Leases, LeaseState
from responder.core.context import Context
from responder.core.errors import BadEvent, ResponderError
from responder.core.log import log
from responder.core.manual import Manual
from responder.core.modes import Severity
from responder.core.permissions import FAILURES_QUEUE, INCIDENTS_TABLE, SETTINGS, TOPIC, Permission
from responder.core.plain_data import Data, Json
from responder.core.reasons import ExplainedReason
from responder.core.refusals import Refusal
from responder.core.report import Report, ReportKind
from responder.core.settings import Settings
from responder.core.switches import unusable
from responder.core.text import Text, text
from responder.core.verdict import Verdict
from responder.evidence.base import reason
from responder.messages.publish import publish
from responder.messages.steps import about_ours, after_failure
from responder.respond.playbook import PLAYBOOKS
from responder.respond.report import in_force, report_id
from responder.slack.outbound import undelivered
from responder.store import Incidents
from responder.store.dead_letters import as_record, keep, not_kept
from responder.store.incidents import incident_id
from responder.store.switches import known

RHYTHMS = {f"{rhythm.value}-check": rhythm for rhythm in Cadence}
SLUGS = frozenset((*RHYTHMS, BACKUP))
NEEDS = frozenset(
    {
        Permission("sqs:SendMessage", FAILURES_QUEUE, "keep what could not be answered"),
        Permission("sns:Publish", TOPIC, "notify on-call"),
        # What lowers security now comes first, also when the run that did it has died.
        Permission("dynamodb:Query", INCIDENTS_TABLE),
        *SETTINGS,
    }
)


def handle(record: object, _: Any) -> Json:
    """The entry on Lambda: a destination's record of a failed invocation, or EventBridge's event of a
    follow-up that failed, was stopped or timed out."""
    from responder.aws.boto import gateway

    settings = Settings.read(os.environ)
    aws = gateway(settings.region)
    return keep_and_report(record, known(aws, settings).context(aws, datetime.now(UTC)))


def keep_and_report(given: object, context: Context) -> Json:
    """Store first, then report; either is tried although the other failed.

    Raises:
        ResponderError: one of them failed: Lambda tries again, then the last resort is alarmed.
    """
    record = as_record(given) if isinstance(given, Mapping) else {}
    found = on_record(_event(record), context)
    unkept = _tried(partial(keep, given, context), str(found.get("incident", "")))
    report = failure_report(record, context, found.get("leases", ()), kept=unkept is None)
    report = replace(report, **found)
    if unkept is not None:
        report = not_kept(report, unkept)
    mute = undelivered.is_about_itself(record.get("requestPayload"))
    unsaid = (
        None if mute else _tried(partial(publish, context.aws, context.settings, report), report.incident)
    )
    problem = unkept or unsaid
    if problem is not None:
        raise problem
    return {"report": report.id, "incident": report.incident}


def _tried(step: Callable[[], None], incident: str) -> ResponderError | None:
    try:
        step()
    except ResponderError as error:
        log().exception("a failure could not be handled", extra={"incident": incident})
        return error
    return None


def failure_report(record: Data, context: Context, leases: Leases = (), *, kept: bool = True) -> Report:
    """The manual's steps for the alarm of the function that failed; high, whatever the alarm's severity,
    because no function is working on it. `leases`: the changes in force. `kept`: the event is in the failures
    queue, and can be re-evaluated."""
    settings, now = context.settings, context.now
    event, slug, why = _event(record), slug_of(record, settings), _why(record, kept)
    if slug in undelivered.SLUGS:
        return undelivered.report(slug, record.get("requestPayload"), why, context)
    if slug in SLUGS:
        return _of_a_check(slug, why, record.get("requestPayload"), context)
    cause, manual = Cause.AUTOMATION_FAILED(), PLAYBOOKS.manual(slug)
    steps = after_failure(manual, _made(manual, leases, settings), settings, kept=kept)
    found = _report(slug, Verdict(cause, why, steps=steps), event.at if event else now, context)
    if event:
        link = text("label.link_alarm"), console_links.alarm(settings.region, event.name)
        found = replace(found, incident=incident_id(event), alarm=event.name, links=(link,))
    else:
        # No alarm's state is known.
        name = _function(record)
        failed = text("did.function_failed", function=name) if name else text("did.some_function_failed")
        news = text("report.all", parts=(failed, text("must.by_hand")))
        ended = str(_part(record, "ended").get("incident", ""))
        found = replace(
            found,
            incident=ended or found.incident,
            alarm=slug,
            course=((text("course.news"), news),),
        )
    return replace(found, id=report_id(found.incident, ReportKind.FAILURE, found.since))


def _made(manual: Manual, leases: Leases, settings: Settings) -> set[str]:
    """The steps of the manual, as keys, that would make a change which is in force."""
    own = manual.function.deployed_name(settings) if manual.function else ""
    others = {*settings.functions} - {own}
    whole = (each for each in leases if each.state is LeaseState.IN_FORCE and not each.changed_by_others)
    specs = [each.spec for each in whole if each.scope not in others]
    return {step for each in specs for step in (each.by_hand, each.same_step)}


def _of_a_check(slug: str, why: Text, event: object, context: Context) -> Report:
    """Medium: the service itself may be fine, its alarms are answered as ever, and older backups are still
    there. `event`: what it died of; its time makes the id, so that each delivery has the same."""
    settings = context.settings
    function = f"{settings.stack}-{slug}"
    log = about_ours("step.check_log", settings, function=function)
    cause: ExplainedReason[Cause]
    if slug == BACKUP:
        cause = Cause.BACKUP_FAILED(table=settings.sessions_table)
        steps = (log, about_ours("step.backup_by_hand", settings, function=function))
    else:
        rhythm = RHYTHMS[slug]
        cause = Cause.CHECK_FAILED(rhythm=Text(f"checks.rhythm.{rhythm}"))
        steps = (about_ours("step.check_by_hand", settings, rhythm=rhythm.value), log)
    found = _report(slug, Verdict(cause, why, steps=steps), due(event, context.now, GIVEN_UP), context)
    incident = f"failure-{found.since:%Y%m%dT%H%M%SZ}"
    return replace(
        found,
        id=f"{report_id(incident, ReportKind.FAILURE, found.since)}-{slug}",
        incident=incident,
        severity=Severity.MEDIUM,
        course=((text("course.news"), cause.text),),
    )


def _report(slug: str, verdict: Verdict, since: datetime, context: Context) -> Report:
    settings, now = context.settings, context.now
    return Report(
        id="",
        kind=ReportKind.FAILURE,
        incident=f"failure-{now:%Y%m%dT%H%M%SZ}",
        alarm=f"{settings.stack}-{slug}",
        slug=slug,
        severity=Severity.HIGH,
        at=now,
        since=since,
        region=settings.region,
        account=settings.account,
        verdict=verdict,
        stack=settings.stack,
        runbook=settings.runbook_url,
    )


def on_record(event: AlarmEvent | None, context: Context) -> Json:
    """Parts of the report of the failure: the changes in force, the incident whose thread gets the message,
    and whether answers are accepted. What cannot be read is reported or left out."""
    settings = context.settings
    soak = timedelta(minutes=settings.soak_minutes)
    incidents = Incidents(context.aws, settings.incidents_table, soak)
    accepted = unusable(settings.parameters_path, context.parameters) is None
    found: Json = {"answered": accepted}
    warnings: list[Text] = []
    try:
        found["leases"] = in_force(incidents.ledger())
    except ResponderError as error:
        warnings.append(Refusal.LEASES_UNREAD(detail=reason(error)).text)
    if isinstance(context.parameters, ResponderError):
        # Defaults were used.
        look, why = text("evidence.look.switches"), reason(context.parameters)
        warnings.append(text("evidence.failed", look=look, reason=why))
    return {**found, **_going_on(event, incidents), "warnings": tuple(warnings)}


def _going_on(event: AlarmEvent | None, incidents: Incidents) -> Json:
    """The incident of the change, and the report's id in it, so that the failure is reported in its thread.
    Empty where there is none, or where it cannot be read: then the report has its own id."""
    if event is None:
        return {}
    try:
        newest = next((each for each in incidents.newest() if each.slug == event.slug), None)
    except ResponderError:
        log().warning("whose failure it is was not read", extra={"alarm": event.name})
        return {}
    if newest is None or newest.over(event.at, 0, incidents.soak):
        return {}
    return {"incident": newest.id, "open": True, "id": report_id(newest.id, ReportKind.FAILURE, event.at)}


def slug_of(record: Data, settings: Settings) -> str:
    """The playbook of the function that failed: its name is `<stack>-<slug>`."""
    return _function(record).removeprefix(f"{settings.stack}-") or "unknown-alarm"


def _function(record: Data) -> str:
    """Empty where its ARN cannot be read."""
    arn = str(_part(record, "requestContext").get("functionArn", ""))
    name = arn.partition(":function:")[2].partition(":")[0]
    return name if len(name) <= 64 and name.isprintable() else ""


def _why(record: Data, kept: bool) -> Text:
    """`kept`: the event is in the failures queue, and can be given again. Of the error only its class and the
    call that failed are named, never its message."""
    answer, only = _part(record, "responsePayload"), "" if kept else "_only"
    function = _function(record) or text("why.some_function")
    if (error := raised(answer)) is not None:
        return text(f"why.automation_call_failed{only}", function=function, reason=reason(error))
    kind = str(answer.get("errorType", "") or _part(record, "requestContext").get("condition", ""))
    readable = len(kind) <= 80 and kind.replace(".", "").isidentifier()
    named = kind if readable else text("why.some_error")
    return text(f"why.automation_failed{only}", function=function, error=named)


def _part(record: Data, name: str) -> Data:
    value: object = record.get(name)
    return value if isinstance(value, Mapping) else {}


def _event(record: Data) -> AlarmEvent | None:
    try:
        return parse(record.get("requestPayload"))
    except BadEvent:
        return None
