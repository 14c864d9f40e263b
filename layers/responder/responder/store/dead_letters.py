"""What could not be answered is kept in the failures queue, whatever it is."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from responder.core.context import Context
from responder.core.errors import ResponderError
from responder.core.plain_data import Data
from responder.core.report import Report
from responder.core.text import text
from responder.evidence.base import reason

MOST = 200_000  # characters, of the 1 MiB that SQS takes: a record is read by people
_ENDED = "Durable Execution Status Change"
_EXECUTION = re.compile(r"(?P<incident>[A-Za-z0-9_-]{1,57})-g[0-9]{1,5}")


def as_record(given: Data) -> Data:
    """A durable execution that ended, in the shape of a destination's record (AWS Lambda, "Monitoring durable
    functions"); anything else as it is. The event holds neither the error nor what the execution was given:
    `ended` has the incident, by the execution's name (`<incident>-g<generation>`), where that is sound."""
    detail = given.get("detail")
    if given.get("detail-type") != _ENDED or not isinstance(detail, Mapping):
        return given
    name = _EXECUTION.fullmatch(str(detail.get("durableExecutionName")))
    return {
        "requestContext": {"functionArn": detail.get("functionArn"), "condition": detail.get("status")},
        "ended": {"incident": name["incident"]} if name else {},
    }


def keep(record: object, context: Context) -> None:
    """Whole, or its beginning. Raises our errors where the queue does not take it."""
    body = _packed(record)
    if len(body) > MOST:
        body = json.dumps({"cut": True, "record": body[: MOST // 2]})
    context.aws.call("sqs", "send_message", QueueUrl=context.settings.failures_queue, MessageBody=body)


def not_kept(report: Report, error: ResponderError) -> Report:
    """The report of an event that the queue did not accept, with the reason."""
    lost = text("guard.not_kept", detail=reason(error))
    return replace(report, warnings=(*report.warnings, lost))


def _packed(record: object) -> str:
    """In ASCII: SQS refuses half a surrogate pair, and code points that are no character."""
    try:
        return json.dumps(record, default=str)
    except (RecursionError, TypeError, ValueError):
        return json.dumps({"unreadable": type(record).__name__})
