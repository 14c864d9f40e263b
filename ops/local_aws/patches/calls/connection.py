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


class _Joined:
    """The transport of one answer, which is written in two parts: the head waits for the body, as each part
    would wake the caller."""

    def __init__(self, cycle: Any) -> None:
        self._cycle, self._transport = cycle, cycle.transport
        self._head: bytes | None = None

    def write(self, data: bytes) -> None:
        # Before the head there may be "100 Continue", which the caller waits for.
        if self._head is None and self._cycle.response_started:
            self._head = data
            return
        self._transport.write((self._head or b"") + data)
        self._head = b"" if self._head else self._head

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def join(scope: dict[str, Any], send: Any) -> None:
    """Send this answer in one piece, unless it has no body."""
    cycle = getattr(send, "__self__", None)
    if cycle is not None and scope["method"] != "HEAD":
        cycle.transport = _Joined(cycle)


def scope() -> dict[str, Any]:
    """The request in the form of ASGI: its path and headers byte by byte."""
    return _SCOPE.get()


def abort() -> None:
    """Cut the connection: the caller gets no answer at all.

    Uvicorn offers no way to do that, so this takes the transport of what sends the answer; if the name
    moves, the test of dropped answers fails.
    """
    _SEND.get().__self__.transport.abort()
