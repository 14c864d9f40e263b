"""Alarms on what our metric filters count in the logs: are the filters, and the logs, still there?"""

import re
from collections import defaultdict
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
from responder.evidence.log_filters import FILTERS
from responder.evidence.logs import group_of

_METRIC = re.compile(r"\w+")
# What a filter adds to its metric for each line.
_ONE = "1"
# By metric.
type Patterns = dict[str, set[str]]


def without_filter(context: Context, deployed: Iterable[DeployedAlarm]) -> Iterator[CheckItem]:
    """One finding for each alarm whose metric lacks an unchanged filter of a log, and for each log that is
    gone or not readable. With a log unread no filter is called missing."""
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
        gone = sorted(name for name in names if not any(_counted(name, there)))
        part = sorted(name for name in names - {*gone} if _lacking(name, there))
        if gone or part:
            this = Checked.ALARM_FILTER.of(alarm, chapter=LIST)
            key = "check.detection.no_filter" if gone else "check.detection.few_filters"
            again = text("check.alarms.deploy_again", stack=settings.stack)
            yield this.red(text(key, alarm=alarm, metric=", ".join(gone or part)), again)


def _log(function: str, error: AwsError, alarms: Strings) -> CheckItem:
    this = Checked.ALARM_LOG.of(function, chapter=LIST)
    if isinstance(error, Missing):
        named = text("check.detection.no_log", log=group_of(function), alarms=", ".join(sorted(alarms)))
        return this.red(named, facts=tuple(sorted(alarms)))
    return this.unread(text("check.detection.part.filters", log=group_of(function)), error)


def _counted(metric: str, there: Mapping[LivenessFunction, Patterns]) -> Iterator[str]:
    """The patterns that count into it as they should; of a metric that is not the template's, any."""
    wanted = FILTERS.get(metric)
    for function, made in there.items():
        yield from made[metric] if wanted is None else made[metric] & wanted.get(function, frozenset())


def _lacking(metric: str, there: Mapping[LivenessFunction, Patterns]) -> bool:
    """A log lacks a filter that counts into this metric, or has it with another pattern or value."""
    wanted = FILTERS.get(metric, {})
    return any(not patterns <= there[each][metric] for each, patterns in wanted.items() if each in there)


def _made(context: Context, function: str, namespace: str) -> Patterns:
    """The patterns of a function's log that count into each metric of this stack. A filter that counts
    nothing, or anything but 1 for a line, is none."""
    pages = context.aws.pages("logs", "describe_metric_filters", logGroupName=group_of(function))
    found: Patterns = defaultdict(set)
    for row in (row for page in pages for row in page.get("metricFilters", ())):
        for made in row.get("metricTransformations", ()):
            if made.get("metricNamespace") == namespace and made.get("metricValue") == _ONE:
                found[made["metricName"]].add(row.get("filterPattern", ""))
    return found


def _watched(alarm: DeployedAlarm, namespace: str) -> frozenset[str]:
    watch = alarm.watch
    if watch.namespace == namespace:
        return frozenset({watch.metric})
    after = (each.partition(f" {namespace}/")[2] for each in watch.queries)
    return frozenset(found[0] for each in after if (found := _METRIC.match(each)))
