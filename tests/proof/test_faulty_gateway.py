"""`FaultyGateway` injects its fault into the wanted call and no other."""

import pytest

from responder.core.errors import AwsError, Denied, Rejected, Throttled, Unreachable
from tests.fakes import Died, FakeAws
from tests.proof.faults import FAULTS, Fault
from tests.proof.faulty_gateway import Cell, FaultyGateway

TOPIC = "arn:aws:sns:us-east-1:123456789012:t"
ERRORS: dict[str, type[BaseException]] = {
    "throttled": Throttled,
    "denied": Denied,
    "time-out before": Unreachable,
    "time-out after": Unreachable,
    "connection reset": Unreachable,
    "unreadable answer": Unreachable,
    "empty answer": Unreachable,
    "killed before": Died,
    "killed after": Died,
}


def publish(gateway: FaultyGateway) -> None:
    gateway.call("sns", "publish", TopicArn=TOPIC, Message="m")


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_injected_into_its_call_and_no_other(fault: Fault) -> None:
    aws = FakeAws()
    gateway = FaultyGateway(aws, Cell("sns", "publish", 2), fault)
    publish(gateway)
    with pytest.raises(ERRORS[fault.name]):
        publish(gateway)
    assert gateway.injected
    assert len(aws.sns.published) == 1 + fault.after


@pytest.mark.parametrize("fault", [each for each in FAULTS if each.kills], ids=str)
def test_nothing_leaves_a_dead_process(fault: Fault) -> None:
    aws = FakeAws()
    gateway = FaultyGateway(aws, Cell("sns", "publish", 1), fault)
    for _ in range(3):
        with pytest.raises(Died):
            publish(gateway)
    assert len(aws.sns.published) == int(fault.after)


def test_what_the_fakes_refuse_comes_through_as_from_aws() -> None:
    gateway = FaultyGateway(FakeAws())
    with pytest.raises(Rejected) as found:
        gateway.call("sns", "publish", TopicArn=TOPIC, Message="")
    assert isinstance(found.value, AwsError)
    assert found.value.operation == "Publish"
