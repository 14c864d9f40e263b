"""A case for AWS Support, ready to paste. In English, the language of the case, whoever reads the message."""

from collections.abc import Mapping
from datetime import UTC, datetime

from responder.cause import Cause, Service
from responder.render.duration import duration
from responder.render.language import say
from responder.shell.follow.case import Case
from responder.shell.follow.course.acts import tried
from responder.text import Text, text

_NAMES = {
    Service.REKOGNITION: "Amazon Rekognition (Face Liveness: CreateFaceLivenessSession, "
    "GetFaceLivenessSessionResults)",
    Service.DYNAMODB: "Amazon DynamoDB (table {table})",
    Service.S3: "Amazon S3 (bucket of the images)",
    Service.KMS: "AWS KMS",
    Service.IAM: "AWS IAM",
    Service.LAMBDA: "AWS Lambda (Python runtime)",
    Service.VPC: "AWS Lambda (VPC networking of the functions)",
}
_OF: Mapping[Service, tuple[Cause, ...]] = {
    Service.REKOGNITION: (
        Cause.SLOW_REKOGNITION,
        Cause.NEAR_THRESHOLD,
        Cause.LOW_SCORES,
        Cause.AMBER,
    ),
    Service.DYNAMODB: (
        Cause.TABLE_THROTTLED,
        Cause.TABLE_CAPACITY,
        Cause.TABLE_HOT_KEY,
        Cause.TABLE_ON_DEMAND_THROTTLED,
        Cause.TABLE_ABSENT,
        Cause.TABLE_UNUSABLE,
        Cause.INDEX_ABSENT,
        Cause.INDEX_UNUSABLE,
        Cause.SLOW_TABLE,
    ),
    Service.S3: (
        Cause.BUCKET_ABSENT,
        Cause.OBJECT_ABSENT,
        Cause.SLOW_IMAGES,
        Cause.DENIED_BUCKET_POLICY,
        Cause.DENIED_PUBLIC_BLOCK,
    ),
    Service.KMS: (Cause.KEY_UNUSABLE, Cause.DENIED_KEY),
    Service.IAM: (
        Cause.PERMISSION_ABSENT,
        Cause.POLICY_ABSENT,
        Cause.ROLE_ABSENT,
        Cause.DENIED_ROLE,
        Cause.DENIED_ELSEWHERE,
        Cause.DENIED_BY_ROLE,
        Cause.DENIED_ABOVE,
        Cause.DENIED_OTHER_ROLE,
    ),
    Service.LAMBDA: (
        Cause.COLD_STARTS,
        Cause.MEMORY,
        Cause.SLOW_DEPENDENCY,
        Cause.IMPORT_ERROR,
        Cause.ENVIRONMENT,
        Cause.VARIABLE,
        Cause.CLIENT_SETUP,
        Cause.CREDENTIALS,
        Cause.CONCURRENCY_OFF,
        Cause.CONCURRENCY_RESERVED,
        Cause.CONCURRENCY_ACCOUNT,
    ),
    Service.VPC: (
        Cause.CONNECTION,
        Cause.CONNECTION_LOST,
        Cause.TLS,
        Cause.PROXY,
        Cause.NETWORK,
        Cause.SLOW_NETWORK,
    ),
}
SERVICES = {cause: service for service, causes in _OF.items() for cause in causes}
# The service whose calls fail with it: the log names the operation.
BY_OPERATION = frozenset(
    {
        Cause.ACCESS_DENIED,
        Cause.THROTTLING,
        Cause.QUOTA,
        Cause.INTERNAL,
        Cause.CONFIGURATION,
        Cause.READ_TIMEOUT,
        Cause.RESPONSE,
        Cause.REFUSED,
        Cause.OTHER,
    }
)


def service(case: Case) -> Service | None:
    """Whom to ask; None where nothing shows which service it is, or it is none of AWS."""
    made = case.head.decision
    if made is None:
        return None
    return made.service if made.cause.kind in BY_OPERATION else SERVICES.get(made.cause.kind)


def support(case: Case) -> Text | None:
    """Service, Region, account, since when (UTC), what was seen with its numbers, what was tried. Names of
    settings and their managed values only. None where the service to ask is not known."""
    asked, made = service(case), case.head.decision
    if asked is None:
        return None
    cause = made.cause if made else Cause.UNKNOWN()
    why = made.why if made else text("why.not_decided")
    return text(
        "command.support_case",
        service=_NAMES[asked].format(table=case.settings.sessions_table),
        region=case.settings.region,
        account=case.settings.account,
        alarm=case.head.alarm,
        state="not readable" if case.seen.blind else case.seen.state.value,
        since=_utc(case.seen.opened),
        now=_utc(case.seen.now),
        lasted=say(duration(case.seen.now - case.seen.opened), "en"),
        cause=say(cause.text, "en").rstrip("."),
        why=say(why, "en").rstrip("."),
        tried="; ".join(say(said, "en") for _, said in tried(case)),
    )


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
