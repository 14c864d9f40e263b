"""An alarm is called unable to go off only where no data that the service can put sets it off."""

import operator
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.checks.alarms.can_fire import chance, needed_share
from responder.core.deployed_alarm import WatchedMetric
from responder.core.metric_ranges import KnownLimits, limit, never, values
from tests.rows import all_rows

CREATE, RESULT = "FaceAuth-CreateLivenessSession", "FaceAuth-GetLivenessResult"
KNOWN = KnownLimits("FaceAuth/Liveness", CREATE, RESULT, {CREATE: 10, RESULT: 15})
SIGNS = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
STATISTICS = {
    "Sum": sum,
    "Average": fmean,
    "Minimum": min,
    "Maximum": max,
    "p99": lambda data: sorted(data)[-1],
    "SampleCount": len,
}
# What the service can put into each metric.
POSSIBLE = {
    "SuccessCount": st.just(1.0),
    "FailureCount": st.just(1.0),
    "VerificationError": st.just(1.0),
    "ConfidenceScore": st.floats(0, 100),
    "VerificationTime": st.floats(0, 14.99),
    "SessionCreationTime": st.floats(0, 9.99),
}


def watch(metric: str, statistic: str, sign: str, threshold: float, **fields: object) -> WatchedMetric:
    return WatchedMetric(
        sign,
        threshold,
        namespace="FaceAuth/Liveness",
        metric=metric,
        statistic=statistic,
        period=300,
        **fields,  # type: ignore[arg-type]
    )


@given(
    data=st.data(),
    metric=st.sampled_from(sorted(POSSIBLE)),
    statistic=st.sampled_from(sorted(STATISTICS)),
    sign=st.sampled_from(sorted(SIGNS)),
    threshold=st.one_of(st.floats(-5, 110), st.sampled_from([0.0, 0.95, 1.0, 2.0, 10.0, 15.0, 100.0])),
)
def test_no_possible_data_sets_off_what_is_called_unable_to(
    data: st.DataObject, metric: str, statistic: str, sign: str, threshold: float
) -> None:
    points = data.draw(st.lists(POSSIBLE[metric], min_size=1, max_size=20))
    one = watch(metric, statistic, sign, threshold)
    value = STATISTICS[statistic](points)  # type: ignore[operator]
    if SIGNS[sign](value, threshold) and not abs(value - threshold) < 1e-9:
        assert not never(one, KNOWN)


@given(
    metric=st.sampled_from(["SuccessCount", "ConfidenceScore", "VerificationTime"]),
    sign=st.sampled_from(sorted(SIGNS)),
    threshold=st.floats(-5, 110),
)
def test_a_threshold_within_the_range_can_be_crossed(metric: str, sign: str, threshold: float) -> None:
    one = watch(metric, "Average", sign, threshold)
    possible = values(one, KNOWN)
    assert possible
    if possible.low < threshold < possible.high:
        assert not never(one, KNOWN)


@all_rows(
    ("metric", "statistic", "sign", "threshold", "expected"),
    [
        ("SuccessCount", "Sum", "LessThanThreshold", 0.95, True),
        ("SuccessCount", "Sum", "LessThanThreshold", 1.0, True),
        ("SuccessCount", "Sum", "LessThanOrEqualToThreshold", 1.0, False),
        ("SuccessCount", "Sum", "LessThanThreshold", 2.0, False),
        ("SuccessCount", "SampleCount", "LessThanThreshold", 1.0, True),
        ("VerificationTime", "Average", "GreaterThanThreshold", 30.0, True),
        ("VerificationTime", "p99", "GreaterThanThreshold", 15.0, True),
        ("VerificationTime", "Maximum", "GreaterThanThreshold", 12.0, False),
        ("ConfidenceScore", "Average", "LessThanThreshold", 92.0, False),
        ("ConfidenceScore", "Average", "GreaterThanThreshold", 100.0, True),
        ("VerificationTime", "TM(0%:90%)", "GreaterThanThreshold", 30.0, False),
        ("Verificationtime", "Average", "GreaterThanThreshold", 3.0, True),
    ],
)
def test_what_can_never_go_off(
    metric: str, statistic: str, sign: str, threshold: float, expected: bool
) -> None:
    assert never(watch(metric, statistic, sign, threshold), KNOWN) is expected


