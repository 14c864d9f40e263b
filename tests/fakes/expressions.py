"""DynamoDB's condition and update expressions over typed attribute values."""

import re
from copy import deepcopy
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from responder.errors import Rejected

type Value = dict[str, Any]
type Row = dict[str, Value]

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
    text = files("moto.dynamodb.parsing").joinpath("reserved_keywords.txt").read_text()
    return frozenset(text.split())


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

    def holds(self, expression: str, row: Row) -> bool:
        self._open(expression, row)
        found = self._or()
        self._closed()
        return found

    def read(self, *expressions: str | None) -> None:
        """Check expressions that nothing is compared with."""
        for each in expressions:
            if each is not None:
                self.holds(each, {})

    def update(self, expression: str, row: Row) -> Row:
        self._open(expression, row)
        changed = deepcopy(row)
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

    def _or(self) -> bool:
        found = self._and()
        while self._next().upper() == "OR":
            self._take()
            other = self._and()
            found = found or other
        return found

    def _and(self) -> bool:
        found = self._not()
        while self._next().upper() == "AND":
            self._take()
            other = self._not()
            found = found and other
        return found

    def _not(self) -> bool:
        if self._next().upper() == "NOT":
            self._take()
            return not self._not()
        if self._next() == "(":
            self._take()
            found = self._or()
            self._expect(")")
            return found
        return self._comparison()

    def _comparison(self) -> bool:
        name = self._next()
        if name in ("attribute_exists", "attribute_not_exists", "begins_with", "contains"):
            return self._function(self._take())
        left = self._operand()
        operator = self._take().upper()
        if operator == "BETWEEN":
            low = self._operand()
            self._expect("AND")
            high = self._operand()
            return _compare(">=", left, low) and _compare("<=", left, high)
        if operator == "IN":
            return any(left == each for each in self._list())
        return _compare(operator, left, self._operand())

    def _function(self, name: str) -> bool:
        first, *rest = self._list()
        if name == "attribute_exists":
            return first is not None
        if name == "attribute_not_exists":
            return first is None
        (second,) = rest
        if first is None or second is None:
            return False
        raw, part = next(iter(first.values())), next(iter(second.values()))
        if name == "begins_with":
            return isinstance(raw, str) and raw.startswith(part)
        return (second in raw) if "L" in first else part in raw

    def _list(self) -> list[Value | None]:
        self._expect("(")
        found = [self._operand()]
        while self._next() == ",":
            self._take()
            found.append(self._operand())
        self._expect(")")
        return found

    def _operand(self) -> Value | None:
        token = self._next()
        if token.startswith(":"):
            return self._value(self._take())
        if token in ("if_not_exists", "list_append"):
            return self._computed(self._take())
        return _at(self._row, self._path())

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
        found = self._operand()
        while self._next() in ("+", "-"):
            sign = self._take()
            other = self._operand()
            if found is None or other is None or "N" not in found or "N" not in other:
                raise invalid(self._operation)
            amount = Decimal(other["N"]) if sign == "+" else -Decimal(other["N"])
            found = {"N": str(Decimal(found["N"]) + amount)}
        if found is None:
            raise invalid(self._operation)
        return found

    def _computed(self, name: str) -> Value | None:
        first, second = self._list()
        if name == "if_not_exists":
            return second if first is None else first
        if first is None or second is None or "L" not in first or "L" not in second:
            raise invalid(self._operation)
        return {"L": [*first["L"], *second["L"]]}

    # --- tokens ----------------------------------------------------------------------------------

    def _open(self, expression: str, row: Row) -> None:
        tokens = _tokens(expression)
        if tokens is None:
            raise invalid(self._operation)
        self._tokens, self._row = list(tokens), row

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


def _compare(operator: str, left: Value | None, right: Value | None) -> bool:
    if operator == "=":
        return left is not None and right is not None and order(left) == order(right)
    if operator == "<>":
        return left is None or right is None or order(left) != order(right)
    if left is None or right is None or left.keys() != right.keys():
        return False
    a, b = order(left)[1], order(right)[1]
    return bool({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator])
