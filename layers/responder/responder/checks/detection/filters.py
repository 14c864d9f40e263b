"""Alarms on what our metric filters count in the logs: are the filters, and the logs, still there?"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from responder.checks.finding import Checked, CheckItem
from responder.core.context import Context
from responder.core.deployed_alarm import DeployedAlarm
from responder.core.errors import AwsError, Missing
from responder.core.expected_alarms import LIST
from responder.core.liveness_function import LivenessFunction
from responder.core.text import Strings, text
from responder.evidence.base import side_by_side
from responder.evidence.logs import group_of

_METRIC = re.compile(r"\w+")
_CREATE, _RESULT = LivenessFunction
# How many filters of each log count into a metric, as in `template.yaml` (a test holds both equal). Without
# one of them, the alarm misses a part of what it is for.
FILTERS: Mapping[str, Mapping[LivenessFunction, int]] = {
    "AccessDenied": {_CREATE: 2, _RESULT: 2},
    "SureFaults": {_CREATE: 4, _RESULT: 4},
    "CreateSessionTimeoutsInText": {_CREATE: 1},
    "CreateSessionTimeoutsInJson": {_CREATE: 1},
    "GetResultTimeoutsInText": {_RESULT: 1},
    "GetResultTimeoutsInJson": {_RESULT: 1},
}


def without_filter(context: Context, deployed: Iterable[DeployedAlarm]) -> Iterator[CheckItem]:
    """One finding for each alarm whose metric lacks a filter of a log, and for each log that is gone or not
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
    there = {each: made[name] for each in LivenessFunction if (name := each.deployed_name(settings)) in made}
    for alarm, names in watched.items():
        gone = sorted(name for name in names if not any(each[name] for each in there.values()))
        part = sorted(name for name in names - {*gone} if _lacking(name, there))
        if gone or part:
            this = Checked.ALARM_FILTER.of(alarm, chapter=LIST)
            key = "check.detection.no_filter" if gone else "check.detection.few_filters"
            again = text("check.alarms.deploy_again", stack=settings.stack)
            yield this.red(text(key, alarm=alarm, metric=", ".join(gone or part)), again)


def _log(function: str, error: AwsError, alarms: Strings) -> CheckItem:
    this = Checked.ALARM_LOG.of(function, chapter=LIST)
    if isinstance(error, Missing):
        names = ", ".join(sorted(alarms))
        return this.red(text("check.detection.no_log", log=group_of(function), alarms=names))
    return this.unread(text("check.detection.part.filters", log=group_of(function)), error)


def _lacking(metric: str, there: Mapping[LivenessFunction, Counter[str]]) -> bool:
    """Fewer filters of a log than there should be count into this metric."""
    wanted = FILTERS.get(metric, {})
    return any(there[each][metric] < number for each, number in wanted.items() if each in there)


def _made(context: Context, function: str, namespace: str) -> Counter[str]:
    """How many filters of a function's log produce each metric of this stack."""
    pages = context.aws.pages("logs", "describe_metric_filters", logGroupName=group_of(function))
    rows = (row for page in pages for row in page.get("metricFilters", ()))
    made = (one for row in rows for one in row.get("metricTransformations", ()))
    return Counter(one["metricName"] for one in made if one.get("metricNamespace") == namespace)


def _watched(alarm: DeployedAlarm, namespace: str) -> frozenset[str]:
    watch = alarm.watch
    if watch.namespace == namespace:
        return frozenset({watch.metric})
    after = (each.partition(f" {namespace}/")[2] for each in watch.queries)
    return frozenset(found[0] for each in after if (found := _METRIC.match(each)))
