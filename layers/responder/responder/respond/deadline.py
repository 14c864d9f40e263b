"""The deadline of a response: it ends, its message sent, before Lambda ends the function after 60 seconds.

Whatever AWS does, three lines hold, each counted from the beginning of the run:

- The service is changed only until `WRITE_SECONDS`; what comes later is refused, and the message says so.
- Nothing is read after `READ_SECONDS`. That is after the last change, whose outcome may have to be looked at.
- Nothing at all is sent after `SEND_SECONDS`: the rest of the time belongs to the last answer.

A read takes at most 9 s (two tries of 1 s to connect and 3 s to answer, and a pause), a write 5.2 s (one try
that did not connect, then the last). It is begun at most 0.2 s late, where the look that has to allow it was
slow. So after a change at 20 s, its answer and a look at it, there are 34.4 s on the clock; two records
follow before the message, which is begun by 47 s.
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from responder.core.context import Context, Gateway, reads
from responder.core.errors import Unreachable
from responder.core.frozen import frozen

WRITE_SECONDS = 20.0


READ_SECONDS = 26.0


SEND_SECONDS = 47.0


# An event that took no longer than this is fresh.
FRESH = timedelta(seconds=5)


def writes_until(context: Context) -> float:
    """When the service is changed at the latest, as `time.monotonic` tells it: `WRITE_SECONDS` after a fresh
    event. A command, an approved one too, and an event that was long on its way count from their arrival."""
    late = context.now - context.since
    on_its_way = late if timedelta() < late <= FRESH else timedelta()
    return context.began + WRITE_SECONDS - on_its_way.total_seconds()


@frozen
class InTime:
    """The gateway of one run that `began` at this time of `time.monotonic`. What is asked too late is not
    sent, and counts as not answered."""

    aws: Gateway
    began: float

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        """As of a `Gateway`."""
        self._check(service, operation)
        return self.aws.call(service, operation, **arguments)

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[dict[str, Any]]:
        """As of a `Gateway`; each page is a read of its own."""
        pages = self.aws.pages(service, operation, **arguments)
        while True:
            self._check(service, operation)
            page = next(pages, None)
            if page is None:
                return
            yield page

    def _check(self, service: str, operation: str) -> None:
        most = READ_SECONDS if reads(operation) else SEND_SECONDS
        if time.monotonic() - self.began > most:
            raise Unreachable(service, operation.title().replace("_", ""), "TimedOut")
