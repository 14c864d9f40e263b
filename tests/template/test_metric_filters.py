"""What the metric filters count, on log lines as the two functions and Lambda write them."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

import pytest

from liveness_ops.template_tools.load import resources, template
from liveness_ops.template_tools.resolve import defaults, resolve
from liveness_ops.world import endings
from liveness_ops.world.lines import Format, lines
from liveness_ops.world.names import CREATE, RESULT
from liveness_ops.world.traffic import Ending, Requests, unfold

pytestmark = pytest.mark.template

TEMPLATE = template()
FILTERS = resolve(list(resources(TEMPLATE, "AWS::Logs::MetricFilter").values()), defaults(TEMPLATE))
NOW = datetime(2026, 2, 4, 1, 25, tzinfo=UTC)
# One condition of a pattern for JSON: a field, and a value in which * stands for anything.
CONDITION = re.compile(r'\$((?:\.\w+)+) = "([^"]*)"')
DENIED = [
    endings.service_error("AccessDenied", "PutObject"),
    endings.service_error("AccessDeniedException", "GetItem", retries=2),
]
OTHERS = [
    endings.passed(),
    endings.failed(12.0),
    endings.not_found(),
    endings.service_error("ThrottlingException", endings.GET),
    endings.import_error(),
    endings.out_of_memory(),
]


def matches(pattern: str, line: str) -> bool:
    """The two kinds of patterns in use (AWS: Filter pattern syntax): a phrase, conditions on JSON."""
    if phrase := re.fullmatch(r'"([^"]+)"', pattern):
        return phrase[1] in line
    assert re.fullmatch(rf"\{{ {CONDITION.pattern}(?: && {CONDITION.pattern})* \}}", pattern)
    try:
        fields = json.loads(line)
    except ValueError:
        return False
    return all(fnmatchcase(at(fields, path), value) for path, value in CONDITION.findall(pattern))


def at(fields: Any, path: str) -> str:
    for part in path.strip(".").split("."):
        fields = fields.get(part, {}) if isinstance(fields, dict) else {}
    return fields if isinstance(fields, str) else ""


def counted(function: str, ending: Ending, form: Format) -> Iterator[str]:
    (request,) = unfold((Requests(function, 1, ending),), NOW)
    for each in FILTERS:
        if each["LogGroupName"] == f"/aws/lambda/{function}":
            for _, line in lines(request, form):
                if matches(each["FilterPattern"], line):
                    yield each["MetricTransformations"][0]["MetricName"]


@pytest.mark.parametrize("function", [CREATE, RESULT])
@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("ending", DENIED, ids=lambda each: each.lines[0].message[-90:])
def test_a_denied_call_is_seen_in_either_format(function: str, form: Format, ending: Ending) -> None:
    filters = 2 if form is Format.JSON else 1
    assert list(counted(function, ending, form)) == ["AccessDenied"] * len(ending.lines) * filters


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("function", [CREATE, RESULT])
def test_a_time_out_is_counted_once_in_each_form(function: str, form: Format) -> None:
    prefix = {CREATE: "CreateSession", RESULT: "GetResult"}[function]
    expected = [f"{prefix}TimeoutsInText"] + ([f"{prefix}TimeoutsInJson"] if form is Format.JSON else [])
    assert sorted(counted(function, endings.timed_out(10.0), form)) == sorted(expected)


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("ending", OTHERS)
def test_nothing_else_counts(form: Format, ending: Ending) -> None:
    assert list(counted(RESULT, ending, form)) == []


def test_what_is_counted_is_what_the_alarms_read() -> None:
    written = {
        (made["MetricNamespace"], made["MetricName"])
        for each in FILTERS
        for made in each["MetricTransformations"]
    }
    alarms = resolve(list(resources(TEMPLATE, "AWS::CloudWatch::Alarm").values()), defaults(TEMPLATE))
    plain = {(each.get("Namespace"), each.get("MetricName")) for each in alarms}
    stats = [
        one["MetricStat"]["Metric"]
        for each in alarms
        for one in each.get("Metrics", ())
        if "MetricStat" in one
    ]
    assert written <= plain | {(each["Namespace"], each["MetricName"]) for each in stats}
