"""Talks to the control endpoint of the local AWS."""

from __future__ import annotations

import json
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
        # Kept open. Each is used by one thread at a time.
        self._idle: list[HTTPConnection] = []
        self._scope = urlencode({"account": ACCOUNT, "region": region})

    def call(self, function: str, /, **arguments: Any) -> Any:
        """Call one of the functions there and give its answer."""
        connection = self._take()
        try:
            connection.request("POST", f"/_drill/{function}?{self._scope}", json.dumps(arguments))
            answer = connection.getresponse()
            found = json.loads(answer.read())
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        if answer.status != HTTPStatus.OK:
            raise ControlError(found.get("error", str(answer.status)))
        return found

    def close(self) -> None:
        """Close the connections that were kept."""
        while self._idle:
            self._idle.pop().close()

    def _take(self) -> HTTPConnection:
        try:
            return self._idle.pop()
        except IndexError:
            return HTTPConnection(self._address, timeout=120)
