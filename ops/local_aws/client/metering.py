"""Operations of a durable execution, counted and limited as AWS does, in the SDK's own runner.

Source: Lambda Developer Guide, "How durable operations are metered" and "Lambda quotas". How AWS refuses
the operation beyond the last is not documented: here the checkpoint is refused as a bad request, which ends
the execution as failed.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from aws_durable_execution_sdk_python.exceptions import CheckpointError, CheckpointErrorCategory
from aws_durable_execution_sdk_python.lambda_service import (
    CheckpointOutput,
    OperationAction,
    OperationSubType,
    OperationType,
    OperationUpdate,
)
from aws_durable_execution_sdk_python.state import ExecutionState, _Signal
from aws_durable_execution_sdk_python_testing.client import InMemoryServiceClient

# Of one execution; it cannot be raised.
OPERATIONS = 3_000
_ATTEMPTED = (OperationAction.RETRY, OperationAction.SUCCEED, OperationAction.FAIL)


@dataclass
class Meter:
    """What one execution has used. Its start is one operation."""

    used: int = 1
    _waits: set[str] = field(default_factory=set)

    def count(self, updates: Sequence[OperationUpdate]) -> None:
        """The operations of one checkpoint.

        Raises:
            CheckpointError: there are none left.
        """
        self._use(sum(map(self._operations, updates)))

    def handler(self, handler: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        """The handler, metered; a run that ends with an exception is started anew, which is an operation."""

        def run(event: Any, context: Any) -> Any:
            try:
                return handler(event, context)
            except Exception:
                self.used += 1
                raise

        return run

    def _operations(self, update: OperationUpdate) -> int:
        if update.operation_type is OperationType.WAIT:
            return int(update.action is OperationAction.START)
        if update.operation_type is not OperationType.STEP:
            raise ValueError(f"no known price in operations: {update.operation_type}")
        begun = 0
        if update.sub_type == OperationSubType.WAIT_FOR_CONDITION:
            begun = int(update.operation_id not in self._waits)
            self._waits.add(update.operation_id)
        return begun + int(update.action in _ATTEMPTED)

    def _use(self, operations: int) -> None:
        if self.used + operations > OPERATIONS:
            message = f"a durable execution has {OPERATIONS} operations at most"
            raise CheckpointError(message, CheckpointErrorCategory.EXECUTION)
        self.used += operations


@contextmanager
def metered() -> Iterator[Meter]:
    """Count the one execution that a `DurableFunctionTestRunner` plays meanwhile.

    Each invocation ends when its code does: the SDK's thread, which looks ten times a second whether it has,
    is woken.
    """
    meter, checkpoint, stop = Meter(), InMemoryServiceClient.checkpoint, ExecutionState.stop_checkpointing

    def counted(
        client: InMemoryServiceClient, *, updates: list[OperationUpdate], **given: Any
    ) -> CheckpointOutput:
        meter.count(updates)
        return checkpoint(client, updates=updates, **given)

    def stopped(invocation: ExecutionState) -> None:
        stop(invocation)
        invocation._checkpoint_queue.put(_Signal.REFRESH_WAKE)

    with (
        patch.object(InMemoryServiceClient, "checkpoint", counted),
        patch.object(ExecutionState, "stop_checkpointing", stopped),
    ):
        yield meter
