"""From a signed body to what somebody pressed. Buttons only name things; nothing in them is believed."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from responder.messages.language import clean
from responder.slack.inbound.click import MODAL, REASON, ButtonKind, Click
from responder.slack.inbound.request import TurnedAway

_ID = r"[A-Z0-9]{1,32}"
_INCIDENT, _PROPOSAL, _REMEDY = r"[A-Za-z0-9_.-]{1,80}", r"([0-9a-f]{16})?", r"[a-z_]{0,40}"
_SCOPE, _STAMP, _TRIGGER = r"[A-Za-z0-9_.#-]{0,80}", r"([0-9]{1,16}\.[0-9]{1,10})?", r"[A-Za-z0-9._-]{0,200}"


_WITH_PROPOSAL = frozenset({ButtonKind.APPROVE, ButtonKind.REJECT, ButtonKind.REJECTED})


def read_click(body: bytes, team: str) -> Click:
    """Raises TurnedAway: unreadable, of another workspace, or nothing that we know."""
    payload = _payload(body)
    _same_team(payload, team)
    kind = payload.get("type")
    if kind == "block_actions":
        return _pressed(payload)
    if kind == "view_submission":
        return _submitted(payload)
    raise _bad("type")


def _payload(body: bytes) -> Mapping[str, Any]:
    try:
        (given,) = parse_qs(body.decode(), strict_parsing=True, max_num_fields=10)["payload"]
        return _mapping(json.loads(given), "payload")
    except (KeyError, RecursionError, ValueError):
        raise _bad("payload") from None


def _same_team(payload: Mapping[str, Any], team: str) -> None:
    """Where channels are shared, somebody of another company may press too."""
    user, whole = payload.get("user"), payload.get("team")
    told = [part.get(key) for part, key in ((whole, "id"), (user, "team_id")) if isinstance(part, Mapping)]
    told = [each for each in told if each is not None]
    if not team or not told or any(each != team for each in told):
        raise TurnedAway(HTTPStatus.FORBIDDEN, "workspace")


def _pressed(payload: Mapping[str, Any]) -> Click:
    actions = payload.get("actions")
    if not isinstance(actions, list) or len(actions) != 1:
        raise _bad("actions")
    action, place = _mapping(actions[0], "action"), _mapping(payload.get("container"), "container")
    name = action.get("action_id")
    if name not in tuple(ButtonKind) or name == ButtonKind.REJECTED:
        raise _bad("action_id")
    return _click(
        ButtonKind(name),
        payload,
        _value(action.get("value")),
        channel=place.get("channel_id"),
        thread=place.get("thread_ts") or "",
        trigger=payload.get("trigger_id") or "",
    )


def _submitted(payload: Mapping[str, Any]) -> Click:
    view = _mapping(payload.get("view"), "view")
    if view.get("callback_id") != MODAL:
        raise _bad("callback_id")
    about = _value(view.get("private_metadata"))
    state: object = view.get("state")
    for part in ("values", REASON, REASON):
        state = _mapping(state, "state").get(part)
    said = _mapping(state, "state").get("value")
    click = _click(
        ButtonKind.REJECTED, payload, about, channel=about.get("channel"), thread=about.get("ts") or ""
    )
    return replace(click, reason=clean(said) if isinstance(said, str) else "")


def _click(kind: ButtonKind, payload: Mapping[str, Any], about: Mapping[str, Any], **place: object) -> Click:
    read = Click(
        kind=kind,
        user=_word(_mapping(payload.get("user"), "user").get("id"), _ID, "user"),
        channel=_word(place["channel"], _ID, "channel"),
        incident=_word(about.get("i"), _INCIDENT, "incident"),
        proposal=_word(about.get("p", ""), _PROPOSAL, "proposal"),
        remedy=_word(about.get("r", ""), _REMEDY, "remedy"),
        scope=_word(about.get("s", ""), _SCOPE, "scope"),
        thread=_word(place["thread"], _STAMP, "thread"),
        trigger=_word(place.get("trigger", ""), _TRIGGER, "trigger"),
    )
    if kind in _WITH_PROPOSAL and not read.proposal:
        raise _bad("proposal")
    if kind is ButtonKind.TAKE_BACK and not read.remedy:
        raise _bad("remedy")
    return read


def _value(text: object) -> Mapping[str, Any]:
    try:
        return _mapping(json.loads(text) if isinstance(text, str) else None, "value")
    except (RecursionError, ValueError):
        raise _bad("value") from None


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _bad(name)
    return value


def _word(value: object, form: str, name: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(form, value):
        raise _bad(name)
    return value


def _bad(why: str) -> TurnedAway:
    return TurnedAway(HTTPStatus.BAD_REQUEST, why)
