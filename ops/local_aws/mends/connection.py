"""The HTTP request that is being answered, byte by byte, and its TCP connection for faults that cut it."""

from __future__ import annotations

import contextvars
from typing import Any

_SCOPE: contextvars.ContextVar[dict[str, Any]] = contextvars.ContextVar("scope")
_SEND: contextvars.ContextVar[Any] = contextvars.ContextVar("send", default=None)


def remember(scope: dict[str, Any], send: Any) -> None:
    """Keep the request and its connection."""
    _SCOPE.set(scope)
    _SEND.set(send)


def scope() -> dict[str, Any]:
    """The request in the form of ASGI: its path and headers byte by byte."""
    return _SCOPE.get()


def abort() -> None:
    """Cut the connection: the caller gets no answer at all.

    Uvicorn offers no way to do that, so this takes the transport of what sends the answer; if the name
    moves, the test of dropped answers fails.
    """
    _SEND.get().__self__.transport.abort()
