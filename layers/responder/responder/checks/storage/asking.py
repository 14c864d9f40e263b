"""One question to AWS: its answer, or why there is none. What was never set is an answer, too."""

from collections.abc import Callable
from typing import Any

from responder.core.context import Context
from responder.core.errors import AwsError, Missing, Rejected

type AwsAnswer = dict[str, Any] | AwsError

# "There is none of it", said of a thing whose owner exists.
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
# What an answer must have: without it nothing is known, and nothing may be called well. Of versions S3 says
# nothing until somebody sets them.
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


def ask(context: Context, service: str, operation: str, /, **asked: Any) -> AwsAnswer:
    """`{}` where it was never set."""
    call: Callable[..., dict[str, Any]] = context.aws.call
    try:
        answer = call(service, operation, **asked)
    except Missing as error:
        return {} if error.code in _NOT_SET else error
    except AwsError as error:
        return error
    part = _PARTS.get(operation)
    return answer if part is None or part in answer else unusable(service, operation)


def unusable(service: str, operation: str) -> AwsError:
    """An answer in which the thing asked for is not to be found."""
    return Rejected(service, operation, "UnusableAnswer")


def pages(context: Context, service: str, operation: str, /, **asked: Any) -> list[dict[str, Any]] | AwsError:
    """Every page."""
    try:
        return list(context.aws.pages(service, operation, **asked))
    except AwsError as error:
        return error
