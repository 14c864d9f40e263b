"""What all checks share: the contract, one request to AWS, and how the answer becomes a finding."""

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from responder.checks.model import CheckSection
from responder.core.context import Context
from responder.core.errors import AwsError, Missing, Rejected
from responder.core.permissions import Permissions
from responder.core.plain_data import Json

type AwsAnswer = Json | AwsError

# Error codes that mean "not set": the bucket exists, and the answer is known.
_NOT_SET = frozenset(
    (
        "NoSuchBucketPolicy",
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "OwnershipControlsNotFoundError",
        "ReplicationConfigurationNotFoundError",
        "ServerSideEncryptionConfigurationNotFoundError",
    )
)
# What an answer must have: without it nothing is known, and nothing may be called fine. GetBucketVersioning
# has no such part: of versions S3 says nothing until a person sets them.
_PARTS = {
    "describe_continuous_backups": "ContinuousBackupsDescription",
    "describe_table": "Table",
    "describe_time_to_live": "TimeToLiveDescription",
    "describe_stacks": "Stacks",
    "get_bucket_acl": "Grants",
    "get_bucket_encryption": "ServerSideEncryptionConfiguration",
    "get_bucket_lifecycle_configuration": "Rules",
    "get_bucket_ownership_controls": "OwnershipControls",
    "get_bucket_policy": "Policy",
    "get_bucket_replication": "ReplicationConfiguration",
    "get_policy": "Policy",
    "get_policy_version": "PolicyVersion",
    "get_public_access_block": "PublicAccessBlockConfiguration",
    "get_role": "Role",
    "get_role_policy": "PolicyDocument",
    "get_template": "TemplateBody",
    "get_topic_attributes": "Attributes",
}


@runtime_checkable
class Check(Protocol):
    """A frozen dataclass. What it reads is judged by pure functions in the same package.

    A refusal of AWS for a part of it (no support plan, no Cost Explorer) is an item with the light
    `unknown`, never an exception; what is raised all the same costs this check alone.
    """

    @property
    def name(self) -> str:
        """Key of its section, unique in a report."""
        ...

    def needs(self) -> Permissions:
        """Every IAM action that `run` may use: reads, and what changes nothing."""
        ...

    def run(self, context: Context) -> CheckSection:
        """Ask AWS and judge."""
        ...


def ask(context: Context, service: str, operation: str, /, **asked: Any) -> AwsAnswer:
    """The answer, `{}` where it is not set, or why there is no answer."""
    call: Callable[..., Json] = context.aws.call
    try:
        answer = call(service, operation, **asked)
    except Missing as error:
        return {} if error.code in _NOT_SET else error
    except AwsError as error:
        return error
    part = _PARTS.get(operation)
    return answer if part is None or part in answer else unusable(service, operation)


def unusable(service: str, operation: str) -> AwsError:
    """The error of an answer that lacks the part that was asked for."""
    return Rejected(service, operation, "UnusableAnswer")


def pages(context: Context, service: str, operation: str, /, **asked: Any) -> list[Json] | AwsError:
    """Every page, or why there is none."""
    return attempted(list[Json], context.aws.pages(service, operation, **asked))


def attempted[Found](work: Callable[..., Found], *given: Any) -> Found | AwsError:
    """What the work returns, or the error that ends it."""
    try:
        return work(*given)
    except AwsError as error:
        return error


def required[Found](answer: Found | AwsError) -> Found:
    """The answer; an error in its place is raised."""
    if isinstance(answer, AwsError):
        raise answer
    return answer
