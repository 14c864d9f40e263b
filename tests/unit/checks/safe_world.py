"""FaceAuth as `rehearsal.world` deploys it, together with the responder's stack: what AWS would answer about
both."""
# ruff: noqa: N803 - the argument names are AWS's own

import copy
import json
from collections.abc import Iterable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from rehearsal.world import identity, storage
from rehearsal.world.names import ACCOUNT, FUNCTIONS, POLICY, REGION, ROLE, TABLE, bucket
from responder.checks.base import Check
from responder.checks.finding import GREEN, CheckItem, CheckStatus
from responder.checks.model import CheckSection
from responder.checks.security.audit import Security
from responder.checks.storage.bucket import Storage
from responder.checks.storage.table import SessionsTable
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.plain_data import Json
from responder.core.settings import Settings
from tests.fakes import FakeAws
from tests.times import utc
from tests.unit.evidence.worlds import Figures

NOW = utc("2026-02-04 00:00")
REPORTS, OURS = "responder-reports", ("incidents", "claims", "approvals")
OUR_ROLE = "liveness-responder-HighErrorRateRole-1"
OUR_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/liveness-responder-OnCall-1"
# Attached to our role by the template, which names it by its logical id.
OUR_SHARED_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/liveness-responder-AlarmPolicy-1"
OWNER = "canonical-id-of-the-owner"
# As AWS publishes it.
VPC_ACCESS = {
    "Effect": "Allow",
    "Action": [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
    ],
    "Resource": "*",
}
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:notifications"
# As API Gateway's permission is written by CDK, and as SNS makes a topic's own policy.
CALLED = {
    "Effect": "Allow",
    "Principal": {"Service": "apigateway.amazonaws.com"},
    "Action": "lambda:InvokeFunction",
    "Resource": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:any",
    "Condition": {"ArnLike": {"AWS:SourceArn": f"arn:aws:execute-api:us-east-1:{ACCOUNT}:api/*/POST/x"}},
}
OWNERS = {
    "Effect": "Allow",
    "Principal": {"AWS": "*"},
    "Action": ["SNS:Subscribe", "SNS:Publish"],
    "Resource": TOPIC,
    "Condition": {"StringEquals": {"AWS:SourceOwner": ACCOUNT}},
}
LAYER = f"arn:aws:lambda:us-east-1:{ACCOUNT}:layer:ResponderLayer:3"
SETTINGS = Settings(
    account=ACCOUNT,
    bucket=bucket(),
    reports_bucket=REPORTS,
    topic=TOPIC,
    incidents_table=OURS[0],
    claims_table=OURS[1],
    approvals_table=OURS[2],
)
BLOCKED = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
)


def tls(name: str) -> Json:
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


class Recorder:
    """A client that only remembers what the world's builder sent."""

    meta = SimpleNamespace(region_name=REGION)

    def __init__(self) -> None:
        self.sent: dict[str, Json] = {}

    def __getattr__(self, operation: str) -> Any:
        return lambda **asked: self.sent.__setitem__(operation, asked)


