"""Copies of what is sent and stored."""

from typing import Any

_CONTAINERS = frozenset({dict, list, tuple})


def fresh(value: Any) -> Any:
    """A copy of what travels as JSON does, and of it only the containers: the rest cannot be changed."""
    kind = type(value)
    if kind is dict:
        # Most containers are attributes of stored rows that are a text, {"S": "…"}: copied without a call.
        return {
            name: part
            if (of := type(part)) not in _CONTAINERS
            else part.copy()
            if of is dict and len(part) == 1 and type(part.get("S")) is str
            else fresh(part)
            for name, part in value.items()
        }
    if kind is list or kind is tuple:
        return [fresh(part) if type(part) in _CONTAINERS else part for part in value]
    return value
