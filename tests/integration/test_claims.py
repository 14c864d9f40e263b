"""One state change is answered once: Powertools on a DynamoDB that moto plays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
import time_machine

from responder.aws.boto import Boto
from responder.aws.claims import Claims
from responder.core.errors import BeingAnswered, Denied, NotClaimed, Throttled
from responder.core.plain_data import Json
from tests.integration._claims import Lambda, a_day, table_of_claims, turned_away


@pytest.fixture
def claims() -> Iterator[Claims]:
    with table_of_claims() as found:
        yield found


def test_the_second_delivery_gets_the_answer_of_the_first(claims: Claims) -> None:
    runs: list[int] = []

    def work() -> Json:
        runs.append(1)
        return {"run": len(runs)}

    assert claims.once("a", work, Lambda(), a_day) == claims.once("a", work, Lambda(), a_day) == {"run": 1}
    assert claims.once("b", work, Lambda(), a_day) == {"run": 2}


def test_a_delivery_during_the_first_run_is_turned_away(claims: Claims) -> None:
    def work() -> Json:
        with pytest.raises(BeingAnswered):
            claims.once("a", dict, Lambda(), a_day)
        return {}

    claims.once("a", work, Lambda(), a_day)


def test_a_run_that_failed_frees_its_claim(claims: Claims) -> None:
    def fails() -> Json:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        claims.once("a", fails, Lambda(), a_day)
    assert claims.once("a", lambda: {"run": 2}, Lambda(), a_day) == {"run": 2}


def test_without_the_table_nothing_runs_under_a_claim(claims: Claims) -> None:
    runs: list[int] = []

    def work() -> Json:
        runs.append(1)
        return {}

    with pytest.raises(NotClaimed):
        Claims(Boto("us-east-1"), "Missing").once("a", work, Lambda(), a_day)
    assert runs == []


def test_work_that_is_done_counts_although_its_answer_could_not_be_kept(claims: Claims) -> None:
    def work() -> Json:
        boto3.client("dynamodb", region_name="us-east-1").delete_table(TableName="Claims")
        return {"done": True}

    assert claims.once("a", work, Lambda(), a_day) == {"done": True}


def test_why_nothing_was_claimed_is_known(claims: Claims) -> None:
    with pytest.raises(NotClaimed) as found:
        turned_away("PutItem", "AccessDeniedException").once("a", dict, Lambda(), a_day)
    assert isinstance(found.value.why, Denied)
    assert found.value.why.operation == "PutItem"


def test_a_run_that_failed_and_may_not_free_its_claim_reports_it(claims: Claims) -> None:
    """As what it is: that it did not begin would be reported and done a second time, and never tried
    again."""

    def fails() -> Json:
        raise ZeroDivisionError from KeyError("its own reason")

    with pytest.raises(ZeroDivisionError) as found:
        turned_away("DeleteItem", "AccessDeniedException").once("a", fails, Lambda(), a_day)
    assert found.value.__notes__ == ["claim not freed: dynamodb:DeleteItem AccessDeniedException"]
    assert isinstance(found.value.__cause__, KeyError)


def test_a_denied_write_of_the_answer_is_raised_at_each_attempt(claims: Claims) -> None:
    """And the next try says the same, not that another one is at it."""
    for _ in range(2):
        with pytest.raises(Denied) as found:
            turned_away("UpdateItem", "AccessDeniedException").once("a", dict, Lambda(), a_day)
        assert found.value.operation == "UpdateItem"


def test_work_counts_although_the_write_of_its_answer_was_throttled(claims: Claims) -> None:
    kept = turned_away("UpdateItem", Throttled.__name__)
    assert kept.once("a", lambda: {"done": True}, Lambda(), a_day) == {"done": True}


def test_an_answer_is_given_again_only_as_long_as_it_is_kept(claims: Claims) -> None:
    runs, begun = iter(range(9)), datetime.now(UTC)
    for later, run in ((0, 0), (19, 0), (22, 1)):
        with time_machine.travel(begun + timedelta(seconds=later), tick=False):
            answer = claims.once("a", lambda: {"run": next(runs)}, Lambda(), lambda _: timedelta(seconds=20))
            assert answer == {"run": run}


def killed() -> Json:
    """The process is gone: nothing runs that could free the claim."""
    raise SystemExit


# Lambda calls again one minute after a run has ended, and two minutes after the next.
@pytest.mark.parametrize("lived", [0.1, 5, 30, 60])
def test_the_first_retry_after_a_run_that_was_killed_does_the_work(claims: Claims, lived: float) -> None:
    begun = datetime.now(UTC)
    with time_machine.travel(begun, tick=False), pytest.raises(SystemExit):
        claims.once("a", killed, Lambda(), a_day)
    with time_machine.travel(begun + timedelta(seconds=lived + 60), tick=False):
        assert claims.once("a", lambda: {"run": 2}, Lambda(), a_day) == {"run": 2}
    with time_machine.travel(begun + timedelta(seconds=lived + 180), tick=False):
        assert claims.once("a", lambda: {"run": 3}, Lambda(), a_day) == {"run": 2}


def test_a_retry_that_comes_early_is_turned_away_and_the_next_one_does_the_work(claims: Claims) -> None:
    begun = datetime.now(UTC)
    with time_machine.travel(begun, tick=False), pytest.raises(SystemExit):
        claims.once("a", killed, Lambda(), a_day)
    with time_machine.travel(begun + timedelta(seconds=58), tick=False), pytest.raises(BeingAnswered):
        claims.once("a", dict, Lambda(), a_day)
    with time_machine.travel(begun + timedelta(seconds=58 + 120), tick=False):
        assert claims.once("a", lambda: {"run": 3}, Lambda(), a_day) == {"run": 3}


def test_a_run_that_failed_is_repeated_by_each_retry_until_one_succeeds(claims: Claims) -> None:
    begun = datetime.now(UTC)

    def fails() -> Json:
        raise ZeroDivisionError

    for later in (0, 60):
        with (
            time_machine.travel(begun + timedelta(seconds=later), tick=False),
            pytest.raises(ZeroDivisionError),
        ):
            claims.once("a", fails, Lambda(), a_day)
    with time_machine.travel(begun + timedelta(seconds=180), tick=False):
        assert claims.once("a", lambda: {"run": 3}, Lambda(), a_day) == {"run": 3}
