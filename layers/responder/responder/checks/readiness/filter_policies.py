"""Which of our messages a subscription's filter policy lets through. Pure.

https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
"""

import json
from itertools import product
from typing import Any

from responder.checks.alarms.event_pattern import hears
from responder.core.modes import Severity
from responder.core.report import ReportKind
from responder.messages.mail import ONLY

LEVELS = ("1", "2", "3", "4")
SEVERITIES = tuple(each.value for each in Severity)
ALL = frozenset(product(LEVELS, SEVERITIES))
# On-call is told of answers and of failures; the further levels of escalations only.
_FIRST = (ReportKind.RESPONSE, ReportKind.FAILURE)
_ALARMS = ("FaceAuth-Liveness-LowSuccessRate", "FaceAuth-CreateLivenessSession-Errors")


def passing(policy: str, scope: str = "MessageAttributes") -> frozenset[tuple[str, str]]:
    """(level, severity) of which every message gets through; what is not understood lets nothing through."""
    if not policy:
        return ALL
    read = _read(policy)
    # A body in several forms is no JSON of which a policy could ask.
    if read is None or scope != "MessageAttributes":
        return frozenset()
    return frozenset(pair for pair in ALL if all(hears(read, one) for one in _messages(*pair)))


def lets_alarms(policy: str, scope: str, alarm: str) -> bool:
    """CloudWatch's own message of an alarm gets through; it has no attributes."""
    if not policy:
        return True
    read = _read(policy)
    told = {"AlarmName": alarm, "NewStateValue": "ALARM"} if scope == "MessageBody" else {}
    return read is not None and hears(read, told)


def _read(policy: str) -> dict[str, Any] | None:
    try:
        read = json.loads(policy)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _messages(level: str, severity: str) -> list[dict[str, Any]]:
    """Of some alarms, so that a policy for one of them is not taken for one for all."""
    kinds = _FIRST if level == LEVELS[0] else (ReportKind.ESCALATION,)
    repeated = (ONLY.format(level=level),) if level == LEVELS[-1] else ()
    same = {"severity": severity, "incident": "some-20260204T000000Z"}
    return [
        {**same, "level": each, "alarm": alarm, "kind": kind.value}
        for each in (level, *repeated)
        for alarm in _ALARMS
        for kind in kinds
    ]
