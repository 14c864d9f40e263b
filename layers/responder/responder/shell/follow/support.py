"""A case for AWS Support, ready to paste. In English, the language of the case, whoever reads the message."""

from datetime import UTC, datetime

from responder.cause import Cause
from responder.render.duration import duration
from responder.render.language import say
from responder.shell.follow.case import Case
from responder.shell.follow.course.acts import tried
from responder.text import Text, text

_REKOGNITION = "Amazon Rekognition (Face Liveness: CreateFaceLivenessSession, GetFaceLivenessSessionResults)"
_LAMBDA = "AWS Lambda (Python runtime)"
_SERVICES = {
    **dict.fromkeys(
        (
            Cause.TABLE_THROTTLED,
            Cause.TABLE_ABSENT,
            Cause.TABLE_UNUSABLE,
            Cause.INDEX_ABSENT,
            Cause.INDEX_UNUSABLE,
            Cause.SLOW_TABLE,
        ),
        "Amazon DynamoDB (table {table})",
    ),
    **dict.fromkeys(
        (Cause.BUCKET_ABSENT, Cause.OBJECT_ABSENT, Cause.SLOW_IMAGES), "Amazon S3 (bucket of the images)"
    ),
    Cause.KEY_UNUSABLE: "AWS KMS",
    **dict.fromkeys((Cause.PERMISSION_ABSENT, Cause.POLICY_ABSENT, Cause.ROLE_ABSENT), "AWS IAM"),
    **dict.fromkeys(
        (
            Cause.COLD_STARTS,
            Cause.MEMORY,
            Cause.SLOW_DEPENDENCY,
            Cause.IMPORT_ERROR,
            Cause.ENVIRONMENT,
            Cause.VARIABLE,
            Cause.VALIDATION,
            Cause.CLIENT_SETUP,
            Cause.CREDENTIALS,
        ),
        _LAMBDA,
    ),
    **dict.fromkeys(
        (
            Cause.CONNECTION,
            Cause.CONNECTION_LOST,
            Cause.TLS,
            Cause.PROXY,
            Cause.NETWORK,
            Cause.SLOW_NETWORK,
        ),
        "AWS Lambda (VPC networking of the functions)",
    ),
}


def support(case: Case) -> Text:
    """Service, Region, account, since when (UTC), what was seen with its numbers, what was tried. Names of
    settings and their managed values only."""
    made = case.head.decision
    cause = made.cause if made else Cause.UNKNOWN()
    why = made.why if made else text("why.not_decided")
    return text(
        "command.support_case",
        service=_SERVICES.get(cause.kind, _REKOGNITION).format(table=case.settings.sessions_table),
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
