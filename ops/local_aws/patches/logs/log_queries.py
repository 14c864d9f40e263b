"""CloudWatch Logs Insights queries, as far as log alarms here need them. Pure.

CloudWatch Logs User Guide, "CloudWatch Logs Insights language query syntax": `fields` and `display` (names
only), `filter`, `parse`, `stats … by`, `sort`, `limit`. Anything else is refused, not guessed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

type Row = Mapping[str, Any]
type Holds = Callable[[Row], bool]
type Group = tuple[Any, ...]

_NAME = r"@?[A-Za-z_][\w.@-]*|`[^`]+`"
_TOKEN = re.compile(
    rf"""\s*(?: (?P<regex>/(?:[^/\\]|\\.)*/i?) | "(?P<double>(?:[^"\\]|\\.)*)" | '(?P<single>(?:[^'\\]|\\.)*)'
        | (?P<number>[+-]?\d+(?:\.\d+)?(?![\w.])) | (?P<span>\d+(?:ms|s|m|h|d))
        | (?P<sign>!=|<=|>=|=~|[=<>(),*\[\]|]) | (?P<name>{_NAME}) )""",
    re.VERBOSE,
)
_SPANS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


class UnservedQueryError(ValueError):
    """A query that AWS may understand, but that is not implemented here."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query and its aggregation: `run` gives one value for each group, by the group's values."""

    steps: tuple[Callable[[list[Row]], list[Row]], ...]
    aggregate: Callable[[list[Row]], dict[Group, float]]

    def run(self, rows: Iterable[Row]) -> dict[Group, float]:
        """No value where no line fits."""
        found = list(rows)
        for step in self.steps:
            found = step(found)
        return self.aggregate(found)


def row(message: str, **more: Any) -> Row:
    """A log event with the fields that are discovered in it: those of JSON."""
    return {**dict(_flat(_document(message))), "@message": message, **more}


def _document(message: str) -> Any:
    try:
        return json.loads(message)
    except (ValueError, RecursionError):
        return None


