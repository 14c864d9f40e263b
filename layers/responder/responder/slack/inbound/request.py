"""From a request at the function's URL to the button that was pressed. Nothing is trusted before the request
is verified to be from Slack and new. A button only names things; its content decides nothing.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import parse_qs

from slack_sdk.signature import Clock, SignatureVerifier

from responder.core.errors import BadEvent
from responder.core.frozen import frozen
from responder.core.plain_data import Data
from responder.messages.language import clean
from responder.people.case import TooLarge, body_of
from responder.people.request import ANSWERS, PersonRequest, RequestKind, RevertReason

MOST_BYTES = 100_000
# The form for the reason of a rejection, and its field.
MODAL, REASON = "reject_reason", "reason"
# No part of a job that Lambda keeps: what opens a form, and what a person wrote.
_NOT_KEPT = {"stored": None}
_ID = r"[A-Z0-9]{1,32}"
# The form of each part of a click, by its field.
_FORMS = {
    "user": _ID,
    "channel": _ID,
    "incident": r"[A-Za-z0-9_.-]{1,80}",
    "proposal": r"([0-9a-f]{16})?",
    "remedy": r"[a-z_]{0,40}",
    "scope": r"[A-Za-z0-9_.#-]{0,80}",
    "thread": r"([0-9]{1,16}\.[0-9]{1,10})?",
    "trigger": r"[A-Za-z0-9._-]{0,200}",
}


class TurnedAway(BadEvent):
    """A request that is answered with `status`, and with nothing else; the field is why, for the log."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


@frozen
class SlackRequest:
    """The raw body, and the headers by their lower-case names."""

    headers: Mapping[str, str]
    body: bytes


class ButtonKind(StrEnum):
    """The buttons, and the form in which a rejection says why."""

    ACKNOWLEDGE = "acknowledge"
    APPROVE = "approve"
    REJECT = "reject"
    REVERT = "revert"
    REVERT_WORSE = "revert_worse"  # because it made things worse
    PAUSE = "pause"
    REJECTED = "reject_reason"


_REQUESTS = {
    ButtonKind.ACKNOWLEDGE: RequestKind.ACK,
    ButtonKind.APPROVE: RequestKind.APPROVE,
    ButtonKind.REJECT: RequestKind.REJECT,
    ButtonKind.REVERT: RequestKind.REVERT,
    ButtonKind.REVERT_WORSE: RequestKind.REVERT,
    ButtonKind.PAUSE: RequestKind.PAUSE,
    ButtonKind.REJECTED: RequestKind.REJECT,
}


@frozen
class Click:
    """`thread` is where the answer belongs, empty for the channel itself; `trigger` opens a form."""

    kind: ButtonKind
    user: str
    channel: str
    incident: str
    proposal: str = ""
    remedy: str = ""
    scope: str = ""
    thread: str = ""
    trigger: str = field(default="", metadata=_NOT_KEPT)
    reason: str = field(default="", metadata=_NOT_KEPT)

    @property
    def about(self) -> dict[str, str]:
        """For the log."""
        return {"act": self.kind, "user": self.user, "incident": self.incident}

    @property
    def request(self) -> PersonRequest:
        """What the person asks for, as every entry has it."""
        why = RevertReason.MADE_WORSE if self.kind is ButtonKind.REVERT_WORSE else RevertReason.NONE
        kind = _REQUESTS[self.kind]
        return PersonRequest(kind, self.incident, self.proposal, self.reason, self.remedy, self.scope, why)


@frozen
class _RequestClock(Clock):
    """The time at which the request arrived, by which everything else of it is judged too."""

    at: datetime

    def now(self) -> float:
        return self.at.timestamp()


def read(event: object) -> SlackRequest:
    """A request as a function URL delivers it (payload format 2.0).

    Raises:
        TurnedAway: it is none, not by POST, or too large to be read.
    """
    http = _part(_part(event, "requestContext"), "http")
    if not http:
        raise _bad("no request")
    if http.get("method") != "POST":
        raise TurnedAway(HTTPStatus.METHOD_NOT_ALLOWED, "method")
    headers = {
        str(name).lower(): value for name, value in _part(event, "headers").items() if isinstance(value, str)
    }
    try:
        return SlackRequest(headers, body_of(event, MOST_BYTES))
    except TooLarge:
        raise TurnedAway(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "size") from None
    except ValueError:
        raise _bad("body") from None


