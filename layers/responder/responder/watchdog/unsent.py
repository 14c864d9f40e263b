"""Failed events that Lambda could not send on to their destination.

None of our code runs then; Lambda counts them by function (Lambda Developer Guide, "Types of metrics for
Lambda functions", asynchronous invocation metrics). An alarm on each of these would cost ten times as much.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from responder.core.context import Context
from responder.core.permissions import ANY, Permission
from responder.evidence import metrics
from responder.respond.playbook import PLAYBOOKS

FAILURES = "DestinationDeliveryFailures"
NEEDS = (Permission("cloudwatch:ListMetrics", ANY), *metrics.NEEDS)
# The stack's functions besides those of the alarms. The follow-up has no destination.
OTHERS = frozenset(
    {
        "daily-check",
        "monthly-check",
        "people",
        "rehearsal-check",
        "response-failed",
        "sessions-backup",
        "slack-action",
        "slack-post",
        "watchdog",
        "weekly-check",
    }
)
# A new metric is listed within 15 minutes, and rounds may be missed.
_MINUTES = 60
_ROUND = 5
_EVERY = 30


def due(event: Mapping[str, Any]) -> bool:
    """In one round of each half hour, by the schedule's own time: each list of metrics costs. Where the event
    names no time, it is due."""
    try:
        return datetime.fromisoformat(event["time"]).minute % _EVERY < _ROUND
    except (KeyError, TypeError, ValueError):
        return True


def unsent(context: Context) -> float:
    """How many of the stack's functions in the last hour. Raises errors of `responder.core.errors`."""
    pages = context.aws.pages(
        "cloudwatch",
        "list_metrics",
        Namespace="AWS/Lambda",
        MetricName=FAILURES,
        Dimensions=[{"Name": "FunctionName"}],
        RecentlyActive="PT3H",
    )
    found = (each["Dimensions"] for page in pages for each in page.get("Metrics", ()))
    names = {each[0]["Value"] for each in found if len(each) == 1}
    # By the whole name: that of another stack may begin with the name of this one.
    ours = sorted(names & {f"{context.settings.stack}-{each}" for each in (*PLAYBOOKS, *OTHERS)})
    if not ours:
        return 0.0
    asked = {each: metrics.of_function(FAILURES, "Sum", each, 5 * metrics.MINUTE) for each in ours}
    read = metrics.read(context, asked, *metrics.window(context.now, minutes=_MINUTES))
    return sum(sum(series.values) for series in read.values())
