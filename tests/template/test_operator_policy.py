"""The policy for people on call can be made in every partition, with the longest names."""

import json
import re
from typing import Any

import pytest

from liveness_ops.template_tools.load import defaults, resolve, template
from responder.core.plain_data import Json
from tests.template.test_environment import ACCOUNT, STACK, UNIQUE, longest

# IAM's limit of a managed policy, white space not counted (IAM and AWS STS quotas).
LIMIT = 6_144
# Partition and its Region with the longest name.
PARTITIONS = {"aws": "ap-northeast-1", "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}
# Lambda takes 64 characters as the name of a function.
NAMES = {"CreateFunctionName": "c" * 64, "ResultFunctionName": "r" * 64}
SERVICES = {"Table": "dynamodb", "Queue": "sqs", "Topic": "sns", "Alarm": "cloudwatch", "Function": "lambda"}
BEFORE_NAME = {"dynamodb": "table/", "cloudwatch": "alarm:", "lambda": "function:"}


def arn(resource: Json, logical: str, given: dict[str, str]) -> str:
    """Of a resource of the stack: its own name, or the one that CloudFormation gives it."""
    about = resource.get("Properties", {})
    key = next((each for each in about if each in ("FunctionName", "AlarmName", "QueueName")), "")
    name = resolve(about[key], given) if key else f"{STACK}-{logical}-{UNIQUE}"
    kind = resource["Type"].rpartition("::")[2]
    if kind == "Bucket":
        return f"arn:{given['AWS::Partition']}:s3:::{name.lower()}"
    service = SERVICES[kind]
    home = f"{given['AWS::Partition']}:{service}:{given['AWS::Region']}:{ACCOUNT}"
    return f"arn:{home}:{BEFORE_NAME.get(service, '')}{name}"


def written(value: Any, given: dict[str, str]) -> Any:
    """A document as AWS gets it, without what a condition leaves out."""
    if isinstance(value, list):
        return [written(each, given) for each in value]
    if isinstance(value, dict) and not any(key.startswith("Fn::") or key == "Ref" for key in value):
        return {key: written(each, given) for key, each in value.items()}
    return re.sub(r"\$\{([\w.:]+)}", lambda found: given[found[1]], longest(value, given))


@pytest.mark.parametrize("partition", PARTITIONS)
def test_it_is_no_longer_than_iam_takes(partition: str) -> None:
    known = template()
    pseudo = {"AWS::Partition": partition, "AWS::Region": PARTITIONS[partition], "AWS::AccountId": ACCOUNT}
    given = {**defaults(known), **NAMES, **pseudo, "AWS::StackName": STACK}
    for logical, resource in known["Resources"].items():
        if resource["Type"].rpartition("::")[2] in {*SERVICES, "Bucket"}:
            given[f"{logical}.Arn"] = given[logical] = arn(resource, logical, given)
    document = known["Resources"]["OperatorPolicy"]["Properties"]["PolicyDocument"]
    found = "".join(json.dumps(written(document, given), separators=(",", ":")).split())
    assert len(found) <= LIMIT
