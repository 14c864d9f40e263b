"""The door to Slack's Web API."""

import logging
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.http_retry.handler import RetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState

from responder.slack.translate import translated

# A method without effect, or whose effect is the same twice.
_SAFE = ("auth.test", "chat.getPermalink", "chat.update", "conversations.history", "conversations.replies")
_UNREADABLE = 3_600


class Slack:
    """One bot in one workspace.

    slack_sdk repeats a request whose connection broke, though it may have taken effect: good for an edit,
    wrong for a post. So a post is repeated only where it was turned away (429) or never left.
    """

    def __init__(self, token: str, url: str, patience: int = 5, wait: int = 15) -> None:
        """`patience`: for how many seconds an answer is waited for; `wait`: how long a 429 may ask for."""
        waits = _Patient(max_retry_count=3)
        waits.longest = wait
        unsent = ConnectionErrorRetryHandler(error_types=[URLError])
        lost, broken = ConnectionErrorRetryHandler(), ServerErrorRetryHandler()
        self._once = _client(token, url, patience, [waits, unsent])
        self._again = _client(token, url, patience, [waits, lost, broken])

    def call(self, method: str, /, **arguments: Any) -> dict[str, Any]:
        """`method` as Slack names it (`chat.postMessage`); its answer. Raises SlackError."""
        client = self._again if method in _SAFE else self._once
        try:
            answer = getattr(client, method.replace(".", "_"))(**arguments)
        except Exception as error:
            raise translated(error, method) from None
        return dict(answer.data)

    def upload(self, channel: str, thread: str, picture: bytes, name: str, title: str) -> None:
        """A picture into a thread. Raises SlackError."""
        try:
            self._once.files_upload_v2(
                channel=channel, thread_ts=thread, file=picture, filename=name, title=title, alt_txt=title
            )
        except Exception as error:
            raise translated(error, "files.upload") from None


class _Patient(RateLimitErrorRetryHandler):
    """Waits as long as it is told to, but not until Lambda ends the function: then it is tried later."""

    longest = 0

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        asked = super()._can_retry(state=state, request=request, response=response, error=error)
        return asked and response is not None and _seconds(response) <= self.longest


def _seconds(response: HttpResponse) -> int:
    told = (value for name, value in response.headers.items() if name.lower() == "retry-after")
    value: Any = next(told, "1")
    first = value[0] if isinstance(value, list) else value
    return int(first) if str(first).isdigit() else _UNREADABLE


def _client(token: str, url: str, patience: int, handlers: list[RetryHandler]) -> WebClient:
    return WebClient(token, base_url=url, timeout=patience, retry_handlers=handlers, logger=_mute())


def _mute() -> logging.Logger:
    """slack_sdk writes what went wrong in its own words, the token included where it cannot be a header. All
    that we need of it is in our error."""
    mute = logging.getLogger("responder.slack.mute")
    mute.disabled = True
    return mute
