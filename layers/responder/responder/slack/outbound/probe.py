"""Can Slack be reached? Tried when the daily check asks, by the only function that holds the token.

Nothing is posted. Whatever Slack says is an answer, not a failure: a failed run would count as a message that
Slack missed.
"""

from collections.abc import Callable, Mapping
from functools import partial

from responder.aws.parallel import Questions, side_by_side
from responder.core.codec import dump
from responder.core.context import Context
from responder.core.errors import AwsError, SlackBusy, SlackError, SlackRefused
from responder.core.log import log
from responder.core.plain_data import Json
from responder.core.slack_health import QUESTION, SlackCallResult, SlackCallStatus, SlackHealth
from responder.slack.outbound.level import every
from responder.slack.outbound.posting import SlackApi

# The daily check waits for eight seconds, a cold start included.
SECONDS = 4.0
PATIENCE_SECONDS = 3
_TOO_OFTEN = ("ratelimited", "rate_limited", "message_limit_exceeded", "status_429")
_WHO = "auth.test"


def asked(event: object) -> bool:
    """It is that question, and no message of the topic."""
    return event == QUESTION


def answer(context: Context, connect: Callable[[], SlackApi]) -> Json:
    """`connect`: a client with the token that is in the secret now; raises AwsError."""
    try:
        slack = connect()
    except AwsError as error:
        found = SlackHealth(secret=error.code)
    else:
        found = _tried(context, slack)
    said: Json = dump(found)
    log().info("slack was tried", extra={"found": said})
    return said


def _tried(context: Context, slack: SlackApi) -> SlackHealth:
    settings = context.settings
    channels = dict.fromkeys((settings.slack_channel, *every(settings.slack_level_mentions)))
    channels.pop("", None)
    asks: Questions = {_WHO: partial(slack.call, _WHO)}
    for channel in channels:
        # Where the bot may read it has been invited, as it must be to post. No message comes along.
        oldest = f"{context.now.timestamp():.6f}"
        asks[channel] = partial(slack.call, "conversations.history", channel=channel, limit=1, oldest=oldest)
    found = side_by_side(asks, SECONDS, SECONDS)
    token, team = found[_WHO], settings.slack_team
    result = result_of(token)
    if isinstance(token, Mapping) and team and team not in (token.get("team_id"), token.get("enterprise_id")):
        result = SlackCallResult(SlackCallStatus.REFUSED, "other_workspace")
    return SlackHealth("", result, {each: result_of(found[each]) for each in channels})


def result_of(found: object) -> SlackCallResult:
    """The result of a request: its answer, or the error."""
    if not isinstance(found, Exception):
        return SlackCallResult(SlackCallStatus.FINE)
    if isinstance(found, SlackRefused):
        return SlackCallResult(SlackCallStatus.REFUSED, found.code)
    code = found.code if isinstance(found, SlackError | AwsError) else type(found).__name__
    if isinstance(found, SlackBusy) and code in _TOO_OFTEN:
        return SlackCallResult(SlackCallStatus.BUSY, code)
    return SlackCallResult(SlackCallStatus.SILENT, code)