class Safe:
    """Change its fields, then `run(check)`. `without` answers like one whose owner never set it."""

    def __init__(self) -> None:
        s3, dynamodb, iam = Recorder(), Recorder(), Recorder()
        storage.create_bucket(s3)
        storage.create_table(dynamodb, provisioned=False)
        identity.create(iam)
        sent = s3.sent["put_bucket_lifecycle_configuration"]["LifecycleConfiguration"]
        self.rules: list[Json] = sent["Rules"]
        self.smallest = "all_storage_classes_128K"
        self.blocks = {
            bucket(): dict(s3.sent["put_public_access_block"]["PublicAccessBlockConfiguration"]),
            REPORTS: dict(BLOCKED),
        }
        self.versioning = str(
            s3.sent.get("put_bucket_versioning", {}).get("VersioningConfiguration", {}).get("Status", "")
        )
        self.bucket_policies: dict[str, list[Json]] = {REPORTS: [tls(REPORTS)]}
        self.boundary = ""
        self.trust = json.loads(iam.sent["create_role"]["AssumeRolePolicyDocument"])
        self.inline = {ROLE: {POLICY: json.loads(iam.sent["put_role_policy"]["PolicyDocument"])}}
        self.attached = {ROLE: [iam.sent["attach_role_policy"]["PolicyArn"]]}
        self.managed: Json = {self.attached[ROLE][0]: {"Statement": [VPC_ACCESS]}}
        owner = {"Grantee": {"Type": "CanonicalUser", "ID": OWNER}, "Permission": "FULL_CONTROL"}
        self.acls: dict[str, list[Json]] = {name: [owner] for name in (bucket(), REPORTS)}
        # Of the images bucket; that of the reports bucket is as S3 makes it. None: it was never set.
        self.ownership: str | None = "BucketOwnerEnforced"
        self.encryption: Json | None = {"SSEAlgorithm": "AES256"}
        self.roles = dict.fromkeys(FUNCTIONS, ROLE)
        self.our_function = "liveness-responder-high-error-rate"
        self.our_path = "liveness-responder/"
        self.vpc = {"VpcId": "vpc-1", "SubnetIds": ["subnet-1"]}
        ttl = dynamodb.sent["update_time_to_live"]["TimeToLiveSpecification"]
        self.ttl = {"TimeToLiveStatus": "ENABLED", "AttributeName": ttl["AttributeName"]}
        self.pitr = dict.fromkeys((TABLE, *OURS), "ENABLED")
        self.window = 35
        self.tables: dict[str, Json] = {name: {"SSEDescription": {"Status": "ENABLED"}} for name in OURS}
        self.tables[TABLE] = {
            "ItemCount": 420,
            "TableSizeBytes": 2**20,
            "SSEDescription": {"Status": "ENABLED"},
            "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
        }
        self.objects = [self.object(days) for days in (1, 45, 89)]
        self.truncated = False
        # Replication rules of the images bucket.
        self.copied: list[Json] = []
        # One without a statement never had a policy.
        self.function_policies = {name: [copy.deepcopy(CALLED)] for name in FUNCTIONS}
        self.topic_policy = [copy.deepcopy(OWNERS)]
        self.parameters: list[dict[str, str]] = []
        self.layers = [LAYER]
        self._own()
        self.aws = FakeAws(NOW)
        self.figures = Figures().serve(self.aws)
        self._serve()

    def _own(self) -> None:
        """Our own role and managed policy, as the template says."""
        allowed = {"Effect": "Allow", "Action": ["dynamodb:Query"], "Resource": ["arn:x"]}
        never = {
            "Effect": "Deny",
            "Action": "lambda:UpdateFunctionConfiguration",
            "Resource": "*",
            "Condition": {"Null": {"lambda:Layer": "false"}},
        }
        document = {"Statement": [allowed, never]}
        trust = {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}}
        basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        role = {
            "ManagedPolicyArns": [basic, {"Ref": "AlarmPolicy"}],
            "Policies": [{"PolicyName": "HighErrorRateRolePolicy0", "PolicyDocument": document}],
            "AssumeRolePolicyDocument": {"Statement": [trust]},
        }
        policy = {"PolicyDocument": {"Statement": [dict(allowed)]}}
        shared = {"PolicyDocument": copy.deepcopy(document)}
        self.template: Any = {
            "Resources": {
                "HighErrorRateRole": {"Type": "AWS::IAM::Role", "Properties": role},
                "OnCall": {"Type": "AWS::IAM::ManagedPolicy", "Properties": policy},
                "AlarmPolicy": {"Type": "AWS::IAM::ManagedPolicy", "Properties": shared},
            }
        }
        self.inline[OUR_ROLE] = {"HighErrorRateRolePolicy0": copy.deepcopy(document)}
        self.attached[OUR_ROLE] = [basic, OUR_SHARED_POLICY]
        self.our_trust = {"Statement": [copy.deepcopy(trust)]}
        self.managed[OUR_POLICY] = copy.deepcopy(policy["PolicyDocument"])
        self.managed[OUR_SHARED_POLICY] = copy.deepcopy(document)

    @staticmethod
    def object(days: float) -> Json:
        key = "liveness-audit/s3cret/reference.jpg"
        return {"Key": key, "LastModified": NOW - timedelta(days=days), "Size": 100 * 2**10}

    def sizes(self, values: Iterable[float | None], storage: str = "StandardStorage") -> None:
        """GiB by day; the last one of yesterday. None: a day without a figure."""
        found = list(values)
        start = NOW - timedelta(days=len(found))
        points = [
            (start + timedelta(days=number), value * 2**30)
            for number, value in enumerate(found)
            if value is not None
        ]
        self.figures.put("AWS/S3", "BucketSizeBytes", points, BucketName=bucket(), StorageType=storage)

    def count(self, objects: float) -> None:
        where = {"BucketName": bucket(), "StorageType": "AllStorageTypes"}
        self.figures.put("AWS/S3", "NumberOfObjects", [(NOW - timedelta(days=1), objects)], **where)

    def audit(self) -> CheckSection:
        return self.run(Security())

    def storage(self) -> CheckSection:
        return self.run(Storage())

    def table(self) -> CheckSection:
        return self.run(SessionsTable())

    def run(self, check: Check) -> CheckSection:
        return check.run(Context(self.aws, SETTINGS, NOW, NOW))

    def refuse(self, error: type[AwsError], code: str, *asked: tuple[str, str]) -> None:
        for service, operation in asked:
            self.aws.fail(service, operation, error, code=code, times=999)

    def _serve(self) -> None:
        def one(service: str, operation: str, make: Any) -> None:
            self.aws.answer(service, operation, make)

        one("lambda", "get_policy", self._called)
        one(
            "sns",
            "get_topic_attributes",
            lambda TopicArn: {"Attributes": {"Policy": json.dumps({"Statement": self.topic_policy})}},
        )
        one("s3", "get_bucket_policy", self._policy)
        one(
            "s3",
            "get_public_access_block",
            lambda Bucket: {"PublicAccessBlockConfiguration": self.blocks[Bucket]},
        )
        one("s3", "get_bucket_encryption", self._encryption)
        one("s3", "get_bucket_replication", self._replication)
        one("s3", "get_bucket_acl", lambda Bucket: {"Owner": {"ID": OWNER}, "Grants": self.acls[Bucket]})
        one("s3", "get_bucket_ownership_controls", self._ownership)
        one("s3", "get_bucket_versioning", lambda **_: {"Status": self.versioning} if self.versioning else {})
        one("s3", "get_bucket_lifecycle_configuration", lambda **_: self._rules())
        one("s3", "list_objects_v2", lambda **_: {"Contents": self.objects, "IsTruncated": self.truncated})
        one("iam", "get_role", self._role)
        one("iam", "list_role_policies", lambda RoleName: {"PolicyNames": list(self.inline[RoleName])})
        one(
            "iam",
            "get_role_policy",
            lambda RoleName, PolicyName: {"PolicyDocument": self.inline[RoleName][PolicyName]},
        )
        one("iam", "list_attached_role_policies", self._attached)
        one("iam", "get_policy", {"Policy": {"DefaultVersionId": "v7"}})
        one("iam", "get_policy_version", self._version)
        one("dynamodb", "describe_table", lambda TableName: {"Table": self.tables[TableName]})
        one("dynamodb", "describe_time_to_live", lambda **_: {"TimeToLiveDescription": self.ttl})
        one("dynamodb", "describe_continuous_backups", self._pitr)
        one(
            "lambda",
            "list_functions",
            lambda **_: {"Functions": [self._function(), {"FunctionName": "other"}, *self._services()]},
        )
        one("cloudformation", "describe_stacks", lambda **_: {"Stacks": [{"Parameters": self.parameters}]})
        one("cloudformation", "get_template", lambda **_: {"TemplateBody": self.template})
        made = {"HighErrorRateRole": OUR_ROLE, "OnCall": OUR_POLICY, "AlarmPolicy": OUR_SHARED_POLICY}
        ours = [{"LogicalResourceId": name, "PhysicalResourceId": made[name]} for name in made]
        one("cloudformation", "list_stack_resources", {"StackResourceSummaries": ours})

    def _role(self, RoleName: str) -> Json:
        found: Json = {"AssumeRolePolicyDocument": self.our_trust if RoleName == OUR_ROLE else self.trust}
        if self.boundary and RoleName == ROLE:
            found["PermissionsBoundary"] = {"PermissionsBoundaryArn": self.boundary}
        return {"Role": found}

    def _policy(self, Bucket: str) -> Json:
        if Bucket not in self.bucket_policies:
            raise Missing("s3", "GetBucketPolicy", "NoSuchBucketPolicy")
        return {"Policy": json.dumps({"Statement": self.bucket_policies[Bucket]})}

    def _called(self, FunctionName: str) -> Json:
        found = self.function_policies[FunctionName]
        if not found:
            raise Missing("lambda", "GetPolicy", "ResourceNotFoundException")
        return {"Policy": json.dumps({"Statement": found})}

    def _rules(self) -> Json:
        if not self.rules:
            raise Missing("s3", "GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration")
        return {"Rules": self.rules, "TransitionDefaultMinimumObjectSize": self.smallest}

    def _attached(self, RoleName: str) -> Json:
        found = [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in self.attached[RoleName]]
        return {"AttachedPolicies": found}

    def _version(self, PolicyArn: str, VersionId: str) -> Json:
        assert VersionId == "v7"
        return {"PolicyVersion": {"Document": self.managed[PolicyArn]}}

    def _pitr(self, TableName: str) -> Json:
        status = {"PointInTimeRecoveryStatus": self.pitr[TableName], "RecoveryPeriodInDays": self.window}
        return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": status}}

    def _encryption(self, Bucket: str) -> Json:
        if self.encryption is None:
            code = "ServerSideEncryptionConfigurationNotFoundError"
            raise Missing("s3", "GetBucketEncryption", code)
        rules = [{"ApplyServerSideEncryptionByDefault": self.encryption}]
        return {"ServerSideEncryptionConfiguration": {"Rules": rules}}

    def _replication(self, Bucket: str) -> Json:
        if Bucket == REPORTS or not self.copied:
            raise Missing("s3", "GetBucketReplication", "ReplicationConfigurationNotFoundError")
        rules = [{"Status": "Enabled", "Priority": 1, **each} for each in self.copied]
        return {"ReplicationConfiguration": {"Role": "arn:r", "Rules": rules}}

    def _ownership(self, Bucket: str) -> Json:
        how = "BucketOwnerEnforced" if Bucket == REPORTS else self.ownership
        if how is None:
            raise Missing("s3", "GetBucketOwnershipControls", "OwnershipControlsNotFoundError")
        return {"OwnershipControls": {"Rules": [{"ObjectOwnership": how}]}}

    def _services(self) -> list[Json]:
        return [
            {"FunctionName": name, "Role": f"arn:aws:iam::{ACCOUNT}:role/{role}", "VpcConfig": self.vpc}
            for name, role in self.roles.items()
        ]

    def _function(self) -> Json:
        layers = [{"Arn": arn} for arn in self.layers]
        role = f"arn:aws:iam::{ACCOUNT}:role/{self.our_path}{OUR_ROLE}"
        return {"FunctionName": self.our_function, "Layers": layers, "Role": role}


def deployed() -> Safe:
    made = Safe()
    made.sizes([10.0] * 14)
    made.count(1200)
    return made


def corrected() -> Safe:
    """Versions on, with an end for old ones."""
    made = deployed()
    made.versioning = "Enabled"
    made.rules = [{**each, "NoncurrentVersionExpiration": {"NoncurrentDays": 1}} for each in made.rules]
    return made


def faults(section: CheckSection) -> dict[str, CheckStatus]:
    return {each.said.key: each.light for each in section.items if each.light is not GREEN}


def item(section: CheckSection, key: str, *named: str) -> CheckItem:
    found = [
        each
        for each in section.items
        if each.said.key == key and set(named) <= {str(value) for value in each.said.values.values()}
    ]
    assert len(found) == 1, faults(section)
    return found[0]
