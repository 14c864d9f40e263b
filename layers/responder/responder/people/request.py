"""What a person asks for, as the signed body of a request, read strictly.

A body is one JSON object: `id`, which the console makes anew for each request, `do`, the kind of request, and
the fields of that kind below, neither more nor fewer. Who asks is never in it: AWS says that.
"""

import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from responder.core.codec import dump
from responder.core.declined import DeclineReason
from responder.core.errors import Declined
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json

_ID = r"[0-9a-f]{32}"
_MOST_LETTERS = 100
_WHOLE = 100


class RequestKind(StrEnum):
    """What is to be done."""

    ACK = "ack"  # the person works on the incident: its escalation waits
    APPROVE = "approve"  # approve the proposal, whose id is a hash of what was shown, and carry it out
    REJECT = "reject"
    WITHDRAW = "withdraw"  # one's own rejection
    CLOSE = "close"  # the incident, manually
    REVERT = "revert"  # what is in force
    RESUME = "resume"  # end the pause of this name
    MODE = "mode"  # of a remedy, or the global one
    SETTINGS = "settings"  # replace the settings document
    REDRIVE = "redrive"  # re-evaluate what failed
    DISCARD = "discard"  # take messages out of their queues that are not needed
    ACCEPT = "accept"  # an amber finding of a check as it is, until the end of a day
    UNACCEPT = "unaccept"  # have it reported again
    WHOAMI = "whoami"  # who calls, as the entry sees it; nothing follows from it
    PAUSE = "pause"  # stop everything: from Slack alone, as the console writes a stop itself


# To a proposal.
ANSWERS = (RequestKind.APPROVE, RequestKind.REJECT, RequestKind.WITHDRAW)


class RevertReason(StrEnum):
    """Why a person reverts a remedy, where it matters for the remedy's record."""

    NONE = ""
    MADE_WORSE = "made_worse"


@frozen
class FailedMessage:
    """A message that failed, in a queue of the stack."""

    queue: str
    id: str


@frozen
class PersonRequest:
    """A field that its kind does not have is empty.

    Attributes:
        remedy: of a mode empty for the global one.
        why: of a revert.
        percent: revert only so far; `rollout_to_zero` alone. None: the old value.
        name: of a pause.
        shown: a digest of the pause or of the settings document as the person saw it.
        before: the mode that the person saw; empty where it could not be read.
        letters: the messages that are decided again, for the open `incident` or else by `function`, which
            answers the event that they hold. They leave their queues once that is accepted.
        error: what the discarded messages had failed of.
    """

    kind: RequestKind
    incident: str = ""
    proposal: str = ""
    reason: str = ""
    remedy: str = ""
    scope: str = ""
    why: RevertReason = RevertReason.NONE
    percent: int | None = None
    name: str = ""
    shown: str = ""
    mode: str = ""
    before: str = ""
    document: str = ""
    letters: tuple[FailedMessage, ...] = ()
    function: str = ""
    error: str = ""
    finding: str = ""
    until: str = ""

    @property
    def wanted(self) -> Data:
        """The choice of a revert, as a command has it."""
        return {} if self.percent is None else {"percent": self.percent}

    def body(self, number: str) -> bytes:
        """As `read` reads it. `number`: the id of the request."""
        fields = {name: value for name, value in dump(self).items() if value not in ("", None, [])}
        return json.dumps({"id": number, "do": fields.pop("kind"), **fields}, ensure_ascii=False).encode()


type Reader = Callable[[Any], Any]
type Fields = Mapping[str, Reader]


