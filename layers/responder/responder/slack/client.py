"""The door to Slack's Web API."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.http_retry.handler import RetryHandler

from responder.core.retry import again
from responder.slack.translate import translated

# A method without effect, or whose effect is the same twice.
_SAFE = ("auth.test", "chat.getPermalink", "chat.update", "conversations.history", "conversations.replies")


class Slack:
    """One bot in one workspace.

    slack_sdk repeats a request whose connection broke, though it may have taken effect: good for an edit,
    wrong for a post. So a post is repeated only where it was turned away (429) or never left.
    """

    def __init__(self, token: str, url: str, patience: int = 5, wait: int = 15) -> None:
        """`patience`: for how many seconds an answer is waited for; `wait`: for how many a request is sent
        again that is turned away for its rate, never sooner than Slack asks."""
        self._wait = wait
        unsent = ConnectionErrorRetryHandler(error_types=[URLError])
        lost, broken = ConnectionErrorRetryHandler(), ServerErrorRetryHandler()
        self._once = _client(token, url, patience, [unsent])
        self._again = _client(token, url, patience, [lost, broken])

    def call(self, method: str, /, **arguments: Any) -> dict[str, Any]:
        """`method` as Slack names it (`chat.postMessage`); its answer. Raises SlackError."""
        client = self._again if method in _SAFE else self._once
        answer = self._asked(partial(getattr(client, method.replace(".", "_")), **arguments), method)
        return dict(answer.data)

    def upload(self, channel: str, thread: str, picture: bytes, name: str, title: str) -> None:
        """A picture into a thread. Raises SlackError."""
        put = partial(self._once.files_upload_v2, channel=channel, thread_ts=thread, file=picture)
        self._asked(partial(put, filename=name, title=title, alt_txt=title), "files.upload")

    def _asked(self, ask: Callable[[], Any], method: str) -> Any:
        def once() -> Any:
            try:
                return ask()
            except Exception as error:
                raise translated(error, method) from None

        return again(once, time.monotonic() + self._wait)


def _client(token: str, url: str, patience: int, handlers: list[RetryHandler]) -> WebClient:
    return WebClient(token, base_url=url, timeout=patience, retry_handlers=handlers, logger=_mute())


def _mute() -> logging.Logger:
    """slack_sdk writes what went wrong in its own words, the token included where it cannot be a header. All
    that we need of it is in our error."""
    mute = logging.getLogger("responder.slack.mute")
    mute.disabled = True
    return mute
