"""What a function is reported fits, with room to spare: Lambda takes 4 KB of names and values together (AWS
Lambda, "Quotas"), and every function of the stack keeps to 1.5 KB."""

import re
from typing import Any

from liveness_ops.template_tools.load import defaults, resolve
from liveness_ops.template_tools.load import functions as all_functions
from liveness_ops.template_tools.load import template as load_template
from responder.core.plain_data import Json
from responder.core.settings_fields import FIELDS
from tests.rows import all_rows

MOST = 1536
# The longest name that the longest name of a function (64) leaves to the stack.
STACK = "l" * 39
ACCOUNT, REGION, UNIQUE = "123456789012", "ap-northeast-1", "ABCDEFGHIJ12"
# What CloudFormation names a resource that has no name: the stack, the logical id and twelve letters.
NAMED = {
    "Notifications": f"arn:aws:sns:{REGION}:{ACCOUNT}:{STACK}-Notifications-{UNIQUE}",
    "Failures": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{STACK}-Failures-{UNIQUE}",
    **{
        f"{name}.QueueName": f"{STACK}-{name}-{UNIQUE}"
        for name in ("Undelivered", "FailedTwice", "Unfollowed", "Unmailed", "Unposted")
    },
    **{name: f"{STACK}-{name}-{UNIQUE}" for name in ("Incidents", "Claims", "Approvals", "ReportsBucket")},
}
PSEUDO = {
    "AWS::StackName": STACK,
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::NoValue": "",
}
GIVEN = {
    "SlackSecretArn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{STACK}/slack-production-a1B2c3",
    "SlackChannel": "T0123456789/C0123456789",
    "ImagesBucketName": "b" * 63,
}


def longest(value: Any, names: dict[str, str]) -> str:
    """Of the alternatives of a condition the longer one."""
    match value:
        case {"Fn::If": [_, one, other]}:
            return max(longest(one, names), longest(other, names), key=len)
        case {"Fn::Join": [str(between), [*parts]]}:
            return between.join(longest(each, names) for each in parts)
    return str(resolve(value, names))


def environment(name: str) -> dict[str, str]:
    """Of a function whose names are as long as they get."""
    template = load_template()
    values = {**defaults(template), **NAMED, **PSEUDO, **GIVEN}
    given = all_functions(template)[name].get("Environment", {}).get("Variables", {})
    return {variable: longest(value, values) for variable, value in given.items()}


def size(reported: dict[str, str]) -> int:
    return sum(len(name.encode()) + len(value.encode()) for name, value in reported.items())


@all_rows("name", sorted(all_functions(load_template())))
def test_a_function_gets_no_more_than_one_and_a_half_kilobytes(name: str) -> None:
    given = environment(name)
    assert not [value for value in given.values() if re.search(r"\$\{|Fn::|'Ref'", value)]
    assert size(given) <= MOST, {variable: len(value) for variable, value in given.items()}


def test_nothing_of_the_settings_document_is_an_environment_variable(template: Json) -> None:
    given = {variable for name in all_functions(template) for variable in environment(name)}
    assert not given & {name.upper() for name in FIELDS}


def test_at_most_47_parameters(template: Json) -> None:
    assert len(template["Parameters"]) <= 47
