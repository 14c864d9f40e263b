"""IAM needs, declared with the code that makes the calls.

Resources are written with the parameter names of `template.yaml`, so that a test can hold a
function's policy equal to its playbook's need, letter for letter.
"""

from dataclasses import dataclass

from responder.core.modes import Mode
from responder.core.remedy import REMEDIES
from responder.core.switches import ask_name
from responder.core.text import Strings

_ARN = "arn:${AWS::Partition}:"
_HERE = "${AWS::Region}:${AWS::AccountId}:"
ANY = "*"
CREATE_FUNCTION = f"{_ARN}lambda:{_HERE}function:${{CreateFunctionName}}"
RESULT_FUNCTION = f"{_ARN}lambda:{_HERE}function:${{ResultFunctionName}}"
ROLLOUT_FUNCTIONS = tuple(
    f"{_ARN}lambda:{_HERE}function:${{{name}}}"
    for name in (
        "EnrollmentFunctionName",
        "FaceLoginFunctionName",
        "EmergencyAuthFunctionName",
        "ReEnrollmentFunctionName",
    )
)
CREATE_LOGS = f"{_ARN}logs:{_HERE}log-group:/aws/lambda/${{CreateFunctionName}}:*"
RESULT_LOGS = f"{_ARN}logs:{_HERE}log-group:/aws/lambda/${{ResultFunctionName}}:*"
SESSIONS_TABLE = f"{_ARN}dynamodb:{_HERE}table/${{SessionsTableName}}"
SERVICE_ROLE = f"{_ARN}iam::${{AWS::AccountId}}:role/${{ServiceRoleName}}"
# Any role whose sessions are registered as a person.
ROLES = f"{_ARN}iam::${{AWS::AccountId}}:role/*"
# Its name may be left to the template, which then knows FaceAuth's own: `liveness_ops.policy` writes both.
IMAGES_BUCKET = f"{_ARN}s3:::${{ImagesBucketName}}"
SERVICE_STACK = f"{_ARN}cloudformation:{_HERE}stack/${{ServiceStackName}}/*"
STOPS = f"{_ARN}ssm:{_HERE}parameter/${{AWS::StackName}}/stops/*"
SETTINGS_DOCUMENT = f"{_ARN}ssm:{_HERE}parameter/${{AWS::StackName}}/settings"
# Dashboards are global: their ARN names no Region (Service Authorization Reference, CloudWatch).
DASHBOARD = f"{_ARN}cloudwatch::${{AWS::AccountId}}:dashboard/FaceAuth-Liveness"
PARAMETERS_PATH = f"{_ARN}ssm:{_HERE}parameter/${{AWS::StackName}}"
PARAMETERS = f"{_ARN}ssm:{_HERE}parameter/${{AWS::StackName}}/*"
# People name them; to list them is a right on all. AWS's pages write both alarm-mute: and alarm-mute-rule:.
MUTE_RULES = f"{_ARN}cloudwatch:{_HERE}alarm-mute*"
INCIDENTS_TABLE = "${Incidents.Arn}"
CLAIMS_TABLE = "${Claims.Arn}"
APPROVALS_TABLE = "${Approvals.Arn}"
TOPIC = "${Notifications}"
FAILURES_QUEUE = "${Failures.Arn}"
# Deployed with Slack only.
UNPOSTED_IF_ANY = "${Unposted.Arn} or nothing"
QUEUES = (
    FAILURES_QUEUE,
    *(f"${{{name}.Arn}}" for name in ("Undelivered", "FailedTwice", "Unfollowed", "Unmailed")),
    UNPOSTED_IF_ANY,
)
# Functions that are deployed without Slack too: without it they may read no secret.
SLACK_IF_ANY = "${SlackSecretArn} or nothing"
FOLLOW_UP = f"{_ARN}lambda:{_HERE}function:${{AWS::StackName}}-follow-up:live"


def responder(slug: str) -> str:
    """The ARN of the function of one playbook."""
    return f"{_ARN}lambda:{_HERE}function:${{AWS::StackName}}-{slug}"


