"""The part of CloudWatch metric math that alarms of this service use."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

type Series = dict[int, float]
type Value = Series | float | list[Series]

_ARITHMETIC: dict[type, Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Gt: lambda a, b: float(a > b),
    ast.GtE: lambda a, b: float(a >= b),
    ast.Lt: lambda a, b: float(a < b),
    ast.LtE: lambda a, b: float(a <= b),
    ast.Eq: lambda a, b: float(a == b),
    ast.NotEq: lambda a, b: float(a != b),
}


def evaluate(expression: str, series: dict[str, Series], pending: set[str]) -> Series | None:
    """Evaluate one expression; None when it names a query that is not there yet."""
    tree = ast.parse(expression.strip(), mode="eval")
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if names & pending:
        return None
    found = _value(tree.body, series)
    if not isinstance(found, dict):
        raise ValueError(f"expression {expression} gives no time series")
    return found


def _value(node: ast.expr, series: dict[str, Series]) -> Value:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name):
        return series[node.id]
    if isinstance(node, ast.List):
        return [found for each in node.elts if isinstance(found := _value(each, series), dict)]
    if isinstance(node, ast.BinOp):
        operation = _ARITHMETIC[type(node.op)]
        return _both(operation, _value(node.left, series), _value(node.right, series))
    if isinstance(node, ast.Compare):
        operation = _ARITHMETIC[type(node.ops[0])]
        return _both(operation, _value(node.left, series), _value(node.comparators[0], series))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _call(node.func.id.upper(), [_value(each, series) for each in node.args], series)
    raise ValueError(f"metric math {ast.unparse(node)} is not served here")


def _both(operation: Callable[[float, float], float], left: Value, right: Value) -> Value:
    if isinstance(left, list) or isinstance(right, list):
        raise ValueError("arithmetic on arrays is not served here")
    if isinstance(left, float) and isinstance(right, float):
        return operation(left, right)
    both = [set(each) for each in (left, right) if isinstance(each, dict)]
    times = set.intersection(*both)
    found: Series = {}
    for when in sorted(times):
        try:
            found[when] = operation(_at(left, when), _at(right, when))
        except ZeroDivisionError:
            continue  # CloudWatch gives no point where a division has no result
    return found


def _at(value: Value, when: int) -> float:
    if isinstance(value, list):
        raise ValueError("an array is no value")
    return value if isinstance(value, float) else value[when]


def _call(name: str, given: list[Any], series: dict[str, Series]) -> Value:
    if name == "METRICS":
        return [each for ident, each in series.items() if ident]
    if name == "FILL":
        times = {when for each in series.values() for when in each}
        return {when: given[0].get(when, given[1]) for when in times}
    if name == "IF":
        return _choose(*given)
    if name in _AGGREGATES:
        return _aggregate(_AGGREGATES[name], given[0])
    raise ValueError(f"metric math {name} is not served here")


_AGGREGATES: dict[str, Callable[[list[float]], float]] = {
    "SUM": sum,
    "MAX": max,
    "MIN": min,
    "AVG": lambda found: sum(found) / len(found),
}


def _aggregate(combine: Callable[[list[float]], float], value: Value) -> Value:
    if isinstance(value, dict):
        return combine(list(value.values())) if value else 0.0
    several = value if isinstance(value, list) else []
    times = {when for each in several for when in each}
    return {when: combine([each[when] for each in several if when in each]) for when in sorted(times)}


def _choose(condition: Series, then: Value, otherwise: Value | None = None) -> Series:
    found: Series = {}
    for when, true in condition.items():
        branch = then if true else otherwise
        if isinstance(branch, float) or (isinstance(branch, dict) and when in branch):
            found[when] = _at(branch, when)
    return found
