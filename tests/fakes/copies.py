"""Copies of what is sent and stored."""

from typing import Any

_CONTAINERS = frozenset({dict, list, tuple})


def fresh(value: Any) -> Any:
    """A copy of what travels as JSON does, and of it only the containers: the rest cannot be changed."""
    kind = type(value)
    if kind is dict:
        return {name: fresh(part) if type(part) in _CONTAINERS else part for name, part in value.items()}
    if kind is list or kind is tuple:
        return [fresh(part) if type(part) in _CONTAINERS else part for part in value]
    return value
