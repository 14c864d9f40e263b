"""The fake must refuse what AWS refuses, or the tests that rely on it show nothing."""

from typing import Any

import pytest

from responder.core.errors import AwsError, Busy, Changed, Missing, Rejected, Throttled
from responder.core.plain_data import Json
from tests.fakes import Died, FakeAws
from tests.rows import all_rows


def store() -> FakeAws:
    aws = FakeAws()
    aws.dynamo.create("T", "pk", "sk")
    return aws


def put(aws: FakeAws, sk: str = "1", **more: Any) -> Json:
    item = {"pk": {"S": "a"}, "sk": {"S": sk}, "n": {"N": "1"}}
    return aws.call("dynamodb", "put_item", TableName="T", Item=item, **more)


def update(aws: FakeAws, expression: str, sk: str = "1", **more: Any) -> Json:
    key = {"pk": {"S": "a"}, "sk": {"S": sk}}
    return aws.call(
        "dynamodb",
        "update_item",
        TableName="T",
        Key=key,
        UpdateExpression=expression,
        ReturnValues="ALL_NEW",
        **more,
    )


def test_a_row_is_put_once() -> None:
    aws, free = store(), {"ConditionExpression": "attribute_not_exists(pk)"}
    put(aws, **free)
    with pytest.raises(Changed) as raised:
        put(aws, **free, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert raised.value.item is not None
    assert raised.value.item["n"] == {"N": "1"}


@all_rows(
    ("condition", "holds"),
    [
        ("n = :one", True),
        ("n <> :one", False),
        ("n < :two AND n >= :one", True),
        ("NOT n < :two", False),
        ("(n = :two OR n = :one) AND attribute_exists(sk)", True),
        ("n = :two OR n = :one AND attribute_not_exists(sk)", False),
        ("begins_with(sk, :text)", False),
        ("gone < :one", False),
        ("attribute_not_exists(gone) OR gone < :one", True),
        ("n BETWEEN :one AND :two", True),
        ("n IN (:two, :one)", True),
        ("n = :text", False),
    ],
)
def test_the_fake_evaluates_condition_expressions_as_dynamodb_does(condition: str, holds: bool) -> None:
    aws = store()
    put(aws)
    known = {":one": {"N": "1"}, ":two": {"N": "2"}, ":text": {"S": "x"}}
    values = {name: value for name, value in known.items() if name in condition}
    more: Json = {"ExpressionAttributeValues": values} if values else {}
    if holds:
        put(aws, ConditionExpression=condition, **more)
    else:
        with pytest.raises(Changed):
            put(aws, ConditionExpression=condition, **more)


@pytest.mark.parametrize(
    "request_",
    [
        {"ConditionExpression": "status = :s", "ExpressionAttributeValues": {":s": {"S": "x"}}},
        {"ConditionExpression": "n = :missing"},
        {"ConditionExpression": "attribute_exists(pk)", "ExpressionAttributeValues": {":unused": {"S": "x"}}},
        {"ConditionExpression": "attribute_exists(#missing)"},
        {"ConditionExpression": "n ="},
    ],
)
def test_an_expression_that_aws_would_not_take(request_: Json) -> None:
    with pytest.raises(Rejected):
        put(store(), **request_)


def test_the_fake_applies_update_expressions_as_dynamodb_does() -> None:
    aws = store()
    values = {":one": {"N": "1"}, ":list": {"L": [{"S": "x"}]}, ":empty": {"L": []}, ":set": {"SS": ["p"]}}
    expression = (
        "SET #state = :one, many = list_append(if_not_exists(many, :empty), :list),"
        " summed = if_not_exists(n, :one) + :one ADD n :one, people :set"
    )
    more: Json = {
        "ExpressionAttributeNames": {"#state": "state"},
        "ExpressionAttributeValues": values,
    }
    update(aws, expression, **more)
    row = update(aws, expression, **more)["Attributes"]
    assert row["n"] == {"N": "2"}
    assert row["many"] == {"L": [{"S": "x"}, {"S": "x"}]}
    assert row["people"] == {"SS": ["p"]}
    assert "many" not in update(aws, "REMOVE many")["Attributes"]


def test_a_key_cannot_be_updated() -> None:
    with pytest.raises(Rejected):
        update(store(), "SET sk = :two", ExpressionAttributeValues={":two": {"S": "2"}})


def test_a_query_pages_in_order() -> None:
    aws = store()
    for sk in ("STEP#2", "STEP#1", "HEAD"):
        put(aws, sk)
    asked: Json = {
        "TableName": "T",
        "KeyConditionExpression": "pk = :p AND begins_with(sk, :s)",
        "ExpressionAttributeValues": {":p": {"S": "a"}, ":s": {"S": "STEP#"}},
        "Limit": 1,
    }
    first = aws.call("dynamodb", "query", **asked)
    assert [row["sk"]["S"] for row in first["Items"]] == ["STEP#1"]
    second = aws.call("dynamodb", "query", **asked, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert [row["sk"]["S"] for row in second["Items"]] == ["STEP#2"]
    assert "LastEvaluatedKey" not in second
    pages = list(aws.pages("dynamodb", "query", **asked))
    assert [row["sk"]["S"] for page in pages for row in page["Items"]] == ["STEP#1", "STEP#2"]


def test_a_transaction_is_all_or_nothing() -> None:
    aws = store()
    put(aws, "2")
    item = {"pk": {"S": "a"}, "sk": {"S": "1"}}
    second = {
        "TableName": "T",
        "Key": {**item, "sk": {"S": "2"}},
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    parts = [{"Put": {"TableName": "T", "Item": item}}, {"ConditionCheck": second}]
    with pytest.raises(Changed) as raised:
        aws.call("dynamodb", "transact_write_items", TransactItems=parts)
    assert raised.value.reasons == ("None", "ConditionalCheckFailed")
    assert [row["sk"]["S"] for row in aws.dynamo.rows("T")] == ["2"]


@pytest.fixture
def aws() -> FakeAws:
    return FakeAws()


def test_lambda_compares_revisions_and_refuses_while_it_works(aws: FakeAws) -> None:
    aws.lambdas.add("F", {"A1": "x"})
    asked: Json = {"FunctionName": "F", "MemorySize": 256}
    with pytest.raises(Changed):
        aws.call("lambda", "update_function_configuration", **asked, RevisionId="old")
    first = aws.call("lambda", "update_function_configuration", **asked)
    with pytest.raises(Busy):
        aws.call("lambda", "publish_version", FunctionName="F")
    aws.settle()
    settled = aws.call("lambda", "get_function_configuration", FunctionName="F")
    assert settled["RevisionId"] != first["RevisionId"]


@pytest.mark.parametrize("variables", [{"BIG": "x" * 4096}, {"1A": "x"}, {"AWS_REGION": "x"}])
def test_lambda_refuses_variables_it_cannot_hold(aws: FakeAws, variables: dict[str, str]) -> None:
    aws.lambdas.add("F")
    environment = {"Variables": variables}
    with pytest.raises(Rejected):
        aws.call("lambda", "update_function_configuration", FunctionName="F", Environment=environment)


def test_going_back_to_provisioned_needs_the_throughput_of_every_index(aws: FakeAws) -> None:
    aws.dynamo.add("T", indexes={"I": (0, 0)})
    units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    with pytest.raises(Rejected):
        aws.call(
            "dynamodb", "update_table", TableName="T", BillingMode="PROVISIONED", ProvisionedThroughput=units
        )


@pytest.mark.parametrize("subject", ["ü", "x" * 100, "a\nb", ""])
def test_sns_refuses_subjects_that_mail_cannot_carry(subject: str) -> None:
    with pytest.raises(Rejected):
        FakeAws().call("sns", "publish", TopicArn="t", Subject=subject, Message="m")


@pytest.mark.parametrize(("after", "taken"), [(False, 0), (True, 1)])
def test_a_fault_strikes_before_or_after_the_effect(aws: FakeAws, after: bool, taken: int) -> None:
    aws.fail("sns", "publish", Throttled, after=after)
    with pytest.raises(Throttled):
        aws.call("sns", "publish", TopicArn="t", Message="m")
    aws.call("sns", "publish", TopicArn="t", Message="m")
    assert len(aws.sns.published) == 1 + taken


def test_a_simulated_crash_cannot_be_caught(aws: FakeAws) -> None:
    aws.fail("sns", "publish", Died())
    with pytest.raises(Died):
        try:
            aws.call("sns", "publish", TopicArn="t", Message="m")
        except (AwsError, Exception):
            pytest.fail("caught")


def test_what_the_fake_does_not_know_fails_the_test_until_it_is_reported(aws: FakeAws) -> None:
    with pytest.raises(AssertionError, match="nobody told"):
        aws.call("sts", "get_caller_identity")
    aws.answer("sts", "get_caller_identity", {"Account": "1"})
    assert aws.call("sts", "get_caller_identity") == {"Account": "1"}


def test_names_that_the_sdk_does_not_know_fail_the_test(aws: FakeAws) -> None:
    with pytest.raises(AssertionError, match="FunctionNam"):
        aws.call("lambda", "get_function_configuration", FunctionNam="F")
    with pytest.raises(Missing):
        aws.call("lambda", "get_function_configuration", FunctionName="F")


def test_ssm_lists_by_path(aws: FakeAws) -> None:
    aws.ssm.parameters = {"/s/mode": "auto", "/s/mode/x": "observe", "/sx/mode": "auto"}
    found = aws.call("ssm", "get_parameters_by_path", Path="/s", Recursive=True)
    assert [each["Name"] for each in found["Parameters"]] == ["/s/mode", "/s/mode/x"]
