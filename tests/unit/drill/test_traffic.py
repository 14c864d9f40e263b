import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from rehearsal.world import request_endings
from rehearsal.world.lines import Format, lines
from rehearsal.world.names import CREATE, RESULT
from rehearsal.world.points import TablePressure, of_requests, of_table
from rehearsal.world.traffic import Ending, Request, Requests, unfold
from responder.core.liveness_function import LivenessFunction
from responder.evidence.classify import find
from tests.rows import all_rows

NOW = datetime(2026, 2, 4, 10, 30, tzinfo=UTC)
ERROR = request_endings.service_error("InternalServerError", request_endings.GET, retries=4)


def one(ending: Ending, function: str = RESULT) -> Request:
    return next(unfold((Requests(function, 1, ending, 15),), NOW))


def written(ending: Ending, form: Format) -> list[str]:
    return [line for _, line in lines(one(ending), form)]


def test_requests_spread_over_their_window() -> None:
    found = list(unfold((Requests(RESULT, 3, request_endings.passed(), 15, 5),), NOW))
    assert [NOW - each.at for each in found] == [
        timedelta(minutes=m, seconds=s) for m, s in ((13, 20), (10, 0), (6, 40))
    ]
    assert len({each.id for each in found}) == 3


def test_a_failed_request_logs_two_errors_with_one_id() -> None:
    found = [line for line in written(ERROR, Format.TEXT) if line.startswith("[ERROR]")]
    assert len(found) == 2
    assert {line.split("\t")[2] for line in found} == {one(ERROR).id}
    assert all("(reached max retries: 4): " in line for line in found)


@pytest.mark.parametrize("form", Format)
def test_the_text_format_does_not_print_extra(form: Format) -> None:
    found = "".join(written(request_endings.failed(41.0), form))
    assert ("is_live" in found) is (form is Format.JSON)


@pytest.mark.parametrize("form", Format)
def test_only_a_cold_start_reports_its_init(form: Format) -> None:
    words = {Format.TEXT: "Init Duration: 3400.00 ms", Format.JSON: '"initDurationMs": 3400.0'}[form]
    assert words in written(request_endings.cold(request_endings.passed()), form)[-1]
    assert words not in written(request_endings.passed(), form)[-1]


WRITES = [
    (CREATE, request_endings.service_error("AccessDeniedException", request_endings.CREATE_SESSION)),
    (CREATE, request_endings.service_error("ProvisionedThroughputExceededException", "PutItem")),
    *(
        (RESULT, request_endings.service_error("X", operation))
        for operation in (request_endings.GET, "GetItem", "UpdateItem")
    ),
    (RESULT, request_endings.audit_log_failed("AccessDenied", "no")),
    (RESULT, request_endings.metric_failed("AccessDenied")),
    (RESULT, request_endings.not_found()),
    (RESULT, request_endings.expired()),
    (RESULT, request_endings.unexpected()),
]


@all_rows(("function", "ending"), WRITES)
def test_a_warning_or_an_error_is_a_line_that_the_service_is_known_to_write(
    function: str, ending: Ending
) -> None:
    spoken = [line for line in ending.lines if line.level != "INFO"]
    for line in spoken:
        known = find(line.message)
        assert known is not None and known[0].level == line.level
        assert (LivenessFunction.CREATE if function == CREATE else LivenessFunction.RESULT) in known[0].of
    assert spoken


def test_json_lines_are_json() -> None:
    for line in written(ERROR, Format.JSON):
        assert json.loads(line)


def test_what_the_runtime_kills_puts_no_metric_of_the_service() -> None:
    found = {(point.metric, point.value) for point in of_requests([one(request_endings.timed_out(15))], "")}
    assert ("Errors", 1.0) in found
    assert not {name for name, _ in found} & {"VerificationError", "VerificationTime"}


def test_an_alias_that_gets_the_traffic_shows_in_the_metrics() -> None:
    found = {
        dict(point.dimensions).get("Resource")
        for point in of_requests([one(request_endings.passed())], "live")
    }
    assert found == {None, f"{RESULT}:live"}


def test_a_quiet_service_has_no_error() -> None:
    found = list(unfold(request_endings.normal(), NOW))
    assert {each.function for each in found} == {CREATE, RESULT}
    text = "".join(line for each in found for _, line in lines(each, Format.TEXT))
    assert not re.search("ERROR", text)


def test_throttles_of_an_index_carry_its_name() -> None:
    found = [
        p
        for p in of_table(TablePressure(9, 3, on="EmployeeIdIndex"), NOW)
        if p.metric == "WriteThrottleEvents"
    ]
    assert len(found) == 3
    assert all(dict(point.dimensions)["GlobalSecondaryIndexName"] for point in found)
