"""Who may do what: the monthly audit (セキュリティ監査), and the part of it that is judged every day."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from responder.checks.base import ask, pages
from responder.checks.finding import CheckItem, Items
from responder.checks.model import CheckSection
from responder.checks.security import bucket, own_rights, own_stack, resource_policies
from responder.checks.security.roles_read import role
from responder.checks.security.service_role import Around
from responder.checks.security.service_role import role as judged_role
from responder.checks.storage.table import gone, protection
from responder.core.context import Context
from responder.core.errors import Missing
from responder.core.frozen import frozen
from responder.core.permissions import IMAGES_BUCKET, SERVICE_ROLE, SESSIONS_TABLE, Permission, Permissions

_ATTACHED = (
    "arn:${AWS::Partition}:iam::aws:policy/*",
    "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/*",
)
_OF_ROLE = ("GetRole", "ListRolePolicies", "GetRolePolicy", "ListAttachedRolePolicies")
_OF_VERSIONS = ("GetBucketVersioning", "GetLifecycleConfiguration")


@frozen
class Security:
    """Every month: the service's role, bucket and table, and our own stack. Settings and policies only:
    neither images nor rows are read."""

    name: str = "security"

    def needs(self) -> Permissions:
        """Reads of configuration."""
        return (
            *(Permission(f"iam:{each}", SERVICE_ROLE) for each in _OF_ROLE),
            *(Permission("iam:GetPolicy", on) for on in _ATTACHED),
            *(Permission("iam:GetPolicyVersion", on) for on in _ATTACHED),
            *bucket.needs(IMAGES_BUCKET),
            *(Permission(f"s3:{each}", IMAGES_BUCKET) for each in _OF_VERSIONS),
            Permission("dynamodb:DescribeTable", SESSIONS_TABLE),
            Permission("dynamodb:DescribeContinuousBackups", SESSIONS_TABLE),
            *own_stack.NEEDS,
            *resource_policies.NEEDS,
        )

    def run(self, context: Context) -> CheckSection:
        """Parts in parallel; what one of them may not read is a separate item."""
        settings = context.settings
        listed = pages(context, "lambda", "list_functions")
        in_vpc = own_stack.in_vpc(listed, settings)
        encryption = ask(context, "s3", "get_bucket_encryption", Bucket=settings.bucket)
        around = Around(context.now, in_vpc=in_vpc, key=bucket.own_key(encryption, settings))
        parts: tuple[Callable[[], Iterable[CheckItem]], ...] = (
            lambda: judged_role(role(context, settings.service_role), settings, around),
            partial(own_stack.other_roles, listed, settings),
            partial(_images, context),
            partial(_sessions, context),
            partial(bucket.look, context, settings.reports_bucket, tls=True)
            if settings.reports_bucket
            else tuple,
            partial(_tables, context),
            partial(resource_policies.shared, context),
            partial(own_stack.layers, listed, settings),
            partial(own_rights.rights, context),
        )
        with ThreadPoolExecutor(len(parts)) as pool:
            found = list(pool.map(lambda part: tuple(part()), parts))
        return CheckSection(self.name, tuple(item for items in found for item in items))


def _images(context: Context) -> Items:
    settings = context.settings
    found = bucket.look(context, settings.bucket, tls=False)
    if len(found) == 1:  # it is gone
        return found
    s3 = partial(ask, context, "s3", Bucket=settings.bucket)
    versioning, rules = s3("get_bucket_versioning"), s3("get_bucket_lifecycle_configuration")
    return *found, bucket.versions(versioning, rules, settings)


def _sessions(context: Context) -> Items:
    name = context.settings.sessions_table
    described = ask(context, "dynamodb", "describe_table", TableName=name)
    return (gone(name, described),) if isinstance(described, Missing) else protection(context, name)


def _tables(context: Context) -> Items:
    settings = context.settings
    names = (settings.incidents_table, settings.claims_table, settings.approvals_table)
    return tuple(item for name in names if name for item in protection(context, name))


@frozen
class Exposure:
    """Every day: whom the bucket of images and the functions let in, since faces that anyone can read cannot
    wait for the monthly audit. Settings only, no image is read.

    The policy itself is judged rather than asked for with GetBucketPolicyStatus: S3 calls a bucket that lets
    one other account in "not public".
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """

    name: str = "exposure"

    def needs(self) -> Permissions:
        """Reads of the bucket's settings, and of the policies of functions and topic."""
        return (*bucket.needs(IMAGES_BUCKET), *resource_policies.NEEDS)

    def run(self, context: Context) -> CheckSection:
        """The bucket's policy, public access block, ACL and key; the policies of functions and topic."""
        found = bucket.look(context, context.settings.bucket, tls=False)
        return CheckSection(self.name, (*found, *resource_policies.shared(context)))
