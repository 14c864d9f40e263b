"""Errors of slack_sdk and of the connection in our words: the code decides, the free text is dropped."""

import math
import re
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

from responder.core.errors import SlackBusy, SlackError, SlackRefused, SlackUnsure

_TOO_OFTEN = ("ratelimited", "rate_limited")
_BUSY = ("message_limit_exceeded",)
_UNSURE = ("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org")
_CODE = re.compile(r"[a-z0-9_]{1,60}")
_TOO_MANY = 429
_FIRST_SERVER_STATUS = 500


def translated(error: Exception, method: str) -> SlackError:
    """Our error for whatever came out of slack_sdk."""
    if isinstance(error, SlackApiError):
        return _answered(error, method)
    if isinstance(error, URLError):
        # urllib says so only of a request that it could not send.
        return SlackBusy(method, type(error.reason).__name__)
    return SlackUnsure(method, type(error).__name__)


def _answered(error: SlackApiError, method: str) -> SlackError:
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
    told: Any = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    first = str(told[0] if isinstance(told, list) else told)
    return float(first) if first.isdecimal() else math.inf
