"""Data classes to and from JSON values, by the types of their fields: one way for rows, commands and jobs.

`dump` writes every field. `load` reads all of it or nothing, because half of a row decides nothing: a person
can put anything into a table, and a write can end half-way. A field that is not stored has its
default, unless it is marked with `STORED`: without it the rest would say something else. What a newer version
of us has written besides is left out. A field with `field(metadata={"stored": "key"})` has that name in JSON;
with None it is never written.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeAliasType, Union, get_args, get_origin, get_type_hints

from responder.core.timestamps import sound

# Marks a field whose default is only for new values: it has to be stored.
STORED: Mapping[str, Any] = {"needed": True}
# Most of what is written; everything below is asked about its kind in sequence.
_ITSELF = frozenset({str, int, float, bool, type(None)})
_BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Misfit(ValueError):
    """What is stored is not of the type that is asked for. `field`: the part that is not, by the names of the
    fields; never what is stored there."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def dump(value: Any) -> Any:
    """Data classes, enums, times and days (ISO 8601) and collections as JSON values; all else as it is."""
    kind = type(value)
    if kind in _ITSELF:
        return value
    if is_dataclass(kind) and not isinstance(value, Enum):
        return {stored: dump(getattr(value, name)) for name, stored, _, _ in _parts(kind)}
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): dump(part) for key, part in value.items()}
        case list() | tuple() | frozenset():
            return [dump(part) for part in value]
    return value


def load[T](kind: type[T], stored: Any) -> T:
    """The inverse of `dump`: a value of this type, in which every part has the type that it is declared with.

    Raises:
        Misfit: it is none.
    """
    try:
        found: T = _load(kind, stored)
    except Misfit:
        raise
    except _BROKEN:
        raise Misfit("-") from None
    return found


type _Taken = tuple[Any, Any, tuple[Any, ...], bool]


def _load(kind: Any, stored: Any) -> Any:
    return _read(_taken_apart(kind), stored)


def _read(taken: _Taken, stored: Any) -> Any:
    kind, origin, arguments, record = taken
    if record:
        return _record(origin or kind, arguments, _of(Mapping, stored))
    if origin is None:
        return _plain(kind, stored)
    if origin is tuple:
        return _tuple(arguments, _of(list, stored))
    if origin in (Union, UnionType):
        return _first(arguments, stored)
    key, value = arguments
    return {_key(key, name): _load(value, part) for name, part in _of(Mapping, stored).items()}


@cache
def _taken_apart(kind: Any) -> _Taken:
    """The type behind an alias, its origin and arguments, and whether it is a data class."""
    while isinstance(kind, TypeAliasType):
        kind = kind.__value__
    origin = get_origin(kind)
    return kind, origin, get_args(kind), is_dataclass(origin or kind)


def _first(kinds: tuple[Any, ...], stored: Any) -> Any:
    for kind in kinds:
        try:
            return _load(kind, stored)
        except _BROKEN:
            continue
    raise TypeError


def _tuple(kinds: tuple[Any, ...], stored: list[Any]) -> tuple[Any, ...]:
    each = kinds[:1] * len(stored) if kinds[-1] is ... else kinds
    return tuple(_load(kind, part) for kind, part in zip(each, stored, strict=True))


def _record(kind: Any, arguments: tuple[Any, ...], stored: Mapping[str, Any]) -> Any:
    given = {}
    for name, key, taken, needed in _fields(kind, arguments):
        if not needed and key not in stored:
            continue
        try:
            given[name] = _read(taken, stored[key])
        except _BROKEN as error:
            raise Misfit(f"{key}.{error.field}" if isinstance(error, Misfit) else key) from None
    return kind(**given)


@cache
def _fields(kind: Any, arguments: tuple[Any, ...]) -> tuple[tuple[str, str, _Taken, bool], ...]:
    """As `_parts`, with the types that a generic class is given for its parameters, taken apart."""
    meant = dict(zip(kind.__type_params__, arguments, strict=True))
    return tuple(
        (name, key, _taken_apart(meant.get(declared, declared)), needed)
        for name, key, declared, needed in _parts(kind)
    )


@cache
def _parts(kind: Any) -> tuple[tuple[str, str, Any, bool], ...]:
    """For each field its name, its name in JSON, its type, and whether it has to be stored."""
    hints = get_type_hints(kind)
    return tuple(
        (
            each.name,
            each.metadata.get("stored", each.name),
            hints[each.name],
            each.metadata.get("needed", each.default is MISSING and each.default_factory is MISSING),
        )
        for each in fields(kind)
        if each.metadata.get("stored", each.name)
    )


def _key(kind: Any, name: Any) -> Any:
    return int(name) if kind is int else _load(kind, name)


def _plain(kind: Any, stored: Any) -> Any:
    if kind is str:
        _of(str, stored).encode()  # half a surrogate pair can be sent nowhere
        return stored
    if kind is Any or (stored is None and kind in (None, type(None))):
        return stored
    if kind is datetime:
        moment = datetime.fromisoformat(stored)
        return _of(datetime, moment if sound(moment) else None)
    if kind is date:
        return date.fromisoformat(stored)
    if issubclass(kind, Enum):
        return kind(stored)
    # To Python a bool is an int; to what was stored it is not.
    if isinstance(stored, bool) is not (kind is bool):
        raise TypeError
    return _of((int, float) if kind is float else kind, stored)


def _of(kind: Any, stored: Any) -> Any:
    if not isinstance(stored, kind):
        raise TypeError
    return stored
