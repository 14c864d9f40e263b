"""One question to AWS: its answer, or why there is none. What was never set is an answer, too."""

from collections.abc import Callable
from typing import Any

from responder.context import Context
from responder.errors import AwsError, Missing

type Answer = dict[str, Any] | AwsError

# "There is none of it", said of a thing whose owner exists.
_NOT_SET = frozenset(
    (
        "NoSuchBucketPolicy",
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
    )
)
# S3's rights are not called like its operations: a refusal names the one that has to be given.
_RIGHTS = {
    "get_bucket_encryption": "GetEncryptionConfiguration",
    "get_bucket_lifecycle_configuration": "GetLifecycleConfiguration",
    "get_public_access_block": "GetBucketPublicAccessBlock",
    "list_objects_v2": "ListBucket",
}


def ask(context: Context, service: str, operation: str, /, **asked: Any) -> Answer:
    """`{}` where it was never set."""
    call: Callable[..., dict[str, Any]] = context.aws.call
    try:
        return call(service, operation, **asked)
    except Missing as error:
        return {} if error.code in _NOT_SET else error
    except AwsError as error:
        return type(error)(error.service, _RIGHTS.get(operation, error.operation), error.code)


def pages(context: Context, service: str, operation: str, /, **asked: Any) -> list[dict[str, Any]] | AwsError:
    """Every page."""
    try:
        return list(context.aws.pages(service, operation, **asked))
    except AwsError as error:
        return error
