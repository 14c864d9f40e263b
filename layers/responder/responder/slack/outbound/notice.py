"""What a person changed for every incident, in Slack: one message in the channel of on-call."""

from collections.abc import Mapping
from typing import Any

from responder.core.log import log
from responder.messages.notice import SCHEMA
from responder.messages.published import of_schema
from responder.slack.blocks.notice import post
from responder.slack.outbound.posting import SlackPlace, SlackPosting


def noticed(event: Any) -> Mapping[str, Any] | None:
    """The notice in an event of SNS; None where it is anything else."""
    return of_schema(event, SCHEMA)


def tell(desk: SlackPosting, told: Mapping[str, Any]) -> dict[str, Any]:
    """Once, however often it is delivered.

    Raises:
        BeingAnswered: another run is telling it right now.
        SlackError, AwsError: whether it is told may be unknown; a repeat finds out.
    """
    settings = desk.context.settings
    place = desk.once(post(told, settings.language), SlackPlace(settings.slack_channel), str(told["id"]))
    log().info("a notice told in Slack", extra={"notice": told["id"]})
    return {"notice": told["id"], "told": True, "ts": place.ts}
