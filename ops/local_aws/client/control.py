"""Talks to the control endpoint of the local AWS."""

from __future__ import annotations

import json
import threading
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from .administrator import ACCOUNT


class ControlError(RuntimeError):
    """The control endpoint refused; the message says why."""


class Control:
    """``/_drill/*`` of one running local AWS."""

    def __init__(self, endpoint: str, region: str) -> None:
        """Remember where it is and which account and region are meant."""
        self._address = urlsplit(endpoint).netloc
        self._of_thread = threading.local()
        self._scope = {"account": ACCOUNT, "region": region}

    def send(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Make one control call and give its answer."""
        connection = self._connection()
        try:
            target = f"/_drill/{path}?{urlencode({**self._scope, **query})}"
            connection.request(method, target, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            found = json.loads(answer.read())
        except BaseException:
            connection.close()
            raise
        if answer.status != HTTPStatus.OK:
            raise ControlError(found.get("error", str(answer.status)))
        return found

    def close(self) -> None:
        """Close the connection of this thread."""
        self._connection().close()

    def _connection(self) -> HTTPConnection:
        """Kept open, one a thread; it is opened again where it was closed."""
        found: HTTPConnection | None = getattr(self._of_thread, "connection", None)
        if found is None:
            found = self._of_thread.connection = HTTPConnection(self._address, timeout=120)
        return found
