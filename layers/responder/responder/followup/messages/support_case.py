"""A case for AWS Support, ready to paste. In English, the language of the case, whoever reads the message."""

from datetime import UTC, datetime

from responder.core.cause import AwsService, Cause
from responder.core.text import Text, text
from responder.followup.messages.aws_service import service
from responder.followup.messages.case import MessageContext
from responder.followup.messages.summary.changes import tried
from responder.messages.duration import duration
from responder.messages.language import say

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
