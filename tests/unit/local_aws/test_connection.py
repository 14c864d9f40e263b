"""An answer of the local AWS leaves in one piece."""

from types import SimpleNamespace
from typing import Any

import pytest

from local_aws.patches.calls import connection


class Cycle:
    """As uvicorn's, whose bound method sends."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.transport: Any = SimpleNamespace(write=self.written.append)
        self.response_started = False

    def send(self) -> None:
        """What an application is given."""


@pytest.fixture
def cycle() -> Cycle:
    return Cycle()


def write(cycle: Cycle, method: str, *parts: bytes) -> list[bytes]:
    """What the caller gets of an answer in these parts."""
    connection.join({"method": method}, cycle.send)
    cycle.response_started = True
    for each in parts:
        cycle.transport.write(each)
    return cycle.written


def test_head_and_body_are_one_write(cycle: Cycle) -> None:
    assert write(cycle, "POST", b"head ", b"body ", b"more") == [b"head body ", b"more"]


def test_a_head_alone_does_not_wait(cycle: Cycle) -> None:
    assert write(cycle, "HEAD", b"head") == [b"head"]


def test_what_comes_before_the_head_does_not_wait(cycle: Cycle) -> None:
    connection.join({"method": "PUT"}, cycle.send)
    cycle.transport.write(b"100 Continue ")
    cycle.response_started = True
    cycle.transport.write(b"head ")
    cycle.transport.write(b"body")
    assert cycle.written == [b"100 Continue ", b"head body"]
