"""Any other alarm of the service: a generic look and a message, never an action. Likewise the self-test."""

from typing import Any

from responder.alarm_function import handler_of
from responder.causes import CHANGED, FAILURES, HEALTH, INVOCATIONS
from responder.causes.failed_requests import unknown
from responder.core.manual import GENERAL
from responder.core.modes import Severity
from responder.core.plain_data import Json
from responder.core.text import text
from responder.core.verdict import Verdict
from responder.evidence import Facts
from responder.evidence.service import ServiceMetrics
from responder.respond.playbook import Playbook


def decide(facts: Facts) -> Verdict:
    """Nothing is known about this alarm; the looks may still help a person."""
    return unknown(facts, text("why.no_playbook"))


playbook = Playbook(
    alarm="",
    slug="unknown-alarm",
    severity=Severity.HIGH,
    evidence=(FAILURES, INVOCATIONS, ServiceMetrics(), CHANGED, HEALTH),
    decide=decide,
    manual=GENERAL,
    definition=None,
)


def handler(event: Json, context: Any) -> Json:
    """The Lambda handler: of every playbook, and of the alarm that a person raises as a test."""
    from responder.alarm_function import self_test

    return self_test.handle(event, context) or handler_of(playbook)(event, context)
