"""What AWS knows of Slack: is there the secret, and what became of the runs that post."""

from datetime import timedelta

from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.checks.readiness.slack_health import FUNCTION
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.text import text
from responder.evidence.base import reason

_SPAN = timedelta(hours=24)
_HOUR = 3600


def slack(context: Context) -> tuple[CheckItem, ...]:
    """Nothing is said of it in a stack without Slack."""
    return (_secret(context), _posted(context)) if context.settings.slack_secret else ()


def _secret(context: Context) -> CheckItem:
    """Its description only; the token stays where it is."""
    try:
        found = context.aws.call("secretsmanager", "describe_secret", SecretId=context.settings.slack_secret)
    except AwsError as error:
        light = CheckStatus.RED if isinstance(error, Missing) else CheckStatus.UNKNOWN
        return CheckItem(
            Checked.SLACK_SECRET.of(), light, text("check.ready.slack_secret_unread", reason=reason(error))
        )
    if found.get("DeletedDate"):
        command = (
            f"aws secretsmanager restore-secret --region {context.settings.region} "
            f"--secret-id {context.settings.slack_secret}"
        )
        return CheckItem(
            Checked.SLACK_SECRET.of(),
            CheckStatus.RED,
            text("check.ready.slack_secret_deleted"),
            command=command,
        )
    return CheckItem(Checked.SLACK_SECRET.of(), CheckStatus.GREEN, text("check.ready.slack_secret"))


def _posted(context: Context) -> CheckItem:
    name = f"{context.settings.stack}-{FUNCTION}"
    try:
        calls, errors = (_sum(context, name, metric) for metric in ("Invocations", "Errors"))
    except AwsError as error:
        return CheckItem(
            Checked.SLACK_POSTS.of(),
            CheckStatus.UNKNOWN,
            text("check.ready.slack_posts_unread", reason=reason(error)),
        )
    numbers = {"calls": calls, "errors": errors}
    if errors:
        said = text("check.ready.slack_errors", errors=int(errors), calls=int(calls))
        command = (
            f"aws logs tail /aws/lambda/{name} --region {context.settings.region} --since 24h "
            "--filter-pattern ERROR"
        )
        facts = ("most" if errors * 2 > calls else "some",)
        return CheckItem(
            Checked.SLACK_POSTS.of(), CheckStatus.AMBER, said, command=command, numbers=numbers, facts=facts
        )
    said = text("check.ready.slack_posts", calls=int(calls))
    return CheckItem(Checked.SLACK_POSTS.of(), CheckStatus.GREEN, said, numbers=numbers)


def _sum(context: Context, function: str, metric: str) -> float:
    dimensions = [{"Name": "FunctionName", "Value": function}]
    asked = {"Namespace": "AWS/Lambda", "MetricName": metric, "Dimensions": dimensions}
    pages = context.aws.pages(
        "cloudwatch",
        "get_metric_data",
        MetricDataQueries=[{"Id": "m0", "MetricStat": {"Metric": asked, "Period": _HOUR, "Stat": "Sum"}}],
        StartTime=(context.now - _SPAN).replace(minute=0, second=0, microsecond=0),
        EndTime=context.now,
    )
    values = (each["Values"] for page in pages for each in page["MetricDataResults"])
    return float(sum(value for some in values for value in some))
