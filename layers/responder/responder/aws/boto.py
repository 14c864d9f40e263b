"""The gateway to AWS: every call of the project goes through `Boto`."""

import gc
import time
from collections.abc import Callable, Iterable
from functools import cache, partial
from threading import Lock
from typing import Any

import boto3
import botocore
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from responder.aws.gateway import Pace
from responder.aws.operations import Repeat, Request
from responder.aws.translate import translated
from responder.core.context import Gateway
from responder.core.errors import Unreachable
from responder.core.plain_data import Json
from responder.core.retry import Sleep, again


def version() -> str:
    """botocore's, `1.42.60`."""
    return str(botocore.__version__)


def whole(answer: Json, request: Request) -> Json:
    """The answer itself.

    Raises:
        Unreachable: it lacks what every such answer holds.
    """
    always = "Attributes" if request.arguments.get("ReturnValues") == "ALL_NEW" else request.row.always
    names = (always,) if isinstance(always, str) else always
    if names and not any(name in answer for name in names):
        raise Unreachable(request.service.partition("@")[0], request.api, "IncompleteAnswer")
    return answer


# An answer that the SDK cannot read is a separate error, outside of its tree.
FAILURES = (BotoCoreError, ClientError, ResponseParserError)
_HOME = {"health": "us-east-1", "ce": "us-east-1", "support": "us-east-1"}
_PAUSE_SECONDS = 0.2
_AGAIN_SECONDS = 1.0
# Lambda's control plane takes so many requests a second of an account, all its operations together but those
# with a rate of their own (Lambda quotas). Reads leave room for three writes of a rollback of four functions;
# the place of one read is free again by the time of the fourth. A read waits for a second at most: a look has
# three. A write waits for a moment at most: what allowed it is of then.
_CONTROL_PLANE, _KEPT, _SECOND, _MOMENT = 15, 3, 1.0, 0.1


class Boto(Gateway):
    """The `Gateway` over boto3: clients made when first asked for, safe to share between threads.

    The SDK repeats a request that timed out, though it may have taken effect: good for reads, wrong
    for writes. So writes have separate clients that do not repeat; `Boto` repeats a write only when
    it did not leave, once, or was turned away for its rate and may be sent again as it is.
    """

    def __init__(
        self,
        region: str,
        pause: Sleep = time.sleep,
        patience: float = 3,
        clock: Callable[[], float] = time.monotonic,
        *,
        again: float = _AGAIN_SECONDS,
    ) -> None:
        """`patience`: for how many seconds an answer is waited for; `again`: for how many a write is sent
        again that was turned away for its rate, and may be repeated as it is."""
        self._again = again
        self._region = region
        self._pause = pause
        self._clock = clock
        self._patience = patience
        self._pace = Pace(_CONTROL_PLANE, _CONTROL_PLANE, clock, pause)
        self._session: Any = boto3.Session(region_name=region)
        self._clients: dict[tuple[str, bool], Any] = {}
        self._lock = Lock()

    def call(self, service: str, operation: str, /, **arguments: Any) -> Json:
        """One request; the answer as botocore parses it. `service@region` asks another Region."""
        request = Request(service, operation, arguments)
        send = partial(self._send, request)
        if request.row.repeat is Repeat.AS_IT_IS:
            return again(send, self._clock() + self._again, self._clock, self._pause)
        return send()

    def ready(self, services: Iterable[str]) -> None:
        """Make the clients now. A cold start pays for it before the looks' clocks run, not within.

        What modules and clients are made of stays as long as the environment. The collector does not look for
        garbage in it meanwhile, which would be a tenth of the CPU of a cold start, nor later.
        """
        missing = [service for service in services if (service, True) not in self._clients]
        if not missing:
            return
        collecting = gc.isenabled()
        gc.disable()
        try:
            for service in missing:
                self._client(service, reading=True)
        finally:
            gc.freeze()
            if collecting:
                gc.enable()

    def raw(self, service: str) -> Any:
        """A client without retries, for libraries that need a boto3 client."""
        return self._client(service, reading=False)

    def credentials(self) -> Any:
        """Botocore's credentials of the caller; None where there are none."""
        return self._session.get_credentials()

    def _send(self, request: Request) -> Json:
        service, operation, _ = request
        try:
            try:
                return self._once(request)
            except (ConnectTimeoutError, EndpointConnectionError):
                if request.reads:
                    raise
                # It did not leave, so that nothing was done.
                self._pause(_PAUSE_SECONDS)
                return self._once(request)
        except FAILURES as error:
            names = self._client(service, reading=True).meta.method_to_api_mapping
            raise translated(error, service.partition("@")[0], names.get(operation, operation)) from None

    def _once(self, request: Request) -> Json:
        service, operation, arguments = request
        if service == "lambda" and not request.row.own_rate:
            self._pace.wait(*((_KEPT, _SECOND) if request.reads else (0, _MOMENT)))
        answer: Json = getattr(self._client(service, reading=request.reads), operation)(**arguments)
        return whole(answer, request)

    def _client(self, service: str, *, reading: bool) -> Any:
        # A session is not thread-safe while it makes a client; the clients themselves are.
        with self._lock:
            key = (service, reading)
            if key not in self._clients:
                name, _, region = service.partition("@")
                self._clients[key] = self._session.client(
                    name,
                    region_name=region or _HOME.get(name, self._region),
                    config=_config(attempts=2 if reading else 1, patience=self._patience),
                )
            return self._clients[key]


def _config(attempts: int, patience: float) -> Config:
    return Config(
        connect_timeout=1,
        read_timeout=patience,
        retries={"mode": "standard", "total_max_attempts": attempts},
        # One reading sends requests from many threads simultaneously.
        max_pool_connections=25,
    )


@cache
def gateway(region: str) -> Boto:
    """Made once per execution environment: clients hold no state of a response."""
    return Boto(region)
