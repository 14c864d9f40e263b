"""What a look or a remedy is given: the door to AWS, the settings, the time, the alarm."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from responder.core.errors import ResponderError
from responder.core.gateway import Gateway
from responder.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """Built once per response. `now` and `since` (first ALARM of this state) are UTC.

    parameters: those of SSM under the stack's path, as they were read at its beginning with the settings
        document; None where they were not.
    """

    aws: Gateway
    settings: Settings
    now: datetime
    since: datetime
    parameters: Mapping[str, str] | ResponderError | None = field(default=None, compare=False, repr=False)
    began: float = field(default_factory=time.monotonic, compare=False, repr=False)

    @property
    def present(self) -> datetime:
        """`now` and what has passed since this response began (UTC)."""
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def ago(self, **span: float) -> datetime:
        """`now` minus a `timedelta(**span)`."""
        return self.now - timedelta(**span)
