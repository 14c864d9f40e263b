"""DynamoDB's condition and update expressions over typed attribute values."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from responder.core.errors import Rejected
from responder.core.plain_data import Json
from tests.fakes.copies import fresh

type Value = Json
type Row = dict[str, Value]
type Values = dict[str, Value]
type Test = Callable[[Row, Values], bool]
type Operand = Callable[[Row, Values], Value | None]
# Of the row, what is changed and what is read.
type Change = Callable[[Row, Row, Values], Any]

_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),+.\[\]-]|[:#]?[A-Za-z_0-9]+)")
_FUNCTIONS = {
    "attribute_exists",
    "attribute_not_exists",
    "begins_with",
    "contains",
    "if_not_exists",
    "list_append",
}
_WORDS = _FUNCTIONS | {"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"}
_CLAUSES = ("SET", "REMOVE", "ADD", "DELETE")


def invalid(operation: str) -> Rejected:
    return Rejected("dynamodb", operation, "ValidationException")


def order(value: Value) -> Any:
    """What a comparison compares; only equal types compare."""
    ((kind, raw),) = value.items()
    return (kind, Decimal(raw) if kind == "N" else raw)


@cache
def reserved() -> frozenset[str]:
    # Found, not imported: moto's DynamoDB takes a second to load.
    moto = find_spec("moto")
    assert moto is not None and moto.origin is not None
    words = Path(moto.origin).parent / "dynamodb" / "parsing" / "reserved_keywords.txt"
    return frozenset(words.read_text(encoding="utf-8").split())


def _tokens(expression: str) -> list[str]:
    found, at = [], 0
    while at < len(expression.rstrip()):
        match = _TOKEN.match(expression, at)
        if match is None:
            raise _Unusable
        found.append(match[1])
        at = match.end()
    return found


class _Unusable(Exception):
    """AWS refuses the expression."""


class Expressions:
    """The expressions of one request, with its names and values."""

    def __init__(self, operation: str, request: Json) -> None:
        self._operation = operation
        self._names: dict[str, str] = request.get("ExpressionAttributeNames", {})
        self._values: dict[str, Value] = request.get("ExpressionAttributeValues", {})
        self._used: set[str] = set()

    def holds(self, expression: str, row: Row) -> bool:
        return self.among(expression, [row]) != []

    def among(self, expression: str, rows: Iterable[Row]) -> list[Row]:
        """The rows of which it holds."""
        return [row for _, row in self.entries(expression, ((None, row) for row in rows))]

    def entries[K](self, expression: str, entries: Iterable[tuple[K, Row]]) -> list[tuple[K, Row]]:
        """The rows of which it holds, each with its key."""
        test = self._read(_condition, expression)
        try:
            return [entry for entry in entries if test(entry[1], self._values)]
        except _Unusable:
            raise invalid(self._operation) from None

    def read(self, *expressions: str | None) -> None:
        """Check expressions that nothing is compared with."""
        for each in expressions:
            if each is not None:
                self._read(_condition, each)

    def update(self, expression: str, row: Row) -> Row:
        parts = self._read(_update, expression)
        changed: Row = fresh(row)
        try:
            for part in parts:
                part(changed, row, self._values)
        except _Unusable:
            raise invalid(self._operation) from None
        return changed

    def _read[T](
        self, how: Callable[[str, tuple[tuple[str, str], ...]], tuple[T, frozenset[str]]], text: str
    ) -> T:
        try:
            found, used = how(text, tuple(self._names.items()))
        except _Unusable:
            raise invalid(self._operation) from None
        self._used |= used
        if any(name[0] == ":" and name not in self._values for name in used):
            raise invalid(self._operation)
        return found

    def all_used(self) -> None:
        """AWS refuses names and values that no expression uses."""
        if self._used != self._names.keys() | self._values.keys():
            raise invalid(self._operation)


# The same few are sent again and again.
@lru_cache(1_000)
def _condition(expression: str, names: tuple[tuple[str, str], ...]) -> tuple[Test, frozenset[str]]:
    reading = _Reading(expression, dict(names))
    return reading.condition(), frozenset(reading.used)


@lru_cache(1_000)
def _update(expression: str, names: tuple[tuple[str, str], ...]) -> tuple[list[Change], frozenset[str]]:
    reading = _Reading(expression, dict(names))
    return reading.update(), frozenset(reading.used)


class _Reading:
    """One expression, read from left to right. `used`: its names and values so far."""

    def __init__(self, expression: str, names: dict[str, str]) -> None:
        self._names, self.used = names, set[str]()
        self._tokens = _tokens(expression)

    def condition(self) -> Test:
        found = self._or()
        if self._tokens:
            raise _Unusable
        return found

    def update(self) -> list[Change]:
        found = []
        while self._tokens:
            clause = self._take().upper()
            if clause not in _CLAUSES:
                raise _Unusable
            found.append(self._part(clause))
            while self._next() == ",":
                self._take()
                found.append(self._part(clause))
        return found

    # --- conditions ------------------------------------------------------------------------------

    def _or(self) -> Test:
        parts = [self._and()]
        while self._next().upper() == "OR":
            self._take()
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else lambda row, values: any(part(row, values) for part in parts)

    def _and(self) -> Test:
        parts = [self._not()]
        while self._next().upper() == "AND":
            self._take()
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else lambda row, values: all(part(row, values) for part in parts)

    def _not(self) -> Test:
        if self._next().upper() == "NOT":
            self._take()
            inner = self._not()
            return lambda row, values: not inner(row, values)
        if self._next() == "(":
            self._take()
            found = self._or()
            self._expect(")")
            return found
        return self._comparison()

    def _comparison(self) -> Test:
        name = self._next()
        if name in ("attribute_exists", "attribute_not_exists", "begins_with", "contains"):
            return self._function(self._take())
        left = self._operand()
        operator = self._take().upper()
        if operator == "BETWEEN":
            low = self._operand()
            self._expect("AND")
            high = self._operand()
            return lambda row, values: (
                _compare(">=", left(row, values), low(row, values))
                and _compare("<=", left(row, values), high(row, values))
            )
        if operator == "IN":
            among = self._list()
            return lambda row, values: any(left(row, values) == each(row, values) for each in among)
        right = self._operand()
        return lambda row, values: _compare(operator, left(row, values), right(row, values))

    def _function(self, name: str) -> Test:
        first, *rest = self._list()
        if name == "attribute_exists":
            return lambda row, values: first(row, values) is not None
        if name == "attribute_not_exists":
            return lambda row, values: first(row, values) is None
        (second,) = rest
        holds = _begins_with if name == "begins_with" else _contains
        return lambda row, values: holds(first(row, values), second(row, values))

    def _list(self) -> list[Operand]:
        self._expect("(")
        found = [self._operand()]
        while self._next() == ",":
            self._take()
            found.append(self._operand())
        self._expect(")")
        return found

    def _operand(self) -> Operand:
        token = self._next()
        if token.startswith(":"):
            name = self._value(self._take())
            return lambda _, values: values[name]
        if token in ("if_not_exists", "list_append"):
            return self._computed(self._take())
        path = self._path()
        if len(path) == 1:
            (name,) = path
            return lambda row, _: row.get(name)
        return lambda row, _: _at(row, path)

    def _value(self, token: str) -> str:
        if not token.startswith(":"):
            raise _Unusable
        self.used.add(token)
        return token

    # --- updates ---------------------------------------------------------------------------------

    def _part(self, clause: str) -> Change:
        path = self._path()
        if clause == "REMOVE":
            return lambda changed, _, __: _held(changed, path).pop(path[-1], None)
        if clause == "SET":
            self._expect("=")
            worth = self._sum()
            return lambda changed, old, values: _held(changed, path).update({path[-1]: worth(old, values)})
        name = self._value(self._take())
        return lambda changed, _, values: _amount(clause, _held(changed, path), path[-1], values[name])

    def _sum(self) -> Callable[[Row, Values], Value]:
        first, others = self._operand(), list[tuple[str, Operand]]()
        while self._next() in ("+", "-"):
            others.append((self._take(), self._operand()))

        def worth(row: Row, values: Values) -> Value:
            found = first(row, values)
            for sign, operand in others:
                other = operand(row, values)
                if found is None or other is None or "N" not in found or "N" not in other:
                    raise _Unusable
                amount = Decimal(other["N"]) if sign == "+" else -Decimal(other["N"])
                found = {"N": str(Decimal(found["N"]) + amount)}
            if found is None:
                raise _Unusable
            return found

        return worth

    def _computed(self, name: str) -> Operand:
        first, second = self._list()

        def if_not_exists(row: Row, values: Values) -> Value | None:
            return second(row, values) if first(row, values) is None else first(row, values)

        def list_append(row: Row, values: Values) -> Value | None:
            one, other = first(row, values), second(row, values)
            if one is None or other is None or "L" not in one or "L" not in other:
                raise _Unusable
            return {"L": [*one["L"], *other["L"]]}

        return if_not_exists if name == "if_not_exists" else list_append

    # --- tokens ----------------------------------------------------------------------------------

    def _next(self) -> str:
        return self._tokens[0] if self._tokens else ""

    def _take(self) -> str:
        if not self._tokens:
            raise _Unusable
        return self._tokens.pop(0)

    def _expect(self, token: str) -> None:
        if self._take().upper() != token:
            raise _Unusable

    def _path(self) -> list[str]:
        path = [self._name(self._take())]
        while self._next() == ".":
            self._take()
            path.append(self._name(self._take()))
        return path

    def _name(self, token: str) -> str:
        if token.startswith("#"):
            self.used.add(token)
            if token not in self._names:
                raise _Unusable
            return self._names[token]
        wrong = not token[0].isalpha() or token.upper() in reserved() or token in _WORDS
        if wrong:
            raise _Unusable
        return token


def _held(row: Row, path: list[str]) -> Row:
    holder = _holder(row, path)
    if holder is None:
        raise _Unusable
    return holder


def _amount(clause: str, holder: Row, name: str, given: Value) -> None:
    ((kind, raw),) = given.items()
    old = holder.get(name)
    if clause == "ADD" and kind == "N":
        holder[name] = {"N": str(Decimal(old["N"] if old else 0) + Decimal(raw))}
        return
    if kind not in ("SS", "NS"):
        raise _Unusable
    before = set(old[kind]) if old else set()
    after = before | set(raw) if clause == "ADD" else before - set(raw)
    holder.pop(name, None)
    if after:
        holder[name] = {kind: sorted(after)}


def _at(row: Row, path: list[str]) -> Value | None:
    holder = _holder(row, path)
    return None if holder is None else holder.get(path[-1])


def _holder(row: Row, path: list[str]) -> Row | None:
    for name in path[:-1]:
        if "M" not in row.get(name, {}):
            return None
        row = row[name]["M"]
    return row


def _begins_with(first: Value | None, second: Value | None) -> bool:
    if first is None or second is None:
        return False
    raw, part = next(iter(first.values())), next(iter(second.values()))
    return isinstance(raw, str) and raw.startswith(part)


def _contains(first: Value | None, second: Value | None) -> bool:
    if first is None or second is None:
        return False
    raw, part = next(iter(first.values())), next(iter(second.values()))
    return (second in raw) if "L" in first else part in raw


def _compare(operator: str, left: Value | None, right: Value | None) -> bool:
    if operator == "=":
        return left is not None and right is not None and (left == right or order(left) == order(right))
    if operator == "<>":
        return left is None or right is None or order(left) != order(right)
    if left is None or right is None or left.keys() != right.keys():
        return False
    a, b = order(left)[1], order(right)[1]
    return bool({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator])
