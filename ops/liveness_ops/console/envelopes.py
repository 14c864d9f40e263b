"""What AWS tells besides an event that was not answered: the function and the error.

EventBridge tells them in the attributes of the message, Lambda and Scheduler in what they pack around the
event; SNS leaves its notification.
"""

from collections.abc import Mapping
from typing import Any

from liveness_ops.console.queues import Letter
from responder.people.dead_letters import is_request, unpacked

_FUNCTION, _SCHEDULE = ":function:", ":schedule/"


def records(letter: Letter) -> list[Mapping[str, Any]]:
    """The outermost first; the last one is the event itself. Nothing where it cannot be read."""
    return unpacked(letter.body)


def function(found: list[Mapping[str, Any]], letter: Letter) -> str:
    """That of the innermost record: the outer ones are of those who should have told of it.

    A schedule has the name of its function."""
    told = (word(part(each, "requestContext").get("functionArn")) for each in found)
    asked = (word(each.get("FunctionName")) for each in found if is_request(each))
    known = [each for each in (letter.attributes.get("TARGET_ARN", ""), *told, *asked) if _FUNCTION in each]
    if known:
        return known[-1].split(_FUNCTION, 1)[1].split(":", 1)[0]
    schedule = word(letter.attributes.get("SCHEDULE_ARN"))
    return schedule.rsplit("/", 1)[-1] if _SCHEDULE in schedule else ""


def error(found: list[Mapping[str, Any]], letter: Letter) -> str:
    """Class or code, never a text: that is free."""
    for each in reversed(found):
        kind = word(part(each, "responsePayload").get("errorType")) or word(
            part(each, "requestContext").get("condition")
        )
        if kind:
            return kind[:80]
    told = (letter.attributes.get(name, "") for name in ("ERROR_CODE", "ErrorCode"))
    return next((word(each)[:80] for each in told if each), "")


def notified(event: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A message of SNS, as it is in a dead letter or as a function gets it."""
    if event.get("Type") == "Notification":
        return event
    several = event.get("Records")
    first: object = several[0] if isinstance(several, list) and several else None
    told = part(first, "Sns") if isinstance(first, Mapping) else {}
    return told or None


def clicked(event: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What was pressed in Slack, of the work that a button has left."""
    return part(part(event, "job"), "click") or None


def scheduled(letter: Letter) -> bool:
    """It came from Scheduler, whatever is left of the event."""
    return "SCHEDULE_ARN" in letter.attributes


def part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Empty where there is no such part."""
    value: object = record.get(name)
    return value if isinstance(value, Mapping) else {}


def word(value: object) -> str:
    """A short word that can be shown; empty where it is none."""
    return value if isinstance(value, str) and value.isprintable() and len(value) < 300 else ""
