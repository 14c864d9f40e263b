"""The monthly security audit: the service's role, bucket and table, and our own stack (セキュリティ監査)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from responder.checks.base import ask, pages
from responder.checks.model import CheckItem, CheckSection
from responder.checks.security import bucket as security_bucket
from responder.checks.security import own_rights, own_stack, resource_policies
from responder.checks.security.roles_read import role
from responder.checks.security.service_role import Around
from responder.checks.security.service_role import role as judged_role
from responder.checks.storage.table import gone
from responder.core.context import Context
from responder.core.errors import Missing
from responder.core.permissions import IMAGES_BUCKET, SERVICE_ROLE, SESSIONS_TABLE, Permission

_ATTACHED = (
    "arn:${AWS::Partition}:iam::aws:policy/*",
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/*",
)
_OF_ROLE = ("GetRole", "ListRolePolicies", "GetRolePolicy", "ListAttachedRolePolicies")
_OF_BUCKET = (
    "GetBucketAcl",
    "GetBucketOwnershipControls",
    "GetBucketPolicy",
    "GetBucketPublicAccessBlock",
    "GetEncryptionConfiguration",
    "GetReplicationConfiguration",
    "GetBucketVersioning",
    "GetLifecycleConfiguration",
)


@dataclass(frozen=True, slots=True)
class Security:
    """Settings and policies only: neither images nor rows are read."""

    name: str = "security"

    def needs(self) -> tuple[Permission, ...]:
        """Reads of configuration."""
        return (
            *(Permission(f"iam:{each}", SERVICE_ROLE) for each in _OF_ROLE),
            *(
                Permission(f"iam:{each}", on)
                for each in ("GetPolicy", "GetPolicyVersion")
                for on in _ATTACHED
            ),
            *(Permission(f"s3:{each}", IMAGES_BUCKET) for each in _OF_BUCKET),
            Permission("dynamodb:DescribeTable", SESSIONS_TABLE),
            Permission("dynamodb:DescribeContinuousBackups", SESSIONS_TABLE),
            *own_stack.NEEDS,
            *resource_policies.NEEDS,
        )

    def run(self, context: Context) -> CheckSection:
        """Parts side by side; what one of them may not read is an item of its own."""
        settings = context.settings
        listed = pages(context, "lambda", "list_functions")
        in_vpc = own_stack.in_vpc(listed, settings)
        encryption = ask(context, "s3", "get_bucket_encryption", Bucket=settings.bucket)
        around = Around(context.now, in_vpc=in_vpc, key=security_bucket.own_key(encryption, settings))
        parts: tuple[Callable[[], tuple[CheckItem, ...]], ...] = (
            lambda: judged_role(role(context, settings.service_role), settings, around),
            partial(own_stack.other_roles, listed, settings),
            partial(bucket, context),
            partial(table, context),
            partial(own_stack.bucket, context),
            partial(own_stack.tables, context),
            partial(resource_policies.shared, context),
            partial(own_stack.layers, listed, settings),
            partial(own_rights.rights, context),
        )
        with ThreadPoolExecutor(len(parts)) as pool:
            found = list(pool.map(lambda part: part(), parts))
        return CheckSection(self.name, tuple(item for items in found for item in items))


def bucket(context: Context) -> tuple[CheckItem, ...]:
    """The images bucket."""
    settings = context.settings
    found = own_stack.bucket_items(context, settings.bucket, tls=False)
    if len(found) == 1:  # it is gone
        return found
    s3 = partial(ask, context, "s3", Bucket=settings.bucket)
    versioning, rules = s3("get_bucket_versioning"), s3("get_bucket_lifecycle_configuration")
    return *found, security_bucket.versions(versioning, rules, settings)


def table(context: Context) -> tuple[CheckItem, ...]:
    """The sessions table."""
    name = context.settings.sessions_table
    described = ask(context, "dynamodb", "describe_table", TableName=name)
    if isinstance(described, Missing):
        return (gone(name, described),)
    return own_stack.table(context, name)
