"""One state change is answered once: Powertools on a DynamoDB that moto plays."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from responder.aws.boto import Boto
from responder.aws.claims import Claims
from responder.errors import BeingAnswered, Denied, NotClaimed, Throttled

pytestmark = pytest.mark.integration


class Lambda:
    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 60_000


@pytest.fixture
def claims(monkeypatch: pytest.MonkeyPatch) -> Iterator[Claims]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        boto3.client("dynamodb", region_name="us-east-1").create_table(
            TableName="Claims",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield Claims(Boto("us-east-1"), "Claims")


def turned_away(operation: str, code: str) -> Claims:
    """Of another execution environment, whose calls of this kind AWS does not take."""
    boto = Boto("us-east-1")

    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, operation)

    boto.raw("dynamodb").meta.events.register(f"before-call.dynamodb.{operation}", refuse)
    return Claims(boto, "Claims")


def test_the_second_delivery_gets_the_answer_of_the_first(claims: Claims) -> None:
    runs: list[int] = []

    def work() -> dict[str, Any]:
        runs.append(1)
        return {"run": len(runs)}

    assert claims.once("a", work, Lambda()) == claims.once("a", work, Lambda()) == {"run": 1}
    assert claims.once("b", work, Lambda()) == {"run": 2}


def test_a_delivery_during_the_first_run_is_turned_away(claims: Claims) -> None:
    def work() -> dict[str, Any]:
        with pytest.raises(BeingAnswered):
            claims.once("a", dict, Lambda())
        return {}

    claims.once("a", work, Lambda())


def test_a_run_that_failed_frees_its_claim(claims: Claims) -> None:
    def fails() -> dict[str, Any]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        claims.once("a", fails, Lambda())
    assert claims.once("a", lambda: {"run": 2}, Lambda()) == {"run": 2}


def test_without_the_table_nothing_runs_under_a_claim(claims: Claims) -> None:
    runs: list[int] = []

    def work() -> dict[str, Any]:
        runs.append(1)
        return {}

    with pytest.raises(NotClaimed):
        Claims(Boto("us-east-1"), "Missing").once("a", work, Lambda())
    assert runs == []


def test_work_that_is_done_counts_although_its_answer_could_not_be_kept(claims: Claims) -> None:
    def work() -> dict[str, Any]:
        boto3.client("dynamodb", region_name="us-east-1").delete_table(TableName="Claims")
        return {"done": True}

    assert claims.once("a", work, Lambda()) == {"done": True}


def test_why_nothing_was_claimed_is_known(claims: Claims) -> None:
    with pytest.raises(NotClaimed) as found:
        turned_away("PutItem", "AccessDeniedException").once("a", dict, Lambda())
    assert isinstance(found.value.why, Denied)
    assert found.value.why.operation == "PutItem"


def test_a_run_that_failed_and_may_not_free_its_claim_says_so(claims: Claims) -> None:
    def fails() -> dict[str, Any]:
        raise ZeroDivisionError

    with pytest.raises(NotClaimed) as found:
        turned_away("DeleteItem", "AccessDeniedException").once("a", fails, Lambda())
    assert isinstance(found.value.why, Denied)
    assert found.value.why.operation == "DeleteItem"


def test_an_answer_that_we_may_not_keep_is_no_silent_one(claims: Claims) -> None:
    """And the next try says the same, not that another one is at it."""
    for _ in range(2):
        with pytest.raises(Denied) as found:
            turned_away("UpdateItem", "AccessDeniedException").once("a", dict, Lambda())
        assert found.value.operation == "UpdateItem"


def test_an_answer_that_only_could_not_be_kept_now_counts(claims: Claims) -> None:
    kept = turned_away("UpdateItem", Throttled.__name__)
    assert kept.once("a", lambda: {"done": True}, Lambda()) == {"done": True}


@pytest.mark.parametrize("data", [None, "", "null", "[]", '"done"', "7"])
def test_a_row_that_holds_no_answer_does_not_pass_for_one(claims: Claims, data: str | None) -> None:
    claims.once("a", lambda: {"run": 1}, Lambda())
    table = boto3.resource("dynamodb", region_name="us-east-1").Table("Claims")
    (row,) = table.scan()["Items"]
    table.put_item(Item={name: value for name, value in {**row, "data": data}.items() if value is not None})
    with pytest.raises(NotClaimed):
        claims.once("a", dict, Lambda())
