"""Our own stack: it may change the service, so it is looked at as closely."""

import shlex
from functools import partial

from responder.check import Item, Light
from responder.checks import security_bucket, security_policy, table_judged
from responder.checks.storage_asked import ask, pages
from responder.checks.table import told
from responder.checks.unread import unread
from responder.context import Context
from responder.errors import AwsError
from responder.permissions import ANY, APPROVALS_TABLE, CLAIMS_TABLE, INCIDENTS_TABLE, Permission
from responder.text import text

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
        for each in ("GetBucketPolicy", "GetBucketPublicAccessBlock", "GetEncryptionConfiguration")
    ),
    *(
        Permission(f"iam:{each}", on)
        for each in ("GetRole", "ListRolePolicies", "ListAttachedRolePolicies", "GetRolePolicy")
        for on in _ROLES
    ),
    Permission("cloudformation:GetTemplate", _STACK),
    Permission("cloudformation:ListStackResources", _STACK),
    Permission("lambda:ListFunctions", ANY),
)


def bucket(context: Context) -> tuple[Item, ...]:
    """The bucket of reports: incidents are described in it."""
    name = context.settings.reports_bucket
    if not name:
        return ()
    s3 = partial(ask, context, "s3", Bucket=name)
    return (
        *security_policy.policy(s3("get_bucket_policy"), name, context.settings, tls=True),
        security_bucket.block(s3("get_public_access_block"), name, context.settings),
        security_bucket.encryption(s3("get_bucket_encryption"), name),
    )


def tables(context: Context) -> tuple[Item, ...]:
    """Register, claims and approvals."""
    settings = context.settings
    names = (settings.incidents_table, settings.claims_table, settings.approvals_table)
    return tuple(item for name in names if name for item in table(context, name))


def table(context: Context, name: str) -> tuple[Item, ...]:
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


def layers(context: Context) -> tuple[Item, ...]:
    """Code that a function of ours runs and that another account can change."""
    found = pages(context, "lambda", "list_functions")
    if isinstance(found, AwsError):
        return (unread(text("check.security.part.functions"), found, CHAPTER),)
    stack, account = context.settings.stack, context.settings.account
    ours = {
        str(each["FunctionName"]): [str(layer["Arn"]) for layer in each.get("Layers", ())]
        for page in found
        for each in page.get("Functions", ())
        if each["FunctionName"].startswith(f"{stack}-")
    }
    if not ours:
        return (Item(Light.UNKNOWN, text("check.security.no_functions", stack=stack), (), CHAPTER),)
    strange = {name: arns for name, used in ours.items() if (arns := _foreign(used, account))}
    if not strange:
        return (Item(Light.GREEN, text("check.security.layers", count=len(ours)), (), CHAPTER),)
    details = tuple(
        text("check.security.layer", function=name, layer=arn)
        for name, used in strange.items()
        for arn in used
    )
    left = {name: [arn for arn in ours[name] if arn not in arns] for name, arns in strange.items()}
    command = " && ".join(_use(context, name, arns) for name, arns in left.items())
    said = text("check.security.layers.foreign", count=len(details))
    return (Item(Light.RED, said, (*details, text("check.security.by_hand")), CHAPTER, command),)


def _foreign(layers: list[str], account: str) -> list[str]:
    return [each for each in layers if each.split(":")[4] != account]


def _use(context: Context, function: str, layers: list[str]) -> str:
    return (
        f"aws lambda update-function-configuration --region {context.settings.region} "
        f"--function-name {function} --layers {' '.join(layers) or shlex.quote('[]')}"
    )
