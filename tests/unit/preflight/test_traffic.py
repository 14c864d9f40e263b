"""What preflight fills in for a traffic is what the daily check wants for it, the next days as well."""

import pytest

from liveness_ops.template_tools.load import defaults, resolve, resources
from responder.checks.alarms.fitting import unfit
from responder.core.deployed_alarm import DeployedAlarm, deployed
from responder.core.settings import Settings
from responder.detection.choice import AlarmParameters, fits, suited
from responder.detection.traffic import SessionTraffic, by_hour, over_day
from tests.unit.checks.alarms_world import reported
from tests.unit.preflight.account import TEMPLATE, report

TRAFFIC = (8, 25, 40, 60, 100, 140, 220, 249, 251, 300, 420, 560, 780, 1000, 1180, 2000, 3000, 8000, 20_000)


def made(sessions: float) -> dict[str, DeployedAlarm]:
    """The template's alarms as preflight's command deploys them at this traffic."""
    names = defaults(TEMPLATE) | {"LastResort": "arn:aws:sns:us-east-1:123456789012:x"}
    names |= report(sessions=sessions).form.overrides
    rows = (resolve(each, names) for each in resources(TEMPLATE, "AWS::CloudWatch::Alarm").values())
    return {row["AlarmName"]: deployed(reported(row)) for row in rows}


@pytest.mark.parametrize("sessions", TRAFFIC)
def test_the_daily_check_is_green_on_what_preflight_chose(sessions: float) -> None:
    alarms = made(sessions)
    assert [list(unfit(alarms, over_day(sessions * each), Settings())) for each in (0.92, 1, 1.08)] == [
        []
    ] * 3


@pytest.mark.parametrize("sessions", [100, 300])
def test_alarms_made_for_a_thousand_sessions_do_not_fit_fewer(sessions: float) -> None:
    """Otherwise the test above could not fail."""
    assert list(unfit(made(1000), over_day(sessions), Settings())) != []


def test_what_is_chosen_fits_a_tenth_more_and_less() -> None:
    shares = (0.9, 0.95, 1.0, 1.05, 1.1)
    missed = [
        (each, share)
        for each in range(1, 12_000, 29)
        for share in shares
        if not fits(suited(each), each * share)
    ]
    assert missed == []


@pytest.mark.parametrize("sessions", [100, 300, 1000])
def test_what_preflight_deploys_is_not_changed_when_it_is_run_again(sessions: float) -> None:
    first = report(sessions=sessions).form
    assert AlarmParameters.of(first.value) == suited(sessions)


@pytest.mark.parametrize(
    ("traffic", "busy"),
    [
        (over_day(1000, 10), "07:00-17:00"),
        (over_day(100, 24), "00:00-24:00"),
        (by_hour([0.0] * 8 + [50.0, 60.0] + [10.0] * 8 + [40.0] + [0.0] * 5, 1), "08:00-10:00, 18:00-19:00"),
        (by_hour([0.0] * 24, 1), ""),
    ],
)
def test_the_hours_in_which_people_log_in_are_named(traffic: SessionTraffic, busy: str) -> None:
    assert traffic.busy == busy
