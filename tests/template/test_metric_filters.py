"""What the metric filters count, on log lines as the two functions and Lambda write them."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from liveness_ops.template_tools.load import defaults, resolve, resources, template
from local_aws.patches.logs import filter_patterns
from rehearsal.world import request_endings
from rehearsal.world.lines import Format, lines
from rehearsal.world.names import CREATE, RESULT
from rehearsal.world.traffic import Ending, Requests, unfold
from responder.core.liveness_function import LivenessFunction
from responder.evidence import faults, log_filters
from responder.evidence.faults import READS_OF_OBJECTS
from responder.evidence.logs import Event, count
from tests.rows import all_rows
from tests.unit.evidence import callers

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
    (CREATE, request_endings.service_error("AccessDeniedException", request_endings.CREATE_SESSION)),
    (CREATE, request_endings.service_error("AccessDeniedException", "PutItem", retries=2)),
    (RESULT, request_endings.service_error("AccessDeniedException", "GetItem", retries=2)),
    (RESULT, request_endings.audit_log_failed("AccessDenied", "Access Denied")),
    *((function, request_endings.metric_failed("AccessDenied")) for function in (CREATE, RESULT)),
    *((function, request_endings.unexpected("ClientError", callers.DENIED)) for function in (CREATE, RESULT)),
]
SURE = [
    *(
        (CREATE, request_endings.service_error(code, operation, retries=retries))
        for code, operation, retries in (
            ("AccessDeniedException", request_endings.CREATE_SESSION, 0),
            ("InternalServerError", request_endings.CREATE_SESSION, 4),
            ("InternalFailure", "PutItem", 0),
        )
    ),
    *(
        (RESULT, request_endings.service_error(code, operation, retries=retries))
        for code, operation, retries in (
            ("AccessDeniedException", "GetItem", 2),
            ("InternalServerError", request_endings.GET, 0),
            ("InternalServerError", "UpdateItem", 2),
        )
    ),
    *((function, request_endings.import_error()) for function in (CREATE, RESULT)),
    *(
        (function, replace(request_endings.import_error(), error_type=f"Runtime.{kind}"))
        for kind in ("UserCodeSyntaxError", "HandlerNotFound", "MalformedHandlerName")
        for function in (CREATE, RESULT)
    ),
]
# The request fails, and a caller can be the reason, or that is unknown.
UNSURE = [
    *(
        request_endings.service_error(code, request_endings.GET)
        for code in (
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "503",
            "502",
            "504",
            "ThrottlingException",
            "InternalThrottling",
            "ValidationException",
            "ServiceQuotaExceededException",
        )
    ),
    *(
        request_endings.unexpected(
            "ClientError", f"An error occurred ({code}) when calling the {call} operation: x"
        )
        for code, call in (
            ("AccessDenied", "GetObject"),
            ("403", "HeadObject"),
            ("AccessDenied", "HeadObject"),
        )
    ),
    # Any exception follows these words, also one that quotes a caller.
    *(request_endings.unexpected("ClientError", said) for said in (callers.DENIED, callers.INTERNAL)),
    request_endings.unexpected(),
    request_endings.crashed("KeyError", "'FACE_AUTH_BUCKET'"),
]
OTHERS = [
    request_endings.passed(),
    request_endings.failed(12.0),
    request_endings.not_found(),
    request_endings.service_error("ThrottlingException", request_endings.GET),
    request_endings.out_of_memory(),
]


def counted(function: str, ending: Ending, form: Format) -> Iterator[str]:
    (request,) = unfold((Requests(function, 1, ending),), NOW)
    written = [line for _, line in lines(request, form)]
    for each in FILTERS:
        if each["LogGroupName"] == f"/aws/lambda/{function}":
            for line in written:
                if PATTERNS[each["LogGroupName"], each["FilterPattern"]].matches(line):
                    yield each["MetricTransformations"][0]["MetricName"]


@all_rows("form", Format)
@all_rows(("function", "ending"), DENIED)
def test_a_denied_call_counts_once_in_either_format(function: str, form: Format, ending: Ending) -> None:
    assert [each for each in counted(function, ending, form) if each != "SureFaults"] == ["AccessDenied"]


@all_rows("form", Format)
@all_rows(("function", "ending"), SURE)
def test_a_request_that_fails_with_a_sure_fault_counts_once(
    function: str, form: Format, ending: Ending
) -> None:
    assert list(counted(function, ending, form)).count("SureFaults") == 1


@all_rows("form", Format)
@all_rows("function", [CREATE, RESULT])
@all_rows(
    "ending",
    [
        *UNSURE,
        request_endings.audit_log_failed("AccessDenied", "Access Denied"),
        request_endings.audit_log_failed("InternalError", "We encountered an internal error."),
        request_endings.metric_failed("AccessDenied"),
    ],
)
def test_what_a_caller_can_cause_or_a_request_survives_is_no_sure_fault(
    function: str, form: Format, ending: Ending
) -> None:
    assert "SureFaults" not in list(counted(function, ending, form))


# Every code of the table, and others that begin or end like one that counts.
CODES = (*sorted(faults.KNOWN_CODES), "AccessDeniedByCaller", "InternalErrorish", "MyInternalServerError")
OPERATIONS = (
    request_endings.GET,
    request_endings.CREATE_SESSION,
    "PutItem",
    "GetItem",
    "UpdateItem",
    "GetObject",
    "HeadObject",
)


@pytest.mark.parametrize("form", Format)
def test_what_counts_as_sure_is_sure_by_the_count_of_failed_requests(form: Format) -> None:
    """Whatever AWS answers to whichever call: the alarm never counts what the playbook would not."""
    tried = 0
    for function, code, operation in itertools.product((CREATE, RESULT), CODES, OPERATIONS):
        known = request_endings.GET if function == RESULT else request_endings.CREATE_SESSION
        error = request_endings.aws_error(code, operation, "x")
        for ending, of_a_call in (
            (request_endings.sdk_error(error, known), True),
            (request_endings.unexpected("ClientError", error), False),
        ):
            (request,) = unfold((Requests(function, 1, ending),), NOW)
            events = (Event(at, "s", line) for at, line in lines(request, form))
            (failed,) = count(function, events, form.setting).failures
            found = list(counted(function, ending, form)).count("SureFaults")
            wanted = of_a_call and code in log_filters.SURE_CODES and operation not in READS_OF_OBJECTS
            assert (found, failed.sure or not found) == (wanted, True), (code, operation)
            tried += found
    assert tried == len(log_filters.SURE_CODES) * 5 * 2


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("function", [CREATE, RESULT])
def test_a_time_out_is_counted_once_in_each_form(function: str, form: Format) -> None:
    prefix = {CREATE: "CreateSession", RESULT: "GetResult"}[function]
    expected = [f"{prefix}TimeoutsInText"] + ([f"{prefix}TimeoutsInJson"] if form is Format.JSON else [])
    assert sorted(counted(function, request_endings.timed_out(10.0), form)) == sorted(expected)


@all_rows("form", Format)
@all_rows("ending", OTHERS)
def test_nothing_else_counts(form: Format, ending: Ending) -> None:
    assert list(counted(RESULT, ending, form)) == []


@pytest.mark.parametrize("count", callers.COUNTS)
def test_what_a_caller_sends_never_counts(count: int) -> None:
    tried = 0
    for sent in callers.words(count):
        for known, line in callers.lines(sent):
            for (group, pattern), found in PATTERNS.items():
                assert not (GROUPS[group] in known.of and found.matches(line)), (pattern, line)
                tried += 1
    assert tried > 100 * count


def test_the_template_has_exactly_the_filters_that_the_daily_check_knows() -> None:
    found: dict[str, dict[LivenessFunction, set[str]]] = {}
    for each in FILTERS:
        (made,) = each["MetricTransformations"]
        assert made["MetricValue"] == "1"
        of_metric = found.setdefault(made["MetricName"], {})
        of_metric.setdefault(GROUPS[each["LogGroupName"]], set()).add(each["FilterPattern"])
    assert found == log_filters.FILTERS


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
