"""What arrives at the function's URL, before anything of it is believed."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from responder.core.errors import BadEvent

MOST_BYTES = 100_000
# Four characters of base64 for three bytes.
_MOST_ENCODED = MOST_BYTES * 4 // 3 + 4


class TurnedAway(BadEvent):
    """A request that is answered with `status`, and with nothing else; the field is why, for the log."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class SlackRequest:
    """The raw body, and the headers by their lower-case names."""

    headers: Mapping[str, str]
    body: bytes


def read(event: object) -> SlackRequest:
    """A request as a function URL delivers it (payload format 2.0).

    Raises:
        TurnedAway: it is none, not by POST, or too large to be looked at.
    """
    http = _part(_part(event, "requestContext"), "http")
    if not http:
        raise TurnedAway(HTTPStatus.BAD_REQUEST, "no request")
    if http.get("method") != "POST":
        raise TurnedAway(HTTPStatus.METHOD_NOT_ALLOWED, "method")
    headers = {str(name).lower(): value for name, value in _part(event, "headers").items()}
    return SlackRequest(
        {name: value for name, value in headers.items() if isinstance(value, str)}, _body(event)
    )


def _body(event: object) -> bytes:
    given: Mapping[str, Any] = event if isinstance(event, Mapping) else {}
    body = given.get("body") or ""
    if not isinstance(body, str):
        raise TurnedAway(HTTPStatus.BAD_REQUEST, "body")
    if len(body) > _MOST_ENCODED:
        raise TurnedAway(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "size")
    try:
        raw = base64.b64decode(body, validate=True) if given.get("isBase64Encoded") else body.encode()
    except (binascii.Error, ValueError):
        raise TurnedAway(HTTPStatus.BAD_REQUEST, "base64") from None
    if len(raw) > MOST_BYTES:
        raise TurnedAway(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "size")
    return raw


def _part(value: object, name: str) -> Mapping[str, Any]:
    found: object = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}