# The rights that an operation takes, where IAM has others than the API's name: by client and operation
# (Service Authorization Reference, "Actions, resources, and condition keys").
_RIGHTS = {
    "dynamodb:TransactWriteItems": ("dynamodb:PutItem", "dynamodb:UpdateItem"),
    "lambda:Invoke": ("lambda:InvokeFunction",),
    "s3:CopyObject": ("s3:GetObject", "s3:PutObject"),
    "s3:DeleteBucketEncryption": ("s3:PutEncryptionConfiguration",),
    "s3:GetBucketEncryption": ("s3:GetEncryptionConfiguration",),
    "s3:GetBucketLifecycleConfiguration": ("s3:GetLifecycleConfiguration",),
    "s3:GetBucketReplication": ("s3:GetReplicationConfiguration",),
    "s3:GetPublicAccessBlock": ("s3:GetBucketPublicAccessBlock",),
    "s3:HeadBucket": ("s3:ListBucket",),
    "s3:HeadObject": ("s3:GetObject",),
    "s3:ListBuckets": ("s3:ListAllMyBuckets",),
    "s3:ListObjectVersions": ("s3:ListBucketVersions",),
    "s3:ListObjectsV2": ("s3:ListBucket",),
    "s3:PutBucketEncryption": ("s3:PutEncryptionConfiguration",),
    "s3:PutBucketLifecycleConfiguration": ("s3:PutLifecycleConfiguration",),
    "s3:PutPublicAccessBlock": ("s3:PutBucketPublicAccessBlock",),
}
# Where the prefix of IAM is another than the client's name.
_PREFIXES = {"service-quotas": "servicequotas"}


def rights(service: str, operation: str) -> Strings:
    """The IAM actions that a call takes. `service`: the client's name; `operation`: as the API or the client
    has it (`ListBuckets`, `list_buckets`)."""
    if not operation[:1].isupper():
        operation = "".join(part.title() for part in operation.split("_"))
    prefix = _PREFIXES.get(service, service)
    return _RIGHTS.get(f"{service}:{operation}", (f"{prefix}:{operation}",))


@dataclass(frozen=True, slots=True, order=True)
class Permission:
    """One IAM action on one resource. `why` is the reason given for it in the template;
    a plain read needs none. `forbidden` makes it a Deny, under the condition that belongs to the action."""

    action: str
    resource: str
    why: str = ""
    forbidden: bool = False


type Permissions = tuple[Permission, ...]


def no_layers(function_arn: str) -> Permission:
    """A principal that may update a function's configuration could add code with a layer."""
    return Permission(
        "lambda:UpdateFunctionConfiguration",
        function_arn,
        "a change of configuration must never bring code with it",
        forbidden=True,
    )


def to_configure(function_arn: str, purpose: str) -> Permissions:
    """Rights to read, change and release one function's configuration; never to bring code into it."""
    return (
        Permission("lambda:GetFunctionConfiguration", function_arn),
        Permission("lambda:ListAliases", function_arn),
        Permission("lambda:ListVersionsByFunction", function_arn),
        Permission("lambda:UpdateFunctionConfiguration", function_arn, purpose),
        Permission("lambda:PublishVersion", function_arn, "an alias serves only what is published"),
        Permission("lambda:UpdateAlias", function_arn, "let the alias serve what was changed"),
        no_layers(function_arn),
    )


def never_over(parameter_arn: str) -> Permission:
    """Creating a parameter is a separate permission only where overwriting one is denied."""
    return Permission("ssm:PutParameter", parameter_arn, "a stop is never written over", forbidden=True)


def asking_stops() -> Permissions:
    """Rights to create the stops by which a remedy is only asked for, and no other parameter; never to write
    over one. Only of the remedies that can act without a person."""
    names = (name for name, spec in REMEDIES.items() if spec.ceiling is Mode.AUTO)
    return tuple(
        right
        for arn in (f"{STOPS.removesuffix('*')}{ask_name(name)}" for name in names)
        for right in (
            Permission("ssm:PutParameter", arn, "a remedy that did harm or did not help is only asked for"),
            never_over(arn),
        )
    )


def qualified(function_arn: str) -> str:
    """The ARN of every version and alias of a function."""
    return f"{function_arn}:*"


# What the settings in force take to read; their history only where the document cannot be used.
SETTINGS = (
    Permission("ssm:GetParametersByPath", PARAMETERS),
    Permission("ssm:GetParametersByPath", PARAMETERS_PATH),
    Permission("ssm:GetParameterHistory", SETTINGS_DOCUMENT),
)
