"""An alarm that flaps: what was decided a moment ago is not decided again.

It is asked beside the claim, so that a first response waits for nothing, and before all evidence: the cost
of a storm grows with incidents, not with state changes.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from responder.aws.parallel import side_by_side
from responder.core.alarm_event import AlarmEvent
from responder.core.context import Context
from responder.respond.wrap_up import start
from responder.store import Incident, IncidentHead, Incidents

# Section 9 of the design: in the soak the decision is made again once it is older than this.
_DECIDED_JUST_NOW = timedelta(minutes=5)
# However soon a first response dies, Lambda's last retry of it begins three minutes later or more: until then
# there is one to come. After that every change is answered again.
_UNDER_WAY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class LastTold:
    """The incident that goes on, and what was last told of it."""

    incident: Incident
    head: IncidentHead | None


type PendingAnswer = Future[dict[str, Any]]


def ask(change: AlarmEvent, incidents: Incidents) -> PendingAnswer:
    """Begin to look; `settled` waits for the answer."""
    pool = ThreadPoolExecutor(1)
    asked = pool.submit(side_by_side, {"known": partial(_known, change, incidents)})
    pool.shutdown(wait=False)
    return asked


def settled(
    change: AlarmEvent, context: Context, incidents: Incidents, asked: PendingAnswer
) -> dict[str, Any] | None:
    """The answer to a change that needs no other one; None where it has to be answered in full, as it also
    has to be where nobody knows."""
    known = asked.result()["known"]
    if not isinstance(known, LastTold) or not stands(change, known.incident, known.head, context.now):
        return None
    if known.incident.over(change.at, 0, incidents.soak):
        # The soak time of the settings document was not known yet when it was looked up.
        return None
    if not incidents.rejoin(change, known.incident):
        return None
    return noted(change, context, incidents, known.incident, known.head)


def stands(change: AlarmEvent, incident: Incident, head: IncidentHead | None, now: datetime) -> bool:
    """The incident has an answer of the last minutes, or its first one is under way. The change that opened
    it is that one itself, or its repeat. What was decided while the alarm was suppressed is decided anew once
    it is not. What a person had delivered again is not tried again by Lambda, so without an answer on record
    it counts as unanswered."""
    if incident.opened_by(change) or change.released:
        return False
    if head is None or head.decision is None:
        return not change.redriven_by and abs(now - incident.opened) < _UNDER_WAY
    return now - head.decision.at < _DECIDED_JUST_NOW


def noted(
    change: AlarmEvent, context: Context, incidents: Incidents, incident: Incident, head: IncidentHead | None
) -> dict[str, Any]:
    """Put it on the timeline.

    Raises:
        AwsError: it is on no record: Lambda tries again.
    """
    incidents.note(incident.id, "state", {"state": change.state, "at": change.at}, change.at)
    if head is not None and head.decision is not None and change.at <= head.decision.at:
        # Perhaps the repeat of the very change that was decided on, whose run died before this.
        start(context, head)
    return {"incident": incident.id, "state": change.state.value, "decided": "a moment ago"}


def _known(change: AlarmEvent, incidents: Incidents) -> LastTold | None:
    present = incidents.present(change)
    if present is None or present.opened_by(change) or present.over(change.at, 0, incidents.soak):
        return None
    return LastTold(present, incidents.head(present.id))
