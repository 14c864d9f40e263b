"""Requests are counted, not lines."""

from datetime import timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.evidence.classify import LogFormat
from responder.evidence.faults import Fault
from responder.evidence.logs import Event, count
from tests.unit.evidence.worlds import ID, NOW, RESULT

TEXT = LogFormat.TEXT
A, B = ID.format(1), ID.format(2)
DENIED = (
    "An error occurred (AccessDeniedException) when calling the GetFaceLivenessSessionResults operation: no"
)
IMPORT = "[ERROR] Runtime.ImportModuleError: Unable to import module 'handler': No module named 'x'"


def event(message: str, seconds: float = 0, stream: str = "s") -> Event:
    return Event(NOW + timedelta(seconds=seconds), stream, message)


def error(request: str, said: str, level: str = "ERROR") -> str:
    return f"[{level}]\t2026-02-04T10:25:00.123Z\t{request}\t{said}"


def faults(*events: Event) -> list[tuple[Fault, str]]:
    return [(failure.fault, failure.code) for failure in count(RESULT, events, TEXT).failures]


def test_a_failed_request_with_two_error_lines_counts_once() -> None:
    first = error(A, f"Failed to get liveness session result: {DENIED}")
    second = error(A, f"Liveness service error: Failed to get liveness session result: {DENIED}")
    assert faults(event(first), event(second, 1)) == [(Fault.ACCESS_DENIED, "AccessDeniedException")]


def test_the_line_with_a_code_wins_over_the_line_without_one() -> None:
    vague = error(A, "Liveness service error: something")
    exact = error(A, f"Failed to get liveness session result: {DENIED}")
    assert faults(event(vague), event(exact, 1)) == faults(event(exact), event(vague, 1))
    assert faults(event(vague), event(exact, 1)) == [(Fault.ACCESS_DENIED, "AccessDeniedException")]


def test_a_fault_wins_over_a_normal_failure_of_the_same_request() -> None:
    normal = error(A, "Session not found: 1", "WARNING")
    fault = error(A, f"Unexpected error: {DENIED}")
    assert faults(event(normal), event(fault, 1)) == [(Fault.ACCESS_DENIED, "AccessDeniedException")]


def test_a_request_that_timed_out_counts_once_however_many_lines_say_so() -> None:
    line = f"2026-02-04T10:25:10.000Z {A} Task timed out after 10.01 seconds"
    report = f"REPORT RequestId: {A}\tDuration: 10000.00 ms\tStatus: timeout"
    assert faults(event(line), event(report, 1)) == [(Fault.TIMEOUT, "Task.TimedOut")]


THROTTLED = "An error occurred (ThrottlingException) when calling the GetFaceLivenessSessionResults operation"
LATE = f"2026-02-04T10:25:10.000Z {A} Task timed out after 10.01 seconds"


def test_a_request_that_was_killed_keeps_what_its_other_lines_say() -> None:
    said = error(A, f"Failed to get liveness session result: {THROTTLED}: slow down")
    for lines in ((event(said), event(LATE, 1)), (event(LATE), event(said, 1))):
        counted = count(RESULT, lines, TEXT)
        (found,) = counted.failures
        assert (found.fault, found.operation) == (Fault.TIMEOUT, "")
        assert (found.during, len(counted.throttled)) == ("GetFaceLivenessSessionResults", 1)


def test_of_two_lines_that_say_as_much_the_one_that_a_caller_can_cause_counts() -> None:
    denied = error(A, f"Failed to get liveness session result: {DENIED}")
    throttled = error(A, f"Failed to get liveness session result: {THROTTLED}: slow down")
    for lines in ((event(denied), event(throttled, 1)), (event(throttled), event(denied, 1))):
        (found,) = count(RESULT, lines, TEXT).failures
        assert (found.fault, found.sure) == (Fault.THROTTLING, False)


SAID = (
    DENIED,
    "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied",
    "An error occurred (503) when calling the GetObject operation: Service Unavailable",
    f"{THROTTLED}: slow down",
    "something",
)


@given(st.permutations(SAID))
def test_in_which_order_a_page_has_the_lines_of_one_moment_decides_nothing(said: list[str]) -> None:
    lines = [event(error(A, f"Failed to get liveness session result: {each}")) for each in said]
    assert count(RESULT, lines, TEXT) == count(RESULT, lines[::-1], TEXT)


@given(st.permutations(range(len(SAID))))
def test_whether_a_request_is_sure_does_not_depend_on_which_line_came_first(order: list[int]) -> None:
    lines = [error(A, f"Failed to get liveness session result: {SAID[each]}") for each in order[:2]]
    one, other = (
        count(RESULT, [event(each, at) for at, each in enumerate(found)], TEXT).failures
        for found in (lines, lines[::-1])
    )
    assert [each.sure for each in one] == [each.sure for each in other]


