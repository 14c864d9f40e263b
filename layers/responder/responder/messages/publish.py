"""Our SNS topic: what is sent to it, and what of it arrives in an event of a function."""

import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from responder.core.context import Gateway
from responder.core.errors import AwsError, BadEvent
from responder.core.plain_data import Data
from responder.core.report import Report
from responder.core.settings import UTF_8, Settings

if TYPE_CHECKING:
    from responder.messages.mail import Envelope

# What SNS answers to a value that it does not take.
_REFUSED = ("InvalidParameter", "InvalidParameterValue")


def publish(aws: Gateway, settings: Settings, report: Report) -> None:
    """One SNS message with a body per protocol. Raises our errors where the topic cannot be reached."""
    # Words are loaded after the mitigating call, not before it.
    from responder.messages.language import in_zone
    from responder.messages.mail import envelope

    with in_zone(settings.time_zone):
        sent = envelope(report, settings.language, subject_language(settings))
    send(aws, settings, sent)


def subject_language(settings: Settings) -> str:
    """English as long as nothing has shown that SNS takes subjects that are not ASCII."""
    return settings.language if settings.subjects == UTF_8 else "en"


def send(aws: Gateway, settings: Settings, sent: "Envelope") -> bool:
    """Likewise, of what is put into its envelope already. Where SNS refuses the subject, it goes out once
    more with one in ASCII, and False is returned."""
    values = {name: {"DataType": "String", "StringValue": value} for name, value in sent.attributes.items()}
    message = partial(
        aws.call,
        "sns",
        "publish",
        TopicArn=settings.topic,
        Message=sent.message,
        MessageStructure="json",
        MessageAttributes=values,
    )
    try:
        message(Subject=sent.subject)
    except AwsError as error:
        if sent.subject == sent.plain_subject or error.code not in _REFUSED:
            raise
        message(Subject=sent.plain_subject)
        return False
    return True


def published(event: Any) -> Data:
    """The JSON of the message; empty where that is no object. Raises BadEvent where there is no message."""
    try:
        (record,) = event["Records"]
        found = json.loads(record["Sns"]["Message"])
    except (KeyError, RecursionError, TypeError, ValueError):
        raise BadEvent("Records") from None
    return found if isinstance(found, Mapping) else {}


def of_schema(event: Any, schema: str) -> Data | None:
    """The message of this schema; None where the event is anything else."""
    try:
        found = published(event)
    except BadEvent:
        return None
    return found if found.get("schema") == schema and isinstance(found.get("id"), str) else None
