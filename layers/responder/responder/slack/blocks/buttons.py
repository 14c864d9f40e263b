"""What a person can press, and what it says of itself when pressed."""

import json

from responder.core.text import Text, text
from responder.messages.block_kit import BUTTON, Block
from responder.messages.language import cut, say
from responder.messages.requests import RequestedChange, called, consequence
from responder.slack.status import AskedMark, HeldLease, IncidentStatus

BLOCK = "liveness"
_CONFIRM = 300
# Messages of the watchers about themselves: there is no incident that anybody could take.
_NONE_OF_OURS = ("watchdog-", "failure-")


def answers(incident: str, proposal: str, asked: AskedMark, language: str) -> Block:
    """Approve and reject, for one proposal."""
    about = _value(incident, proposal, asked.remedy, asked.scope)
    request = asked.request
    sure = text("slack.sure_approve", remedy=called(request), consequence=consequence(request))
    approve = _button("approve", about, language, "danger" if request.lowers_security else "primary", sure)
    return _row(f"{BLOCK}-{proposal}", [approve, _button("reject", about, language)])


def take_back(incident: str, lease: HeldLease, language: str) -> Block:
    """Beside a change in force."""
    remedy = called(RequestedChange(lease.remedy, back=True))
    about = _value(incident, "", lease.remedy, lease.scope)
    return _button("take_back", about, language, "", text("slack.sure_take_back", remedy=remedy))


def always(standing: IncidentStatus, language: str) -> list[Block]:
    """Acknowledge while it is unsolved; pause until it is over."""
    incident = standing.incident
    if standing.over or incident.startswith(_NONE_OF_OURS):
        return []
    about = _value(incident)
    take = [_button("acknowledge", about, language, "primary")] if standing.unsolved else []
    stop = _button("pause", about, language, "", text("slack.sure_pause"))
    return [_row(BLOCK, [*take, stop])]


def _value(incident: str, proposal: str = "", remedy: str = "", scope: str = "") -> str:
    about = {"i": incident, "p": proposal, "r": remedy, "s": scope}
    return json.dumps(about, separators=(",", ":"), ensure_ascii=False)


def _row(block: str, buttons: list[Block]) -> Block:
    return {"type": "actions", "block_id": block[:255], "elements": buttons}


def _button(action: str, value: str, language: str, style: str = "", sure: Text | None = None) -> Block:
    label = say(Text(f"slack.{action}"), language)
    confirm = {"confirm": _confirm(label, sure, language)} if sure else {}
    look = {"style": style} if style else {}
    return {
        "type": "button",
        "action_id": action,
        "text": _plain(label, BUTTON),
        "value": value[:2000],
        **look,
        **confirm,
    }


def _confirm(label: str, sure: Text, language: str) -> Block:
    return {
        "title": _plain(say(text("slack.sure"), language), 100),
        "text": _plain(say(sure, language), _CONFIRM),
        "confirm": _plain(label, 30),
        "deny": _plain(say(text("slack.no"), language), 30),
    }


def _plain(said: str, most: int) -> Block:
    return {"type": "plain_text", "text": cut(said, most)}
