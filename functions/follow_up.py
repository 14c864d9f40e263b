"""Follows one incident until it is over. Nothing is followed yet."""

from typing import Any

from responder.permissions import Permission

needs: frozenset[Permission] = frozenset()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The entry on Lambda: a durable execution."""
    raise NotImplementedError
