"""After a decision: tell it where it is news, put it on record, have the incident followed."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from responder.core.alarm_event import AlarmEvent
from responder.core.codec import dump
from responder.core.context import Context
from responder.core.errors import AwsError, Busy, ResponderError
from responder.core.frozen import frozen
from responder.core.last_decision import FailureShare, LastDecision, decision
from responder.core.log import log
from responder.core.report import Report
from responder.core.verdict import Outcome, Result
from responder.messages.publish import publish
from responder.messages.requests import RequestedChange, called
from responder.respond.gather import Gathered
from responder.respond.playbook import Playbook
from responder.respond.report import calmed
from responder.respond.response import Response
from responder.store import Incident, IncidentHead, Incidents


@frozen
class AnsweredAlarm:
    """A response, ready to be told. `change` is the state change it answers; None for a command."""

    playbook: Playbook
    context: Context
    incidents: Incidents
    found: Gathered
    response: Response
    told: Report
    change: AlarmEvent | None = None


def wrap_up(answered: AnsweredAlarm) -> dict[str, Any]:
    """Publish before anything else; a repeat of what was told already is not sent again.

    Raises:
        AwsError: see `alarms.respond_to`.
    """
    made = decision(
        answered.response.verdict,
        answered.told.outcomes,
        answered.context.now,
        answered.response.linked,
        _told_before(answered),
        _failing(answered),
    )
    # What was set is told, also where the reader knows the same from another incident.
    news = answered.response.acted or is_news(made, answered.found.head) or _raised(answered)
    if news:
        publish(answered.context.aws, answered.context.settings, answered.told)
        _keep(answered)
    answer = closing(answered.told, answered.response, answered.incidents, answered.context, news)
    if isinstance(answered.found.incident, Incident):
        head = _decided(answered, answered.found.incident, made)
        start(answered.context, head)
    return answer


def _told_before(answered: AnsweredAlarm) -> datetime | None:
    """When the reason of the decision before this one ends. Only the event tells when a mute ends."""
    head = answered.found.head
    return head.decision.until if head is not None and head.decision is not None else None


def _failing(answered: AnsweredAlarm) -> FailureShare | None:
    from responder.evidence.fault_rate import worst_rate

    facts = answered.found.facts
    found = worst_rate(facts, facts.settings.functions)
    return None if found is None else FailureShare(found.faulty, found.invocations, found.minutes)


def _raised(answered: AnsweredAlarm) -> bool:
    """The incident is of higher severity than when it was last told."""
    head = answered.found.head
    return head is not None and head.severity is not answered.told.severity


def _keep(answered: AnsweredAlarm) -> None:
    """What it was told from, and how long that took: for the closing report and the dashboard."""
    from responder.incident_report.entries import KIND, pack_findings
    from responder.respond.own_metrics import answered as measured

    began = answered.change.at if answered.change else None
    measured(answered.context.settings, began, answered.context.present, _new(answered))
    findings = pack_findings(answered.found.findings)
    try:
        answered.incidents.note(answered.told.incident, KIND, findings, answered.context.now)
    except ResponderError:
        log().exception("findings are not on record", extra={"incident": answered.told.incident})


def _new(answered: AnsweredAlarm) -> Iterator[Outcome]:
    """What an earlier run has set in part is told once more, and was counted then."""
    acted = answered.response.acted
    return (each for each in answered.told.outcomes if acted or each.result is not Result.PARTIAL)


def is_news(made: LastDecision, head: IncidentHead | None) -> bool:
    """The decision differs from the last one told, or the reader was told since that all is calm."""
    if head is None or head.decision is None or head.decision.digest != made.digest:
        return True
    return calmed(head)


def _decided(answered: AnsweredAlarm, incident: Incident, made: LastDecision) -> IncidentHead:
    book = answered.playbook
    first = answered.change.first if answered.change else None
    return answered.incidents.decided(
        incident, book.slug, answered.told.severity, made, first, answered.context.present
    )


def start(context: Context, head: IncidentHead) -> None:
    """Have the incident followed; an execution of this name that runs already goes on.

    Raises:
        AwsError: nobody follows it.
    """
    if not context.settings.follow_up:
        return
    try:
        context.aws.call(
            "lambda",
            "invoke",
            FunctionName=context.settings.follow_up,
            InvocationType="Event",
            DurableExecutionName=head.execution,
            Payload=json.dumps({"incident": head.incident}).encode(),
        )
    except Busy:
        log().info("followed already", extra={"incident": head.incident})


def closing(
    told: Report, response: Response, incidents: Incidents, context: Context, news: bool = True
) -> dict[str, Any]:
    """Put the telling on record; raise for a retry where an act of ours is not on record."""
    results = {f"{each.remedy} {each.scope}".strip(): each.result.value for each in told.outcomes}
    summary = {"report": told.id, "cause": told.verdict.cause.kind.value, "results": results}
    log().info("answered", extra={"incident": told.incident, **summary})
    summary["names"] = names(told.outcomes)
    try:
        kind = "told" if news else "unchanged"
        incidents.note(told.incident, kind, {**summary, "level": told.level}, context.now)
    except ResponderError:
        log().exception("told, but the telling is not on record", extra={"incident": told.incident})
    acted = any(each.changes and each.result.acted for each in told.outcomes)
    if response.unrecorded and acted:
        raise AwsError("dynamodb", "TransactWriteItems", "NotOnRecord")
    return {"incident": told.incident, **summary, "because": reasons(told.outcomes)}


def names(outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    """What each outcome is about, in words; by remedy and scope, as in `results`."""
    return {
        f"{each.remedy} {each.scope}".strip(): dump(called(RequestedChange.outcome(each)))
        for each in outcomes
    }


def reasons(outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    """For whoever waits for the answer of a command: why it was not simply done, by remedy and scope."""
    return {
        f"{each.remedy} {each.scope}".strip(): dump(each.because)
        for each in outcomes
        if each.because is not None
    }
