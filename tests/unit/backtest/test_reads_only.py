"""A back-test can write nothing, whatever a look, a plan or a remedy asks for."""

from datetime import timedelta
from typing import Any

import pytest
from botocore import xform_name
from botocore.session import get_session

from liveness_ops.backtest import results
from liveness_ops.backtest.paced import ALLOWED, PacedReads, rates
from liveness_ops.backtest.past import PastGateway
from responder.aws.gateway import through
from responder.aws.operations import OPERATIONS, Request
from responder.core.errors import Rejected
from responder.core.plain_data import Json
from tests.unit.backtest.past_world import PastWorld

WRITES = {
    (name, operation) for name, rows in OPERATIONS.items() for operation in rows if rows[operation].repeat
}
SERVICES = (*ALLOWED, "sns", "sqs", "scheduler", "secretsmanager", "sts")


def operations() -> list[tuple[str, str]]:
    """Every operation of every service that this project or a remedy could name."""
    session = get_session()
    return [
        (service, xform_name(name))
        for service in SERVICES
        for name in session.get_service_model(service).operation_names
    ]


def refused(gateway: Any, service: str, operation: str) -> bool:
    try:
        list(gateway.pages(service, operation))
    except Rejected as error:
        return error.code == "ReadOnly"
    except Exception:
        return False
    return False


def test_all_that_is_sent_to_aws_reads() -> None:
    sent = {(service, each) for service, every in ALLOWED.items() for each in every}
    assert [each for each in sent if not Request(*each, {}).reads] == []
    assert sent & WRITES == set()
    assert sent <= set(operations())


def test_every_other_operation_of_aws_is_refused_before_it_is_sent() -> None:
    world = PastWorld()
    paced, before = world.paced(), len(world.fake.calls)
    others = [each for each in operations() if each[1] not in ALLOWED.get(each[0], ())]
    assert len(others) > 1000
    assert [each for each in others if not refused(paced, *each)] == []
    assert len(world.fake.calls) == before


@pytest.mark.parametrize("ask", ["call", "pages"])
def test_looks_and_remedies_get_no_write_through(ask: str) -> None:
    world = PastWorld()
    gateway = PastGateway(world.read().inputs.present, world.fake.now)
    before = len(world.fake.calls)
    for service, operation in WRITES:
        with pytest.raises(Rejected):
            list(getattr(gateway, ask)(service, operation))
    assert len(world.fake.calls) == before


@pytest.mark.parametrize(
    ("operation", "service", "asked"),
    [
        ("filter_log_events", "logs", {"logGroupName": "/aws/lambda/FaceAuth-GetLivenessResult"}),
        ("describe_alarms", "cloudwatch", {"AlarmNames": ["one"]}),
    ],
)
def test_each_read_keeps_below_the_rate_of_its_region(operation: str, service: str, asked: Json) -> None:
    world = PastWorld()
    reads = PacedReads("ap-northeast-1", lambda: world.seconds, world._passed)
    paced = through(world.scene.aws, reads)
    most = {"filter_log_events": 10, "describe_alarms": 9}[operation]
    more = {"startTime": 0, "endTime": 1} if service == "logs" else {}
    for _ in range(60):
        paced.call(service, operation, **asked, **more)
    assert 60 / world.seconds <= rates("ap-northeast-1")[operation] * 1.1 < most
    assert timedelta(seconds=world.seconds) > timedelta(seconds=60 / most)


@pytest.mark.parametrize(("region", "minutes"), [("us-east-1", 3), ("eu-central-1", 8)])
def test_the_rates_let_500_alarms_be_judged_in_15_minutes(region: str, minutes: float) -> None:
    """Of 20 alarms, of which each reads the logs of its own time. The rest is for AWS's answers."""
    world, alarms = PastWorld(region=region), 20
    for number in range(alarms):
        world.change("ALARM", world.fake.now - timedelta(days=number, hours=1))
    period = world.read()
    found = [results.of_transition(period.inputs, each) for each in period.transitions]
    assert len(found) == alarms
    assert timedelta(seconds=world.seconds * 500 / alarms) < timedelta(minutes=minutes)
