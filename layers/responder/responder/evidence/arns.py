"""ARNs of what the service uses, for reading policies; "" where a part of it is not known. Pure."""

from responder.core.settings import Settings

# The one prefix the two liveness functions write to.
AUDIT_OBJECTS = "liveness-audit/*"


def partition(region: str) -> str:
    """`aws`, `aws-cn` or `aws-us-gov`."""
    special = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
    return next((name for prefix, name in special.items() if region.startswith(prefix)), "aws")


def objects(settings: Settings) -> str:
    """Every object that the liveness functions keep."""
    if not settings.bucket:
        return ""
    return f"arn:{partition(settings.region)}:s3:::{settings.bucket}/{AUDIT_OBJECTS}"


def table(settings: Settings) -> str:
    """The sessions table."""
    if not settings.account:
        return ""
    where = f"{settings.region}:{settings.account}"
    return f"arn:{partition(settings.region)}:dynamodb:{where}:table/{settings.sessions_table}"


def role(settings: Settings) -> str:
    """The service's role."""
    if not settings.account:
        return ""
    return f"arn:{partition(settings.region)}:iam::{settings.account}:role/{settings.service_role}"
