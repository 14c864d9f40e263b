"""When each alarm fires is read from its DescribeAlarms record alone."""

from dataclasses import replace

import pytest

from liveness_ops.template_tools.event_stub import alarms_of
from liveness_ops.template_tools.load import template
from responder.checks.run.alarm_names import audited
from responder.core.deployed_alarm import WatchedMetric, watch
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.detection.rules import AlarmRule, CountedFailures, CountedRequests, NotModelled, rule_of
from responder.respond.playbook import PLAYBOOKS

SETTINGS = Settings()
TIMEOUTS = {SETTINGS.create_function: 10.0, SETTINGS.result_function: 15.0}
CREATE, RESULT, BOTH = CountedRequests
DEPLOYED = {each.slug: each.definition.watch(SETTINGS) for each in audited(PLAYBOOKS)}
MADE = {name: watch(row) for name, row in alarms_of(template()).items()}


def rule(found: WatchedMetric) -> AlarmRule | NotModelled:
    return rule_of(found, SETTINGS, TIMEOUTS)


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("high-error-rate", AlarmRule(RESULT, CountedFailures.SERVICE, 5, 11)),
        ("session-creation-errors", AlarmRule(CREATE, CountedFailures.SERVICE, 5, 6)),
        ("create-session-errors", AlarmRule(CREATE, CountedFailures.LAMBDA, 5, 6)),
        ("low-success-rate", NotModelled.NEVER),
        ("slow-verification", NotModelled.NEVER),
        ("low-confidence", NotModelled.LEVEL),
        ("create-session-timeouts", NotModelled.GAPS),
    ],
)
def test_an_alarm_of_the_service(slug: str, expected: AlarmRule | NotModelled) -> None:
    assert rule(DEPLOYED[slug]) == expected


def test_every_alarm_that_this_stack_makes_has_a_rule() -> None:
    assert {name: rule(found) for name, found in MADE.items() if isinstance(rule(found), NotModelled)} == {}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "FaceAuth-Liveness-HighErrorRate-Corrected",
            AlarmRule(RESULT, CountedFailures.SERVICE, 60, 10, share=0.01),
        ),
        (
            "FaceAuth-Liveness-LowSuccessRate-Corrected",
            AlarmRule(RESULT, CountedFailures.CHECK, 60, 22, share=0.05),
        ),
        ("FaceAuth-GetLivenessResult-Timeouts-Corrected", AlarmRule(RESULT, CountedFailures.TIMEOUT, 60, 10)),
        (
            "FaceAuth-Liveness-SlowVerification-Corrected",
            AlarmRule(RESULT, CountedFailures.SLOW, 60, 10, share=0.01),
        ),
        (
            "FaceAuth-Liveness-SlowSessionCreation",
            AlarmRule(CREATE, CountedFailures.SLOW, 60, 10, 20, 0.1),
        ),
        ("FaceAuth-LivenessSessions-Throttles", AlarmRule(BOTH, CountedFailures.THROTTLE, 60, 5)),
        ("FaceAuth-GetLivenessResult-Throttles", AlarmRule(RESULT, CountedFailures.THROTTLE, 60, 5)),
        ("FaceAuth-Images-AccessDenied", AlarmRule(BOTH, CountedFailures.DENIED, 60, 5)),
        ("FaceAuth-Liveness-SureFaults", AlarmRule(BOTH, CountedFailures.SURE, 60, 5)),
    ],
)
def test_an_alarm_of_this_stack(name: str, expected: AlarmRule) -> None:
    assert rule(MADE[name]) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"queries": ("ReturnData e1=m1 * 2", "m1=Sum FaceAuth/Liveness/SuccessCount")}, "expression"),
        ({"missing": "breaching"}, "missing_data"),
        ({"threshold": None}, "kind"),
        ({"metric": "Unheard"}, "never"),
        ({"namespace": "Elsewhere"}, "metric"),
        ({"metric": "", "queries": ()}, "kind"),
    ],
)
def test_what_cannot_be_modelled_has_a_reason(change: Json, expected: str) -> None:
    assert rule(replace(DEPLOYED["high-error-rate"], **change)) is NotModelled(expected)


def test_runs_that_lambda_ends_raise_the_average() -> None:
    """Runs of 10 s, of a function whose other runs take 2 s on average, make 9 s of 7 in 8."""
    found = replace(DEPLOYED["create-session-timeouts"], evaluated=1, datapoints=1)
    assert rule(found) == AlarmRule(CREATE, CountedFailures.TIMEOUT, 5, share=0.875)


def test_a_window_that_begins_with_the_hour_is_not_taken_for_one_that_slides() -> None:
    name = "FaceAuth-Liveness-SureFaults"
    found = watch(alarms_of(template())[name] | {"EvaluationWindow": {"WallClockWindow": {}}})
    assert rule(found) is NotModelled.WALL_CLOCK
    sliding = watch(alarms_of(template())[name] | {"EvaluationWindow": {"SlidingWindow": {}}})
    assert sliding == MADE[name]
