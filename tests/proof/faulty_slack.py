"""Slack behind the same client: its calls fail as those to AWS do."""

import threading
from collections.abc import Callable
from typing import Any

from responder.core.errors import SlackBusy, SlackError, SlackRefused, SlackUnsure
from responder.core.plain_data import Json
from tests.fakes.slack_server import SlackServer
from tests.proof.faults import Fault
from tests.proof.faulty_gateway import FaultyGateway

type Answer = Callable[[str, Json], Json]


class Workspace(SlackServer):
    """Without a socket: `do` is called as it is."""

    def __post_init__(self) -> None:
        self._reactions, self._lock = {}, threading.RLock()
        # The clock of its messages is that of the story.
        self._last = 0.0


class FaultySlack:
    """Slack's client. `answer`: what answers."""

    def __init__(self, gateway: FaultyGateway, answer: Answer) -> None:
        self._gateway, self._answer = gateway, answer

    def call(self, method: str, /, **arguments: Any) -> Json:
        def act() -> Json:
            answer = self._answer(method, arguments)
            if not answer.get("ok"):
                raise SlackRefused(method, answer["error"])
            return answer

        return self._gateway.call_outside_aws("slack", method, act, lambda fault: _error(fault, method))

    def upload(self, channel: str, thread: str, picture: bytes, name: str, title: str) -> None:
        self._gateway.call_outside_aws(
            "slack", "upload", lambda: None, lambda fault: _error(fault, "files.upload")
        )


def _error(fault: Fault, method: str) -> SlackError:
    if fault.name == "throttled":
        return SlackBusy(method, "ratelimited")
    return (
        SlackRefused(method, "missing_scope") if fault.name == "denied" else SlackUnsure(method, "TimedOut")
    )
