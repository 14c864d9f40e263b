"""Ask for more than AWS takes, and look at the answer."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.exceptions import ClientError

from liveness_ops.limits.limit import Limit
from liveness_ops.limits.sending import CreationFailedError
from liveness_ops.local_aws import LocalAws


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the local AWS refused as AWS does, and its words."""

    refused: bool
    words: str


def hit(aws: LocalAws, limit: Limit) -> Answer:
    """Send more than the limit."""
    try:
        limit.send(aws, limit.too_many)
    except (ClientError, CreationFailedError, RuntimeError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
        words = (
            f"{code}: {error.response['Error']['Message']}" if isinstance(error, ClientError) else str(error)
        )
        return Answer(limit.refusal == code or limit.refusal in words, words)
    return Answer(False, "it was taken")
