"""What a caller sends never passes for a fault of the service, wherever the service writes it."""

from datetime import timedelta
from random import Random

import pytest

from responder.core.series import Series
from responder.core.settings import Settings
from responder.evidence.classify import (
    KNOWN,
    SERVICE_ERROR,
    Follows,
    KnownLine,
    LogFormat,
    classify,
    parse,
)
from responder.evidence.cold_starts import report_of
from responder.evidence.denied import denials_of, speaks_of_it
from responder.evidence.fault_rate import rate
from responder.evidence.faults import NORMAL, FailureTally, Fault
from responder.evidence.invocations import FunctionTraffic
from responder.evidence.logs import Event, count
from tests.unit.evidence import callers
from tests.unit.evidence.worlds import ID, NOW, RESULT


def faults(line: str) -> set[Fault]:
    return {failure.fault for failure in count(RESULT, [Event(NOW, "stream", line)], None).failures}


@pytest.mark.parametrize("count", callers.COUNTS)
def test_callers_text_in_a_known_line_is_never_a_sure_fault(count: int) -> None:
    tried = 0
    for sent in callers.words(count):
        for known, line in callers.lines(sent):
            found = faults(line)
            assert not any(fault.sure for fault in found), line
            if known.follows is Follows.CALLER:
                assert found <= NORMAL, line
            tried += 1
    assert tried > 25 * count


@pytest.mark.parametrize("number", callers.COUNTS)
def test_a_body_that_the_service_prints_makes_no_rate_of_sure_faults(number: int) -> None:
    """Thirty requests whose bodies imitate faults, of which Lambda counted none as an error."""
    for sent in callers.words(number // 20):
        for line, form in callers.printed(sent):
            lines = [line.replace(callers.REQUEST, ID.format(each)) for each in range(30)]
            events = [
                Event(NOW - timedelta(minutes=5), f"stream {each}", one) for each, one in enumerate(lines)
            ]
            tally = FailureTally(NOW - timedelta(hours=3), count(RESULT, events, form).failures, {}, 30)
            traffic = FunctionTraffic(Series(((NOW - timedelta(minutes=6), 30.0),)), Series(), Series())
            assert rate(tally, traffic, RESULT, NOW, sure=True).faulty == 0, (line, form)


@pytest.mark.parametrize("form", LogFormat)
def test_callers_words_behind_any_error_are_no_sure_fault(form: LogFormat) -> None:
    write = {LogFormat.TEXT: callers.text, LogFormat.JSON: callers.in_json}[form]
    for sent in callers.words(50):
        for said in callers.behind_any_error(sent):
            events = [Event(NOW, "stream", write("ERROR", said))]
            assert not any(each.sure for each in count(RESULT, events, form).failures), said


@pytest.mark.parametrize(("form", "sure"), [(LogFormat.TEXT, True), (LogFormat.JSON, False), (None, False)])
def test_a_line_of_the_logger_is_sure_in_the_functions_own_format(form: LogFormat | None, sure: bool) -> None:
    line = callers.text("ERROR", f"Failed to get liveness session result: {callers.INTERNAL}")
    (failed,) = count(RESULT, [Event(NOW, "stream", line)], form).failures
    assert (failed.fault, failed.sure) == (Fault.INTERNAL, sure)


def test_callers_text_is_never_counted_as_a_denied_call() -> None:
    for sent in callers.words(200):
        for _, line in callers.lines(sent):
            found, _unparsed = denials_of(RESULT, [Event(NOW, "stream", line)], Settings())
            assert found == (), line


def test_callers_text_is_never_read_as_a_report_line() -> None:
    for sent in callers.words(200):
        assert not any(report_of(line) for _, line in callers.lines(sent))


def test_another_answer_of_aws_does_not_speak_of_a_denial() -> None:
    refused = "An error occurred (ValidationException) when calling the GetItem operation: "
    line = parse(callers.text("ERROR", f"Unexpected error: {refused}{callers.DENIED}"))
    assert line is not None and not speaks_of_it(line)


def test_after_a_beginning_that_is_not_known_an_error_has_no_code() -> None:
    dice = Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz "
    for _ in range(4_000):
        begins = dice.choice("ABCDEFGHIS") + "".join(dice.choices(letters, k=dice.randint(3, 30)))
        said = f"{begins}: {dice.choice((callers.INTERNAL, callers.DENIED))}"
        assert faults(callers.text("ERROR", said)) == {Fault.UNEXPECTED}, said


@pytest.mark.parametrize("begins", ["Invalid session: ", "Validation failed: ", "Failed to greet: ", ""])
@pytest.mark.parametrize("form", [callers.text, callers.in_json])
def test_only_the_beginnings_of_the_service_are_believed(begins: str, form: callers.Form) -> None:
    line = parse(form("ERROR", begins + callers.INTERNAL))
    meaning = classify(line) if line else None
    assert meaning is not None and (meaning.fault, meaning.code) == (Fault.UNEXPECTED, "Exception")


@pytest.mark.parametrize("known", [each for each in KNOWN if each.follows is Follows.ERROR and each.fails])
@pytest.mark.parametrize("form", [callers.text, callers.in_json])
def test_the_errors_of_the_service_are_read(known: KnownLine, form: callers.Form) -> None:
    for service in ("", SERVICE_ERROR):
        assert faults(form("ERROR", service + known.begins + callers.INTERNAL)) == {Fault.INTERNAL}


@pytest.mark.parametrize("said", [each.begins for each in KNOWN if not each.fails])
def test_a_line_of_a_request_that_continues_is_no_failed_request(said: str) -> None:
    assert faults(callers.text("ERROR", said.replace("METRIC", "SuccessCount") + callers.DENIED)) == set()