def test_a_denied_request_is_not_counted_as_throttled() -> None:
    counted = count(RESULT, [event(error(A, f"Failed to get liveness session result: {DENIED}"))], TEXT)
    (found,) = counted.failures
    assert (found.sure, counted.throttled, found.during) == (True, (), "")


def test_a_call_that_was_turned_away_is_known_also_where_the_request_went_on() -> None:
    """Once a request, with the time of its last line."""
    kept = error(A, f"Failed to store audit log: {THROTTLED}: slow down")
    sent = error(A, f"Failed to send metric SuccessCount: {THROTTLED}: slow down", "WARNING")
    other = error(
        B, "Failed to store audit log: An error occurred (503) when calling the PutObject operation: x"
    )
    counted = count(RESULT, [event(kept), event(sent, 2), event(other, 5)], TEXT)
    assert counted.failures == ()
    assert counted.throttled == (NOW + timedelta(seconds=2), NOW + timedelta(seconds=5))


@pytest.mark.parametrize(
    "said",
    [
        f"Session not found: {THROTTLED}: x",
        f"Failed to store audit log: {DENIED} {THROTTLED}",
        f"Something else: {THROTTLED}: x",
        f"Failed to send metric a b: {THROTTLED}: x",
    ],
)
def test_a_throttling_error_within_another_message_is_not_counted_as_throttling(said: str) -> None:
    assert count(RESULT, [event(error(A, said)), event(error(B, said, "WARNING"))], TEXT).throttled == ()


def test_a_failed_import_that_is_tried_twice_is_one_request() -> None:
    assert faults(event(IMPORT), event(IMPORT, 1)) == [(Fault.IMPORT_ERROR, "Runtime.ImportModuleError")]


def test_failed_imports_of_several_environments_are_several_requests() -> None:
    assert len(faults(event(IMPORT, 0, "a"), event(IMPORT, 0, "b"), event(IMPORT, 60, "a"))) == 3


def test_a_nameless_line_belongs_to_the_invocation_that_ended_beside_it() -> None:
    ended = f"RequestId: {A} Error: Runtime exited with error: exit status 1\nRuntime.ExitError"
    assert faults(event(IMPORT), event(ended, 1)) == [(Fault.IMPORT_ERROR, "Runtime.ImportModuleError")]


def failed_imports(count: int) -> list[Event]:
    """Every 20 s a failed import in one stream, and the end of its invocation a second later."""
    ended = "RequestId: {} Error: Runtime exited with error: exit status 1\nRuntime.ExitError"
    return [
        each
        for number in range(count)
        for each in (
            event(IMPORT, 20 * number),
            event(ended.format(f"8f5cbd1c-63a1-4d57-9c64-{number:012d}"), 20 * number + 1),
        )
    ]


def test_each_nameless_line_of_a_long_stream_finds_its_own_invocation() -> None:
    found = faults(*failed_imports(200))
    assert found == [(Fault.IMPORT_ERROR, "Runtime.ImportModuleError")] * 200


def seconds_of(events: list[Event]) -> float:
    took = []
    for _ in range(3):
        start = process_time()
        count(RESULT, events, TEXT)
        took.append(process_time() - start)
    return min(took)


@pytest.mark.parametrize("every", [1, 2], ids=["with-their-ends", "imports-alone"])
def test_eight_times_the_lines_take_about_eight_times_the_time(every: int) -> None:
    short, long = (failed_imports(count)[::every] for count in (500, 4_000))
    assert seconds_of(long) < 20 * seconds_of(short)  # eight times as many lines; squared it would be 64


def test_a_nameless_line_does_not_vanish_in_another_request_of_its_environment() -> None:
    handled = error(A, f"Liveness service error: {DENIED}")
    escaped = "[ERROR] KeyError: 'confidence'\nTraceback (most recent call last):"
    assert faults(event(handled), event(escaped, 5)) == [
        (Fault.ACCESS_DENIED, "AccessDeniedException"),
        (Fault.UNEXPECTED, "KeyError"),
    ]


def test_a_traceback_that_was_split_into_events_does_not_count() -> None:
    lines = [
        error(A, "Unexpected error: 'confidence'"),
        "Traceback (most recent call last):",
        '  File "/var/task/handler.py", line 12, in handler',
        "KeyError: 'confidence'",
    ]
    assert len(faults(*(event(line) for line in lines))) == 1


def test_a_failure_is_dated_by_its_first_line() -> None:
    (failure,) = count(
        RESULT, [event(error(A, "Liveness service error: x"), 3), event(error(A, DENIED), 1)], TEXT
    ).failures
    assert failure.at == NOW + timedelta(seconds=1)


@given(st.lists(st.tuples(st.sampled_from([A, B]), st.integers(0, 9)), max_size=20))
def test_there_are_never_more_failures_than_requests(lines: list[tuple[str, int]]) -> None:
    events = [event(error(request, f"Liveness service error: {DENIED}"), at) for request, at in lines]
    assert len(count(RESULT, events, TEXT).failures) == len({request for request, _ in lines})