@pytest.mark.parametrize(
    ("missing", "expected"),
    [("notBreaching", True), ("missing", True), ("ignore", True), ("breaching", False)],
)
def test_where_a_gap_breaches_it_can_go_off(missing: str, expected: bool) -> None:
    assert never(watch("SuccessCount", "Sum", "LessThanThreshold", 0.95, missing=missing), KNOWN) is expected


def test_a_time_out_that_is_not_known_proves_nothing() -> None:
    unknown = KnownLimits("FaceAuth/Liveness", CREATE, RESULT, {})
    slow = watch("VerificationTime", "Average", "GreaterThanThreshold", 30.0)
    assert not never(slow, unknown)
    assert needed_share(slow, unknown) is None


def test_metrics_of_others_and_metric_math_prove_nothing() -> None:
    theirs = WatchedMetric(
        "LessThanThreshold", 0.95, "Their/Namespace", "SuccessCount", statistic="Sum", period=300
    )
    math = WatchedMetric("LessThanThreshold", 95, namespace="FaceAuth/Liveness", queries=("rate=…",))
    assert not never(theirs, KNOWN)
    assert not never(math, KNOWN)
    assert not never(WatchedMetric("", None), KNOWN)


def test_the_average_of_durations_hides_all_but_an_avalanche_of_time_outs() -> None:
    duration = WatchedMetric(
        "GreaterThanThreshold", 9000, "AWS/Lambda", "Duration", (("FunctionName", CREATE),), "Average", 300
    )
    assert needed_share(duration, KNOWN) == pytest.approx(0.875)


@pytest.mark.parametrize(("threshold", "likely"), [(0, True), (2, True), (5, True), (10, False), (50, False)])
def test_a_count_above_the_traffic_hardly_goes_off(threshold: float, likely: bool) -> None:
    odds = chance(watch("VerificationError", "Sum", "GreaterThanThreshold", threshold), KNOWN, 1000)
    assert odds is not None
    assert (odds >= 0.5) is likely


@given(
    threshold=st.floats(0, 200),
    period=st.sampled_from([60, 300, 900, 3600]),
    points=st.integers(1, 5),
    a_day=st.integers(1, 5000),
)
def test_a_chance_is_between_0_and_1_and_falls_with_the_threshold(
    threshold: float, period: int, points: int, a_day: int
) -> None:
    lower, higher = (
        chance(
            WatchedMetric(
                "GreaterThanThreshold",
                limit,
                "FaceAuth/Liveness",
                "VerificationError",
                statistic="Sum",
                period=period,
                datapoints=points,
            ),
            KNOWN,
            a_day,
        )
        for limit in (threshold, threshold + 1)
    )
    assert lower is not None
    assert higher is not None
    assert 0 <= higher <= lower + 1e-9 <= 1 + 1e-9


@given(
    value=st.integers(0, 20),
    first=st.floats(-2, 21),
    second=st.floats(-2, 21),
    signs=st.tuples(st.sampled_from(sorted(SIGNS)), st.sampled_from(sorted(SIGNS))),
)
def test_conditions_on_a_count_that_are_called_the_same_go_off_alike(
    value: int, first: float, second: float, signs: tuple[str, str]
) -> None:
    one = watch("VerificationError", "Sum", signs[0], first)
    other = watch("VerificationError", "Sum", signs[1], second)
    if limit(one) == limit(other):
        assert SIGNS[signs[0]](value, first) is SIGNS[signs[1]](value, second)


def test_conditions_on_a_measure_are_the_same_only_letter_for_letter() -> None:
    below = watch("ConfidenceScore", "Average", "LessThanThreshold", 92.0)
    to = watch("ConfidenceScore", "Average", "LessThanOrEqualToThreshold", 91.0)
    assert limit(below) != limit(to)
    assert limit(below) == ("LessThanThreshold", 92.0)
