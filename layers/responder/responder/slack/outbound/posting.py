"""What posting takes from outside, and how a message is posted once whatever happens."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from responder.core.context import Context
from responder.core.errors import BeingAnswered, ResponderError, SlackBusy, SlackRefused, SlackUnsure
from responder.core.log import log
from responder.slack.blocks.message import SlackPost
from responder.slack.post_rows import SlackRows
from responder.slack.post_rows_data import PostClaim

# Our own message in Slack, by what only we know of it: was it posted before somebody died?

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


_NO_BLOCKS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long")


class SlackApi(Protocol):
    """Slack's Web API; raises SlackError. Implemented by `responder.slack.client.Slack`."""

    def call(self, method: str, /, **arguments: Any) -> Mapping[str, Any]:
        """`method` as Slack names it; its answer."""
        ...


class SlackApiWithPictures(SlackApi, Protocol):
    """The same, with pictures."""

    def upload(self, channel: str, thread: str, picture: bytes, name: str, title: str) -> None:
        """A picture into a thread."""
        ...


@dataclass(frozen=True, slots=True)
class SlackPlace:
    """Where a message is or belongs. `thread` is empty for the channel itself; `fresh`: it was posted just
    now, with what it has to say."""

    channel: str
    thread: str = ""
    ts: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class SlackPosting:
    """One report's way into Slack."""

    context: Context
    talk: SlackApi
    incident: str
    pause: Callable[[float], None] = time.sleep

    @property
    def rows(self) -> SlackRows:
        """What was told of this incident."""
        return SlackRows(self.context.aws, self.context.settings.incidents_table, self.incident)

    def once(self, post: SlackPost, place: SlackPlace, report: str = "") -> SlackPlace:
        """Post it, unless it is posted already; where it is. No report: the incident's own message.

        Raises:
            BeingAnswered: somebody else is posting it right now.
            SlackError, AwsError: whether it is posted may be unknown; whoever comes next finds out.
        """
        claim = self.rows.claim(self.context.present, report)
        if claim.ts:
            return SlackPlace(place.channel, place.thread, claim.ts)
        if not claim.mine:
            raise BeingAnswered(report or self.incident)
        found = self._found(claim, place, report) if claim.look else None
        made = found or self._made(post, place, report)
        self.rows.posted(made.channel, made.ts, report)
        return made

    def edit(self, post: SlackPost, place: SlackPlace) -> None:
        """Raises SlackError; the same edit twice is one."""
        said = {"channel": place.channel, "ts": place.ts, "metadata": self._about("")}
        self._with_blocks("chat.update", post, said)

    def _made(self, post: SlackPost, place: SlackPlace, report: str) -> SlackPlace:
        where: dict[str, Any] = {"channel": place.channel, "metadata": self._about(report)}
        if place.thread:
            where |= {"thread_ts": place.thread, "reply_broadcast": post.loud}
        try:
            answer = self._with_blocks("chat.postMessage", post, where)
        except SlackUnsure:
            found = find(self.talk, place.channel, place.thread, self._about(report), self.context.now)
            if found is None:
                raise
            return SlackPlace(place.channel, place.thread, found)
        except (SlackBusy, SlackRefused):
            self._freed(report)
            raise
        return SlackPlace(str(answer["channel"]), place.thread, str(answer["ts"]), fresh=True)

    def _found(self, claim: PostClaim, place: SlackPlace, report: str) -> SlackPlace | None:
        since = claim.began or self.context.now
        found = find(self.talk, place.channel, place.thread, self._about(report), since)
        return SlackPlace(place.channel, place.thread, found) if found else None

    def _with_blocks(self, method: str, post: SlackPost, where: Mapping[str, Any]) -> Mapping[str, Any]:
        quiet = {"unfurl_links": False, "unfurl_media": False} if method == "chat.postMessage" else {}
        try:
            return self.talk.call(method, text=post.text, blocks=post.blocks, **quiet, **where)
        except SlackRefused as error:
            if error.code not in _NO_BLOCKS:
                raise
            # However it came to be, the words alone are better than silence.
            log().error("blocks refused", extra={"incident": self.incident, "code": error.code})
            return self.talk.call(method, text=post.text, blocks=[], **quiet, **where)

    def _about(self, report: str) -> dict[str, Any]:
        return {"event_type": EVENT, "event_payload": {"incident": self.incident, "report": report}}

    def _freed(self, report: str) -> None:
        try:
            self.rows.free(report)
        except ResponderError as error:
            log().warning("claim not freed", extra={"incident": self.incident, "error": str(error)})
