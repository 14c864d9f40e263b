"""Can Slack be reached? Tried on the daily check's question by the only function that holds the token.

Nothing is posted. Whatever Slack says is an answer, not a failure: a failed run would count as a message that
Slack missed.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from responder.aws.parallel import side_by_side
from responder.core.codec import dump
from responder.core.context import Context
from responder.core.errors import AwsError, SlackBusy, SlackError, SlackRefused
from responder.core.log import log
from responder.core.slack_health import QUESTION, SlackCallResult, SlackCallStatus, SlackHealth
from responder.slack.outbound.level import every
from responder.slack.outbound.posting import SlackApi

# Whoever asks waits for eight seconds, a cold start included.
SECONDS = 4.0
PATIENCE_SECONDS = 3
_TOO_OFTEN = ("ratelimited", "rate_limited", "message_limit_exceeded", "status_429")
_WHO = "auth.test"


def asked(event: Any) -> bool:
    """It is that question, and no message of the topic."""
    return bool(event == QUESTION)


def answer(context: Context, speak: Callable[[], SlackApi]) -> dict[str, Any]:
    """`speak`: a client with the token that is in the secret now; raises AwsError where that is not read."""
    try:
        talk = speak()
    except AwsError as error:
        found = SlackHealth(secret=error.code)
    else:
        found = _tried(context, talk)
    said: dict[str, Any] = dump(found)
    log().info("slack was tried", extra={"found": said})
    return said


def _tried(context: Context, talk: SlackApi) -> SlackHealth:
    settings = context.settings
    own = [settings.slack_channel] if settings.slack_channel else []
    channels = dict.fromkeys((*own, *every(settings.slack_level_mentions)))
    asks: dict[str, Callable[[], Any]] = {_WHO: partial(talk.call, _WHO)}
    asks |= {each: partial(_looked, talk, each, context.now) for each in channels}
    found = side_by_side(asks, SECONDS, SECONDS)
    token = found[_WHO]
    said = _whose(token, settings.slack_team) if isinstance(token, Mapping) else said_of(token)
    return SlackHealth("", said, {each: said_of(found[each]) for each in channels})


def _looked(talk: SlackApi, channel: str, now: datetime) -> None:
    """Where the bot may read it has been invited, as it must be to post. Nobody's words come along."""
    talk.call("conversations.history", channel=channel, limit=1, oldest=f"{now.timestamp():.6f}")


def _whose(token: Mapping[str, Any], workspace: str) -> SlackCallResult:
    if workspace and workspace not in (token.get("team_id"), token.get("enterprise_id")):
        return SlackCallResult(SlackCallStatus.REFUSED, "other_workspace")
    return SlackCallResult(SlackCallStatus.FINE)


def said_of(found: object) -> SlackCallResult:
    """What became of a request: its answer, or the error it was met with."""
    if not isinstance(found, Exception):
        return SlackCallResult(SlackCallStatus.FINE)
    if isinstance(found, SlackRefused):
        return SlackCallResult(SlackCallStatus.REFUSED, found.code)
    code = found.code if isinstance(found, SlackError | AwsError) else type(found).__name__
    if isinstance(found, SlackBusy) and code in _TOO_OFTEN:
        return SlackCallResult(SlackCallStatus.BUSY, code)
    return SlackCallResult(SlackCallStatus.SILENT, code)