def _matching(pattern: str) -> Reader:
    # Compiled at first use: Slack's function, which has to start quickly, reads no such request.
    def read(value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError
        return value

    return read


def _percent(value: object) -> int | None:
    # True is an int for Python, and none in JSON.
    if value is not None and (type(value) is not int or not 0 <= value <= _WHOLE):
        raise ValueError
    return value


def _letters(value: object) -> tuple[FailedMessage, ...]:
    if not isinstance(value, list) or not 0 < len(value) <= _MOST_LETTERS:
        raise ValueError
    return tuple(FailedMessage(**_read(_mapping(each), {"queue": _NAME, "id": _NAME}, {})) for each in value)


def _mapping(value: object) -> Data:
    if not isinstance(value, dict):
        raise ValueError
    return value


# Each reads one value, and raises ValueError for anything else.
_NAME = _matching(r"[A-Za-z0-9_.#-]{1,80}")
_NAME_OR_NONE = _matching(r"[A-Za-z0-9_.#-]{0,80}")
# What is below `stops/`: a name of SSM holds slashes, and up to 1,011 characters (PutParameter).
_STOP_NAME = _matching(r"[A-Za-z0-9_.#/-]{1,1011}")
# An incident that does not exist is answered as such, whatever was typed.
_INCIDENT = _matching(r"[ -~]{1,100}")
_INCIDENT_OR_NONE = _matching(r"[ -~]{0,100}")
# The id of a finding; it contains names of AWS.
_FINDING = _matching(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,1000}")
_DAY = _matching(r"\d{4}-\d\d-\d\d")
# A reason that a person writes.
_REASON = _matching(r"[^\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]{1,2000}")
# SSM holds 4 KB; the document's own reader counts its bytes.
_DOCUMENT = _matching(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]{1,4096}")

_PROPOSAL: Fields = {"incident": _INCIDENT, "proposal": _NAME}
# What each kind needs, and what it may have besides.
_FIELDS: Mapping[RequestKind, tuple[Fields, Fields]] = {
    RequestKind.ACK: ({"incident": _INCIDENT}, {}),
    RequestKind.APPROVE: (_PROPOSAL, {}),
    RequestKind.REJECT: ({**_PROPOSAL, "reason": _REASON}, {}),
    RequestKind.WITHDRAW: (_PROPOSAL, {}),
    RequestKind.CLOSE: ({"incident": _INCIDENT, "reason": _REASON}, {}),
    RequestKind.REVERT: (
        {"incident": _INCIDENT, "remedy": _NAME},
        {"scope": _NAME_OR_NONE, "percent": _percent, "why": RevertReason},
    ),
    RequestKind.RESUME: ({"name": _STOP_NAME, "shown": _NAME}, {}),
    RequestKind.MODE: ({"mode": _NAME}, {"remedy": _NAME_OR_NONE, "before": _NAME_OR_NONE}),
    RequestKind.SETTINGS: ({"document": _DOCUMENT, "shown": _NAME}, {}),
    RequestKind.REDRIVE: (
        {"letters": _letters},
        {"incident": _INCIDENT_OR_NONE, "function": _NAME_OR_NONE},
    ),
    RequestKind.DISCARD: ({"letters": _letters}, {"incident": _INCIDENT_OR_NONE, "error": _NAME_OR_NONE}),
    RequestKind.ACCEPT: ({"finding": _FINDING, "until": _DAY, "reason": _REASON}, {}),
    RequestKind.UNACCEPT: ({"finding": _FINDING}, {}),
    RequestKind.WHOAMI: ({}, {}),
}


def read(body: bytes) -> PersonRequest:
    """The request in a body.

    Raises:
        Declined: it cannot be read; the reason names the field, never its value.
    """
    try:
        given = dict(_mapping(json.loads(body)))
    except (ValueError, RecursionError):
        raise _unreadable("body") from None
    number, kind = given.pop("id", None), given.pop("do", None)
    if not isinstance(number, str) or not re.fullmatch(_ID, number):
        raise _unreadable("id")
    if not isinstance(kind, str) or kind not in tuple(_FIELDS):
        raise _unreadable("do")
    return PersonRequest(RequestKind(kind), **_read(given, *_FIELDS[RequestKind(kind)]))


def _read(given: Data, needed: Fields, more: Fields) -> Json:
    readers = {**needed, **more}
    if given.keys() - readers.keys():
        # Not its name, which may be anything.
        raise _unreadable("unknown field")
    values = {}
    for name, reads in readers.items():
        try:
            if name in needed or name in given:
                values[name] = reads(given[name])
        except (KeyError, ValueError):
            raise _unreadable(name) from None
    return values


def _unreadable(what: str) -> Declined:
    return Declined(DeclineReason.UNREADABLE(field=what))
