"""Slack's Web API over real HTTP, on loopback: what Slack would refuse, it refuses.

    with SlackServer() as slack:
        slack.next("chat.postMessage", RateLimited(1), Lost(after=True))
        client = WebClient(slack.token, base_url=slack.url)

`messages` is what the channel holds, `calls` every request that arrived;
`files`, `whispers` and `views` the rest.
"""

import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

from responder.core.plain_data import Json
from responder.core.text import Strings
from tests.fakes import slack_blocks

BOT = "U0BOT"
TEAM = "T0TEAM"


def sign(body: bytes, stamp: str, secret: str) -> str:
    """What Slack writes into `X-Slack-Signature`.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    return (
        "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    )


@dataclass(frozen=True)
class Failed:
    """200 with ok: false."""

    error: str


@dataclass(frozen=True)
class RateLimited:
    """429; nothing was done."""

    seconds: int = 1


@dataclass(frozen=True)
class Status:
    """An HTTP status without a body of Slack's; `after`: it was done all the same."""

    status: int = 500
    after: bool = False


@dataclass(frozen=True)
class Lost:
    """The connection closes without an answer; `after`: it was done all the same."""

    after: bool = False


@dataclass(frozen=True)
class Late:
    """Done immediately, answered after `release`; `before`: done only then, too."""

    before: bool = False


@dataclass(frozen=True)
class Fine:
    """All goes well."""


type Reaction = Failed | RateLimited | Status | Lost | Late | Fine


