"""The instruments of the proof, tried on a separate counter."""

import pytest

from responder.core.errors import AwsError, Denied, Rejected, Throttled, Unreachable
from tests.fakes import Died, FakeAws
from tests.proof.door import Cell, Door
from tests.proof.faults import FAULTS, Fault

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


def publish(door: Door) -> None:
    door.call("sns", "publish", TopicArn=TOPIC, Message="m")


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_meets_its_call_and_no_other(fault: Fault) -> None:
    aws = FakeAws()
    door = Door(aws, Cell("sns", "publish", 2), fault)
    publish(door)
    with pytest.raises(ERRORS[fault.name]):
        publish(door)
    assert door.struck
    assert len(aws.sns.published) == 1 + fault.after


@pytest.mark.parametrize("fault", [each for each in FAULTS if each.kills], ids=str)
def test_nothing_leaves_a_dead_process(fault: Fault) -> None:
    aws = FakeAws()
    door = Door(aws, Cell("sns", "publish", 1), fault)
    for _ in range(3):
        with pytest.raises(Died):
            publish(door)
    assert len(aws.sns.published) == int(fault.after)


def test_what_the_fakes_refuse_comes_through_as_from_aws() -> None:
    door = Door(FakeAws())
    with pytest.raises(Rejected) as found:
        door.call("sns", "publish", TopicArn=TOPIC, Message="")
    assert isinstance(found.value, AwsError)
    assert found.value.operation == "Publish"
