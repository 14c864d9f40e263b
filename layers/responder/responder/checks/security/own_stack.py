"""Our own stack: it may change the service, so it is looked at as closely."""

import shlex
from functools import partial
from typing import Any

from responder.checks import commands
from responder.checks.base import ask, unread
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.checks.security import bucket as security_bucket
from responder.checks.security import bucket_policy
from responder.checks.storage import table_judged
from responder.checks.storage.table import told
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.permissions import ANY, APPROVALS_TABLE, CLAIMS_TABLE, INCIDENTS_TABLE, Permission
from responder.core.settings import Settings
from responder.core.text import text

# The pages of ListFunctions.
type ListedOrError = list[dict[str, Any]] | AwsError

CHAPTER = "セキュリティ監査"
_BUCKET = "${ReportsBucket.Arn}"
_STACK = "arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/${AWS::StackName}/*"
# Those of our functions have the stack's name as their path, those of their schedules begin with it.
_ROLES = tuple(
    f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/${{AWS::StackName}}{each}"
    for each in ("/*", "-*")
)
_TABLES = (INCIDENTS_TABLE, CLAIMS_TABLE, APPROVALS_TABLE)
NEEDS = (
    *(
        Permission(f"dynamodb:{each}", on)
        for each in ("DescribeTable", "DescribeContinuousBackups")
        for on in _TABLES
    ),
    *(
        Permission(f"s3:{each}", _BUCKET)
        for each in (
            "GetBucketAcl",
            "GetBucketOwnershipControls",
            "GetBucketPolicy",
            "GetBucketPublicAccessBlock",
            "GetEncryptionConfiguration",
            "GetReplicationConfiguration",
        )
    ),
    *(
        Permission(f"iam:{each}", on)
        for each in ("GetRole", "ListRolePolicies", "ListAttachedRolePolicies", "GetRolePolicy")
        for on in _ROLES
    ),
    Permission("cloudformation:DescribeStacks", _STACK),
    Permission("cloudformation:GetTemplate", _STACK),
    Permission("cloudformation:ListStackResources", _STACK),
    Permission("lambda:ListFunctions", ANY),
)


def bucket(context: Context) -> tuple[CheckItem, ...]:
    """The bucket of reports: incidents are described in it."""
    name = context.settings.reports_bucket
    if not name:
        return ()
    return bucket_items(context, name, tls=True)


def bucket_items(context: Context, name: str, *, tls: bool) -> tuple[CheckItem, ...]:
    """Whom a bucket lets in, by policy and ACL, its encryption and its copies; one red item where it is
    gone.

    `tls`: it was promised to insist on it.
    """
    s3, settings = partial(ask, context, "s3", Bucket=name), context.settings
    policy = s3("get_bucket_policy")
    if isinstance(policy, Missing):
        item = unread(
            Checked.BUCKET_POLICY.of(name), text("check.security.part.bucket_policy", bucket=name), policy
        )
        return (
            CheckItem(
                Checked.BUCKET_POLICY.of(name), CheckStatus.RED, item.said, (), security_bucket.CHAPTER
            ),
        )
    blocks = s3("get_public_access_block")
    return (
        *bucket_policy.policy(policy, name, settings, tls=tls),
        security_bucket.block(blocks, name, settings),
        security_bucket.acl(s3, blocks, name, settings),
        security_bucket.encryption(s3("get_bucket_encryption"), name, settings),
        security_bucket.replication(s3("get_bucket_replication"), name, settings),
    )


def tables(context: Context) -> tuple[CheckItem, ...]:
    """Register, claims and approvals."""
    settings = context.settings
    names = (settings.incidents_table, settings.claims_table, settings.approvals_table)
    return tuple(item for name in names if name for item in table(context, name))


def table(context: Context, name: str) -> tuple[CheckItem, ...]:
    """Encryption and point-in-time recovery of one table, ours or the service's."""
    region = context.settings.region
    described = ask(context, "dynamodb", "describe_table", TableName=name)
    backups = ask(context, "dynamodb", "describe_continuous_backups", TableName=name)
    return (
        told(
            described,
            "Table",
            lambda found: table_judged.encryption(found, name, region),
            "encryption",
            name,
        ),
        told(
            backups,
            "ContinuousBackupsDescription",
            lambda found: table_judged.pitr(found, name, region),
            "pitr",
            name,
        ),
    )


