"""How a message is posted to Slack once, whatever happens."""

import time
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from responder.core.context import Context
from responder.core.errors import BeingAnswered, ResponderError, SlackBusy, SlackRefused, SlackUnsure
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.plain_data import Data, Json
from responder.core.retry import Sleep
from responder.slack.blocks.parts import SlackPost
from responder.slack.rows import SlackRows

EVENT = "liveness_report"
# Slack's clock differs from Lambda's.
_EARLIER = timedelta(minutes=15)
_PAGES, _PAGE = 5, 200
_NO_BLOCKS = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long")


class SlackApi(Protocol):
    """Slack's Web API; raises SlackError. Implemented by `responder.slack.client.Slack`."""

    def call(self, method: str, /, **arguments: Any) -> Data:
        """`method` as Slack names it; its answer."""
        ...


class SlackPlace(NamedTuple):
    """Where a message is or belongs. `thread` is empty for the channel itself; `fresh`: it was posted just
    now, with what it has to say."""

    channel: str
    thread: str = ""
    ts: str = ""
    fresh: bool = False


@frozen
class SlackPosting:
    """One report's way into Slack. `pause`: how to wait for another run."""

    context: Context
    slack: SlackApi
    incident: str
    pause: Sleep = time.sleep

    @property
    def rows(self) -> SlackRows:
        """The record of this incident."""
        return SlackRows(self.context.aws, self.context.settings.incidents_table, self.incident)

    def once(self, post: SlackPost, place: SlackPlace, report: str = "") -> SlackPlace:
        """Post it, unless it is posted already; where it is. No report: the incident's own message.

        Raises:
            BeingAnswered: another run is posting it right now.
            SlackError, AwsError: whether it is posted may be unknown; the next run finds out.
        """
        claim = self.rows.claim(self.context.present, report)
        if claim.ts:
            return place._replace(ts=claim.ts)
        if not claim.mine:
            raise BeingAnswered(report or self.incident)
        found = self._find(place, report, claim.began or self.context.now) if claim.look else None
        made = found or self._post(post, place, report)
        self.rows.posted(made.channel, made.ts, report)
        return made

    def edit(self, post: SlackPost, place: SlackPlace) -> None:
        """Raises SlackError; the same edit twice is one."""
        where = {"channel": place.channel, "ts": place.ts, "metadata": self._about("")}
        self._with_blocks("chat.update", post, where)

    def _post(self, post: SlackPost, place: SlackPlace, report: str) -> SlackPlace:
        where: Json = {"channel": place.channel, "metadata": self._about(report)}
        where |= {"unfurl_links": False, "unfurl_media": False}
        if place.thread:
            where |= {"thread_ts": place.thread, "reply_broadcast": post.loud}
        try:
            answer = self._with_blocks("chat.postMessage", post, where)
        except SlackUnsure:
            found = self._find(place, report, self.context.now)
            if found is None:
                raise
            return found
        except (SlackBusy, SlackRefused):
            try:
                self.rows.free(report)
            except ResponderError as error:
                log().warning("claim not freed", extra={"incident": self.incident, "error": str(error)})
            raise
        return SlackPlace(str(answer["channel"]), place.thread, str(answer["ts"]), fresh=True)

    def _find(self, place: SlackPlace, report: str, since: datetime) -> SlackPlace | None:
        """The responder's own message in Slack, by a mark that only it knows: was it posted before a run
        died? None where it is not there, and where it may not be read: twice is better than not at all.

        Raises:
            SlackBusy, SlackUnsure: it could not be looked for now.
        """
        method = "conversations.replies" if place.thread else "conversations.history"
        asked: Json = {"channel": place.channel, "limit": _PAGE, "include_all_metadata": True}
        asked |= {"ts": place.thread} if place.thread else {}
        asked["oldest"] = f"{(since - _EARLIER).timestamp():.6f}"
        about = self._about(report)
        try:
            for _ in range(_PAGES):
                page = self.slack.call(method, **asked)
                for each in page.get("messages", ()):
                    metadata = each.get("metadata") or {}
                    if all(metadata.get(name) == value for name, value in about.items()):
                        return place._replace(ts=str(each["ts"]))
                asked["cursor"] = (page.get("response_metadata") or {}).get("next_cursor")
                if not asked["cursor"]:
                    break
        except SlackRefused as error:
            log().warning("could not look", extra={"method": method, "code": error.code})
        return None

    def _with_blocks(self, method: str, post: SlackPost, where: Data) -> Data:
        try:
            return self.slack.call(method, text=post.text, blocks=post.blocks, **where)
        except SlackRefused as error:
            if error.code not in _NO_BLOCKS:
                raise
            # Whatever the reason, the text alone is better than no message.
            log().error("blocks refused", extra={"incident": self.incident, "code": error.code})
            return self.slack.call(method, text=post.text, blocks=[], **where)

    def _about(self, report: str) -> Json:
        return {"event_type": EVENT, "event_payload": {"incident": self.incident, "report": report}}
