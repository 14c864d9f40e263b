"""Is it from Slack, and is it new?

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import re
from datetime import datetime
from http import HTTPStatus

from responder.slack.inbound.request import SlackRequest, TurnedAway

SECONDS = 300
_STAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


def sign(body: bytes, stamp: str, secret: str) -> str:
    """What Slack writes into `X-Slack-Signature`."""
    basis = b"v0:" + stamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), basis, hashlib.sha256).hexdigest()


def verify(request: SlackRequest, secret: str, now: datetime) -> str:
    """The digest that stands for this one request, to be claimed once.

    Raises:
        TurnedAway: no signature or another one, or more than 300 s from now in either direction.
    """
    stamp = request.headers.get("x-slack-request-timestamp", "")
    given = request.headers.get("x-slack-signature", "")
    if not secret or not _STAMP.fullmatch(stamp) or not _SIGNATURE.fullmatch(given):
        raise TurnedAway(HTTPStatus.UNAUTHORIZED, "no signature")
    if not hmac.compare_digest(sign(request.body, stamp, secret), given):
        raise TurnedAway(HTTPStatus.UNAUTHORIZED, "signature")
    if abs(now.timestamp() - int(stamp)) > SECONDS:
        raise TurnedAway(HTTPStatus.UNAUTHORIZED, "age")
    return hashlib.sha256(given.encode()).hexdigest()[:32]
