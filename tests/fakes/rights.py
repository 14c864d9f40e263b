"""IAM, S3, CloudFormation, CloudTrail and Health, as far as a service's surroundings are made and read."""
# ruff: noqa: N803 - the argument names are AWS's own

import json
from collections import defaultdict
from typing import Any

from responder.core.errors import Missing, Rejected
from responder.core.plain_data import Json


class StrictIam:
    """`policies`: (role, policy) -> document."""

    def __init__(self) -> None:
        self.policies: dict[tuple[str, str], Any] = {}
        self.attached: dict[str, list[str]] = defaultdict(list)

    def create_role(self, RoleName: str, AssumeRolePolicyDocument: str) -> Json:
        json.loads(AssumeRolePolicyDocument)
        self.attached[RoleName] = []
        return {}

    def attach_role_policy(self, RoleName: str, PolicyArn: str) -> Json:
        self.attached[RoleName].append(PolicyArn)
        return {}

    def put_role_policy(self, RoleName: str, PolicyName: str, PolicyDocument: str) -> Json:
        self.policies[RoleName, PolicyName] = json.loads(PolicyDocument)
        return {}

    def get_role_policy(self, RoleName: str, PolicyName: str) -> Json:
        if (RoleName, PolicyName) not in self.policies:
            raise Missing("iam", "GetRolePolicy", "NoSuchEntity")
        document = self.policies[RoleName, PolicyName]
        return {"RoleName": RoleName, "PolicyName": PolicyName, "PolicyDocument": document}

    def list_attached_role_policies(self, RoleName: str) -> Json:
        arns = self.attached[RoleName]
        return {
            "AttachedPolicies": [{"PolicyName": arn.rsplit("/", 1)[-1], "PolicyArn": arn} for arn in arns]
        }


class StrictS3:
    """`settings`: (bucket, what was put) -> as it was put."""

    def __init__(self) -> None:
        self.buckets: set[str] = set()
        self.settings: dict[tuple[str, str], Any] = {}

    def create_bucket(self, Bucket: str) -> Json:
        self.buckets.add(Bucket)
        return {}

    def put_public_access_block(self, Bucket: str, **given: Any) -> Json:
        return self._put("PutPublicAccessBlock", Bucket, "block", given)

    def put_bucket_lifecycle_configuration(self, Bucket: str, **given: Any) -> Json:
        return self._put("PutBucketLifecycleConfiguration", Bucket, "lifecycle", given)

    def put_bucket_policy(self, Bucket: str, Policy: str) -> Json:
        json.loads(Policy)
        return self._put("PutBucketPolicy", Bucket, "policy", {"Policy": Policy})

    def get_bucket_policy(self, Bucket: str) -> Json:
        return self._get("GetBucketPolicy", Bucket, "policy", "NoSuchBucketPolicy")

    def get_public_access_block(self, Bucket: str) -> Json:
        return self._get("GetPublicAccessBlock", Bucket, "block", "NoSuchPublicAccessBlockConfiguration")

    def get_bucket_encryption(self, Bucket: str) -> Json:
        """S3's own keys, unless others were chosen."""
        if Bucket not in self.buckets:
            raise Missing("s3", "GetBucketEncryption", "NoSuchBucket")
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        return {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}

    def _put(self, operation: str, bucket: str, what: str, given: Any) -> Json:
        if bucket not in self.buckets:
            raise Missing("s3", operation, "NoSuchBucket")
        self.settings[bucket, what] = given
        return {}

    def _get(self, operation: str, bucket: str, what: str, missing: str) -> Json:
        if (bucket, what) not in self.settings:
            raise Missing("s3", operation, missing if bucket in self.buckets else "NoSuchBucket")
        return dict(self.settings[bucket, what])


class StrictCloudFormation:
    """Stacks by name; of what they make nothing is made here."""

    def __init__(self) -> None:
        self.stacks: set[str] = set()

    def create_stack(self, StackName: str, TemplateBody: str) -> Json:
        json.loads(TemplateBody)
        if StackName in self.stacks:
            raise Rejected("cloudformation", "CreateStack", "AlreadyExistsException")
        self.stacks.add(StackName)
        return {}

    def describe_stack_events(self, StackName: str) -> Json:
        if StackName not in self.stacks:
            raise Rejected("cloudformation", "DescribeStackEvents", "ValidationError")
        return {"StackEvents": []}


class Quiet:
    """CloudTrail and Health: nothing has happened."""

    def lookup_events(self, **_: Any) -> Json:
        return {"Events": []}

    def describe_events(self, **_: Any) -> Json:
        return {"events": []}
