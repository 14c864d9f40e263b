"""The parameters for a traffic: as quick as promised, with at most one false alarm a year."""

from itertools import pairwise

import pytest

from responder.detection import false_alarms as playing
from responder.detection.choice import fits, rules_for
from responder.detection.false_alarms import PlayLength, false_alarms
from responder.detection.minutes import SteadyFault, minutes_to_alarm
from responder.detection.rules import AlarmRule, CountedFailures, CountedRequests
from responder.detection.traffic import over_day


def sure(sessions: float) -> AlarmRule:
    chosen = rules_for(sessions)
    minutes = chosen.sure_faults_seconds // 60
    return AlarmRule(CountedRequests.BOTH, CountedFailures.SURE, minutes, chosen.minimum_sure_faults)


@pytest.mark.parametrize(
    ("sessions", "share", "at_most"),
    [(1000, 1.0, 3), (300, 1.0, 7), (100, 1.0, 13), (1000, 0.3, 9), (300, 0.3, 22), (100, 0.3, 45)],
)
def test_half_of_the_outages_are_known_within_so_many_minutes(
    sessions: float, share: float, at_most: float
) -> None:
    found = minutes_to_alarm(sure(sessions), SteadyFault(over_day(sessions), share))
    assert found.median is not None
    assert found.median <= at_most


@pytest.mark.parametrize("sessions", [40, 140, 420, 1200])
def test_sure_faults_ring_falsely_at_most_once_a_year(sessions: float) -> None:
    found = false_alarms(sure(sessions), over_day(sessions, hours=8))
    assert found.a_year <= 1


@pytest.mark.parametrize("sessions", [4000, 12_000])
def test_more_traffic_than_in_the_tables_rings_falsely_at_most_once_a_year(
    sessions: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With the numbers at their ends an alarm fires ten times a year and more: two years show it.
    monkeypatch.setattr(playing, "_STEP", 2)
    chosen, traffic, length = rules_for(sessions), over_day(sessions, hours=8), PlayLength(2)
    faults, checks = chosen.minimum_faults, chosen.minimum_failed_checks
    rules = (
        sure(sessions),
        AlarmRule(CountedRequests.RESULT, CountedFailures.SERVICE, 60, faults),
        AlarmRule(CountedRequests.RESULT, CountedFailures.CHECK, 60, checks, share=0.05),
    )
    assert [each for each in rules if false_alarms(each, traffic, length=length).a_year > 1] == []
    assert fits(chosen, sessions * 0.9)


def test_more_traffic_never_needs_fewer_failures() -> None:
    chosen = [rules_for(sessions) for sessions in range(1, 12_000, 7)]
    assert all(
        before.minimum_sure_faults <= after.minimum_sure_faults
        and (before.rate_seconds > after.rate_seconds or before.minimum_faults <= after.minimum_faults)
        for before, after in pairwise(chosen)
    )


def test_a_little_less_traffic_is_no_reason_to_deploy_again() -> None:
    fallen = [
        (sessions, sessions * share / 100) for sessions in range(50, 12_000, 53) for share in range(81, 101)
    ]
    assert [each for each in fallen if not fits(rules_for(each[0]), each[1])] == []
    chosen = rules_for(400)
    assert not fits(chosen, 1000)
    assert not fits(chosen, 100)


@pytest.mark.parametrize("sessions", [50, 150, 260, 400, 500, 1100, 1400, 2400])
def test_parameters_of_less_traffic_fit_only_where_they_are_the_same(sessions: float) -> None:
    """Else an alarm would fire falsely more than once a year."""
    assert all(
        rules_for(less) == rules_for(sessions)
        for less in (sessions * share / 100 for share in range(60, 100))
        if fits(rules_for(less), sessions)
    )


def test_the_deployment_names_what_differs() -> None:
    assert rules_for(100).overrides == {
        "MinimumSureFaults": "3",
        "SureFaultsSeconds": "3600",
        "MinimumFaults": "6",
        "MinimumFailedChecks": "12",
        "RateSeconds": "10800",
    }
