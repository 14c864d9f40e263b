"""Can Slack be reached? The question to the function that holds the token, and its answer: no secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

QUESTION = {"probe": "slack"}


class SlackCallStatus(StrEnum):
    """What became of one request to Slack."""

    FINE = "fine"
    REFUSED = "refused"
    BUSY = "busy"  # asked too often; nothing is wrong with what was asked
    SILENT = "silent"  # no connection, no answer in time, or none that can be read


@dataclass(frozen=True, slots=True)
class SlackCallResult:
    """`code`: Slack's, or the class of what went wrong; never free text."""

    how: SlackCallStatus
    code: str = ""


@dataclass(frozen=True, slots=True)
class SlackHealth:
    """What SlackPost found out.

    Attributes:
        secret: code of AWS why the secret could not be read; nothing else was tried then.
        token: whether Slack takes it, and it is of the workspace whose buttons count.
        channels: by id whether the bot is in them, that of on-call first.
    """

    secret: str = ""
    token: SlackCallResult = SlackCallResult(SlackCallStatus.SILENT)
    channels: Mapping[str, SlackCallResult] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The answer as it goes over the wire; a list keeps the order of the channels."""
        channels = [{"id": name, **_written(said)} for name, said in self.channels.items()]
        return {"secret": self.secret, "token": _written(self.token), "channels": channels}

    @classmethod
    def from_json(cls, told: Any) -> "SlackHealth":
        """Raises KeyError, TypeError or ValueError where it is no such answer."""
        channels = {str(each["id"]): _read(each) for each in told["channels"]}
        return cls(str(told["secret"]), _read(told["token"]), channels)


def _written(said: SlackCallResult) -> dict[str, str]:
    return {"how": said.how.value, "code": said.code}


def _read(told: Any) -> SlackCallResult:
    return SlackCallResult(SlackCallStatus(told["how"]), str(told["code"]))
