"""A process is not throttled because of its own requests: Lambda's control plane takes 15 requests
a second of an account."""

from itertools import pairwise

import pytest

from responder.aws import Boto
from tests.unit.aws.conftest import Wire

FUNCTION = {"FunctionName": "F"}


@pytest.fixture
def sent(boto: Boto, wire: Wire) -> list[float]:
    """When each request was sent."""
    return [sent_at(boto, wire, "get_function_configuration") for _ in range(16)]


def sent_at(boto: Boto, wire: Wire, operation: str, **asked: object) -> float:
    wire.script = [(200, {"FunctionName": "F", "Versions": []})]
    boto.call("lambda", operation, **FUNCTION, **asked)
    return wire.clock()


def test_reads_wait_and_leave_room_for_a_rollback_of_four_functions(
    boto: Boto, wire: Wire, sent: list[float]
) -> None:
    assert sent[11] == 0
    assert sent[12:] == pytest.approx([(number + 1) / 15 for number in range(4)])
    now = wire.clock()
    writes = [sent_at(boto, wire, "update_function_configuration", MemorySize=512) for _ in range(4)]
    # Without a pause for the decision, the last waits for the place of one read.
    assert writes == pytest.approx([now, now, now, now + 1 / 15])
    every = [*sent, *writes]
    for end in every:
        taken = sum(at <= end for at in every)
        assert taken <= 15 + end * 15 + 1e-6


def test_a_write_waits_no_longer_than_a_moment(boto: Boto, wire: Wire, sent: list[float]) -> None:
    writes = [sent_at(boto, wire, "update_function_configuration", MemorySize=512) for _ in range(9)]
    assert max(after - before for before, after in pairwise(writes)) <= 0.1


def test_an_operation_with_a_rate_of_its_own_never_waits(boto: Boto, wire: Wire, sent: list[float]) -> None:
    for operation in ("invoke", "get_policy"):
        assert sent_at(boto, wire, operation) == sent[-1]


def test_after_a_pause_at_most_one_second_of_requests_is_sent_in_a_burst(
    boto: Boto, wire: Wire, sent: list[float]
) -> None:
    wire.pause(60)
    again = [sent_at(boto, wire, "get_function_configuration") for _ in range(13)]
    assert again[11] == again[0]
    assert again[12] == pytest.approx(again[0] + 1 / 15)


def test_each_page_of_a_list_is_a_request(boto: Boto, wire: Wire, sent: list[float]) -> None:
    page = {"Versions": [], "NextMarker": "more"}
    wire.script = [(200, page), (200, {"Versions": []})]
    assert len(list(boto.pages("lambda", "list_versions_by_function", **FUNCTION))) == 2
    assert wire.clock() == pytest.approx(sent[-1] + 2 / 15)


def test_a_read_waits_no_longer_than_a_second(
    boto: Boto, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where many read at the same time: beyond it AWS refuses, and the look asks again."""
    monkeypatch.setattr(boto._pace, "_clock", lambda: 0.0)
    for _ in range(40):
        sent_at(boto, wire, "get_function_configuration")
    assert max(wire.pauses) == 1.0
