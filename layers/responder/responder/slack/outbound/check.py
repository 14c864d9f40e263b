"""A scheduled check in Slack: one message in the channel of on-call, without a thread or buttons."""

from collections.abc import Mapping
from typing import Any

from responder.checks.report.summary import SCHEMA
from responder.core.log import log
from responder.messages.published import of_schema
from responder.slack.blocks.check import summary
from responder.slack.outbound.posting import SlackPlace, SlackPosting


def summarized(event: Any) -> Mapping[str, Any] | None:
    """The summary in an event of SNS; None where it is anything else."""
    return of_schema(event, SCHEMA)


def tell(desk: SlackPosting, told: Mapping[str, Any]) -> dict[str, Any]:
    """Once a day and rhythm; one that is made anew the same day is not told again.

    Raises:
        BeingAnswered: another run is telling it right now.
        SlackError, AwsError: whether it is told may be unknown; a repeat finds out.
    """
    settings = desk.context.settings
    post = summary(told, str(told.get("language", settings.language)))
    place = desk.once(post, SlackPlace(settings.slack_channel), str(told["id"]))
    log().info("a check told in Slack", extra={"check": told["id"]})
    return {"check": told["id"], "told": True, "ts": place.ts}
