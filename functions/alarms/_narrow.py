"""No wider a right than is needed, and nothing of a key, a session or a person in its resource. Pure."""

from collections.abc import Mapping
from typing import Any

from responder.core.settings import Settings

# Folders of the images bucket (FaceAuth's CDK stack); what lies below holds sessions and employees.
_FOLDERS = frozenset({"liveness-audit", "logins", "temp"})
_OF_THE_BUCKET = frozenset({"s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"})
_METRICS = "cloudwatch:PutMetricData"


def partition(region: str) -> str:
    """The first part of an ARN after `arn:`."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def narrow(settings: Settings, action: str, resource: str) -> str:
    """The resource to allow; `*` only where the service knows no other or we do not."""
    service = action.partition(":")[0]
    if service == "s3":
        return _object(settings, action, resource)
    if service == "dynamodb":
        return _table(settings, resource)
    return resource


def condition(settings: Settings, actions: tuple[str, ...]) -> Mapping[str, Any]:
    """Metrics know no resource, but a namespace (service authorization reference, CloudWatch)."""
    if actions != (_METRICS,):
        return {}
    return {"Condition": {"StringEquals": {"cloudwatch:namespace": settings.namespace}}}


def _object(settings: Settings, action: str, resource: str) -> str:
    bucket, _, key = resource.partition(":::")[2].partition("/")
    name = bucket if bucket.strip("*") else settings.bucket
    if not name:
        return "*"
    arn = f"arn:{partition(settings.region)}:s3:::{name}"
    if action in _OF_THE_BUCKET:
        return arn
    folder = key.partition("/")[0]
    return f"{arn}/{folder}/*" if folder in _FOLDERS else f"{arn}/*"


def _table(settings: Settings, resource: str) -> str:
    parts = resource.partition(":table/")[2].split("/")
    name = parts[0].strip("*") or settings.sessions_table
    where = f"{partition(settings.region)}:dynamodb:{settings.region}:{settings.account or '*'}"
    arn = f"arn:{where}:table/{name}"
    return f"{arn}/index/{parts[2]}" if parts[1:2] == ["index"] and len(parts) > 2 else arn
