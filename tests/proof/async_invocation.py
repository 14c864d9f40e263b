"""Lambda's asynchronous invocation: three deliveries, then the on-failure destination."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import time_machine

from responder.core.context import Context
from responder.core.errors import ResponderError
from responder.core.plain_data import Data
from responder.core.settings import Settings
from responder.failures.handler import keep_and_report
from tests.fakes import Died, FakeAws
from tests.proof.faults import Fault
from tests.proof.faulty_gateway import Cell, FaultyGateway

DELIVERIES = 3

type Code = Callable[[FaultyGateway], Any]


@dataclass
class Invocation:
    """The result. `answer`: of the delivery that ended well; `thrown`: by each of the others; `kept`:
    it went to `response_failed`."""

    gateways: list[FaultyGateway] = field(default_factory=list)
    thrown: list[BaseException] = field(default_factory=list)
    kept: bool = False
    answer: Any = None

    @property
    def injected(self) -> bool:
        """The fault has really happened."""
        return self.gateways[0].injected


class LambdaContext:
    """What Powertools asks of it."""

    function_name = "proof"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:proof"
    aws_request_id = "6f1b1c1e-6c7c-4b1e-9c39-1d7a6a0c3d11"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def invoke(
    code: Code,
    aws: FakeAws,
    record: Data,
    environment: Mapping[str, str],
    injected: tuple[Cell, Fault] | None = None,
    between: Callable[[], Any] = lambda: None,
) -> Invocation:
    """`code` once per delivery, each a separate process; the fault meets the first one only.

    `record`: what the on-failure destination gets. `between`: what AWS does meanwhile.
    An exception that is not of our tree is thrown as Lambda sees it: the function failed.
    """
    found = Invocation()
    for delivery in range(DELIVERIES):
        gateway = FaultyGateway(aws, *(injected or (None, None))) if delivery == 0 else FaultyGateway(aws)
        found.gateways.append(gateway)
        with time_machine.travel(aws.now, tick=False):
            try:
                found.answer = code(gateway)
            except (Exception, Died) as error:
                found.thrown.append(error)
            else:
                return found
        between()
        # Lambda's waits are one minute, then two; a killed run's claim ends with its time-out of one minute.
        aws.tick(minutes=delivery + 1)
    found.kept = True
    with time_machine.travel(aws.now, tick=False):
        settings = Settings.read(environment)
        keep_and_report(record, Context(FaultyGateway(aws), settings, aws.now, aws.now))
    return found


def unexpected_errors(found: Invocation) -> list[BaseException]:
    """An exception outside the responder's error tree."""
    return [one for one in found.thrown if not isinstance(one, (ResponderError, Died))]
