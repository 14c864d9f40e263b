"""Any other alarm of the service: a generic look and a message, never an action."""

from alarms._causes import unknown
from alarms._common import CHANGED, HEALTH
from alarms._faults import FAILURES, INVOCATIONS
from responder.evidence import Facts
from responder.evidence.service import Service
from responder.mode import Severity
from responder.playbook import Playbook
from responder.text import text
from responder.verdict import Verdict


def decide(facts: Facts) -> Verdict:
    """Nothing is known about this alarm; the looks may still help a person."""
    return unknown(facts, facts.settings.functions, text("why.no_playbook"))


playbook = Playbook(
    alarm="",
    slug="unknown-alarm",
    severity=Severity.HIGH,
    broken=text("broken.unknown_alarm"),
    evidence=(FAILURES, INVOCATIONS, Service(), CHANGED, HEALTH),
    decide=decide,
)
handler = playbook.handler
