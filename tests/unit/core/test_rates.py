"""No rate leads to an action by chance, and no caller can drive one up."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.series import Series
from responder.evidence.fault_rate import Rate, rate
from responder.evidence.faults import NORMAL, FailedRequest, FailureTally, Fault
from responder.evidence.invocations import FunctionTraffic
from tests.fakes.gateway import NOW
from tests.rows import all_rows

NAME = "FaceAuth-GetLivenessResult"
FAULTS = frozenset(Fault) - NORMAL


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def series(values: Iterable[tuple[float, float]]) -> Series:
    return Series(tuple(sorted((ago(minutes), value) for minutes, value in values)))


def failed(
    *minutes: float, fault: Fault = Fault.INTERNAL, name: str = NAME, code: str = ""
) -> tuple[FailedRequest, ...]:
    return tuple(FailedRequest(name, ago(each), fault, code or fault.value) for each in minutes)


def measured(
    failures: tuple[FailedRequest, ...] = (),
    invocations: Iterable[tuple[float, float]] = ((5, 100),),
    errors: Iterable[tuple[float, float]] = (),
    faults: Iterable[Fault] = FAULTS,
    complete: float = 180,
    sure: bool = False,
) -> Rate:
    tally = FailureTally(ago(180), failures, {NAME: ago(complete)}, 0)
    traffic = FunctionTraffic(series(invocations), series(errors), Series())
    return rate(tally, traffic, NAME, NOW, faults, sure=sure)


@pytest.mark.parametrize(
    ("invocations", "minutes", "total"),
    [
        ([(14, 20)], 15, 20),
        ([(15, 20)], 15, 20),
        ([(16, 20)], 60, 20),
        ([(14, 19)], 180, 19),
        ([(14, 19), (40, 1)], 60, 20),
        ([(14, 10), (59, 9), (61, 1)], 180, 20),
        ([(181, 1000)], 180, 0),
        ([], 180, 0),
    ],
)
def test_the_shortest_window_with_20_invocations_is_taken(
    invocations: list[tuple[float, float]], minutes: int, total: int
) -> None:
    found = measured(invocations=invocations)
    assert (found.minutes, found.invocations) == (minutes, total)


ENOUGH = [
    # invocations, faulty in the last 15 min, faulty before, enough
    (20, 5, 0, True),
    (20, 3, 2, True),
    (19, 19, 0, False),
    (20, 4, 0, False),
    (20, 2, 18, False),
    (20, 3, 1, False),
    (1000, 0, 900, False),
]


@pytest.mark.parametrize(("invocations", "recent", "before", "enough"), ENOUGH)
def test_a_sample_is_enough_with_20_invocations_5_faulty_and_3_of_them_fresh(
    invocations: int, recent: int, before: int, enough: bool
) -> None:
    failures = failed(*[10] * recent, *[50] * before)
    found = measured(failures, [(10, 5), (50, invocations - 5)])
    assert found.enough is enough
    assert found.recent == recent


@pytest.mark.parametrize(("faulty", "high"), [(5, False), (6, True)])
def test_five_percent_is_not_yet_too_high(faulty: int, high: bool) -> None:
    assert measured(failed(*[5] * faulty)).too_high is high


def test_a_share_never_exceeds_one_while_metrics_lag_behind_the_log() -> None:
    assert measured(failed(*[4.5] * 30), [(5, 20)]).share == 1.0


@pytest.mark.parametrize("invocations", [[(12, 15), (11, 6)], []])
def test_minutes_without_a_datapoint_count_once_metrics_have_had_their_time(
    invocations: list[tuple[float, float]],
) -> None:
    """The last requests failed half a minute after they began; or CloudWatch has nothing."""
    found = measured(failed(*[9.8] * 6), invocations)
    assert found.faulty == 6
    assert found.justifies is bool(invocations)


def test_what_failed_in_minutes_whose_invocations_have_not_arrived_makes_no_share() -> None:
    """30 requests failed; 20 and not yet 1,000 of those minutes are known."""
    found = measured(failed(*[1] * 30, *[5] * 2), [(5, 20)])
    assert (found.faulty, found.share, found.justifies) == (2, 0.1, False)
    whole = measured(failed(*[1] * 30, *[5] * 2), [(5, 20), (1, 1000)])
    assert (whole.faulty, whole.too_high) == (32, False)


@given(
    st.lists(st.integers(0, 30), min_size=15, max_size=15),
    st.lists(st.integers(0, 30), min_size=15, max_size=15),
    st.integers(0, 2),
    st.integers(0, 30),
)
def test_late_invocations_never_justify_what_all_of_them_do_not(
    fine: list[int], faulty: list[int], late: int, arrived: int
) -> None:
    """Minute by minute (the latest first): as many are not there yet, of the next only a part. What is known
    then justifies an act only where the minutes that have arrived completely do."""
    failures = failed(*(minute + 0.5 for minute, count in enumerate(faulty) for _ in range(count)))
    counts = [
        (minute + 1.0, float(good + bad)) for minute, (good, bad) in enumerate(zip(fine, faulty, strict=True))
    ]
    known = [(at, min(count, arrived) if at == late + 1 else count) for at, count in counts if at > late]
    settled = [each for each in failures if each.at < ago(late + 1)]
    if measured(failures, known).justifies:
        total = sum(count for at, count in counts if at > late + 1)
        assert len(settled) > 0.05 * total
        assert len(settled) >= 5


def test_without_traffic_there_is_no_share_and_no_sample() -> None:
    found = measured(invocations=())
    assert (found.share, found.too_high, found.enough) == (0.0, False, False)


@given(st.lists(st.tuples(st.sampled_from(sorted(NORMAL)), st.floats(0, 14)), max_size=60))
def test_what_a_caller_can_provoke_never_counts(provoked: list[tuple[Fault, float]]) -> None:
    failures = tuple(each for fault, minutes in provoked for each in failed(minutes, fault=fault))
    found = measured(failures, [(5, 20)])
    assert (found.faulty, found.recent, found.share) == (0, 0, 0.0)


SURE = (Fault.INTERNAL, Fault.ACCESS_DENIED, Fault.IMPORT_ERROR)


@all_rows("fault", sorted(FAULTS))
def test_only_three_classes_are_sure(fault: Fault) -> None:
    assert measured(failed(*[5] * 50, fault=fault), sure=True).faulty == (50 if fault in SURE else 0)
    assert measured(failed(*[5] * 50, fault=fault)).faulty == 50


@pytest.mark.parametrize(
    ("fault", "code", "operation"),
    [
        (Fault.INTERNAL, "ServiceUnavailable", "PutObject"),
        (Fault.INTERNAL, "503", "GetFaceLivenessSessionResults"),
        (Fault.ACCESS_DENIED, "AccessDenied", "GetObject"),
        (Fault.ACCESS_DENIED, "AccessDenied", "HeadObject"),
    ],
)
def test_what_too_many_requests_or_a_missing_object_bring_about_is_not_sure(
    fault: Fault, code: str, operation: str
) -> None:
    found = tuple(FailedRequest(NAME, ago(5), fault, code, operation) for _ in range(50))
    assert measured(found, sure=True).faulty == 0
    assert measured(found).faulty == 50


def test_sure_faults_are_counted_separately_in_the_whole_and_in_the_last_quarter() -> None:
    found = failed(5, 5, 5, 40) + failed(*[5] * 30, fault=Fault.TIMEOUT)
    sure = measured(found, [(5, 10), (40, 90)], [(5, 60)], sure=True)
    assert (sure.faulty, sure.recent, sure.unlogged, sure.invocations) == (4, 3, 0, 100)


def ended(*minutes: float, fault: Fault = Fault.IMPORT_ERROR) -> tuple[FailedRequest, ...]:
    return tuple(FailedRequest(NAME, ago(each), fault, fault.value, escaped=True) for each in minutes)


@pytest.mark.parametrize(("errors", "faulty"), [(0, 0), (4, 4), (30, 30), (99, 30)])
def test_what_ended_an_invocation_is_sure_only_up_to_the_errors_that_lambda_counts(
    errors: int, faulty: int
) -> None:
    found = measured(ended(*[5] * 30), errors=[(5, errors)], sure=True)
    assert (found.faulty, found.recent) == (faulty, faulty)


def test_errors_that_callers_provoked_confirm_no_line_of_an_import_error() -> None:
    provoked = ended(*[5] * 30, fault=Fault.TIMEOUT)
    assert measured(provoked + ended(*[5] * 30), errors=[(5, 30)], sure=True).faulty == 0


def test_old_errors_confirm_no_fresh_line() -> None:
    found = measured(ended(*[5] * 10), [(5, 10), (40, 90)], [(40, 30)], sure=True)
    assert (found.recent, found.justifies) == (0, False)


def test_failures_of_another_function_do_not_count() -> None:
    assert measured(failed(*[5] * 50, name="FaceAuth-CreateLivenessSession")).faulty == 0


def test_failures_before_the_window_do_not_count() -> None:
    assert measured(failed(16, 59, 170)).faulty == 0


def test_a_lambda_error_that_left_no_line_counts() -> None:
    found = measured(errors=[(5, 8), (14, 2)])
    assert (found.faulty, found.unlogged, found.recent) == (10, 10, 10)
    assert found.too_high
    assert found.enough


def test_what_left_no_line_is_not_among_the_sure_faults() -> None:
    found = measured(errors=[(5, 50)], sure=True)
    assert (found.faulty, found.unlogged) == (0, 0)


def test_a_lambda_error_that_left_its_line_counts_once() -> None:
    found = measured(failed(*[5] * 8, fault=Fault.TIMEOUT), errors=[(5, 10)])
    assert (found.faulty, found.unlogged) == (10, 2)


def test_old_silent_errors_are_not_fresh_ones() -> None:
    found = measured(invocations=[(50, 100)], errors=[(50, 10)])
    assert (found.unlogged, found.recent) == (10, 0)


def test_an_exception_that_a_caller_provoked_is_no_silent_error() -> None:
    """It escapes the handler, so Lambda counts it as an Error; but it did leave its line."""
    provoked = failed(*[5] * 50, fault=Fault.UNEXPECTED, code="KeyError")
    found = measured(provoked, errors=[(5, 50)])
    assert (found.faulty, found.unlogged) == (50, 0)


def test_errors_are_counted_once_whether_they_were_caught_or_not() -> None:
    assert measured(failed(*[5] * 50, fault=Fault.UNEXPECTED), errors=[(5, 50)]).faulty == 50


def test_errors_from_before_a_log_that_was_read_only_in_part_are_not_called_silent() -> None:
    found = measured(invocations=[(5, 10), (50, 90)], errors=[(50, 30), (5, 2)], complete=20)
    assert found.unlogged == 2


@pytest.mark.parametrize(("since", "minutes", "invocations"), [(180, 60, 100), (40, 40, 20), (20, 20, 5)])
def test_failures_and_invocations_are_those_of_the_time_whose_log_is_known(
    since: float, minutes: int, invocations: int
) -> None:
    found = measured(failed(5, 5, 5, 5, 5), [(18, 5), (35, 15), (58, 80)], complete=since)
    assert (found.minutes, found.invocations, found.faulty) == (minutes, invocations, 5)
    assert found.enough is (invocations >= 20)


def test_where_only_logged_kinds_are_asked_for_silent_errors_do_not_count() -> None:
    assert measured(errors=[(5, 50)], faults={Fault.THROTTLING}).faulty == 0


def test_it_says_which_faults_it_counted() -> None:
    failures = failed(5, 6) + failed(7, fault=Fault.TIMEOUT)
    assert measured(failures).by_fault == {Fault.INTERNAL: 2, Fault.TIMEOUT: 1}


def test_failures_of_a_minute_whose_invocations_may_still_arrive_justify_nothing() -> None:
    """A datapoint is of a whole minute: three minutes after a failure, that of its minute may be missing."""
    now = NOW + timedelta(seconds=50)
    lines = tuple(
        FailedRequest(NAME, ago(3) + timedelta(seconds=5 * each), Fault.INTERNAL, "") for each in range(1, 7)
    )
    tally = FailureTally(ago(180), lines, {NAME: ago(180)}, 0)
    late = FunctionTraffic(series([(6, 88)]), Series(), Series())
    assert rate(tally, late, NAME, now, FAULTS).justifies is False
    assert rate(tally, late, NAME, now + timedelta(minutes=1), FAULTS).justifies is True


def test_an_error_with_a_line_is_not_counted_as_recent_and_silent() -> None:
    lines = failed(5, 5, 5, fault=Fault.TIMEOUT)
    found = measured(lines, [(5, 10), (40, 90)], [(5, 3), (40, 10)])
    assert (found.unlogged, found.faulty, found.recent) == (10, 13, 3)


def test_a_function_whose_log_is_known_from_no_time_is_taken_as_it_was_read() -> None:
    tally = FailureTally(ago(180), failed(5), {}, 0)
    traffic = FunctionTraffic(series([(5, 100)]), series([(5, 3)]), Series())
    assert rate(tally, traffic, NAME, NOW, FAULTS).faulty == 4


def test_one_failure_of_one_request_is_a_share_of_100_percent() -> None:
    assert measured(failed(5), [(5, 1)]).share == 1.0
