"""A look that failed is a finding too: what could not be asked, and what is missing for it."""

import re

from responder import errors, links
from responder.finding import Finding, Tone
from responder.text import Text, text

_KINDS: tuple[tuple[type[errors.AwsError], str], ...] = (
    (errors.NotSubscribed, "not_subscribed"),
    (errors.Missing, "missing"),
    (errors.Throttled, "throttled"),
    (errors.Unreachable, "unreachable"),
)

# Where IAM calls a right by another name than the API calls its operation (Service Authorization Reference).
_RIGHTS = {
    "dynamodb:TransactWriteItems": "dynamodb:PutItem, dynamodb:UpdateItem",
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:ListObjectsV2": "s3:ListBucket",
}


def action(error: errors.AwsError) -> str:
    """The IAM action of a failed call, `logs:FilterLogEvents`."""
    operation = error.operation
    if not operation[:1].isupper():
        operation = "".join(part.title() for part in operation.split("_"))
    called = f"{error.service}:{operation}"
    return _RIGHTS.get(called, called)


def reason(error: Exception) -> Text:
    """Why it could not be asked, in one clause; codes only, never AWS's free text."""
    if isinstance(error, errors.Denied):
        return text("evidence.failed.denied", action=action(error))
    for kind, key in _KINDS:
        if isinstance(error, kind):
            return text(f"evidence.failed.{key}", action=action(error))
    if isinstance(error, errors.AwsError):
        return text("evidence.failed.other", action=action(error), code=_code(error.code))
    if isinstance(error, TimeoutError):
        return text("evidence.failed.late")
    if isinstance(error, errors.Unreadable):
        return text("evidence.failed.unreadable", row=error.row)
    name = error.kind if isinstance(error, errors.Defect) else type(error).__name__
    return text("evidence.failed.ours", kind=name)


def failed(look_name: str, error: Exception) -> Finding:
    """The finding for a look that raised."""
    link = links.HEALTH_PUBLIC if isinstance(error, errors.NotSubscribed) else None
    said = text(
        "evidence.failed", look=text(f"evidence.look.{look_name.partition('.')[0]}"), reason=reason(error)
    )
    return Finding(look_name, Tone.UNKNOWN, said, link=link)


def _code(code: str) -> str:
    return re.sub(r"[^\w.]", "", code)[:80]
