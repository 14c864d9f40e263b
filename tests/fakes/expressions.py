"""DynamoDB's condition and update expressions over typed attribute values."""

import re
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from responder.core.errors import Rejected

type Value = dict[str, Any]
type Row = dict[str, Value]
type Test = Callable[[Row], bool]
type Operand = Callable[[Row], Value | None]

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


@cache
def _tokens(expression: str) -> tuple[str, ...] | None:
    """Nothing where some part of it is none."""
    found, at = [], 0
    while at < len(expression.rstrip()):
        match = _TOKEN.match(expression, at)
        if match is None:
            return None
        found.append(match[1])
        at = match.end()
    return tuple(found)


class Expressions:
    """The expressions of one request, with its names and values."""

    def __init__(self, operation: str, request: dict[str, Any]) -> None:
        self._operation = operation
        self._names: dict[str, str] = request.get("ExpressionAttributeNames", {})
        self._values: dict[str, Value] = request.get("ExpressionAttributeValues", {})
        self._used: set[str] = set()
        self._tokens: list[str] = []
        self._row: Row = {}
        self._tests: dict[str, Test] = {}

    def holds(self, expression: str, row: Row) -> bool:
        return self._test(expression)(row)

    def read(self, *expressions: str | None) -> None:
        """Check expressions that nothing is compared with."""
        for each in expressions:
            if each is not None:
                self._test(each)

    def _test(self, expression: str) -> Test:
        """Read once, however many rows it is compared with."""
        if expression not in self._tests:
            self._open(expression)
            found = self._or()
            self._closed()
            self._tests[expression] = found
        return self._tests[expression]

    def update(self, expression: str, row: Row) -> Row:
        self._open(expression)
        self._row, changed = row, deepcopy(row)
        while self._tokens:
            clause = self._take().upper()
            if clause not in _CLAUSES:
                raise invalid(self._operation)
            self._part(clause, changed)
            while self._next() == ",":
                self._take()
                self._part(clause, changed)
        return changed

    def all_used(self) -> None:
        """AWS refuses names and values that no expression uses."""
        if self._used != self._names.keys() | self._values.keys():
            raise invalid(self._operation)

    # --- conditions ------------------------------------------------------------------------------

    def _or(self) -> Test:
        parts = [self._and()]
        while self._next().upper() == "OR":
            self._take()
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else lambda row: any(part(row) for part in parts)

    def _and(self) -> Test:
        parts = [self._not()]
        while self._next().upper() == "AND":
            self._take()
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else lambda row: all(part(row) for part in parts)

    def _not(self) -> Test:
        if self._next().upper() == "NOT":
            self._take()
            inner = self._not()
            return lambda row: not inner(row)
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
            return lambda row: _compare(">=", left(row), low(row)) and _compare("<=", left(row), high(row))
        if operator == "IN":
            among = self._list()
            return lambda row: any(left(row) == each(row) for each in among)
        right = self._operand()
        return lambda row: _compare(operator, left(row), right(row))

    def _function(self, name: str) -> Test:
        first, *rest = self._list()
        if name == "attribute_exists":
            return lambda row: first(row) is not None
        if name == "attribute_not_exists":
            return lambda row: first(row) is None
        (second,) = rest
        holds = _begins_with if name == "begins_with" else _contains
        return lambda row: holds(first(row), second(row))

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
            value = self._value(self._take())
            return lambda _: value
        if token in ("if_not_exists", "list_append"):
            return self._computed(self._take())
        path = self._path()
        return lambda row: _at(row, path)

    def _value(self, token: str) -> Value:
        self._used.add(token)
        if token not in self._values:
            raise invalid(self._operation)
        return self._values[token]

    # --- updates ---------------------------------------------------------------------------------

    def _part(self, clause: str, row: Row) -> None:
        path = self._path()
        holder = _holder(row, path)
        if holder is None:
            raise invalid(self._operation)
        name = path[-1]
        if clause == "REMOVE":
            holder.pop(name, None)
        elif clause == "SET":
            self._expect("=")
            holder[name] = self._sum()
        else:
            self._amount(clause, holder, name)

    def _amount(self, clause: str, holder: Row, name: str) -> None:
        given = self._value(self._take())
        ((kind, raw),) = given.items()
        old = holder.get(name)
        if clause == "ADD" and kind == "N":
            holder[name] = {"N": str(Decimal(old["N"] if old else 0) + Decimal(raw))}
            return
        if kind not in ("SS", "NS"):
            raise invalid(self._operation)
        before = set(old[kind]) if old else set()
        after = before | set(raw) if clause == "ADD" else before - set(raw)
        holder.pop(name, None)
        if after:
            holder[name] = {kind: sorted(after)}

    def _sum(self) -> Value:
        found = self._operand()(self._row)
        while self._next() in ("+", "-"):
            sign = self._take()
            other = self._operand()(self._row)
            if found is None or other is None or "N" not in found or "N" not in other:
                raise invalid(self._operation)
            amount = Decimal(other["N"]) if sign == "+" else -Decimal(other["N"])
            found = {"N": str(Decimal(found["N"]) + amount)}
        if found is None:
            raise invalid(self._operation)
        return found

    def _computed(self, name: str) -> Operand:
        first, second = self._list()

        def if_not_exists(row: Row) -> Value | None:
            return second(row) if first(row) is None else first(row)

        def list_append(row: Row) -> Value | None:
            one, other = first(row), second(row)
            if one is None or other is None or "L" not in one or "L" not in other:
                raise invalid(self._operation)
            return {"L": [*one["L"], *other["L"]]}

        return if_not_exists if name == "if_not_exists" else list_append

    # --- tokens ----------------------------------------------------------------------------------

    def _open(self, expression: str) -> None:
        tokens = _tokens(expression)
        if tokens is None:
            raise invalid(self._operation)
        self._tokens = list(tokens)

    def _closed(self) -> None:
        if self._tokens:
            raise invalid(self._operation)

    def _next(self) -> str:
        return self._tokens[0] if self._tokens else ""

    def _take(self) -> str:
        if not self._tokens:
            raise invalid(self._operation)
        return self._tokens.pop(0)

    def _expect(self, token: str) -> None:
        if self._take().upper() != token:
            raise invalid(self._operation)

    def _path(self) -> list[str]:
        path = [self._name(self._take())]
        while self._next() == ".":
            self._take()
            path.append(self._name(self._take()))
        return path

    def _name(self, token: str) -> str:
        if token.startswith("#"):
            self._used.add(token)
            if token not in self._names:
                raise invalid(self._operation)
            return self._names[token]
        wrong = not token[0].isalpha() or token.upper() in reserved() or token in _WORDS
        if wrong:
            raise invalid(self._operation)
        return token


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
        return left is not None and right is not None and order(left) == order(right)
    if operator == "<>":
        return left is None or right is None or order(left) != order(right)
    if left is None or right is None or left.keys() != right.keys():
        return False
    a, b = order(left)[1], order(right)[1]
    return bool({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator])
