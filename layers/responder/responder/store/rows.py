"""Rows of the incidents table, from and to data. Everything but the keys is one JSON text.

One text per row keeps the stored shape equal to the data classes; conditions need only `state`,
`incident`, `version` and the times, which are attributes of their own.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from responder.core.alarm_event import AlarmState
from responder.core.approval_request import ApprovalRequest
from responder.core.change import Applied, Change, Lease, LeaseState, Status, note_of
from responder.core.modes import Effect
from responder.core.reasons import ExplainedReason
from responder.core.text import Text
from responder.followup_rules.clock import EarlierIncident
from responder.store.incident import Incident
from responder.store.validation import readable

STACK = "STACK"
VERSION = {"pk": STACK, "sk": "VERSION"}
KEPT = timedelta(days=400)
LEDGER_KEPT = timedelta(days=7)


def plain(value: Any) -> Any:
    """Data classes, enums, times and texts as JSON values."""
    match value:
        case Text() | ExplainedReason():
            return value.to_json()
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(part) for key, part in value.items()}
        case list() | tuple() | frozenset():
            return [plain(part) for part in value]
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return value


def pack(value: Any) -> str:
    """The JSON text of a row. Half a surrogate pair, which words of a person can hold, becomes `?`."""
    packed = json.dumps(plain(value), ensure_ascii=False, sort_keys=True)
    return packed.encode("utf-8", "replace").decode()


@readable
def lease(row: Mapping[str, Any]) -> Lease:
    """A lease row."""
    data = _known(Lease, json.loads(row["data"]))
    return Lease(
        **{
            **data,
            "state": LeaseState(data["state"]),
            "at": _time(data["at"]),
            "until": _time(data["until"]) if data["until"] else None,
            "unread": note_of(data["unread"]) if data.get("unread") else None,
            **{name: _time(data[name]) if data.get(name) else None for name in ("ended", "looked", "seen")},
            "changes": _changes(data["changes"]),
        }
    )


@readable
def applied(row: Mapping[str, Any]) -> Applied:
    """A row of the ledger."""
    data = _known(Applied, json.loads(row["data"]))
    return Applied(**{**data, "at": _time(data["at"])})


@readable
def asked(row: Mapping[str, Any]) -> ApprovalRequest:
    """A proposal row."""
    data = _known(ApprovalRequest, json.loads(row["data"]))
    known = {"effect": Effect(data["effect"]), "at": _time(data["at"]), "changes": _changes(data["changes"])}
    used = {"since": _time(row["since"]), "carried_by": str(row.get("carried_by") or "")}
    return ApprovalRequest(**{**data, **known, **used})


@readable
def incident(row: Mapping[str, Any]) -> Incident:
    """A pointer or head row."""
    return Incident(
        id=row["incident"],
        slug=row["slug"],
        alarm=row["alarm"],
        opened=_time(row["opened"]),
        state=AlarmState(row["state"]),
        state_at=_time(row["state_at"]),
        ok_since=_time(row["ok_since"]) if row.get("ok_since") else None,
        closed=bool(row.get("closed")),
        earlier=EarlierIncident.from_json(json.loads(row["earlier"])) if row.get("earlier") else None,
    )


def stamp(moment: datetime) -> str:
    """A sortable time for keys and comparisons: ISO, UTC, microseconds always written."""
    return moment.isoformat(timespec="microseconds")


def _known(kind: type, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What this version knows of: a follow-up lives on for weeks beside newer versions that write more."""
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in stored.items() if name in names}


def _changes(stored: list[dict[str, Any]]) -> tuple[Change, ...]:
    return tuple(
        Change(
            **{
                **_known(Change, one),
                "status": Status(one["status"]),
                "written": tuple(_time(at) for at in one.get("written", ())),
                "note": note_of(one["note"]) if one["note"] else None,
            }
        )
        for one in stored
    )


def _time(value: str) -> datetime:
    return datetime.fromisoformat(value)
