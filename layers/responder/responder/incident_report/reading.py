"""Stored JSON, read without trust: a row of a newer version or a person's hand must not break the report."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from responder.core.change import Lease
from responder.core.codec import Misfit, load
from responder.core.command import ApprovalRequest, CommandKind
from responder.core.errors import Unreadable
from responder.core.plain_data import Data
from responder.core.text import Text, Texts, text
from responder.core.timestamps import sound
from responder.messages.requests import RequestedChange
from responder.store import TimelineStep, rows

type Steps = tuple[TimelineStep, ...]

_LONGEST = 300
_DEEPEST = 8


def said(stored: object) -> Text | None:
    """A stored Text; None of anything else."""
    if not isinstance(stored, Mapping) or not isinstance(stored.get("key"), str):
        return None
    values = stored.get("values")
    if not isinstance(values, Mapping) or not _plain(stored, _DEEPEST):
        return Text(stored["key"])
    try:
        return load(Text, stored)
    except Misfit:
        return Text(stored["key"])


def texts(stored: object) -> Texts:
    """Every Text of a list."""
    return tuple(each for each in map(said, listed(stored)) if each is not None)


def listed(stored: object) -> list[Any]:
    """A list as it is; an empty one of anything else."""
    return list(stored) if isinstance(stored, list | tuple) else []


def mapped(stored: object) -> Data:
    """An object as it is; an empty one of anything else."""
    return stored if isinstance(stored, Mapping) else {}


def word(stored: object) -> str:
    """A string as it is; empty of anything else."""
    return stored if isinstance(stored, str) else ""


def when(stored: object) -> datetime | None:
    """A time with its zone, as UTC."""
    try:
        moment = datetime.fromisoformat(stored) if isinstance(stored, str) else None
        return moment.astimezone(UTC) if moment is not None and sound(moment) else None
    except (OverflowError, ValueError):
        return None


def lease(stored: object) -> Lease | None:
    """A whole lease as its steps hold it; None of anything else."""
    try:
        return rows.lease({"data": json.dumps(stored)})
    except (RecursionError, Unreadable, ValueError):
        return None


def request(stored: Data) -> RequestedChange:
    """A proposal as its step holds it; by its name alone where it is not whole."""
    try:
        return RequestedChange.asked(load(ApprovalRequest, stored))
    except Misfit:
        back = word(stored.get("order")) == CommandKind.REVERT
        return RequestedChange(word(stored.get("remedy")), word(stored.get("scope")), back)


def shown(stored: object) -> Text:
    """Anything, as it is."""
    packed = stored if isinstance(stored, str) else json.dumps(stored, ensure_ascii=False, default=str)
    return text("chronicle.as_it_is", data=packed if len(packed) <= _LONGEST else packed[:_LONGEST] + "…")


def _plain(stored: object, depth: int) -> bool:
    """Only what a Text can hold: texts, lists of texts, strings and numbers."""
    if depth == 0 or not isinstance(stored, Mapping) or not isinstance(stored.get("key"), str):
        return False
    values = stored.get("values", {})
    return isinstance(values, Mapping) and all(
        all(_plain(part, depth - 1) for part in value)
        if isinstance(value, list)
        else _plain(value, depth - 1)
        if isinstance(value, Mapping)
        else isinstance(value, str | int | float)
        for value in values.values()
    )
