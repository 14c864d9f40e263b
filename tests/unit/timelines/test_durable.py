"""The durable execution of the timelines keeps what was done, and waits as AWS does."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from aws_durable_execution_sdk_python.exceptions import StepError, WaitForConditionError

from local_aws.client.metering import OPERATIONS
from responder.core.plain_data import Json
from responder.followup.waiting import until_due
from tests.timelines.durable import Durable, Exhausted, Record, Suspended

BEGUN = datetime(2026, 2, 4, 10, 25, tzinfo=UTC)


def until_it_is_due(moment: Json) -> Any:
    return until_due({"used": 0, **moment}, OPERATIONS)


def run(record: Record, now: datetime = BEGUN) -> Durable:
    return Durable(record, lambda: now)


def test_a_step_is_done_once_however_often_the_execution_runs() -> None:
    record, numbers = Record(), count(1)
    for _ in range(3):
        assert run(record).step(lambda _: next(numbers)) == 1
    assert next(numbers) == 2


def test_a_wait_ends_the_run_and_continues_with_what_the_last_look_said() -> None:
    record, seen = Record(), []

    def look(last: Json, _: Any) -> Json:
        seen.append(last["number"])
        return {
            **last,
            "number": last["number"] + 1,
            "due": ["it"] * last["number"],
            "over": False,
            "pause": 90,
        }

    config = until_it_is_due({"number": 0, "due": [], "over": False, "pause": 0})
    with pytest.raises(Suspended) as suspended:
        run(record).wait_for_condition(look, config)
    assert suspended.value.until == BEGUN + timedelta(seconds=90)
    with pytest.raises(Suspended):
        run(record, BEGUN + timedelta(seconds=89)).wait_for_condition(look, config)
    found = run(record, BEGUN + timedelta(seconds=90)).wait_for_condition(look, config)
    assert (found["number"], seen) == (2, [0, 1])
    # The start, and 1 + N polls.
    assert record.used == 4


def broken(*_: Any) -> Any:
    raise ValueError("broken")


def test_a_step_that_fails_is_tried_again_and_raised_after_six_times() -> None:
    record, now, times = Record(), BEGUN, 0
    with pytest.raises(StepError) as failed:
        while True:
            times += 1
            try:
                run(record, now).step(broken)
            except Suspended as wait:
                now = wait.until
    assert (times, failed.value.error_type) == (6, "ValueError")


def test_a_look_that_raises_ends_the_wait() -> None:
    with pytest.raises(WaitForConditionError):
        run(Record()).wait_for_condition(broken, until_it_is_due({"due": [], "over": False, "pause": 0}))


def test_an_execution_has_no_more_operations_than_aws_allows() -> None:
    durable = run(Record(used=OPERATIONS - 1))
    durable.step(lambda _: 0)
    with pytest.raises(Exhausted):
        durable.step(lambda _: 0)