def layers(found: ListedOrError, settings: Settings) -> tuple[CheckItem, ...]:
    """Code that a function of ours runs and that another account can change."""
    this = Checked.FUNCTION_LAYERS.of()
    if isinstance(found, AwsError):
        return (unread(this, text("check.security.part.functions"), found, CHAPTER),)
    stack, account = settings.stack, settings.account
    ours = {
        name: [str(layer["Arn"]) for layer in each.get("Layers", ())]
        for name, each in functions(found).items()
        if name.startswith(f"{stack}-")
    }
    if not ours:
        return (
            CheckItem(
                this, CheckStatus.UNKNOWN, text("check.security.no_functions", stack=stack), (), CHAPTER
            ),
        )
    strange = {name: arns for name, used in ours.items() if (arns := _foreign(used, account))}
    if not strange:
        return (
            CheckItem(this, CheckStatus.GREEN, text("check.security.layers", count=len(ours)), (), CHAPTER),
        )
    details = tuple(
        text("check.security.layer", function=name, layer=arn)
        for name, used in strange.items()
        for arn in used
    )
    left = {name: [arn for arn in ours[name] if arn not in arns] for name, arns in strange.items()}
    command = " && ".join(_use(settings, name, ours[name], arns) for name, arns in left.items())
    said = text("check.security.layers.foreign", count=len(details))
    caution = text("check.security.caution.layers", functions=", ".join(strange))
    every = (*details, text("check.security.by_hand"))
    return (CheckItem(this, CheckStatus.RED, said, every, CHAPTER, command, caution=caution),)


def functions(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The functions in the pages of ListFunctions, by name."""
    return {str(each["FunctionName"]): each for page in found for each in page.get("Functions", ())}


def other_roles(found: ListedOrError, settings: Settings) -> tuple[CheckItem, ...]:
    """Functions of the service under another role than the one that is looked at, and functions of ours under
    a role that no stack gave them: ours have the stack's name as their path."""
    if isinstance(found, AwsError):
        return ()
    roles = {name: str(each["Role"]) for name, each in functions(found).items() if each.get("Role")}
    service = (settings.create_function, settings.result_function, *settings.rollout_functions)
    theirs = {
        name: roles[name] for name in service if name in roles and _name(roles[name]) != settings.service_role
    }
    ours = {name: role for name, role in roles.items() if name.startswith(f"{settings.stack}-")}
    strange = {name: role for name, role in ours.items() if not name.startswith(f"{_path(role)}-")}
    kinds = (
        (CheckStatus.AMBER, Checked.SERVICE_FUNCTION_ROLES, "other_role", theirs),
        (CheckStatus.RED, Checked.OWN_FUNCTION_ROLES, "strange_role", strange),
    )
    return tuple(_under(light, kind, key, each, settings) for light, kind, key, each in kinds if each)


def _under(
    light: CheckStatus, kind: Checked, key: str, roles: dict[str, str], settings: Settings
) -> CheckItem:
    names, role = ", ".join(roles), settings.service_role
    details = tuple(
        text("check.security.other_role.one", function=name, role=_name(each)) for name, each in roles.items()
    )
    command = f"aws iam list-attached-role-policies --role-name {_name(next(iter(roles.values())))}"
    said = text(f"check.security.{key}", functions=names, role=role)
    return CheckItem(kind.of(), light, said, details, CHAPTER, command)


def _name(role: str) -> str:
    return role.rpartition("/")[2]


def _path(role: str) -> str:
    """Its first part; `/` without one, with which no function's name begins."""
    return role.partition(":role/")[2].rpartition("/")[0].partition("/")[0] or "/"


def in_vpc(found: ListedOrError, settings: Settings) -> bool:
    """A liveness function runs in a VPC, as it is known to be deployed where that cannot be read."""
    if isinstance(found, AwsError):
        return True
    there = functions(found)
    names = (settings.create_function, settings.result_function)
    return any((there.get(name, {}).get("VpcConfig") or {}).get("VpcId") for name in names)


def _foreign(layers: list[str], account: str) -> list[str]:
    return [each for each in layers if each.split(":")[4] != account]


def _use(settings: Settings, function: str, now: list[str], layers: list[str]) -> str:
    where = f"--region {settings.region} --function-name {function}"
    query = "'to_string(Layers[].Arn)'"
    read = f"aws lambda get-function-configuration {where} --query {query} --output text"
    left = " ".join(layers) or shlex.quote("[]")
    change = f"aws lambda update-function-configuration {where} --layers {left}"
    return commands.unchanged(read, commands.written(now), change)
