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


def ask(context: Context, service: str, operation: str, /, **asked: Any) -> Answer:
    """`{}` where it was never set."""
    call: Callable[..., dict[str, Any]] = context.aws.call
    try:
        return call(service, operation, **asked)
    except Missing as error:
        return {} if error.code in _NOT_SET else error
    except AwsError as error:
        return error


def pages(context: Context, service: str, operation: str, /, **asked: Any) -> list[dict[str, Any]] | AwsError:
    """Every page."""
    try:
        return list(context.aws.pages(service, operation, **asked))
    except AwsError as error:
        return error
