"""An operator in front of the deployed stack, with the rights that docs/people.md names and no others."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from local_aws.client import LocalAws
from rehearsal.drill.stack import APPROVER, STACK
from responder.core.plain_data import Json
from responder.core.text import Strings
from tests.integration._local_aws import allow
from tests.integration.on_call import OnCall, user

READY = "ready"
RIGHTS = {
    "all": ("lambda:GetFunctionConfiguration",),
    "backup-table": ("dynamodb:ListBackups", "dynamodb:CreateBackup", "dynamodb:DeleteBackup"),
    "restore-table": (
        "dynamodb:ListBackups", "dynamodb:DescribeBackup", "dynamodb:RestoreTableFromBackup",
        "dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive", "dynamodb:DescribeContinuousBackups",
        "dynamodb:ListTagsOfResource", "dynamodb:UpdateTimeToLive", "dynamodb:UpdateContinuousBackups",
        "dynamodb:TagResource", "application-autoscaling:DescribeScalableTargets",
        "application-autoscaling:DescribeScalingPolicies", "application-autoscaling:DescribeScheduledActions",
        "application-autoscaling:RegisterScalableTarget", "application-autoscaling:PutScalingPolicy",
        "application-autoscaling:PutScheduledAction", "cloudwatch:DescribeAlarms",
        "cloudwatch:PutMetricAlarm", "dynamodb:BatchWriteItem", "dynamodb:DeleteItem",
        "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem",
    ),
    "restore-object": (
        "s3:GetBucketVersioning", "s3:ListBucketVersions", "s3:DeleteObjectVersion", "s3:GetObjectVersion",
        "s3:PutObject",
    ),
    "enable-versioning": (
        "s3:GetBucketVersioning", "s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration",
        "s3:PutBucketVersioning",
    ),
}  # fmt: skip


@dataclass
class Operator:
    """`reported("restore-table --to NEW --yes")`: what the command wrote for a machine."""

    oncall: OnCall

    @property
    def aws(self) -> LocalAws:
        return self.oncall.aws

    def reported(self, line: str) -> Json:
        done = self.oncall.run(f"{line} --json")
        found: Json = json.loads(done.stdout)
        assert found["exit"] == done.exit_code
        return found

    def said(self, line: str) -> str:
        return self.oncall.run(line).output

    @contextmanager
    def changing(self) -> Iterator[list[str]]:
        """The operator's calls that were not only looks, as the trail has them (no calls about objects)."""
        since, found = datetime.now(UTC), list[str]()
        yield found
        key = self.oncall.keys[APPROVER]["AWS_ACCESS_KEY_ID"]
        events = self.aws.client("cloudtrail").lookup_events(
            LookupAttributes=[{"AttributeKey": "AccessKeyId", "AttributeValue": key}], StartTime=since
        )["Events"]
        assert 0 < len(events) < 50
        found += [each["EventName"] for each in reversed(events) if each["ReadOnly"] == "false"]

    def may_only(self, *commands: str, never: Strings = ()) -> None:
        """From now on."""
        actions = {right for command in ("all", *commands) for right in RIGHTS[command]} - set(never)
        policy = {"Version": "2012-10-17", "Statement": [allow(sorted(actions))]}
        self.aws.client("iam").put_user_policy(
            UserName=APPROVER, PolicyName="bring-back", PolicyDocument=json.dumps(policy)
        )


def operator(aws: LocalAws) -> Operator:
    """In front of our stack in this local AWS."""
    (stack,) = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    given = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    keys = {APPROVER: user(aws, APPROVER, given["OperatorPolicy"])}
    aws.snapshot(READY)
    return Operator(OnCall(aws, keys, ""))
