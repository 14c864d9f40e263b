"""The end of an incident: closed on record, filed, told."""

from dataclasses import replace
from datetime import timedelta

from responder.core.change import Lease
from responder.core.context import Context
from responder.core.errors import ResponderError
from responder.core.log import log
from responder.core.modes import Severity
from responder.core.text import Text, text
from responder.followup.look import FollowUpLook
from responder.followup.messages.report import MessageExtra, broken, told
from responder.followup_rules import Duty
from responder.followup_rules.done import done
from responder.messages.publish import publish
from responder.respond.report import in_force
from responder.store import IncidentHead, Incidents
from responder.store.incident import slug_of

# As after every duty, with the grace for a late look.
_NEXT_LOOK = timedelta(minutes=3)


def close(context: Context, incidents: Incidents, looked: FollowUpLook, duty: Duty) -> bool:
    """False where the alarm came back in this very moment. Filing must not keep an incident open: what
    goes wrong there is told."""
    from responder.incident_report.filing import file

    ended, watch = looked.incident, done(duty, looked.seen, looked.watch)
    if ended is not None and not ended.closed:
        # First who closes it: its message may be sent only when the request does not count any more.
        kept = replace(watch, closed=False)
        if not incidents.remember(looked.head, kept, context.now + _NEXT_LOOK):
            return False
        calm = ended.ok_since or looked.watch.calm_from or context.now
        if not incidents.close(ended, looked.watch.left(ended.opened, calm)):
            return False
    filed = file(context, incidents, looked.head, watch, context.now, looked.people)
    links = ((text("label.link_report"), filed.url),) if filed.url else ()
    problems = (*looked.lacks, filed.problem) if filed.problem else looked.lacks
    extra = MessageExtra(links=links, first_message=looked.head.told, problems=problems)
    leases = in_force(looked.ledger)
    report = told(duty, looked.seen, looked.watch, looked.head, leases, context.settings, extra)
    if report is not None:
        publish(context.aws, context.settings, report)
    return True


def tell_broken(context: Context, incidents: Incidents, incident: str, why: Text | str) -> None:
    """The follow-up itself failed: the watchdog brings it back, a person must know until then. What cannot
    be read is left out of it."""
    head: IncidentHead | None = None
    leases: tuple[Lease, ...] = ()
    try:
        head = incidents.head(incident)
        leases = in_force(incidents.ledger())
    except ResponderError:
        log().exception("told without what is on record", extra={"incident": incident})
    unknown = IncidentHead(incident, slug_of(incident), "unknown-alarm", Severity.HIGH, context.now)
    publish(context.aws, context.settings, broken(head or unknown, leases, context, why))
