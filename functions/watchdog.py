"""Finds open incidents that nobody follows. Nothing is watched yet."""

from typing import Any

from responder.permissions import Permission

needs: frozenset[Permission] = frozenset()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The entry on Lambda: every five minutes."""
    raise NotImplementedError
