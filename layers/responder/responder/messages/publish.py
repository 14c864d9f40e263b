"""Our SNS topic: what is sent to it, and what of it arrives in an event of a function."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from responder.core.context import Gateway
from responder.core.errors import BadEvent
from responder.core.report import Report
from responder.core.settings import Settings

if TYPE_CHECKING:
    from responder.messages.mail import Envelope


def publish(aws: Gateway, settings: Settings, report: Report) -> None:
    """One SNS message with a body per protocol. Raises our errors where the topic cannot be reached."""
    # Words are loaded after the mitigating call, not before it.
    from responder.messages.mail import envelope

    send(aws, settings, envelope(report, settings.language))


def send(aws: Gateway, settings: Settings, sent: "Envelope") -> None:
    """Likewise, of what is put into its envelope already."""
    aws.call(
        "sns",
        "publish",
        TopicArn=settings.topic,
        Subject=sent.subject,
        Message=sent.message,
        MessageStructure="json",
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in sent.attributes.items()
        },
    )


def published(event: Any) -> Mapping[str, Any]:
    """The JSON of the message; empty where that is no object. Raises BadEvent where there is no message."""
    try:
        (record,) = event["Records"]
        found = json.loads(record["Sns"]["Message"])
    except (KeyError, RecursionError, TypeError, ValueError):
        raise BadEvent("Records") from None
    return found if isinstance(found, Mapping) else {}


def of_schema(event: Any, schema: str) -> Mapping[str, Any] | None:
    """The message of this schema; None where the event is anything else."""
    try:
        found = published(event)
    except BadEvent:
        return None
    return found if found.get("schema") == schema and isinstance(found.get("id"), str) else None
