"""Minutes to ALARM and false alarms of many rules, against every session played by the second."""

import itertools
import math

import pytest

from responder.detection.choice import CHECKS, FAULTS, SURE_FAULTS, rules_for
from responder.detection.false_alarms import PlayLength, false_alarms
from responder.detection.minutes import SteadyFault, minutes_to_alarm
from responder.detection.rules import AlarmRule, CountedFailures, CountedRequests
from responder.detection.traffic import BackgroundFaults, UserPatience, over_day
from tests.unit.detection import brute_force

pytestmark = [pytest.mark.proof, pytest.mark.long, pytest.mark.timeout(600)]

CREATE, RESULT, BOTH = CountedRequests
HORIZON = 150
RULES = {
    "sure": AlarmRule(BOTH, CountedFailures.SURE, 60, 4),
    "errors": AlarmRule(RESULT, CountedFailures.SERVICE, 60, 7, share=0.01),
    "checks": AlarmRule(RESULT, CountedFailures.CHECK, 180, 6, share=0.05),
    "opening": AlarmRule(CREATE, CountedFailures.TIMEOUT, 60, 8),
    "deployed": AlarmRule(RESULT, CountedFailures.SERVICE, 5, 11),
    "lambda": AlarmRule(CREATE, CountedFailures.LAMBDA, 5, 6),
    "average": AlarmRule(CREATE, CountedFailures.TIMEOUT, 5, 1, share=0.875),
    "slow results": AlarmRule(RESULT, CountedFailures.SLOW, 60, 7, share=0.01),
    "slow opening": AlarmRule(CREATE, CountedFailures.SLOW, 60, 7, 20, 0.1),
    "throttled": AlarmRule(CREATE, CountedFailures.THROTTLE, 60, 4),
    "sampled": AlarmRule(RESULT, CountedFailures.SERVICE, 60, 3, 20, 0.05),
}
# Their minutes differ so much from fault to fault that the median of a few faults is left to chance.
SCATTERED = ("deployed", "lambda", "average", "throttled", "checks")
USERS = {"repeat once": UserPatience(), "never repeat": UserPatience(0), "only ask": UserPatience(0, False)}


def near(found: float | None, slowly: float, within: float) -> bool:
    """Also where one lies just before the end of what is played, and the other just behind it."""
    if found is None or found >= HORIZON / (1 + within):
        return slowly >= HORIZON / (1 + within) ** 2
    return bool(found == pytest.approx(slowly, rel=within, abs=0.15))


@pytest.mark.parametrize("share", [1.0, 0.3, 0.1])
@pytest.mark.parametrize("sessions", [1000, 300, 100])
@pytest.mark.parametrize("name", RULES)
def test_the_median_is_within_5_percent_of_every_session_played(
    name: str, sessions: int, share: float
) -> None:
    fault = SteadyFault(over_day(sessions), share)
    runs = 12_000 if name in SCATTERED else 3000
    slowly = brute_force.minutes(RULES[name], fault, runs, HORIZON, seed=1)
    found = minutes_to_alarm(RULES[name], fault, runs=2 * runs)
    assert near(found.median, slowly[len(slowly) // 2], 0.05), (found, slowly[len(slowly) // 2])
    assert near(found.p90, slowly[len(slowly) * 9 // 10], 0.08), (found, slowly[len(slowly) * 9 // 10])


@pytest.mark.parametrize("users", USERS)
@pytest.mark.parametrize("calls", [None, BOTH])
def test_whatever_users_do_and_whichever_calls_fail(calls: CountedRequests | None, users: str) -> None:
    rule = RULES["errors"]
    fault = SteadyFault(over_day(1000), 0.3, calls=calls, patience=USERS[users])
    slowly = brute_force.minutes(rule, fault, runs=3000, horizon=HORIZON, seed=2)
    found = minutes_to_alarm(rule, fault, runs=5000)
    assert near(found.median, slowly[len(slowly) // 2], 0.05)


@pytest.mark.parametrize(
    ("name", "sessions", "scale", "days"),
    [
        ("sampled", 1000, 1, 10_000),
        ("errors", 1000, 2, 1500),
        ("sure", 300, 60, 3000),
        ("checks", 100, 1, 36_000),
        ("slow results", 1000, 2, 1500),
        ("slow opening", 300, 4, 3000),
        ("throttled", 300, 60, 3000),
    ],
)
def test_false_alarms_are_within_5_percent_of_every_session_played(
    name: str, sessions: int, scale: float, days: int
) -> None:
    """With more faults than usual, so that there are enough alarms to count."""
    background = BackgroundFaults(0.0001 * scale, 0.003 * scale)
    slowly = brute_force.false_alarms(RULES[name], over_day(sessions), background, days, seed=3)
    found = false_alarms(RULES[name], over_day(sessions), background, PlayLength(1000, 10_000))
    noise = 2 / math.sqrt(slowly * days / 365)
    assert found.a_year == pytest.approx(slowly, rel=max(0.05, noise))


LIMITS = [
    *((sessions, BOTH, CountedFailures.SURE, 3600, least) for sessions, least in SURE_FAULTS),
    *(
        (sessions, RESULT, failures, window, least)
        for failures, table in ((CountedFailures.SERVICE, FAULTS), (CountedFailures.CHECK, CHECKS))
        for window, limits in table.items()
        for sessions, least in limits
    ),
]


@pytest.mark.parametrize(("sessions", "requests", "failures", "window", "least"), LIMITS)
def test_at_each_limit_it_fires_falsely_at_most_once_a_year(
    sessions: int, requests: CountedRequests, failures: CountedFailures, window: int, least: int
) -> None:
    share = 0.05 if failures is CountedFailures.CHECK else 0.0
    rule = AlarmRule(requests, failures, window // 60, least, share=share)
    found = false_alarms(rule, over_day(sessions, hours=8), length=PlayLength(2000, 2000), seed=4)
    assert found.a_year <= 1.0


def test_no_traffic_has_a_rule_without_a_limit() -> None:
    chosen = [rules_for(sessions) for sessions in itertools.chain(range(300), range(300, 3000, 10))]
    assert {each.rate_seconds for each in chosen} == set(FAULTS)
