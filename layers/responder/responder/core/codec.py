"""Data classes to and from JSON values, by the types of their fields: one way for rows, commands and jobs.

`dump` writes every field. `load` reads all of it or nothing, because half of a row decides nothing: a person
can put anything into a table, and a write can end half-way. A field that is not stored has its
default, unless it is marked with `STORED`: without it the rest would say something else. What a newer version
of us has written besides is left out. A field with `field(metadata={"stored": "key"})` has that name in JSON;
with None it is never written.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from operator import attrgetter
from types import MappingProxyType, UnionType
from typing import Any, TypeAliasType, Union, get_args, get_origin, get_type_hints

from responder.core.plain_data import Data, Json
from responder.core.timestamps import sound

# Marks a field whose default is only for new values: it has to be stored.
STORED: Data = {"needed": True}
# Most of what is written.
_ITSELF = frozenset({str, int, float, bool, type(None)})
_BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Misfit(ValueError):
    """What is stored is not of the type that is asked for. `field`: the part that is not, by the names of the
    fields; never what is stored there."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


# By type, what is written for its values.
type Replacements = Mapping[type, Callable[[Any], Any]]


def dump(value: Any, instead: Replacements = MappingProxyType({})) -> Any:
    """Data classes, enums, times and days (ISO 8601) and collections as JSON values; all else as it is.

    `instead`: what is written for values of these types, wherever they are (`picked` makes one).
    """
    if type(value) in instead:
        value = instead[type(value)](value)
    return value if type(value) in _ITSELF else _written(value, instead)


def _written(value: Any, instead: Replacements) -> Any:
    kind: type = type(value)
    if is_dataclass(kind):
        return {stored: dump(getattr(value, name), instead) for name, stored, _, _ in _parts(kind)}
    match value:
        case Enum():
            return value.value
        case list() | tuple() | frozenset():
            return [dump(part, instead) for part in value]
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): dump(part, instead) for key, part in value.items()}
    return value


def picked(*keys: str, **sources: str | Callable[[Any], Any]) -> Callable[[Any], Json]:
    """What takes these attributes of an object, in this order. `sources`: where another attribute
    (`series.points`), or what a function makes of the object, has the name."""
    found = {
        key: attrgetter(source) if isinstance(source, str) else source
        for key in keys
        for source in (sources.get(key, key),)
    }

    def pick(value: Any) -> Json:
        return {key: get(value) for key, get in found.items()}

    return pick


def load[T](kind: type[T], stored: Any) -> T:
    """The inverse of `dump`: a value of this type, in which every part has the type that it is declared with.

    Raises:
        Misfit: it is none.
    """
    wanted: Any = kind
    try:
        found: T = _reader(wanted)(stored)
    except Misfit:
        raise
    except _BROKEN:
        raise Misfit("-") from None
    return found


type _Reader = Callable[[Any], Any]


@cache
def _reader(kind: Any) -> _Reader:
    """What reads a value of this type: taken apart once, as every look at an incident reads many rows."""
    if isinstance(kind, TypeAliasType):

        def named(stored: Any) -> Any:
            # Not before there is a value: what it stands for may contain it again.
            return _reader(kind.__value__)(stored)

        return named
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(origin or kind):
        return _record(origin or kind, arguments)
    if origin is None:
        return _plain(kind)
    if origin is tuple:
        return _tuple(arguments)
    if origin in (Union, UnionType):
        return _first(arguments)
    key, value = arguments
    name, part = int if key is int else _reader(key), _reader(value)
    return lambda stored: {name(each): part(of_it) for each, of_it in _object(stored).items()}


def _first(kinds: tuple[Any, ...]) -> _Reader:
    readers, optional = tuple(map(_reader, kinds)), type(None) in kinds

    def read(stored: Any) -> Any:
        if stored is None and optional:
            return None
        for each in readers:
            try:
                return each(stored)
            except _BROKEN:
                continue
        raise TypeError

    return read


def _tuple(kinds: tuple[Any, ...]) -> _Reader:
    readers = [_reader(kind) for kind in kinds if kind is not ...]
    if kinds[-1] is ...:
        return lambda stored: tuple(map(readers[0], _of(list, stored)))
    return lambda stored: tuple(read(part) for read, part in zip(readers, _of(list, stored), strict=True))


def _record(kind: Any, arguments: tuple[Any, ...]) -> _Reader:
    # Of a generic class, the types that its parameters are given.
    meant = dict(zip(kind.__type_params__, arguments, strict=True))

    def read(stored: Any) -> Any:
        stored, given, key = _object(stored), {}, ""
        try:
            for name, key, declared, needed in _parts(kind):
                if needed or key in stored:
                    # Not before there is a value: a field may be of the same class.
                    given[name] = _reader(meant.get(declared, declared))(stored[key])
        except _BROKEN as error:
            raise Misfit(f"{key}.{error.field}" if isinstance(error, Misfit) else key) from None
        return kind(**given)

    return read


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


def _plain(kind: Any) -> _Reader:
    if kind is Any:
        return lambda stored: stored
    if kind in (str, datetime, date):
        return {str: _text, datetime: _moment, date: date.fromisoformat}[kind]
    if issubclass(kind, Enum):
        members = {each.value: each for each in kind}
        return lambda stored: members[stored] if stored in members else kind(stored)
    kinds, a_bool = (int, float) if kind is float else kind, kind is bool

    def read(stored: Any) -> Any:
        # To Python a bool is an int; to what was stored it is not.
        if isinstance(stored, bool) is not a_bool:
            raise TypeError
        return _of(kinds, stored)

    return read


def _text(stored: Any) -> str:
    text: str = _of(str, stored)
    if not text.isascii():
        text.encode()  # half a surrogate pair can be sent nowhere
    return text


def _moment(stored: Any) -> datetime:
    moment = datetime.fromisoformat(stored)
    if not sound(moment):
        raise TypeError
    return moment


def _object(stored: Any) -> Data:
    # The check of an abstract class takes longer than the rest.
    return stored if type(stored) is dict else _of(Mapping, stored)


def _of(kind: Any, stored: Any) -> Any:
    if not isinstance(stored, kind):
        raise TypeError
    return stored
