"""Minutes to ALARM and false alarms: as brute force has them, and the same each time."""

import pytest

from responder.detection.false_alarms import false_alarms
from responder.detection.minutes import SteadyFault, minutes_of_runs, minutes_to_alarm
from responder.detection.rules import AlarmRule, CountedFailures, CountedRequests
from responder.detection.traffic import BackgroundFaults, UserPatience, over_day
from tests.unit.detection import brute_force

# Users who ask for one result and do not repeat it.
ASK_ONCE = UserPatience(tries=0, opens=False)
CORRECTED = AlarmRule(CountedRequests.RESULT, CountedFailures.SERVICE, 60, least=3, sample=20, share=0.01)
SURE = AlarmRule(CountedRequests.BOTH, CountedFailures.SURE, 60, least=4)
DEPLOYED = AlarmRule(CountedRequests.RESULT, CountedFailures.SERVICE, 5, least=11)


def test_a_median_is_within_5_percent_of_every_session_played() -> None:
    fault = SteadyFault(over_day(1000), 0.3)
    slowly = brute_force.minutes(CORRECTED, fault, runs=1000, horizon=45, seed=1)
    found = minutes_to_alarm(CORRECTED, fault, runs=3000)
    assert found.median == pytest.approx(slowly[len(slowly) // 2], rel=0.05)


@pytest.mark.parametrize(
    ("rule", "sessions", "share", "median"),
    [
        (DEPLOYED, 1000, 1.0, 23),
        pytest.param(DEPLOYED, 1000, 0.3, None, marks=pytest.mark.long),
        pytest.param(DEPLOYED, 300, 1.0, None, marks=pytest.mark.long),
        (CORRECTED, 1000, 1.0, 2),
        pytest.param(CORRECTED, 1000, 0.3, 6, marks=pytest.mark.long),
        pytest.param(CORRECTED, 300, 1.0, 7, marks=pytest.mark.long),
        pytest.param(CORRECTED, 300, 0.3, 22, marks=pytest.mark.long),
        (CORRECTED, 100, 1.0, None),
    ],
)
def test_one_result_a_session_asked_once_is_known_from_a_simulation_of_others(
    rule: AlarmRule, sessions: int, share: float, median: float | None
) -> None:
    found = minutes_to_alarm(rule, SteadyFault(over_day(sessions), share, patience=ASK_ONCE))
    assert found.median == (None if median is None else pytest.approx(median, rel=0.15, abs=0.5))


@pytest.mark.parametrize(
    ("least", "sessions", "a_year"), [(3, 1000, 3.3), (3, 300, 1.0), (3, 100, 0.3), (2, 1000, 11)]
)
def test_so_few_sure_faults_in_an_hour_ring_falsely_so_often(
    least: int, sessions: int, a_year: float
) -> None:
    rule = AlarmRule(CountedRequests.RESULT, CountedFailures.SURE, 60, least)
    found = false_alarms(rule, over_day(sessions))
    assert found.a_year == pytest.approx(a_year, rel=0.1)


@pytest.mark.long
def test_a_rate_rings_falsely_as_often_as_with_every_session_played() -> None:
    background = BackgroundFaults(sure=0, other=0.05)
    rule = AlarmRule(CountedRequests.RESULT, CountedFailures.SERVICE, 60, least=3, share=0.2)
    slowly = brute_force.false_alarms(rule, over_day(100), background, days=1000, seed=1)
    found = false_alarms(rule, over_day(100), background)
    assert found.a_year == pytest.approx(slowly, rel=0.1)


@pytest.mark.long
def test_a_slow_answer_is_not_asked_for_again_and_the_session_continues() -> None:
    slow = AlarmRule(CountedRequests.RESULT, CountedFailures.SLOW, 60, least=4)
    fault = SteadyFault(over_day(300), 1.0, calls=CountedRequests.BOTH)
    slowly = brute_force.minutes(slow, fault, runs=2000, horizon=90, seed=1)
    assert minutes_to_alarm(slow, fault, runs=3000).median == pytest.approx(
        slowly[len(slowly) // 2], rel=0.05
    )


@pytest.mark.parametrize(
    "failures",
    [
        pytest.param(each, marks=[pytest.mark.long] * (each is CountedFailures.CHECK))
        for each in CountedFailures
    ],
)
def test_a_usual_share_of_each_kind_of_failures_is_known(failures: CountedFailures) -> None:
    rule = AlarmRule(CountedRequests.RESULT, failures, 60, least=2)
    assert false_alarms(rule, over_day(300)).a_year > 0


def test_three_checks_in_a_hundred_are_not_passed_repeated_ones_included() -> None:
    usual = BackgroundFaults()
    repeated = usual.share(CountedFailures.CHECK) / (1 - usual.again)
    assert repeated / (1 + repeated) == pytest.approx(usual.checks)


def test_before_a_fault_a_call_that_fails_is_counted_once() -> None:
    """Each call fails at first and succeeds when it is repeated: half of all, and no more is asked for."""
    rule = AlarmRule(CountedRequests.RESULT, CountedFailures.SERVICE, 60, 5, share=0.45)
    background = BackgroundFaults(sure=0, other=1, again=0)
    fault = SteadyFault(over_day(1000), 0.0, background=background)
    assert minutes_to_alarm(rule, fault, runs=100).median == pytest.approx(0.5, abs=0.5)


def test_the_same_question_has_the_same_answer() -> None:
    fault = SteadyFault(over_day(300), 1.0)
    assert minutes_of_runs(SURE, fault, runs=100) == minutes_of_runs(SURE, fault, runs=100)
