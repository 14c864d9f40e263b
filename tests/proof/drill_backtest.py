"""A drill's incidents through the back-test, on the local AWS on which they were played."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from unittest.mock import patch

from liveness_ops.backtest import reading, results
from liveness_ops.backtest.paced import PacedReads
from local_aws.client import LocalAws
from rehearsal.drill import alarm_trigger
from rehearsal.drill.play_scenario import play
from rehearsal.drill.scenario import Scenario
from rehearsal.drill.stack import STACK
from responder.aws import Boto
from responder.aws.gateway import PolicyGateway, through
from responder.core.plain_data import Json
from responder.store import Incidents

# CloudTrail dates a call in whole seconds: what a scenario sets up is to be of an earlier one than its alarm.
_APART_SECONDS = 1.2

type Found = list[Json]


def played(aws: LocalAws, scenario: Scenario) -> None:
    """The scenario, its alarm a second after everything that is set up for it."""
    with _apart():
        play(aws, scenario)


@contextmanager
def _apart() -> Iterator[None]:
    send = alarm_trigger.send

    def later(*given: Any) -> None:
        time.sleep(_APART_SECONDS)
        send(*given)

    with patch.object(alarm_trigger, "send", later):
        yield


def judged(aws: LocalAws) -> Found:
    """Every change to ALARM that its history has, under the administrator's rights."""
    with patch.dict("os.environ", aws.environment()):
        boto = Boto(aws.region, patience=20)
        answer = boto.call("sts", "get_caller_identity")
        date = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
        now = date.astimezone(UTC) + timedelta(seconds=1)
        return list(_judged(through(boto, PacedReads(aws.region)), now))


def _judged(paced: PolicyGateway, now: datetime) -> Iterator[Json]:
    base = reading.base_settings(paced, STACK)
    incidents = Incidents(paced, next(iter(base.values())).incidents_table)
    period = reading.read(paced, incidents, base, now - timedelta(days=30), now)
    for each in period.transitions:
        yield results.of_transition(period.inputs, each)


def shown(found: Json) -> tuple[Any, ...]:
    """What two verdicts are compared by, for the message of a failing test."""
    courses = [
        (each["remedy"], each["then"]["would"], (each["then"]["because"] or {}).get("key"))
        for each in found["proposals"]
    ]
    then = found["responder"] or {}
    return found["cause"]["key"], courses, then.get("cause"), then.get("judged")
