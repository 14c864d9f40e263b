"""What a look or a remedy is given: the door to AWS, the settings, the time, the alarm."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.gateway import Gateway
from responder.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """Built once per response. `now` and `since` (first ALARM of this state) are UTC."""

    aws: Gateway
    settings: Settings
    now: datetime
    since: datetime

    def ago(self, **span: float) -> datetime:
        """`now` minus a `timedelta(**span)`."""
        return self.now - timedelta(**span)
