"""Slack's signing secret and bot token, kept for five minutes per execution environment."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from responder.core.codec import load
from responder.core.context import Context
from responder.core.errors import Rejected
from responder.core.frozen import frozen

_KEPT = timedelta(minutes=5)


@frozen
class Secret:
    """Never shown: neither has a place in a log or a message."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(repr=False)


@dataclass(slots=True)
class Keeper:
    """One per execution environment; a secret that was changed counts after five minutes."""

    _kept: tuple[Secret, str, datetime] | None = field(default=None, repr=False)

    def secret(self, context: Context) -> Secret:
        """Raises AwsError where it cannot be read, or is not what we expect."""
        name, now = context.settings.slack_secret, context.now
        if self._kept is not None and self._kept[1] == name and now <= self._kept[2]:
            return self._kept[0]
        answer = context.aws.call("secretsmanager", "get_secret_value", SecretId=name)
        try:
            found = load(Secret, json.loads(answer["SecretString"]))
        except (KeyError, TypeError, ValueError):
            found = None
        if found is None or not found.signing_secret:
            raise Rejected("secretsmanager", "GetSecretValue", "Unreadable")
        self._kept = found, name, now + _KEPT
        return found


@cache
def keeper() -> Keeper:
    """The one of this execution environment."""
    return Keeper()
