"""Our own message in Slack, by what only we know of it: was it posted before somebody died?"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from responder.core.errors import SlackRefused
from responder.core.log import log

EVENT = "liveness_report"
# Slack's clock is not ours.
_EARLIER = timedelta(minutes=15)
_PAGES, _PAGE = 5, 200


class SlackReader(Protocol):
    """Slack's Web API; raises SlackError."""

    def call(self, method: str, /, **arguments: Any) -> Mapping[str, Any]:
        """`method` as Slack names it; its answer."""
        ...


def find(
    talk: SlackReader, channel: str, thread: str, about: Mapping[str, Any], since: datetime
) -> str | None:
    """Its `ts`. None where it is not there, and where we may not look: rather twice than not at all.

    Raises:
        SlackBusy, SlackUnsure: it could not be looked for now.
    """
    method = "conversations.replies" if thread else "conversations.history"
    asked: dict[str, Any] = {"channel": channel, "limit": _PAGE, "include_all_metadata": True}
    asked |= {"ts": thread} if thread else {}
    asked["oldest"] = f"{(since - _EARLIER).timestamp():.6f}"
    try:
        for _ in range(_PAGES):
            page = talk.call(method, **asked)
            for each in page.get("messages", ()):
                if _same(each.get("metadata") or {}, about):
                    return str(each["ts"])
            asked["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
            if not asked["cursor"]:
                break
    except SlackRefused as error:
        log().warning("could not look", extra={"method": method, "code": error.code})
    return None


def _same(told: Mapping[str, Any], about: Mapping[str, Any]) -> bool:
    return (told.get("event_type"), told.get("event_payload")) == (
        about["event_type"],
        about["event_payload"],
    )
