"""What the metric filters count, on log lines as the two functions and Lambda write them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from liveness_ops.template_tools import log_filters
from liveness_ops.template_tools.load import defaults, resolve, resources, template
from local_aws.mends import filter_patterns
from rehearsal.world import endings
from rehearsal.world.lines import Format, lines
from rehearsal.world.names import CREATE, RESULT
from rehearsal.world.traffic import Ending, Requests, unfold
from responder.core.liveness_function import LivenessFunction
from tests.unit.evidence import callers

pytestmark = pytest.mark.template

TEMPLATE = template()
FILTERS = resolve(list(resources(TEMPLATE, "AWS::Logs::MetricFilter").values()), defaults(TEMPLATE))
NOW = datetime(2026, 2, 4, 1, 25, tzinfo=UTC)
GROUPS = {
    f"/aws/lambda/{name}": function
    for name, function in ((CREATE, LivenessFunction.CREATE), (RESULT, LivenessFunction.RESULT))
}
PATTERNS = {
    (each["LogGroupName"], each["FilterPattern"]): filter_patterns.read(each["FilterPattern"])
    for each in FILTERS
}
DENIED = [
    (CREATE, endings.service_error("AccessDeniedException", endings.CREATE_SESSION)),
    (CREATE, endings.service_error("AccessDeniedException", "PutItem", retries=2)),
    (RESULT, endings.service_error("AccessDeniedException", "GetItem", retries=2)),
    (RESULT, endings.audit_log_failed("AccessDenied", "Access Denied")),
    *((function, endings.metric_failed("AccessDenied")) for function in (CREATE, RESULT)),
    *((function, endings.unexpected("ClientError", callers.DENIED)) for function in (CREATE, RESULT)),
]
OTHERS = [
    endings.passed(),
    endings.failed(12.0),
    endings.not_found(),
    endings.service_error("ThrottlingException", endings.GET),
    endings.import_error(),
    endings.out_of_memory(),
]


def counted(function: str, ending: Ending, form: Format) -> Iterator[str]:
    (request,) = unfold((Requests(function, 1, ending),), NOW)
    for each in FILTERS:
        if each["LogGroupName"] == f"/aws/lambda/{function}":
            for _, line in lines(request, form):
                if PATTERNS[each["LogGroupName"], each["FilterPattern"]].matches(line):
                    yield each["MetricTransformations"][0]["MetricName"]


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize(
    ("function", "ending"), DENIED, ids=lambda each: each if isinstance(each, str) else each.lines[0].message
)
def test_a_denied_call_counts_once_in_either_format(function: str, form: Format, ending: Ending) -> None:
    assert list(counted(function, ending, form)) == ["AccessDenied"]


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


def test_what_a_caller_sends_never_counts() -> None:
    tried = 0
    for sent in callers.words(1000):
        for known, line in callers.lines(sent):
            for (group, pattern), found in PATTERNS.items():
                assert not (GROUPS[group] in known.of and found.matches(line)), (pattern, line)
                tried += 1
    assert tried > 100_000


def test_the_patterns_are_made_of_the_known_lines() -> None:
    expected = {}
    for group, function in GROUPS.items():
        denied = {log_filters.denied_in_text(function), log_filters.denied_in_json(function)}
        expected[group] = denied | {log_filters.timed_out_in_text(), log_filters.timed_out_in_json()}
    assert {group: {p for g, p in PATTERNS if g == group} for group in GROUPS} == expected


def test_the_owner_of_each_log_group_has_two_patterns_with_regular_expressions_left() -> None:
    for group in GROUPS:
        assert sum(found.regexes > 0 for (g, _), found in PATTERNS.items() if g == group) == 3


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
