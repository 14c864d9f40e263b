"""Send a report to the topic."""

from typing import TYPE_CHECKING

from responder.core.context import Gateway
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
