"""EventBridge may call a function only where the function's own policy allows it."""

import json
from typing import Any

import pytest

from responder.checks.alarms.event_rules import lets_in
from responder.core.plain_data import Json
from tests.rows import all_rows

RULE = "arn:aws:events:ap-northeast-1:123456789012:rule/liveness-responder-LowConfidenceAlarm"
SOURCE = {"ArnLike": {"AWS:SourceArn": RULE}}


def statement(**changed: Any) -> Json:
    """As CloudFormation writes it for AWS::Lambda::Permission."""
    return {
        "Sid": "x",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": "arn:aws:lambda:ap-northeast-1:123456789012:function:liveness-responder-low-confidence",
        "Condition": SOURCE,
        **changed,
    }


@all_rows(
    ("changed", "expected"),
    [
        ({}, True),
        ({"Action": ["lambda:InvokeFunction", "lambda:GetFunction"]}, True),
        ({"Action": "lambda:*"}, True),
        ({"Action": "lambda:Invoke*"}, True),
        ({"Principal": "*"}, True),
        ({"Principal": {"Service": ["sns.amazonaws.com", "events.amazonaws.com"]}}, True),
        ({"Condition": {"ArnLike": {"aws:SourceArn": RULE.replace("LowConfidence", "*")}}}, True),
        ({"Condition": {**SOURCE, "StringEquals": {"AWS:SourceAccount": "123456789012"}}}, True),
        ({"Condition": None}, True),
        ({"Effect": "Deny"}, False),
        ({"Action": "lambda:GetFunction"}, False),
        ({"Principal": {"Service": "sns.amazonaws.com"}}, False),
        ({"Principal": {"AWS": "123456789012"}}, False),
        ({"Condition": {"ArnLike": {"AWS:SourceArn": f"{RULE}-2"}}}, False),
        ({"Condition": {**SOURCE, "StringEquals": {"AWS:SourceAccount": "210987654321"}}}, False),
        ({"Condition": {**SOURCE, "StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}}, False),
        ({"Condition": {"StringNotLike": {"AWS:SourceArn": RULE}}}, False),
    ],
)
def test_what_lets_a_rule_in(changed: Json, expected: bool) -> None:
    assert (
        lets_in(json.dumps({"Version": "2012-10-17", "Statement": [statement(**changed)]}), RULE) is expected
    )


def test_one_statement_of_several_is_enough() -> None:
    theirs = statement(Principal={"Service": "sns.amazonaws.com"})
    assert lets_in(json.dumps({"Statement": [theirs, statement()]}), RULE)


@pytest.mark.parametrize("policy", ["", "no json", "[]", "{}", '{"Statement": ["x"]}'])
def test_what_is_no_policy_lets_no_one_in(policy: str) -> None:
    assert not lets_in(policy, RULE)
