"""Send a report to the topic."""

from typing import TYPE_CHECKING

from responder.gateway import Gateway
from responder.report import Report
from responder.settings import Settings

if TYPE_CHECKING:
    from responder.render.envelope import Envelope


def publish(aws: Gateway, settings: Settings, report: Report) -> None:
    """One SNS message with a body per protocol. Raises our errors where the topic cannot be reached."""
    # Words are loaded after the mitigating call, not before it.
    from responder.render.envelope import envelope

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
