"""A row in the table that is not one of these claims stops no message; what failed is tried again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import boto3
import pytest
import time_machine
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyKeyError

from responder.aws.claims import Claims
from responder.core.errors import BeingAnswered, NotClaimed, Unreachable, Unreadable
from responder.core.plain_data import Json
from tests.integration._claims import Lambda, a_day, table_of_claims, turned_away
from tests.rows import all_rows

GONE = "without this attribute"


@pytest.fixture
def claims() -> Iterator[Claims]:
    with table_of_claims() as found:
        yield found


def written(claims: Claims, **changes: Any) -> None:
    """The row of an answered claim, the only one, then something else in its place."""
    table = boto3.resource("dynamodb", region_name="us-east-1").Table("Claims")
    for each in table.scan()["Items"]:
        table.delete_item(Key={"id": each["id"]})
    claims.once("a", lambda: {"run": 1}, Lambda(), a_day)
    (row,) = table.scan()["Items"]
    table.put_item(Item={name: value for name, value in {**row, **changes}.items() if value != GONE})


def began(claims: Claims) -> bool:
    """Whether one more delivery began its work; it must say that it has no claim, and why."""
    runs: list[int] = []

    def work() -> Json:
        runs.append(1)
        return {}

    with pytest.raises(NotClaimed) as found:
        claims.once("a", work, Lambda(), a_day)
    assert isinstance(found.value.why, Unreadable)
    assert found.value.why.row == "a"
    return bool(runs)


DATA = [GONE, None, "", "null", "[]", '"done"', "7", '{"run": 1', "done", "NaN", 7, b"{}", "[" * 9_000]


@all_rows("data", DATA)
def test_a_row_without_a_readable_answer_is_not_returned_as_an_answer(claims: Claims, data: object) -> None:
    written(claims, data=data)
    assert not began(claims)


@all_rows("status", [GONE, None, "", "DONE", "EXPIRED", 7, ["COMPLETED"]])
def test_a_row_that_is_neither_answered_nor_being_answered_is_no_claim(
    claims: Claims, status: object
) -> None:
    written(claims, status=status)
    assert not began(claims)


@all_rows("end", [GONE, None, "soon", "", [1]])
def test_a_row_that_would_be_answered_for_ever_is_no_claim(claims: Claims, end: object) -> None:
    """Each try would be turned away, and no message would say why."""
    written(claims, status="INPROGRESS", in_progress_expiration=end, data=GONE)
    assert not began(claims)


@all_rows("end", [GONE, "soon"])
def test_a_row_whose_end_cannot_be_read_is_no_claim(claims: Claims, end: object) -> None:
    written(claims, expiration=end)
    assert not began(claims)


def test_a_valid_claim_of_another_run_turns_a_second_run_away(claims: Claims) -> None:
    later = int((datetime.now(UTC) + timedelta(seconds=50)).timestamp() * 1000)
    written(claims, status="INPROGRESS", in_progress_expiration=later, data=GONE)
    with pytest.raises(BeingAnswered):
        claims.once("a", dict, Lambda(), a_day)


FAILURES = (Unreachable("dynamodb", "PutItem", "Timeout"), ValueError(), TypeError(), IdempotencyKeyError())


@all_rows("failure, code", product(FAILURES, ("", "AccessDeniedException", "InternalServerError")))
def test_what_failed_under_its_claim_is_thrown_as_it_is_and_tried_again(
    claims: Claims, failure: Exception, code: str
) -> None:
    def fails() -> Json:
        raise failure

    key = f"{type(failure).__name__} {code}"
    store = turned_away("DeleteItem", code) if code else claims
    with pytest.raises(type(failure)) as found:
        store.once(key, fails, Lambda(), a_day)
    assert found.value is failure
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61)):
        assert claims.once(key, lambda: {"run": 2}, Lambda(), a_day) == {"run": 2}
