"""Addresses of console pages. Pure: region and names in, URL out.

The console has two encodings: graphs are written in a compact notation where `*2f` is a
slash, log groups are percent-encoded twice with `$` for the percent sign.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

HEALTH_PUBLIC = "https://health.aws.amazon.com/health/status"
_PLAIN = re.compile(r"[^A-Za-z0-9_.-]")


def metrics(
    region: str,
    series: Sequence[Sequence[str]],
    span: tuple[datetime, datetime],
    stat: str = "Sum",
    period: int = 60,
) -> str:
    """A graph of `series`: each is namespace, metric, then dimension name and value in turn."""
    drawn = "".join("~(" + "".join(f"~{_word(part)}" for part in one) + ")" for one in series)
    graph = (
        f"~(metrics~({drawn})~view~'timeSeries~stacked~false~region~{_word(region)}~stat~{_word(stat)}"
        f"~period~{period}~start~{_word(_iso(span[0]))}~end~{_word(_iso(span[1]))})"
    )
    return f"{_home('cloudwatch', region)}#metricsV2:graph={graph}"


def log_events(region: str, group: str, start: datetime, end: datetime, pattern: str = "") -> str:
    """The events of one log group between two times, filtered."""
    query = f"?filterPattern={quote(pattern, safe='')}&start={_ms(start)}&end={_ms(end)}"
    name = quote(quote(group, safe=""), safe="").replace("%", "$")
    return f"{_home('cloudwatch', region)}#logsV2:log-groups/log-group/{name}/log-events{_dollar(query)}"


def insights(region: str, groups: Sequence[str], start: datetime, end: datetime, query: str) -> str:
    """Logs Insights over several groups with the query filled in, not yet run."""
    source = "".join(f"~{_word(group)}" for group in groups)
    detail = (
        f"~(end~{_word(_iso(end))}~start~{_word(_iso(start))}~timeType~'ABSOLUTE~tz~'UTC"
        f"~editorString~{_word(query)}~source~({source}))"
    )
    return f"{_home('cloudwatch', region)}#logsV2:logs-insights$3FqueryDetail$3D{quote(detail, safe="~()'*")}"


def alarm(region: str, name: str) -> str:
    """The page of one alarm, by the shortest address, as it is read in mails."""
    home = f"https://{_host(region)}/cloudwatch/home?region={region}"
    return f"{home}#alarmsV2:alarm/{quote(name, safe='')}"


def alarms(region: str) -> str:
    """The list of all alarms."""
    return f"{_home('cloudwatch', region)}#alarmsV2:"


def dashboard(region: str, name: str) -> str:
    """The page of one CloudWatch dashboard."""
    return f"{_home('cloudwatch', region)}#dashboards/dashboard/{quote(name, safe='')}"


def function(region: str, name: str, tab: str = "configuration") -> str:
    """The page of one Lambda function."""
    return f"{_home('lambda', region)}#/functions/{quote(name, safe='')}?tab={tab}"


def table(region: str, name: str) -> str:
    """The monitoring page of one DynamoDB table."""
    return f"{_home('dynamodbv2', region)}#table?name={quote(name, safe='')}&tab=monitoring"


def trail(region: str, resource: str) -> str:
    """CloudTrail's history of one resource."""
    return f"{_home('cloudtrailv2', region)}#/events?ResourceName={quote(resource, safe='')}"


def role(region: str, name: str) -> str:
    """The page of one IAM role (IAM is global)."""
    return f"https://{_host(region)}/iam/home#/roles/details/{quote(name, safe='')}"


def bucket(region: str, name: str) -> str:
    """The permissions of one S3 bucket."""
    return f"https://{_host(region)}/s3/buckets/{quote(name, safe='')}?tab=permissions"


def health(region: str) -> str:
    """The account's health dashboard, which needs no support plan."""
    return f"https://health.{_host(region)}/health/home#/account/dashboard/open-issues"


def _host(region: str) -> str:
    if region.startswith("cn-"):
        return "console.amazonaws.cn"
    return "console.amazonaws-us-gov.com" if region.startswith("us-gov-") else "console.aws.amazon.com"


def _home(service: str, region: str) -> str:
    return f"https://{region}.{_host(region)}/{service}/home?region={region}"


def _word(value: str) -> str:
    escaped = _PLAIN.sub(lambda found: "".join(f"*{byte:02x}" for byte in found.group().encode()), value)
    return f"'{escaped}"


def _dollar(value: str) -> str:
    return quote(value, safe="").replace("%", "$")


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
