"""What a person asks for, as the signed body of a request: typed, and read strictly.

A body is one JSON object: `id`, which the console makes anew for each request, `do`, the name of the request
in small letters, and the fields of its class below, neither more nor fewer (those with a default may be
missing). Who asks is never in it: AWS says that.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Annotated, Any

from responder.core.declined import DeclineReason
from responder.core.errors import Declined

_ID = re.compile(r"[0-9a-f]{32}")
_MOST_LETTERS = 100
_WHOLE = 100


def _matching(pattern: str) -> Callable[[object], str]:
    whole = re.compile(pattern)

    def read(value: object) -> str:
        if not isinstance(value, str) or not whole.fullmatch(value):
            raise ValueError
        return value

    return read


def _percent(value: object) -> int | None:
    # True is an int for Python, and none in JSON.
    if value is not None and (type(value) is not int or not 0 <= value <= _WHOLE):
        raise ValueError
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError
    return value


def _letters(value: object) -> "tuple[FailedMessage, ...]":
    if not isinstance(value, list) or not 0 < len(value) <= _MOST_LETTERS:
        raise ValueError
    return tuple(_fields(FailedMessage, _mapping(each)) for each in value)


# Each type beside what reads it, which raises ValueError for anything else.
Name = Annotated[str, _matching(r"[A-Za-z0-9_.#-]{1,80}")]
NameOrNone = Annotated[str, _matching(r"[A-Za-z0-9_.#-]{0,80}")]
# What is below `stops/`: a name of SSM holds slashes, and up to 1,011 characters (PutParameter).
StopName = Annotated[str, _matching(r"[A-Za-z0-9_.#/-]{1,1011}")]
# An incident that does not exist is answered as such, whatever was typed.
Incident = Annotated[str, _matching(r"[ -~]{1,100}")]
IncidentOrNone = Annotated[str, _matching(r"[ -~]{0,100}")]
# The id of a finding; names of AWS stand in it.
Finding = Annotated[str, _matching(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,1000}")]
Day = Annotated[str, _matching(r"\d{4}-\d\d-\d\d")]
# A reason that a person writes.
Long = Annotated[str, _matching(r"[^\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]{1,2000}")]
# SSM holds 4 KB; the document's own reader counts its bytes.
Document = Annotated[str, _matching(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]{1,4096}")]
Percent = Annotated[int | None, _percent]
Letters = Annotated["tuple[FailedMessage, ...]", _letters]


@dataclass(frozen=True, slots=True)
class AckRequest:
    """I work on the incident: its escalation waits."""

    incident: Incident


@dataclass(frozen=True, slots=True)
class ApproveRequest:
    """Approve the proposal of this id, which is a hash of what was shown, and carry it out."""

    incident: Incident
    proposal: Name


@dataclass(frozen=True, slots=True)
class RejectRequest:
    """Reject it; the reason is kept with the incident."""

    incident: Incident
    proposal: Name
    reason: Long


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    """Withdraw one's own rejection."""

    incident: Incident
    proposal: Name


@dataclass(frozen=True, slots=True)
class CloseRequest:
    """Close the incident by hand; the reason is kept with it, and told."""

    incident: Incident
    reason: Long


@dataclass(frozen=True, slots=True)
class RevertRequest:
    """Take back what is in force. `percent`: only so far, `rollout_to_zero` alone."""

    incident: Incident
    remedy: Name
    scope: NameOrNone = ""
    percent: Percent = None


@dataclass(frozen=True, slots=True)
class ResumeRequest:
    """End the pause of this name. `shown`: a digest of it as the person saw it."""

    name: StopName
    shown: Name


@dataclass(frozen=True, slots=True)
class ModeRequest:
    """Set the mode of a remedy, or the global one where `remedy` is empty. `before`: the one that the person
    saw; empty where it could not be read."""

    mode: Name
    remedy: NameOrNone = ""
    before: NameOrNone = ""


@dataclass(frozen=True, slots=True)
class SettingsRequest:
    """Replace the settings document. `shown`: a digest of the one that the person saw."""

    document: Document
    shown: Name


@dataclass(frozen=True, slots=True)
class FailedMessage:
    """A message that failed, in a queue of ours."""

    queue: Name
    id: Name


@dataclass(frozen=True, slots=True)
class RedriveRequest:
    """Decide again: for the open incident, or else look into the event that the messages hold, which
    `function` answers. They leave their queues once that is accepted."""

    letters: Letters
    incident: IncidentOrNone = ""
    function: NameOrNone = ""


@dataclass(frozen=True, slots=True)
class DiscardRequest:
    """Take messages out of their queues that are not needed. `incident`: the open one that they belong to."""

    letters: Letters
    incident: IncidentOrNone = ""
    error: NameOrNone = ""


@dataclass(frozen=True, slots=True)
class AcceptRequest:
    """Accept an amber finding of a check as it is, until the end of a day."""

    finding: Finding
    until: Day
    reason: Long


@dataclass(frozen=True, slots=True)
class UnacceptRequest:
    """Have an accepted finding told again."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class WhoamiRequest:
    """Who calls, as the entry sees it. Nothing follows from it."""


type DecisionRequest = (
    AckRequest | ApproveRequest | RejectRequest | WithdrawRequest | CloseRequest | RevertRequest
)
type PersonRequest = (
    DecisionRequest
    | ResumeRequest
    | ModeRequest
    | SettingsRequest
    | RedriveRequest
    | DiscardRequest
    | AcceptRequest
    | UnacceptRequest
    | WhoamiRequest
)

KINDS: Mapping[str, type[Any]] = {
    each.__name__.removesuffix("Request").lower(): each
    for each in (
        AckRequest,
        ApproveRequest,
        RejectRequest,
        WithdrawRequest,
        CloseRequest,
        RevertRequest,
        ResumeRequest,
        ModeRequest,
        SettingsRequest,
        RedriveRequest,
        DiscardRequest,
        AcceptRequest,
        UnacceptRequest,
        WhoamiRequest,
    )
}


def read(body: bytes) -> PersonRequest:
    """The request in a body.

    Raises:
        Declined: it cannot be read; the reason names the field, never what stands in it.
    """
    try:
        told = dict(_mapping(json.loads(body)))
    except (ValueError, RecursionError):
        raise _unreadable("body") from None
    number, kind = told.pop("id", None), told.pop("do", None)
    if not isinstance(number, str) or not _ID.fullmatch(number):
        raise _unreadable("id")
    if not isinstance(kind, str) or kind not in KINDS:
        raise _unreadable("do")
    asked: PersonRequest = _fields(KINDS[kind], told)
    return asked


def _fields[T](kind: type[T], told: Mapping[str, Any]) -> T:
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    if told.keys() - known.keys():
        # Not its name: whoever wrote it may have written anything.
        raise _unreadable("unknown field")
    return kind(**{name: _value(each, told) for name, each in known.items() if name in told or _needed(each)})


def _needed(each: Field[Any]) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _value(each: Field[Any], told: Mapping[str, Any]) -> Any:
    (reads,) = each.type.__metadata__  # type: ignore[union-attr]
    try:
        return reads(told[each.name])
    except (KeyError, ValueError):
        raise _unreadable(each.name) from None


def _unreadable(what: str) -> Declined:
    return Declined(DeclineReason.UNREADABLE(field=what))
