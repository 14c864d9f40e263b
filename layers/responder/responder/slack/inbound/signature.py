"""Is it from Slack, and is it new?

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from slack_sdk.signature import Clock, SignatureVerifier

from responder.slack.inbound.request import SlackRequest, TurnedAway


@dataclass(frozen=True, slots=True)
class _RequestClock(Clock):
    """The time at which the request arrived, by which everything else of it is judged too."""

    at: datetime

    def now(self) -> float:
        return self.at.timestamp()


def verify(request: SlackRequest, secret: str, now: datetime) -> str:
    """The digest that stands for this one request, to be claimed once.

    Raises:
        TurnedAway: no signature or another one, or more than 300 s from now in either direction.
    """
    stamp = request.headers.get("x-slack-request-timestamp", "")
    given = request.headers.get("x-slack-signature", "")
    try:
        valid = SignatureVerifier(secret, _RequestClock(now)).is_valid(request.body, stamp, given)
    except (ArithmeticError, TypeError, ValueError):
        # A blank secret, a timestamp that is no number, a body or a signature that is no text.
        valid = False
    if not valid:
        raise TurnedAway(HTTPStatus.UNAUTHORIZED, "signature")
    return hashlib.sha256(given.encode()).hexdigest()[:32]
