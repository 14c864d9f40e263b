"""What a look or a remedy is given: the door to AWS, the settings, the time, the alarm."""

import time
from dataclasses import dataclass, field
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
    began: float = field(default_factory=time.monotonic, compare=False, repr=False)

    @property
    def present(self) -> datetime:
        """`now` and what has passed since this response began (UTC)."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def ago(self, **span: float) -> datetime:
        """`now` minus a `timedelta(**span)`."""
        return self.now - timedelta(**span)
