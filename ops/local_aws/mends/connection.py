"""The TCP connection of the request that is being answered, for faults that cut it."""

from __future__ import annotations

import contextvars
from typing import Any

_SEND: contextvars.ContextVar[Any] = contextvars.ContextVar("send", default=None)


def remember(send: Any) -> None:
    """Keep the way back to the connection for the current request."""
    _SEND.set(send)


def abort() -> None:
    """Cut the connection: the caller gets no answer at all.

    Hypercorn offers no way to do that, so this goes through its stream and its protocol to the
    transport; if these names move, the test of dropped answers fails.
    """
    stream = _SEND.get().__self__
    server = stream.send.__self__.send.__self__
    server.writer.transport.abort()
