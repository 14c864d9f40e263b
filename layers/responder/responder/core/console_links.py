"""Addresses of console pages. Pure: region and names in, URL out.

The console has two encodings: graphs are written in a compact notation where `*2f` is a
slash, log groups are percent-encoded twice with `$` for the percent sign.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from urllib.parse import quote

HEALTH_PUBLIC = "https://health.aws.amazon.com/health/status"
_TIME = "%Y-%m-%dT%H:%M:%S.000Z"
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
        f"~period~{period}~start~{_word(span[0].strftime(_TIME))}~end~{_word(span[1].strftime(_TIME))})"
    )
    return f"{_cloudwatch(region)}#metricsV2:graph={graph}"


def log_events(region: str, group: str, start: datetime, end: datetime, pattern: str = "") -> str:
    """The events of one log group between two times, filtered."""
    query = f"?filterPattern={quote(pattern, safe='')}&start={_ms(start)}&end={_ms(end)}"
    name = quote(quote(group, safe=""), safe="").replace("%", "$")
    query = quote(query, safe="").replace("%", "$")
    return f"{_cloudwatch(region)}#logsV2:log-groups/log-group/{name}/log-events{query}"


def insights(region: str, groups: Sequence[str], start: datetime, end: datetime, query: str) -> str:
    """Logs Insights over several groups with the query filled in, not yet run."""
    source = "".join(f"~{_word(group)}" for group in groups)
    detail = (
        f"~(end~{_word(end.strftime(_TIME))}~start~{_word(start.strftime(_TIME))}~timeType~'ABSOLUTE~tz~'UTC"
        f"~editorString~{_word(query)}~source~({source}))"
    )
    return f"{_cloudwatch(region)}#logsV2:logs-insights$3FqueryDetail$3D{quote(detail, safe="~()'*")}"


def _page(address: str, region: str, name: str = "", tab: str = "configuration") -> str:
    host = "console.amazonaws-us-gov.com" if region.startswith("us-gov-") else "console.aws.amazon.com"
    host = "console.amazonaws.cn" if region.startswith("cn-") else host
    return address.format(host=host, region=region, name=quote(name, safe=""), tab=tab)


_cloudwatch = partial(_page, "https://{region}.{host}/cloudwatch/home?region={region}")
# The page of one resource, or of all of a kind, from a Region and a name. `alarm` is the shortest address,
# as it is read in mails; IAM is global; `health` needs no support plan.
alarm = partial(_page, "https://{host}/cloudwatch/home?region={region}#alarmsV2:alarm/{name}")
alarms = partial(_page, "https://{region}.{host}/cloudwatch/home?region={region}#alarmsV2:")
bucket = partial(_page, "https://{host}/s3/buckets/{name}?tab=permissions")
dashboard = partial(
    _page, "https://{region}.{host}/cloudwatch/home?region={region}#dashboards/dashboard/{name}"
)
function = partial(_page, "https://{region}.{host}/lambda/home?region={region}#/functions/{name}?tab={tab}")
health = partial(_page, "https://health.{host}/health/home#/account/dashboard/open-issues")
role = partial(_page, "https://{host}/iam/home#/roles/details/{name}")
table = partial(
    _page, "https://{region}.{host}/dynamodbv2/home?region={region}#table?name={name}&tab=monitoring"
)
trail = partial(
    _page, "https://{region}.{host}/cloudtrailv2/home?region={region}#/events?ResourceName={name}"
)


def _word(value: str) -> str:
    escaped = _PLAIN.sub(lambda found: "".join(f"*{byte:02x}" for byte in found.group().encode()), value)
    return f"'{escaped}"


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
