"""Alarms on what our metric filters count in the logs: are the filters, and the logs, still there?"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from responder.checks.base import CheckSubject
from responder.checks.identity import Checked
from responder.checks.model import CheckItem
from responder.core.context import Context
from responder.core.deployed_alarm import DeployedAlarm
from responder.core.errors import AwsError, Missing
from responder.core.expected_alarms import LIST
from responder.core.text import text
from responder.evidence.base import side_by_side
from responder.evidence.logs import group_of

_METRIC = re.compile(r"\w+")


def without_filter(context: Context, deployed: Iterable[DeployedAlarm]) -> Iterator[CheckItem]:
    """One finding for each alarm whose metric no filter of a log makes, and for each log that is gone or not
    readable. With a log unread no filter is called missing."""
    settings = context.settings
    namespace = f"LivenessResponder/{settings.stack}"
    watched = {each.name: names for each in deployed if (names := _watched(each, namespace))}
    if not watched:
        return
    made, lost = side_by_side({name: partial(_made, context, name, namespace) for name in settings.functions})
    for function, error in lost.items():
        yield _log(function, error, tuple(watched))
    if any(not isinstance(error, Missing) for error in lost.values()):
        return
    there = frozenset[str]().union(*made.values())
    for alarm, names in watched.items():
        if gone := sorted(names - there):
            this = CheckSubject(Checked.ALARM_FILTER.of(alarm), LIST)
            again = text("check.alarms.deploy_again", stack=settings.stack)
            yield this.red(text("check.detection.no_filter", alarm=alarm, metric=", ".join(gone)), again)


def _log(function: str, error: AwsError, alarms: tuple[str, ...]) -> CheckItem:
    this = CheckSubject(Checked.ALARM_LOG.of(function), LIST)
    if isinstance(error, Missing):
        names = ", ".join(sorted(alarms))
        return this.red(text("check.detection.no_log", log=group_of(function), alarms=names))
    return this.unread(text("check.detection.part.filters", log=group_of(function)), error)


def _made(context: Context, function: str, namespace: str) -> frozenset[str]:
    """Metrics of this stack that filters of a function's log produce."""
    pages = context.aws.pages("logs", "describe_metric_filters", logGroupName=group_of(function))
    rows = (row for page in pages for row in page.get("metricFilters", ()))
    made = (one for row in rows for one in row.get("metricTransformations", ()))
    return frozenset(one["metricName"] for one in made if one.get("metricNamespace") == namespace)


def _watched(alarm: DeployedAlarm, namespace: str) -> frozenset[str]:
    watch = alarm.watch
    if watch.namespace == namespace:
        return frozenset({watch.metric})
    after = (each.partition(f" {namespace}/")[2] for each in watch.queries)
    return frozenset(found[0] for each in after if (found := _METRIC.match(each)))
