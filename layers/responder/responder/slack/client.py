"""Slack's Web API, called through slack_sdk, with its errors in our words."""

import logging
import math
import re
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.http_retry.handler import RetryHandler

from responder.core.errors import SlackBusy, SlackError, SlackRefused, SlackUnsure
from responder.core.plain_data import Json
from responder.core.retry import again

_TOO_OFTEN = ("ratelimited", "rate_limited")
_BUSY = ("message_limit_exceeded",)
_UNSURE = ("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org")
_CODE = re.compile(r"[a-z0-9_]{1,60}")
_TOO_MANY = 429
_FIRST_SERVER_STATUS = 500


def translated(error: Exception, method: str) -> SlackError:
    """Our error for any of slack_sdk or of the connection: the code decides, the free text is dropped."""
    if isinstance(error, URLError):
        # urllib raises this only for a request that it could not send.
        return SlackBusy(method, type(error.reason).__name__)
    if not isinstance(error, SlackApiError):
        return SlackUnsure(method, type(error).__name__)
    status = int(getattr(error.response, "status_code", 0) or 0)
    said = str(error.response.get("error", ""))
    code = said if _CODE.fullmatch(said) else f"status_{status}"
    if status == _TOO_MANY or code in _TOO_OFTEN:
        return SlackBusy(method, code, _after(error))
    if code in _BUSY:
        return SlackBusy(method, code)
    if status >= _FIRST_SERVER_STATUS or code in _UNSURE or code != said:
        return SlackUnsure(method, code)
    return SlackRefused(method, code)


def _after(error: SlackApiError) -> float:
    """The seconds that Slack asks to wait: a second where it names none."""
    headers = getattr(error.response, "headers", None) or {}
    given: Any = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    first = str(given[0] if isinstance(given, list) else given)
    return float(first) if first.isdecimal() else math.inf


# Methods without effect, or with the same effect when repeated.
_SAFE = ("auth.test", "chat.getPermalink", "chat.update", "conversations.history", "conversations.replies")


class Slack:
    """One bot in one workspace.

    slack_sdk repeats a request whose connection broke, though it may have taken effect: good for an edit,
    wrong for a post. So a post is repeated only where it was turned away (429) or never left.
    """

    def __init__(self, token: str, url: str, patience: int = 5, wait: int = 15) -> None:
        """`patience`: how many seconds an answer is waited for; `wait`: how many seconds a request is sent
        again that was refused for its rate, never sooner than Slack asks."""
        self._wait = wait
        unsent = ConnectionErrorRetryHandler(error_types=[URLError])
        lost, broken = ConnectionErrorRetryHandler(), ServerErrorRetryHandler()
        self._once = _client(token, url, patience, [unsent])
        self._again = _client(token, url, patience, [lost, broken])

    def call(self, method: str, /, **arguments: Any) -> Json:
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
