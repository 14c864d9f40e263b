"""The door to AWS: every call of the project goes through `Boto`."""

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from threading import Lock
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from responder.aws.answers import whole
from responder.aws.translate import translated
from responder.core.errors import AwsError
from responder.core.gateway import reads
from responder.core.retry import WRITES, Repeat, again

# An answer that the SDK cannot read is an error of its own, outside of its tree.
FAILURES = (BotoCoreError, ClientError, ResponseParserError)
_HOME = {"health": "us-east-1", "ce": "us-east-1", "support": "us-east-1"}
_PAUSE_SECONDS = 0.2
_AGAIN_SECONDS = 1.0


class Boto:
    """A `Gateway` over boto3: clients made when first asked for, safe to share between threads.

    The SDK repeats a request that timed out, though it may have taken effect: good for reads, wrong
    for writes. So writes have clients of their own that do not repeat; `Boto` repeats a write only when
    it did not leave, once, or was turned away for its rate: for some seconds where `WRITES` allows it.
    """

    def __init__(
        self,
        region: str,
        pause: Callable[[float], None] = time.sleep,
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
        self._session: Any = boto3.Session(region_name=region)
        self._clients: dict[tuple[str, bool], Any] = {}
        self._lock = Lock()

    def call(self, service: str, operation: str, /, **arguments: Any) -> dict[str, Any]:
        """One request; the answer as botocore parses it. `service@region` asks another Region."""
        ask = partial(self._asked, service, operation, arguments)
        if reads(operation):
            return ask()
        kept = WRITES.get((service, operation)) is Repeat.AS_IT_IS
        until = self._clock() + (self._again if kept else _PAUSE_SECONDS)
        return again(ask, until, self._clock, self._pause)

    def pages(self, service: str, operation: str, /, **arguments: Any) -> Iterator[dict[str, Any]]:
        """Every page of a paginated operation, fetched as they are consumed."""
        try:
            for page in self._client(service, reading=True).get_paginator(operation).paginate(**arguments):
                yield whole(page, service.partition("@")[0], operation, arguments)
        except FAILURES as error:
            raise self._translated(error, service, operation) from None

    def ready(self, services: Iterable[str]) -> None:
        """Make the clients now. A cold start pays for it before the looks' clocks run, not within."""
        for service in services:
            self._client(service, reading=True)

    def raw(self, service: str) -> Any:
        """A client that repeats nothing by itself, for libraries that want one of their own."""
        return self._client(service, reading=False)

    def credentials(self) -> Any:
        """Botocore's credentials of whoever acts; None where there are none."""
        return self._session.get_credentials()

    def _asked(self, service: str, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
        reading = reads(operation)
        try:
            try:
                return self._send(service, operation, reading, arguments)
            except (ConnectTimeoutError, EndpointConnectionError):
                if reading:
                    raise
                # It did not leave, so that nothing was done.
                self._pause(_PAUSE_SECONDS)
                return self._send(service, operation, reading, arguments)
        except FAILURES as error:
            raise self._translated(error, service, operation) from None

    def _send(self, service: str, operation: str, reading: bool, arguments: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = getattr(self._client(service, reading=reading), operation)(**arguments)
        return whole(answer, service.partition("@")[0], operation, arguments)

    def _translated(self, error: Any, service: str, operation: str) -> AwsError:
        return translated(error, service.partition("@")[0], self._api(service, operation))

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

    def _api(self, service: str, operation: str) -> str:
        names: dict[str, str] = self._client(service, reading=True).meta.method_to_api_mapping
        return names.get(operation, operation)


def _config(attempts: int, patience: float) -> Config:
    return Config(
        connect_timeout=1,
        read_timeout=patience,
        retries={"mode": "standard", "total_max_attempts": attempts},
        # One look asks from many threads at once.
        max_pool_connections=25,
    )
