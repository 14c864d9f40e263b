"""A durable execution in virtual time: every step is kept, a wait ends the run, and the next run replays.

As the SDK does it (AWS Lambda developer guide, "Durable functions"), without its threads and real seconds:
a day of waiting takes a few. The follow-up's own tests use the SDK's runner.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from aws_durable_execution_sdk_python.exceptions import StepError, WaitForConditionError

from local_aws.client.metering import OPERATIONS

# The SDK's default for a step that raises: six attempts, the waits growing up to a minute.
_ATTEMPTS = 6


class Suspended(BaseException):
    """This run has ended; the next one begins at `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class Exhausted(BaseException):
    """AWS ends the execution: it has no operations left."""


@dataclass
class Operation:
    """One step or one wait. `next`: when a wait looks again, or a step is tried again."""

    state: Any = None
    done: bool = False
    error: tuple[str, str] | None = None
    tries: int = 0
    next: datetime | None = None


@dataclass
class Record:
    """What AWS keeps of one execution."""

    operations: list[Operation] = field(default_factory=list)
    # Its start is one.
    used: int = 1


@dataclass
class Durable:
    """What the follow-up takes for its `DurableContext`; one for each run."""

    record: Record
    clock: Callable[[], datetime]
    position: int = 0

    def step(self, do: Callable[[Any], Any], name: str = "") -> Any:
        """Run once, and its result is kept; raises the SDK's error where every attempt failed."""
        operation = self._operation()
        if operation.error is not None:
            raise StepError(operation.error[1], operation.error[0])
        if operation.done:
            return operation.state
        self._pending(operation)
        self._use()
        try:
            operation.state = json.loads(json.dumps(do(SimpleNamespace(attempt=operation.tries + 1))))
        except Exception as error:
            operation.tries += 1
            if operation.tries >= _ATTEMPTS:
                operation.error = type(error).__name__, str(error)
                raise StepError(str(error), type(error).__name__) from error
            self._later(operation, min(60, 5 * 2 ** (operation.tries - 1)))
        operation.done = True
        return operation.state

    def wait_for_condition(self, check: Callable[[Any, Any], Any], config: Any, name: str = "") -> Any:
        """Check now, and again as often as the configuration says; between two checks the run has ended."""
        operation = self._operation()
        if operation.error is not None:
            raise WaitForConditionError(operation.error[1], operation.error[0])
        if operation.done:
            return operation.state
        self._pending(operation)
        before = operation.state if operation.tries else config.initial_state
        if not operation.tries:
            self._use()
        self._use()
        try:
            poll = SimpleNamespace(attempt=operation.tries + 1)
            operation.state = json.loads(json.dumps(check(json.loads(json.dumps(before)), poll)))
        except Exception as error:
            operation.error = type(error).__name__, str(error)
            raise WaitForConditionError(str(error), type(error).__name__) from error
        operation.tries += 1
        decision = config.wait_strategy(operation.state, operation.tries)
        if decision.should_continue:
            self._later(operation, max(1, decision.delay_seconds))
        operation.done = True
        return operation.state

    def _operation(self) -> Operation:
        if self.position == len(self.record.operations):
            self.record.operations.append(Operation())
        self.position += 1
        return self.record.operations[self.position - 1]

    def died(self) -> None:
        """The run ended without a word: AWS starts the next one, which is an operation."""
        self._use()

    def _pending(self, operation: Operation) -> None:
        if operation.next is not None and self.clock() < operation.next:
            raise Suspended(operation.next)

    def _later(self, operation: Operation, seconds: float) -> None:
        operation.next = self.clock() + timedelta(seconds=seconds)
        raise Suspended(operation.next)

    def _use(self) -> None:
        self.record.used += 1
        if self.record.used > OPERATIONS:
            raise Exhausted
