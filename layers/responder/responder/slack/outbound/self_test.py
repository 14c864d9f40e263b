"""The message of a self-test in Slack: into the channel of on-call and those of all levels, calling nobody.

Whatever Slack says is put on record for the console, and is no failure: a failed run would be told by mail as
a message that Slack missed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from responder.core.codec import dump
from responder.core.context import Context
from responder.core.errors import AwsError, BeingAnswered, ResponderError
from responder.core.log import log
from responder.core.slack_health import SlackCallResult, SlackCallStatus, SlackHealth
from responder.messages.notice import SELF_TEST
from responder.messages.published import of_schema
from responder.slack.blocks.message import SlackPost
from responder.slack.blocks.notice import post
from responder.slack.outbound.level import every
from responder.slack.outbound.posting import SlackApi, SlackPlace, SlackPosting
from responder.slack.outbound.probe import said_of
from responder.store import self_tests


def asked(event: Any) -> Mapping[str, Any] | None:
    """The self-test in an event of SNS; None where it is anything else."""
    return of_schema(event, SELF_TEST)


def tell(context: Context, told: Mapping[str, Any], speak: Callable[[], SlackApi]) -> dict[str, Any]:
    """Once in each channel, however often it is delivered. `speak`: a client with the token that is in the
    secret now; raises AwsError where that is not read."""
    name = str(told["id"])
    try:
        desk = SlackPosting(context, speak(), name)
    except AwsError as error:
        found = SlackHealth(secret=error.code)
    else:
        said = post(told, context.settings.language)
        found = SlackHealth(
            "",
            SlackCallResult(SlackCallStatus.FINE),
            {each: _posted(desk, said, each) for each in _channels(context)},
        )
    try:
        self_tests.in_slack(context.aws, context.settings.incidents_table, name, found)
    except ResponderError as error:
        log().error("self-test not on record", extra={"error": str(error)})
    log().info("a self-test told in Slack", extra={"self_test": name, "found": dump(found)})
    return {"self_test": name, **dump(found)}


def _channels(context: Context) -> dict[str, None]:
    settings = context.settings
    return dict.fromkeys((settings.slack_channel, *every(settings.slack_level_mentions)))


def _posted(desk: SlackPosting, said: SlackPost, channel: str) -> SlackCallResult:
    try:
        desk.once(said, SlackPlace(channel), f"{desk.incident}#{channel}")
    except BeingAnswered:
        return SlackCallResult(SlackCallStatus.BUSY, "being_answered")
    except ResponderError as error:
        return said_of(error)
    return SlackCallResult(SlackCallStatus.FINE)
