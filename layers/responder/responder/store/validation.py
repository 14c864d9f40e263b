"""A row is what we once wrote, or it is not read at all: nothing is decided by half of one.

Somebody can put anything into the table, and a write of ours can end half-way.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache, wraps
from types import UnionType
from typing import Any, TypeAliasType, Union, get_args, get_origin, get_type_hints

from responder.core.errors import Unreadable
from responder.core.timestamps import sound

_BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

type ReadRow[T] = Callable[[Mapping[str, Any]], T]


def readable[T](read: ReadRow[T]) -> ReadRow[T]:
    """The same reader, which raises Unreadable for a row that does not hold what it should."""

    @wraps(read)
    def reading(row: Mapping[str, Any]) -> T:
        try:
            return whole(read(row))
        except _BROKEN:
            # Never the exception's text: what stands in the row may stand in it.
            raise Unreadable(f"{row.get('pk', '-')} {row.get('sk', '-')}") from None

    return reading


def whole[T](found: T) -> T:
    """The same data class; TypeError where some part of it is not of the kind that it is declared as."""
    if not _fits(found, type(found)):
        raise TypeError(type(found).__name__)
    return found


def _fits(value: Any, kind: Any) -> bool:
    if isinstance(kind, TypeAliasType):
        return _fits(value, kind.__value__)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is tuple:
        kinds = parts[:1] * len(value) if isinstance(value, tuple) and parts[-1] is ... else parts
        same = isinstance(value, tuple) and len(value) == len(kinds)
        return same and all(map(_fits, value, kinds))
    if isinstance(origin, type) and is_dataclass(origin):
        meant = dict(zip(origin.__type_params__, parts, strict=True))
        declared = _declared(origin).items()
        return isinstance(value, origin) and all(
            _fits(getattr(value, name), meant.get(each, each)) for name, each in declared
        )
    if origin is not None:
        return (
            isinstance(value, Mapping)
            and all(_fits(each, parts[0]) for each in value)
            and all(_fits(each, parts[1]) for each in value.values())
        )
    return _is(value, kind)


def _is(value: Any, kind: Any) -> bool:
    if kind is Any:
        return True
    if not isinstance(value, (int, float) if kind is float else kind):
        return False
    if isinstance(value, datetime):
        return sound(value)
    if is_dataclass(value):
        found: Any = type(value)
        return all(_fits(getattr(value, name), each) for name, each in _declared(found).items())
    return not isinstance(value, str) or _sendable(value)


@cache
def _declared(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind)}


def _sendable(value: str) -> bool:
    """Half a surrogate pair can be sent nowhere."""
    return value.isascii() or not any("\ud800" <= each <= "\udfff" for each in value)
