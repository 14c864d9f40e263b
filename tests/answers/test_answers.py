"""Two imitations of AWS answer the same, or it is settled with AWS's documentation which of them is right."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal

import boto3
import pytest
import yaml
from botocore.config import Config
from moto import mock_aws

from liveness_ops.template_tools.load import ROOT, template
from local_aws.client import LocalAws
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.text import Strings
from responder.evidence.base import action
from tests.answers.story import NOT_IMPLEMENTED, Answer, Call, calls, play

REGION = "us-east-1"
ABSENT = "absent"
# Called with a signed HTTP request; it is no operation of an SDK.
NO_OPERATION = {"lambda:InvokeFunctionUrl"}
# What a service could refuse in them is nothing that the project sends.
NEVER_REFUSED = {
    "application-autoscaling:DescribeScalableTargets",
    "backup:ListRestoreJobsByProtectedResource",
    "cloudtrail:LookupEvents",
    "cloudwatch:GetMetricWidgetImage",
    "cloudwatch:ListMetrics",
    "events:ListRules",
    "iam:SimulatePrincipalPolicy",
    "lambda:GetAccountSettings",
    "lambda:ListFunctions",
    "ssm:GetParametersByPath",
}
# The account has no support plan, no costs yet, and no bucket with replication.
NEVER_ANSWERED = {
    "ce:GetCostAndUsage",
    "ce:GetCostForecast",
    "health:DescribeEvents",
    "s3:GetReplicationConfiguration",
}
SHIPPED = ("functions", "layers/responder/responder", "ops/liveness_ops")


@frozen
class Difference:
    """`where`: as in differences.yaml, `service:Operation path`."""

    where: str
    moto: str
    local: str

    def __str__(self) -> str:
        return f"{self.where}: moto answers {self.moto}, the local AWS {self.local}"


@frozen
class Settled:
    """An entry of differences.yaml."""

    right: Literal["moto", "local", "open"]
    why: str
    source: str
    moto: Strings
    local: Strings
    members: Strings
    survives: str = ""

    def covering(self, difference: Difference) -> set[str]:
        """The patterns of `members` that it fits, where both answer as the entry says."""
        if difference.moto not in self.moto or difference.local not in self.local:
            return set()
        return {member for member in self.members if fnmatchcase(difference.where, member)}


@pytest.fixture(scope="module")
def moto() -> Iterator[list[Answer]]:
    with pytest.MonkeyPatch.context() as patch, mock_aws(config={"lambda": {"use_docker": False}}):
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        patch.setenv("DOCKER_HOST", "unix:///no-docker")
        once = Config(retries={"total_max_attempts": 1})
        make: Any = boto3.client
        yield play(cache(lambda service: make(service, REGION, config=once)))


@pytest.fixture(scope="module")
def local() -> Iterator[list[Answer]]:
    with LocalAws(REGION) as aws:
        aws.settings(rates=0)
        yield play(aws.client)


def settled() -> list[Settled]:
    rows = yaml.safe_load(Path(__file__).with_name("differences.yaml").read_text(encoding="utf-8"))
    lists = ("moto", "local", "members")
    return [Settled(**{**row, **{name: tuple(row[name]) for name in lists}}) for row in rows]


def differences(moto: list[Answer], local: list[Answer]) -> Iterator[Difference]:
    for one, other in zip(moto, local, strict=True):
        where = f"{one.call.service}:{one.call.operation}"
        if not one.call.compared:
            continue
        paths = {*one.members, *other.members}
        if ("error" in one.members) != ("error" in other.members):
            paths = {"error"}
        if one.unlike_model != other.unlike_model:
            yield Difference(
                f"{where} model", *(", ".join(each.unlike_model) or "as it is" for each in (one, other))
            )
        for path in sorted(paths):
            answers = one.members.get(path, ABSENT), other.members.get(path, ABSENT)
            if len(set(answers)) > 1:
                yield Difference(f"{where} {path}", *answers)


def test_each_difference_is_settled_and_none_is_settled_for_nothing(
    moto: list[Answer], local: list[Answer]
) -> None:
    rows, used, unsettled = settled(), set[tuple[str, str]](), list[str]()
    for difference in dict.fromkeys(differences(moto, local)):
        fitting = {(row.why, member) for row in rows for member in row.covering(difference)}
        used |= fitting
        if not fitting:
            unsettled.append(str(difference))
    assert not unsettled, "\n".join(unsettled)
    for_nothing = {(row.why, member) for row in rows for member in row.members} - used
    assert not for_nothing, f"no longer different: {sorted(for_nothing)}"


def test_what_the_local_aws_answers_is_what_aws_s_model_allows(local: list[Answer]) -> None:
    unlike = [f"{answer.call}: {fault}" for answer in local for fault in answer.unlike_model]
    assert not unlike, "\n".join(unlike)
    assert not [answer.call for answer in local if answer.members.get("error") == NOT_IMPLEMENTED]


def test_each_operation_that_a_policy_allows_is_compared() -> None:
    compared = {right for call in calls() for right in rights(call)}
    assert set(allowed(template())) - compared == NO_OPERATION


def test_each_operation_that_a_policy_allows_is_answered_and_refused(local: list[Answer]) -> None:
    refused = {right for answer in local if "error" in answer.members for right in rights(answer.call)}
    answered = {right for answer in local if "error" not in answer.members for right in rights(answer.call)}
    operations = set(allowed(template())) - NO_OPERATION
    assert operations - refused == NEVER_REFUSED
    assert operations - answered == NEVER_ANSWERED


def rights(call: Call) -> list[str]:
    """The IAM actions that a call needs."""
    return action(AwsError(call.service, call.operation, "")).split(", ")


def allowed(part: Any) -> Iterator[str]:
    """The actions of all statements that allow something."""
    match part:
        case {"Effect": "Allow", "Action": actions}:
            yield from [actions] if isinstance(actions, str) else actions
        case dict():
            for inner in part.values():
                yield from allowed(inner)
        case list():
            for inner in part:
                yield from allowed(inner)


def test_nothing_relies_on_an_answer_that_is_wrong_or_open() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for folder in SHIPPED for path in (ROOT / folder).rglob("*.py")
    )
    for row in settled():
        if row.right == "local" or row.survives:
            continue
        names = {re.findall(r"\w+", member)[-1] for member in row.members}
        # An error is read wherever its operation is called.
        assert not [name for name in names if name == "error" or f'"{name}"' in code], row


def test_what_survives_both_answers_is_tested() -> None:
    for row in settled():
        if row.survives:
            path, name = row.survives.split("::")
            assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), row
