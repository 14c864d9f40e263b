"""Boto without a network: each request is answered, or failed, by the next entry of a script."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.loaders import Loader
from botocore.session import get_session

from responder.aws import Boto
from responder.core.plain_data import Json


class Wire:
    """`script`: (status, body) or an exception per request; `sent`: the requests."""

    def __init__(self) -> None:
        self.script: list[tuple[int, Json] | Exception] = []
        self.sent: list[Any] = []
        self.pauses: list[float] = []
        self.clients = 0

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def clock(self) -> float:
        """Seconds, of which only pauses take any."""
        return sum(self.pauses)

    def answer(self, request: Any, **_: Any) -> AWSResponse:
        self.sent.append(request)
        entry = self.script.pop(0)
        if isinstance(entry, Exception):
            raise entry
        status, body = entry
        raw = json.dumps(body).encode()
        headers: Any = {"x-amzn-errortype": body.get("__type", ""), "content-type": "application/json"}
        return AWSResponse(request.url, status, headers, _Body(raw))


class _Body:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._raw

    def read(self) -> bytes:
        return self._raw


@pytest.fixture(scope="session")
def models() -> Loader:
    """Reading the service models is what takes time."""
    loader: Loader = get_session().get_component("data_loader")
    return loader


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    return Wire()


@pytest.fixture
def boto(wire: Wire, models: Loader, monkeypatch: pytest.MonkeyPatch) -> Boto:
    core = get_session()
    core.register_component("data_loader", models)
    session: Any = boto3.Session(region_name="ap-northeast-1", botocore_session=core)
    session.events.register("before-send", wire.answer)
    make: Callable[..., Any] = session.client

    def counted(*args: Any, **kwargs: Any) -> Any:
        wire.clients += 1
        return make(*args, **kwargs)

    monkeypatch.setattr(session, "client", counted)
    monkeypatch.setattr("responder.aws.boto.boto3.Session", lambda **_: session)
    return Boto("ap-northeast-1", wire.pause, clock=wire.clock)