def _flat(document: Any, under: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(document, list):
        document = dict(enumerate(document))
    if not isinstance(document, dict):
        return
    for name, value in document.items():
        yield f"{under}{name}", value
        yield from _flat(value, f"{under}{name}.")


def read(query: str, aggregation: str) -> Query:
    """The query of a log alarm.

    Raises:
        UnservedQueryError: it has something that is not served here.
    """
    steps = tuple(step for each in _stages(query) if (step := _step(each)) is not None)
    parts = _stages(aggregation)
    if not parts or any(_Reader(each).word() not in ("sort", "limit") for each in parts[1:]):
        raise UnservedQueryError(aggregation)
    reader = _Reader(parts[0])
    (_, aggregate), *others, by = reader.aggregates()
    if others:
        raise UnservedQueryError(f"{aggregation}: more than one value")
    return Query(steps, lambda rows: _grouped(rows, by, aggregate))


def _stages(text: str) -> list[str]:
    """The stages of a query: split at bars outside of quotes and regular expressions."""
    found, at, begun = [], 0, 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match and match["sign"] == "|":
            found.append(text[begun : match.start("sign")])
            begun = match.end()
        at = match.end() if match and match.end() > at else at + 1
    return [each.strip() for each in (*found, text[begun:]) if each.strip()]


def _step(stage: str) -> Callable[[list[Row]], list[Row]] | None:
    reader = _Reader(stage)
    command = reader.word()
    if command in ("fields", "display"):
        while reader.left:
            reader.take("name")
            reader.accept(",")
        return None
    if command in ("sort", "limit"):
        return None
    if command == "filter":
        holds = reader.condition()
        reader.end()
        return lambda rows: [each for each in rows if holds(each)]
    if command == "parse":
        extract = reader.extraction()
        return lambda rows: [{**each, **extract(each)} for each in rows]
    if command == "stats":
        *named, by = reader.aggregates()
        return lambda rows: _rows(rows, named, by)
    raise UnservedQueryError(stage)


# --- values ---------------------------------------------------------------------------------------


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return float(value) if isinstance(value, bool) else None
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


def _numbers(rows: Sequence[Row], name: str) -> list[float]:
    return [number for each in rows if (number := _number(each.get(name))) is not None]


type Aggregate = Callable[[Sequence[Row]], float | None]
type By = Callable[[Row], Group]


def _grouped(rows: Sequence[Row], by: By, aggregate: Aggregate) -> dict[Group, float]:
    groups: dict[Group, list[Row]] = {}
    for each in rows:
        groups.setdefault(by(each), []).append(each)
    found = {group: aggregate(members) for group, members in groups.items()}
    return {group: value for group, value in found.items() if value is not None}


def _rows(rows: Sequence[Row], named: Sequence[tuple[str, Aggregate]], by: Any) -> list[Row]:
    """What `stats` leaves: a row for each group, with the aggregates by their names."""
    found: dict[Group, dict[str, Any]] = {}
    for each in rows:
        found.setdefault(by(each), dict(zip(by.names, by(each), strict=True)))
    for name, aggregate in named:
        for group, value in _grouped(rows, by, aggregate).items():
            found[group][name] = value
    return list(found.values())


def percentile(values: Sequence[float], percent: float) -> float:
    """Between the two nearest values, in proportion."""
    ordered = sorted(values)
    at = (len(ordered) - 1) * percent / 100
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


_AGGREGATES: dict[str, Callable[[list[float]], float]] = {
    "sum": sum,
    "avg": lambda values: sum(values) / len(values),
    "min": min,
    "max": max,
}


@dataclass(frozen=True, slots=True)
class _By:
    """What rows are grouped by."""

    names: tuple[str, ...]
    values: tuple[Callable[[Row], Any], ...]

    def __call__(self, given: Row) -> Group:
        return tuple(value(given) for value in self.values)


# --- reading --------------------------------------------------------------------------------------


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.left: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            match = _TOKEN.match(text, at)
            if match is None:
                raise UnservedQueryError(text)
            kind = str(match.lastgroup)
            self.left.append(("quoted" if kind in ("double", "single") else kind, match[kind]))
            at = match.end()

    def word(self) -> str:
        """The next word, in small letters."""
        return self.take("name").lower()

    def take(self, *kinds: str) -> str:
        if not self.left or self.left[0][0] not in kinds:
            raise UnservedQueryError(self.text)
        return self.left.pop(0)[1]

    def accept(self, *words: str) -> bool:
        """Take these signs or words, if they come next."""
        if [value.lower() for _, value in self.left[: len(words)]] != list(words):
            return False
        del self.left[: len(words)]
        return True

    def expect(self, *words: str) -> None:
        if not self.accept(*words):
            raise UnservedQueryError(self.text)

    def end(self) -> None:
        if self.left:
            raise UnservedQueryError(self.text)

    def field(self) -> str:
        return self.take("name").strip("`")

    # conditions: `not` binds before `and`, and that before `or`

    def condition(self) -> Holds:
        found = [self._both()]
        while self.accept("or"):
            found.append(self._both())
        return lambda given: any(holds(given) for holds in found)

    def _both(self) -> Holds:
        found = [self._one()]
        while self.accept("and"):
            found.append(self._one())
        return lambda given: all(holds(given) for holds in found)

    def _one(self) -> Holds:
        if self.accept("not"):
            inner = self._one()
            return lambda given: not inner(given)
        if self.accept("("):
            inner = self.condition()
            self.expect(")")
            return inner
        if self.accept("ispresent", "("):
            present = self.field()
            self.expect(")")
            return lambda given: given.get(present) is not None
        return self._comparison(self.field())

    def _comparison(self, name: str) -> Holds:
        denied = self.accept("not")
        if self.accept("like") or self.accept("=~"):
            found = self._like()
            return lambda given: name in given and bool(found(_text(given[name]))) is not denied
        if self.accept("in", "["):
            known = [self._value()]
            while self.accept(","):
                known.append(self._value())
            self.expect("]")
            return lambda given: (
                name in given and any(_same(given[name], each) for each in known) is not denied
            )
        sign = self.take("sign")
        if denied or sign not in ("=", "!=", *_COMPARE):
            raise UnservedQueryError(self.text)
        value = self._value()
        if sign in ("=", "!="):
            return lambda given: name in given and _same(given[name], value) is (sign == "=")
        limit, compare = _number(value), _COMPARE[sign]
        if limit is None:
            raise UnservedQueryError(self.text)
        return lambda given: (own := _number(given.get(name))) is not None and compare(own, limit)

    def _like(self) -> Callable[[str], object]:
        kind = self.left[0][0] if self.left else ""
        value = self.take("regex", "quoted")
        return self._regex(value).search if kind == "regex" else lambda text: _plain(value) in text

    def _regex(self, raw: str) -> re.Pattern[str]:
        flags = re.IGNORECASE if raw.endswith("i") else 0
        try:
            return re.compile(re.sub(r"\(\?<(?=\w)", "(?P<", raw.removesuffix("i")[1:-1]), flags)
        except re.error as error:
            raise UnservedQueryError(f"{self.text}: {error}") from error

    def _value(self) -> str | float:
        kind = self.left[0][0] if self.left else ""
        value = self.take("quoted", "number", "name")
        if kind == "name":
            if value.lower() not in ("true", "false"):
                raise UnservedQueryError(self.text)
            return float(value.lower() == "true")
        return float(value) if kind == "number" else _plain(value)

    # parse

    def extraction(self) -> Callable[[Row], dict[str, str]]:
        name = self.field() if self.left and self.left[0][0] == "name" else "@message"
        kind = self.left[0][0] if self.left else ""
        raw = self.take("quoted", "regex")
        if kind == "regex":
            found = self._regex(raw)
            self.end()
        else:
            glob = "(.*?)".join(re.escape(part) for part in _plain(raw).split("*"))
            found = re.compile(glob + (r"\Z" if raw.endswith("*") else ""), re.DOTALL)
            self.expect("as")
            names = [self.field()]
            while self.accept(","):
                names.append(self.field())
            self.end()
            if len(names) != found.groups:
                raise UnservedQueryError(self.text)
            return lambda given: (
                dict(zip(names, match.groups(), strict=True))
                if (match := found.search(_text(given.get(name, ""))))
                else {}
            )
        return lambda given: match.groupdict() if (match := found.search(_text(given.get(name, "")))) else {}

    # stats

    def aggregates(self) -> list[Any]:
        """Each aggregate with its name, and last what they are grouped by."""
        found = [self._aggregate()]
        while self.accept(","):
            found.append(self._aggregate())
        by = self._by() if self.accept("by") else _By((), ())
        self.end()
        return [*found, by]

    def _aggregate(self) -> tuple[str, Aggregate]:
        name = self.word()
        self.expect("(")
        field = "*" if self.accept("*") or self.left[:1] == [("sign", ")")] else self.field()
        shown, aggregate = self._made(name, field)
        self.expect(")")
        return (self.field() if self.accept("as") else shown), aggregate

    def _made(self, name: str, field: str) -> tuple[str, Aggregate]:
        shown = f"{name}({field})"
        if name == "count":
            return shown, lambda rows: float(len([each for each in rows if field == "*" or field in each]))
        if name == "count_distinct":
            return shown, lambda rows: float(len({_text(each[field]) for each in rows if field in each}))
        if field == "*":
            raise UnservedQueryError(self.text)
        if name == "pct":
            self.expect(",")
            percent = float(self.take("number"))
            return (
                shown,
                lambda rows: percentile(found, percent) if (found := _numbers(rows, field)) else None,
            )
        if name not in _AGGREGATES:
            raise UnservedQueryError(self.text)
        combine = _AGGREGATES[name]
        return shown, lambda rows: float(combine(found)) if (found := _numbers(rows, field)) else None

    def _by(self) -> _By:
        names, values = [], []
        while True:
            if self.accept("bin", "("):
                span = self.take("span")
                self.expect(")")
                number = re.match(r"\d+", span)
                length = int(number[0]) * _SPANS[span[number.end() :]] if number else 1
                names.append(f"bin({span})")
                values.append(_bin(length))
            else:
                name = self.field()
                names.append(name)
                values.append(_of(name))
            if not self.accept(","):
                return _By(tuple(names), tuple(values))


def _of(name: str) -> Callable[[Row], Any]:
    return lambda given: _text(given[name]) if name in given else ""


def _bin(length: int) -> Callable[[Row], Any]:
    return lambda given: int(given["@timestamp"]) // length * length


def _plain(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted)


def _same(own: Any, value: str | float) -> bool:
    if isinstance(value, float):
        return _number(own) == value
    return _text(own) == value
