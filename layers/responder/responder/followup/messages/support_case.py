"""A case for AWS Support, ready to paste. In English, the language of such a case."""

from collections.abc import Mapping
from datetime import UTC, datetime

from responder.core.cause import AwsService, Cause
from responder.core.text import Text, text
from responder.followup.messages.case import MessageContext
from responder.followup.messages.summary import tried
from responder.messages.language import duration, say

# From this level on AWS Support is asked.
LAST_LEVEL = 4
_NAMES = {
    AwsService.REKOGNITION: "Amazon Rekognition (Face Liveness: CreateFaceLivenessSession, "
    "GetFaceLivenessSessionResults)",
    AwsService.DYNAMODB: "Amazon DynamoDB (table {table})",
    AwsService.S3: "Amazon S3 (bucket of the images)",
    AwsService.KMS: "AWS KMS",
    AwsService.IAM: "AWS IAM",
    AwsService.LAMBDA: "AWS Lambda (Python runtime)",
    AwsService.VPC: "AWS Lambda (VPC networking of the functions)",
}
# Which service a cause is about: AWS Support wants to know it first.
_OF: Mapping[AwsService, tuple[Cause, ...]] = {
    AwsService.REKOGNITION: (
        Cause.SLOW_REKOGNITION,
        Cause.NEAR_THRESHOLD,
        Cause.LOW_SCORES,
        Cause.AMBER,
    ),
    AwsService.DYNAMODB: (
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
    AwsService.S3: (
        Cause.BUCKET_ABSENT,
        Cause.OBJECT_ABSENT,
        Cause.SLOW_IMAGES,
        Cause.DENIED_BUCKET_POLICY,
        Cause.DENIED_PUBLIC_BLOCK,
    ),
    AwsService.KMS: (Cause.KEY_UNUSABLE, Cause.DENIED_KEY),
    AwsService.IAM: (
        Cause.PERMISSION_ABSENT,
        Cause.POLICY_ABSENT,
        Cause.ROLE_ABSENT,
        Cause.DENIED_ROLE,
        Cause.DENIED_ELSEWHERE,
        Cause.DENIED_BY_ROLE,
        Cause.DENIED_ABOVE,
        Cause.DENIED_OTHER_ROLE,
    ),
    AwsService.LAMBDA: (
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
    AwsService.VPC: (
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


def service(case: MessageContext) -> AwsService | None:
    """The AWS service to ask; None where nothing shows which service it is, or it is none of AWS."""
    made = case.head.decision
    if made is None:
        return None
    return made.service if made.cause.kind in BY_OPERATION else SERVICES.get(made.cause.kind)


def support(case: MessageContext) -> Text | None:
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
        seen=_utc(made.at if made else case.seen.now),
        tried="; ".join(say(said, "en") for _, said in tried(case)),
    )


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
