"""Answer one state change of an alarm.

An alarm that flaps: what was decided a moment ago is not decided again. That is read in parallel with the
claim, so that a first response waits for nothing, and before all evidence: the cost of a storm grows with
incidents, not with state changes.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from responder.aws.gateway import patient, shared
from responder.aws.parallel import side_by_side
from responder.core.alarm_event import AlarmEvent, AlarmState
from responder.core.context import Context
from responder.core.deployed_alarm import AlarmStatus, read_alarm
from responder.core.errors import Denied, ResponderError
from responder.core.log import log
from responder.core.plain_data import Json
from responder.core.refusals import Doubts, Refusal
from responder.respond.gather import gather, with_leases_checked
from responder.respond.lease_check import refreshed
from responder.respond.playbook import Playbook
from responder.respond.report import answer, start
from responder.respond.response import Responder
from responder.store import Incident, IncidentHead, Incidents
from responder.store.incidents import incident_id

# Section 9 of the design: in the soak the decision is made again once it is older than this.
DECIDED_JUST_NOW = timedelta(minutes=5)
# However soon a first response dies, Lambda's last retry of it begins three minutes later or more: until then
# there is one to come. After that every change is answered again.
_UNDER_WAY = timedelta(minutes=2)

type PendingAnswer = Future[Json]


def begin_to_ask(change: AlarmEvent, incidents: Incidents) -> PendingAnswer:
    """Begin to read the open incident, and what was last reported of it."""

    def known() -> tuple[Incident, IncidentHead | None] | None:
        present = incidents.newest_of(change.slug)
        if present is None or present.opened == change.at or present.over(change.at, 0, incidents.soak):
            return None
        return present, incidents.head(present.id)

    pool = ThreadPoolExecutor(1)
    asked = pool.submit(side_by_side, {"known": known})
    pool.shutdown(wait=False)
    return asked


def already_answered(
    change: AlarmEvent, context: Context, incidents: Incidents, asked: PendingAnswer
) -> Json | None:
    """The answer to a change that needs no other one; None where it has to be answered in full, or
    where that could not be found out."""
    known = asked.result()["known"]
    if not isinstance(known, tuple):
        return None
    incident, head = known
    # The soak time of the settings document was not known yet when it was looked up.
    over = incident.over(change.at, 0, incidents.soak)
    if over or not is_answered(change, incident, head, context.now) or not incidents.rejoin(change, incident):
        return None
    return note_repeat(change, context, incidents, incident, head)


def is_answered(change: AlarmEvent, incident: Incident, head: IncidentHead | None, now: datetime) -> bool:
    """The incident has an answer of the last minutes, or its first one is under way. The change that opened
    it is that one itself, or its repeat. What was decided while the alarm was suppressed is decided anew once
    it is not. What a person had delivered again is not tried again by Lambda, so without an answer on record
    it counts as unanswered."""
    if incident.opened == change.at or change.released:
        return False
    if head is None or head.decision is None:
        return not change.redriven_by and abs(now - incident.opened) < _UNDER_WAY
    return now - head.decision.at < DECIDED_JUST_NOW


def note_repeat(
    change: AlarmEvent, context: Context, incidents: Incidents, incident: Incident, head: IncidentHead | None
) -> Json:
    """Put it on the timeline.

    Raises:
        AwsError: it is on no record: Lambda tries again.
    """
    incidents.note(incident.id, "state", {"state": change.state, "at": change.at}, change.at)
    if head is not None and head.decision is not None and change.at <= head.decision.at:
        # Perhaps the repeat of the very change that was decided on, whose run died before this.
        start(context, head)
    return {"incident": incident.id, "state": change.state.value, "decided": "a moment ago"}


def note(change: AlarmEvent, context: Context) -> Json:
    """Write OK or INSUFFICIENT_DATA on the incident; nothing else follows from them.

    Only where the alarm itself is OK: an event can be late or wrong, and an OK on record lets the next
    ALARM open a new incident. One that is missed is put on record by the follow-up, which reads the alarm.
    A time to come counts as now, or every change until then would pass for an old one.

    Where the right to read the alarm is missing, no further try helps: the answer to each ALARM names it.

    Raises:
        ResponderError: the alarm could not be read: Lambda tries again.
    """
    said: Json = {"incident": None, "state": change.state.value}
    try:
        found = _read(change, context)
    except Denied as error:
        log().warning("the alarm may not be read", extra={"alarm": change.name, "error": str(error)})
        return {**said, "ignored": "the alarm may not be read"}
    if found is None or found.state is not change.state:
        return {**said, "ignored": "another state by now"}
    marked = store(context).mark(replace(change, at=min(change.at, context.now)))
    return {**said, "incident": marked.id if marked else None}


def respond_to(
    playbook: Playbook,
    change: AlarmEvent,
    context: Context,
    reasons: Doubts,
    asked: PendingAnswer | None = None,
) -> Json:
    """Look, decide, guard, act, record, report, have it followed. `asked`: whether that was done just now.

    Raises:
        AwsError: as of `report.answer`.
    """
    incidents = store(here := patient(shared(context)))
    if asked is not None and (done := already_answered(change, context, incidents, asked)) is not None:
        return done
    raised = _redriven(change, context, reasons)
    # An old or replayed event must not open an incident that nothing will ever close.
    joins = bool(reasons) and raised is None
    likely = incident_id(change := raised or change)
    look = partial(refreshed, here, incidents, playbook.remedies, latest=change.at)
    opening = partial(incidents.join, change, context.now) if joins else partial(incidents.open, change, look)
    found = gather(playbook, here, change.name, incidents, opening, likely, change.silences, reasons)
    found = with_leases_checked(found, playbook, here, incidents, change.at)
    known = found.incident if isinstance(found.incident, Incident) else None
    if known and found.head_problem is None and is_answered(change, known, found.head, context.now):
        # Another change opened the incident, or was decided on, after this one had read it.
        return note_repeat(change, context, incidents, known, found.head)
    doubt = (*reasons, *found.doubts(likely))
    by = Responder(playbook, context, incidents, known.id if known is not None else likely, change.name)
    result = answer(by, found, doubt, change)
    repeats = any(each.kind is Refusal.MAY_REPEAT for each in reasons)
    if isinstance(found.incident, ResponderError) and (raised is not None or not repeats):
        # It was reported but not recorded: nothing was done, and no follow-up runs. The next try may succeed.
        raise found.incident
    return result


def _redriven(change: AlarmEvent, context: Context, reasons: Doubts) -> AlarmEvent | None:
    """An event that a person delivered again, as a current change; None where the alarm is OK, or for any
    other event.

    An alarm that is still raised sends no further event, so its incident is opened here, for the follow-up
    to decide on fresh evidence. The event itself may be days old, and there may have been other changes
    since.

    Raises:
        ResponderError: the alarm could not be read; the message stays in its queue.
    """
    if not change.redriven_by or any(each.kind is Refusal.NOT_LOOPBACK for each in reasons):
        return None
    alarm = _read(change, context)
    return replace(change, at=context.now) if alarm is not None and alarm.state is AlarmState.ALARM else None


def _read(change: AlarmEvent, context: Context) -> AlarmStatus | None:
    """The alarm right now; None where it was deleted. Raises ResponderError where it cannot be read."""
    context = patient(context)
    asked = side_by_side({"alarm": lambda: read_alarm(context.aws, change.name)}, through=context.aws)
    found: AlarmStatus | ResponderError | None = asked["alarm"]
    if isinstance(found, ResponderError):
        raise found
    return found


def store(context: Context) -> Incidents:
    """The incidents, with the owner's soak time."""
    settings = context.settings
    return Incidents(context.aws, settings.incidents_table, timedelta(minutes=settings.soak_minutes))
