"""The HTTP request that is being answered, byte by byte, and its TCP connection for faults that cut it."""

from __future__ import annotations

import contextvars
from typing import Any

import h11  # type: ignore[import-not-found]
from hypercorn.events import RawData  # type: ignore[import-not-found]
from hypercorn.protocol.h11 import H11Protocol  # type: ignore[import-not-found]

from . import seams

# An answer up to this size leaves in one piece.
_PIECE = 65_536
_SCOPE: contextvars.ContextVar[dict[str, Any]] = contextvars.ContextVar("scope")
_SEND: contextvars.ContextVar[Any] = contextvars.ContextVar("send", default=None)


def install() -> None:
    """Send head and body of an answer together: hypercorn sends each, and each wakes the caller."""
    seams.swap(H11Protocol, "_send_h11_event", "self event", _send_event)


async def _send_event(protocol: Any, event: Any) -> None:
    waiting = protocol.__dict__.pop("drill_waiting", b"")
    try:
        data = waiting + protocol.connection.send(event)
    except h11.LocalProtocolError:
        if protocol.connection.their_state != h11.ERROR:
            raise
        return
    if isinstance(event, h11.Response | h11.Data) and len(data) < _PIECE:
        protocol.drill_waiting = data
    else:
        await protocol.send(RawData(data=data))


def remember(scope: dict[str, Any], send: Any) -> None:
    """Keep the request and its connection."""
    _SCOPE.set(scope)
    _SEND.set(send)


def scope() -> dict[str, Any]:
    """The request in the form of ASGI: its path and headers byte by byte."""
    return _SCOPE.get()


def abort() -> None:
    """Cut the connection: the caller gets no answer at all.

    Hypercorn offers no way to do that, so this goes through its stream and its protocol to the
    transport; if these names move, the test of dropped answers fails.
    """
    stream = _SEND.get().__self__
    server = stream.send.__self__.send.__self__
    server.writer.transport.abort()