def _part(value: object, name: str) -> Data:
    found: object = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def verify(request: SlackRequest, secret: str, now: datetime) -> str:
    """The digest of this one request, to be claimed once.

    Raises:
        TurnedAway: no signature or another one, or more than 300 s from now in either direction.
    """
    stamp = request.headers.get("x-slack-request-timestamp", "")
    given = request.headers.get("x-slack-signature", "")
    try:
        valid = SignatureVerifier(secret, _RequestClock(now)).is_valid(request.body, stamp, given)
    except (ArithmeticError, TypeError, ValueError):
        # A blank secret, a timestamp that is no number, a body or a signature that is no text.
        valid = False
    if not valid:
        raise TurnedAway(HTTPStatus.UNAUTHORIZED, "signature")
    return hashlib.sha256(given.encode()).hexdigest()[:32]


def read_click(body: bytes, team: str) -> Click:
    """Raises TurnedAway: unreadable, of another workspace, or nothing that we know."""
    try:
        (given,) = parse_qs(body.decode(), strict_parsing=True, max_num_fields=10)["payload"]
    except (KeyError, ValueError):
        raise _bad("payload") from None
    payload = _parsed(given, "payload")
    # In a shared channel, a person of another company can press, too.
    teams = (_part(payload, "team").get("id"), _part(payload, "user").get("team_id"))
    named = [each for each in teams if each is not None]
    if not team or not named or any(each != team for each in named):
        raise TurnedAway(HTTPStatus.FORBIDDEN, "workspace")
    match payload.get("type"):
        case "block_actions":
            return _pressed(payload)
        case "view_submission":
            return _submitted(payload)
    raise _bad("type")


def _pressed(payload: Data) -> Click:
    actions = payload.get("actions")
    if not isinstance(actions, list) or len(actions) != 1:
        raise _bad("actions")
    action, place = _mapping(actions[0], "action"), _mapping(payload.get("container"), "container")
    name = action.get("action_id")
    if name not in tuple(ButtonKind) or name == ButtonKind.REJECTED:
        raise _bad("action_id")
    parts = {
        "channel": place.get("channel_id"),
        "thread": place.get("thread_ts") or "",
        "trigger": payload.get("trigger_id") or "",
    }
    return _click(ButtonKind(name), payload, _parsed(action.get("value"), "value"), parts)


def _submitted(payload: Data) -> Click:
    view = _mapping(payload.get("view"), "view")
    if view.get("callback_id") != MODAL:
        raise _bad("callback_id")
    about = _parsed(view.get("private_metadata"), "value")
    state: object = view.get("state")
    for part in ("values", REASON, REASON):
        state = _mapping(state, "state").get(part)
    said = _mapping(state, "state").get("value")
    parts = {"channel": about.get("channel"), "thread": about.get("ts") or "", "trigger": ""}
    return _click(
        ButtonKind.REJECTED, payload, about, parts, reason=clean(said) if isinstance(said, str) else ""
    )


def _click(
    kind: ButtonKind,
    payload: Data,
    about: Data,
    parts: Data,
    reason: str = "",
) -> Click:
    named = {name: about.get(name[0], "") for name in ("incident", "proposal", "remedy", "scope")}
    read = {"user": _mapping(payload.get("user"), "user").get("id"), **named, **parts}
    for name, form in _FORMS.items():
        if not isinstance(read[name], str) or not re.fullmatch(form, read[name]):
            raise _bad(name)
    if _REQUESTS[kind] in ANSWERS and not read["proposal"]:
        raise _bad("proposal")
    if _REQUESTS[kind] is RequestKind.REVERT and not read["remedy"]:
        raise _bad("remedy")
    return Click(kind, reason=reason, **read)


def _parsed(text: object, name: str) -> Data:
    try:
        return _mapping(json.loads(text) if isinstance(text, str) else None, name)
    except (RecursionError, ValueError):
        raise _bad(name) from None


def _mapping(value: object, name: str) -> Data:
    if not isinstance(value, Mapping):
        raise _bad(name)
    return value


def _bad(why: str) -> TurnedAway:
    return TurnedAway(HTTPStatus.BAD_REQUEST, why)
