"""The monthly security audit: the service's role, bucket and table, and our own stack (セキュリティ監査)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from responder.check import Item, Light, Section
from responder.checks import security_bucket, security_own, security_policy, security_rights
from responder.checks.security_asked import role
from responder.checks.security_role import role as judged_role
from responder.checks.storage_asked import ask
from responder.checks.table import gone
from responder.checks.unread import unread
from responder.context import Context
from responder.errors import Missing
from responder.permissions import IMAGES_BUCKET, SERVICE_ROLE, SESSIONS_TABLE, Permission
from responder.text import text

_ATTACHED = (
    "arn:${AWS::Partition}:iam::aws:policy/*",
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/*",
)
_OF_ROLE = ("GetRole", "ListRolePolicies", "GetRolePolicy", "ListAttachedRolePolicies")
_OF_BUCKET = (
    "GetBucketPolicy",
    "GetBucketPublicAccessBlock",
    "GetEncryptionConfiguration",
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
            *security_own.NEEDS,
        )

    def run(self, context: Context) -> Section:
        """Parts side by side; what one of them may not read is an item of its own."""
        settings = context.settings
        parts: tuple[Callable[[], tuple[Item, ...]], ...] = (
            lambda: judged_role(role(context, settings.service_role), settings),
            partial(bucket, context),
            partial(table, context),
            partial(security_own.bucket, context),
            partial(security_own.tables, context),
            partial(security_own.layers, context),
            partial(security_rights.rights, context),
        )
        with ThreadPoolExecutor(len(parts)) as pool:
            found = list(pool.map(lambda part: part(), parts))
        return Section(self.name, tuple(item for items in found for item in items))


def bucket(context: Context) -> tuple[Item, ...]:
    """The images bucket; one that is not there is red and that is all."""
    settings = context.settings
    s3 = partial(ask, context, "s3", Bucket=settings.bucket)
    policy = s3("get_bucket_policy")
    if isinstance(policy, Missing):
        item = unread(text("check.security.part.bucket_policy", bucket=settings.bucket), policy)
        return (Item(Light.RED, item.said, (), security_bucket.CHAPTER),)
    versioning, rules = s3("get_bucket_versioning"), s3("get_bucket_lifecycle_configuration")
    return (
        *security_policy.policy(policy, settings.bucket, settings, tls=False),
        security_bucket.block(s3("get_public_access_block"), settings.bucket, settings),
        security_bucket.encryption(s3("get_bucket_encryption"), settings.bucket),
        security_bucket.versions(versioning, rules, settings),
    )


def table(context: Context) -> tuple[Item, ...]:
    """The sessions table."""
    name = context.settings.sessions_table
    described = ask(context, "dynamodb", "describe_table", TableName=name)
    if isinstance(described, Missing):
        return (gone(name, described),)
    return security_own.table(context, name)
