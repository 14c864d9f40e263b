"""What can happen to one call to AWS: as botocore raises it, so that our own translation is in the path."""

from collections.abc import Callable

from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from responder.core.frozen import frozen
from tests.fakes import Died

_URL = "https://aws.test"


@frozen
class Fault:
    """`error`: what the caller gets, None for an answer without content; `after`: the call took effect."""

    name: str
    error: Callable[[str], BaseException] | None
    after: bool = False

    @property
    def kills(self) -> bool:
        """The process ends with it."""
        return self.name.startswith("killed")

    def __str__(self) -> str:
        return self.name


def _refused(code: str, status: int) -> Callable[[str], BaseException]:
    answer = {"Error": {"Code": code, "Message": "injected"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return lambda operation: ClientError(answer, operation)  # type: ignore[arg-type]


FAULTS = (
    Fault("throttled", _refused("ThrottlingException", 400)),
    Fault("denied", _refused("AccessDeniedException", 403)),
    Fault("time-out before", lambda _: ReadTimeoutError(endpoint_url=_URL)),
    Fault("time-out after", lambda _: ReadTimeoutError(endpoint_url=_URL), after=True),
    Fault("connection reset", lambda _: ConnectionClosedError(endpoint_url=_URL)),
    Fault("unreadable answer", lambda _: ResponseParserError("not what was expected"), after=True),
    Fault("empty answer", None, after=True),
    Fault("killed before", lambda _: Died()),
    Fault("killed after", lambda _: Died(), after=True),
)