@dataclass
class SlackServer:
    """One workspace with one bot. `channels`: those it may write to; `closed`: the answer for another one."""

    token: str = "xoxb-test"
    channels: Strings = ("C0ONCALL",)
    closed: dict[str, str] = field(default_factory=dict)
    messages: list[Json] = field(default_factory=list)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    files: dict[str, Json] = field(default_factory=dict)
    whispers: list[Json] = field(default_factory=list)
    views: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._reactions: dict[str, list[Reaction]] = {}
        self._lock = threading.RLock()
        self._released, self.held = threading.Event(), list[str]()
        self._last = time.time()
        handler = type("Handler", (_Handler,), {"slack": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._released.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def url(self) -> str:
        """For `WebClient(base_url=…)` and SLACK_URL."""
        return f"{self.root}/api/"

    def next(self, method: str, *reactions: Reaction) -> None:
        """The results of the next requests of a method, one each; afterwards all goes well."""
        with self._lock:
            self._reactions.setdefault(method, []).extend(reactions)

    def count(self, method: str) -> int:
        return len(self.sent(method))

    def sent(self, method: str) -> list[Json]:
        """The arguments of every such request that arrived, also of those that failed."""
        return [arguments for name, arguments in self.calls if name == method]

    def roots(self, channel: str = "") -> list[Json]:
        """Messages of a channel itself, or of each, oldest first; what was deleted is gone."""
        found = [each for each in self.messages if not each["thread_ts"] and not each["deleted"]]
        return [each for each in found if channel in ("", each["channel"])]

    def thread(self, ts: str) -> list[Json]:
        """The answers under a message, oldest first."""
        return [each for each in self.messages if each["thread_ts"] == ts and not each["deleted"]]

    def delete(self, ts: str) -> None:
        """A user deletes a message in Slack."""
        for each in self.messages:
            each["deleted"] = each["deleted"] or each["ts"] == ts

    def late(self, method: str) -> bool:
        """Whether the next request of a method is answered late."""
        with self._lock:
            return isinstance(next(iter(self._reactions.get(method, ())), None), Late)

    def hold(self, method: str) -> None:
        """Until `release`."""
        self.held.append(method)
        self._released.wait()

    def release(self) -> None:
        """What was held is done when this returns; from now on nothing is."""
        self._released.set()
        while self.held:
            time.sleep(0.01)

    def taken(self, method: str) -> Reaction | None:
        with self._lock:
            waiting = self._reactions.get(method)
            return waiting.pop(0) if waiting else None

    def do(self, method: str, arguments: Json) -> Json:
        """The answer, and its effect."""
        known = getattr(self, "do_" + method.replace(".", "_"), None)
        with self._lock:
            return known(arguments) if known else {"ok": False, "error": "unknown_method"}

    # --- methods ---------------------------------------------------------------------------------

    def do_auth_test(self, _: Json) -> Json:
        return {"ok": True, "team_id": TEAM, "user_id": BOT, "bot_id": "B0BOT"}

    def do_chat_postMessage(self, given: Json) -> Json:  # noqa: N802
        wrong = self._wrong(given)
        thread = given.get("thread_ts", "")
        if wrong or (thread and not self._found(given["channel"], thread)):
            return {"ok": False, "error": wrong or "thread_not_found"}
        message = {
            "channel": given["channel"],
            "ts": self._stamp(),
            "thread_ts": thread,
            "text": given.get("text", ""),
            "blocks": given.get("blocks", []),
            "metadata": given.get("metadata"),
            "broadcast": bool(given.get("reply_broadcast")),
            "edits": 0,
            "deleted": False,
        }
        self.messages.append(message)
        return {"ok": True, "channel": message["channel"], "ts": message["ts"], "message": _shown(message)}

    def do_chat_update(self, given: Json) -> Json:
        wrong = self._wrong(given)
        message = self._found(given["channel"], given.get("ts", ""))
        if wrong or message is None:
            return {"ok": False, "error": wrong or "message_not_found"}
        message |= {name: given[name] for name in ("text", "blocks", "metadata") if name in given}
        message["edits"] += 1
        return {"ok": True, "channel": message["channel"], "ts": message["ts"], "text": message["text"]}

    def do_chat_getPermalink(self, given: Json) -> Json:  # noqa: N802
        if self._found(given["channel"], given.get("message_ts", "")) is None:
            return {"ok": False, "error": "message_not_found"}
        return {"ok": True, "channel": given["channel"], "permalink": permalink(**given)}

    def do_chat_postEphemeral(self, given: Json) -> Json:  # noqa: N802
        wrong = self._wrong(given) or ("" if given.get("user") else "user_not_in_channel")
        if wrong:
            return {"ok": False, "error": wrong}
        self.whispers.append(given)
        return {"ok": True, "message_ts": self._stamp()}

    def do_views_open(self, given: Json) -> Json:
        if not given.get("trigger_id"):
            return {"ok": False, "error": "invalid_trigger_id"}
        self.views.append(given)
        return {"ok": True, "view": {"id": f"V{len(self.views)}", **_object(given["view"])}}

    def do_conversations_history(self, given: Json) -> Json:
        channel = given["channel"]
        if channel not in self.channels:
            return {"ok": False, "error": self.closed.get(channel, "channel_not_found")}
        # A thread's answer that was also sent to the channel is there, too.
        sent = [each for each in self.messages if each["broadcast"] and not each["deleted"]]
        shown = self.roots(channel) + [each for each in sent if each["channel"] == channel]
        return self._page(sorted(shown, key=lambda each: str(each["ts"]), reverse=True), given)

    def do_conversations_replies(self, given: Json) -> Json:
        first = self._found(given["channel"], given["ts"])
        answers = self.thread(given["ts"])
        if first is None and not answers:
            return {"ok": False, "error": "thread_not_found"}
        return self._page([*([first] if first else []), *answers], given)

    def do_files_getUploadURLExternal(self, given: Json) -> Json:  # noqa: N802
        name = f"F{len(self.files) + 1}"
        self.files[name] = {**given, "data": b"", "done": False}
        return {"ok": True, "file_id": name, "upload_url": f"{self.root}/upload/{name}"}

    def do_files_completeUploadExternal(self, given: Json) -> Json:  # noqa: N802
        reported = _object(given["files"])
        for each in reported:
            self.files[each["id"]] |= {
                "done": True,
                "channel": given.get("channel_id"),
                "thread_ts": given.get("thread_ts", ""),
                "title": each.get("title", ""),
            }
        return {"ok": True, "files": [{"id": each["id"], "title": each.get("title")} for each in reported]}

    # --- helpers ---------------------------------------------------------------------------------

    def _wrong(self, given: Json) -> str:
        if given.get("channel") not in self.channels:
            return self.closed.get(given.get("channel", ""), "channel_not_found")
        blocks = _object(given.get("blocks") or [])
        given["blocks"] = blocks
        if not given.get("text") and not blocks:
            return "no_text"
        if len(given.get("text", "")) > slack_blocks.LONGEST_TEXT:
            return "msg_too_long"
        if "metadata" in given:
            given["metadata"] = _object(given["metadata"])
        try:
            return "invalid_blocks" if slack_blocks.problems(blocks) else ""
        except (AttributeError, KeyError, TypeError):
            return "invalid_blocks_format"

    def _found(self, channel: str, ts: str) -> Json | None:
        same = (each for each in self.messages if (each["channel"], each["ts"]) == (channel, ts))
        return next((each for each in same if not each["deleted"]), None)

    def _page(self, messages: list[Json], given: Json) -> Json:
        oldest = float(given.get("oldest") or 0)
        kept = [each for each in messages if float(each["ts"]) >= oldest]
        start, size = int(given.get("cursor") or 0), int(given.get("limit") or 100)
        more = start + size < len(kept)
        shown = [_shown(each, bool(given.get("include_all_metadata"))) for each in kept[start : start + size]]
        cursor = {"next_cursor": str(start + size) if more else ""}
        return {"ok": True, "messages": shown, "has_more": more, "response_metadata": cursor}

    def _stamp(self) -> str:
        self._last = max(time.time(), self._last + 0.0002)
        return f"{self._last:.6f}"


def permalink(channel: str, message_ts: str) -> str:
    """The address of a message of a channel."""
    return f"https://t0team.slack.com/archives/{channel}/p{message_ts.replace('.', '')}"


def _shown(message: Json, metadata: bool = True) -> Json:
    kept = {name: message[name] for name in ("ts", "text", "blocks")}
    thread = {"thread_ts": message["thread_ts"]} if message["thread_ts"] else {}
    answer = {"metadata": message["metadata"]} if metadata and message["metadata"] else {}
    return {"type": "message", "user": BOT, **kept, **thread, **answer}


def _object(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


class _Handler(BaseHTTPRequestHandler):
    slack: SlackServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        method, _, query = self.path.removeprefix("/api/").partition("?")
        self._api(method, self._arguments(query.encode()))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/upload/"):
            self._upload(self.path.removeprefix("/upload/"), body)
            return
        self._api(self.path.removeprefix("/api/"), self._arguments(body))

    def _api(self, method: str, arguments: Json) -> None:
        slack = self.slack
        slack.calls.append((method, arguments))
        if self.headers.get("Authorization") != f"Bearer {slack.token}":
            self._answer({"ok": False, "error": "invalid_auth"})
            return
        self._played(slack.taken(method), method, arguments)

    def _played(self, reaction: Reaction | None, method: str, arguments: Json) -> None:
        if isinstance(reaction, Late):
            self._late(reaction, method, arguments)
        elif isinstance(reaction, Failed):
            self._answer({"ok": False, "error": reaction.error})
        elif isinstance(reaction, RateLimited):
            self._answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(reaction.seconds)})
        elif isinstance(reaction, Status | Lost):
            self._half(reaction, method, arguments)
        else:
            self._answer(self.slack.do(method, arguments))

    def _late(self, reaction: Late, method: str, arguments: Json) -> None:
        answer = None if reaction.before else self.slack.do(method, arguments)
        self.slack.hold(method)
        answer = answer or self.slack.do(method, arguments)
        self.slack.held.remove(method)
        self._answer(answer)

    def _half(self, reaction: Status | Lost, method: str, arguments: Json) -> None:
        """Done or not, no message is sent."""
        if reaction.after:
            self.slack.do(method, arguments)
        if isinstance(reaction, Status):
            self._answer(None, reaction.status)
        else:
            self.close_connection = True

    def _upload(self, name: str, body: bytes) -> None:
        if isinstance(reaction := self.slack.taken("upload"), Status):
            self._answer(None, reaction.status)
            return
        self.slack.files[name]["data"] = body
        self._answer(None)

    def _arguments(self, body: bytes) -> Json:
        if "json" in self.headers.get("Content-Type", ""):
            return dict(json.loads(body or b"{}"))
        return dict(parse_qsl(body.decode(), keep_blank_values=True))

    def _answer(self, said: Json | None, status: int = 200, more: dict[str, str] | None = None) -> None:
        body = json.dumps(said, ensure_ascii=False).encode() if said is not None else b"OK"
        kind = "application/json; charset=utf-8" if said is not None else "text/plain"
        try:
            self.send_response(status)
            for name, value in {
                "Content-Type": kind,
                "Content-Length": str(len(body)),
                **(more or {}),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Nothing on the console."""
