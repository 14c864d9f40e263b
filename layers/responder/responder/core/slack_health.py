"""Can Slack be reached? The question to the function that holds the token, and its answer: no secret."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from responder.core.codec import STORED
from responder.core.frozen import frozen

QUESTION = {"probe": "slack"}


class SlackCallStatus(StrEnum):
    """The outcome of one request to Slack."""

    FINE = "fine"
    REFUSED = "refused"
    BUSY = "busy"  # asked too often; nothing is wrong with what was asked
    SILENT = "silent"  # no connection, no answer in time, or none that can be read


@frozen
class SlackCallResult:
    """`code`: Slack's, or the class of what went wrong; never free text."""

    how: SlackCallStatus
    code: str = ""


@frozen
class SlackHealth:
    """What SlackPost found out.

    Attributes:
        secret: code of AWS why the secret could not be read; nothing else was tried then.
        token: whether Slack accepts it, and it belongs to the workspace whose buttons count.
        channels: by id whether the bot is in them, that of on-call first.
    """

    secret: str = field(default="", metadata=STORED)
    token: SlackCallResult = field(default=SlackCallResult(SlackCallStatus.SILENT), metadata=STORED)
    channels: Mapping[str, SlackCallResult] = field(default_factory=dict, metadata=STORED)
