"""The change set of a deployment: what it would do to the stack, how it is executed, how it is removed.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

from responder.core.context import Gateway
from responder.core.errors import AwsError

# Their data is gone, or out of reach of the stack, once they are replaced or deleted.
_HOLD_DATA = frozenset({"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue"})
# The end of a change set for which nothing changes; with a transform the second.
_NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
_FAILED, _REVIEW, _GONE = "FAILED", "REVIEW_IN_PROGRESS", "ValidationError"
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
_CLOUDFORMATION = "cloudformation"


class Effect(StrEnum):
    """What happens to a resource, in the order in which people read it."""

    DELETED = "deleted"
    REPLACED = "replaced"
    PERHAPS_REPLACED = "perhaps_replaced"
    CHANGED = "changed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """One resource of a change set, by its logical id. `kind`: its type."""

    logical_id: str
    kind: str
    effect: Effect

    @property
    def loses_data(self) -> bool:
        """Whether it holds data, and does not certainly stay."""
        return self.kind in _HOLD_DATA and self.effect not in (Effect.CHANGED, Effect.ADDED)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A change set that CloudFormation has made. `arn` and `stack`: its own ARN and its stack's."""

    arn: str
    stack: str
    failed: bool
    reason: str
    changes: tuple[ResourceChange, ...] = ()

    @property
    def empty(self) -> bool:
        """The stack is already as it should be."""
        return self.failed and any(words in self.reason for words in _NO_CHANGES)

    def of(self, effect: Effect) -> tuple[ResourceChange, ...]:
        """The resources to which this happens."""
        return tuple(change for change in self.changes if change.effect is effect)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an executed change set ended. `failures`: logical id and reason, the first failure first."""

    status: str
    failures: tuple[tuple[str, str], ...] = ()

    @property
    def done(self) -> bool:
        """Whether the stack is now as it should be."""
        return self.status in _DONE


def known(aws: Gateway, stack: str) -> frozenset[str]:
    """The ARNs of a stack's change sets; none where there is no such stack. Raises AwsError."""
    try:
        pages = list(aws.pages(_CLOUDFORMATION, "list_change_sets", StackName=stack))
    except AwsError as error:
        if error.code != _GONE:
            raise
        return frozenset()
    return frozenset(each["ChangeSetId"] for page in pages for each in page.get("Summaries", ()))


def read(aws: Gateway, arn: str) -> ChangeSet:
    """A change set, with the changes of all its pages. Raises AwsError."""
    pages = list(aws.pages(_CLOUDFORMATION, "describe_change_set", ChangeSetName=arn))
    rows = [row["ResourceChange"] for page in pages for row in page.get("Changes", ())]
    last = pages[-1]
    return ChangeSet(
        arn,
        last["StackId"],
        last["Status"] == _FAILED,
        last.get("StatusReason", ""),
        tuple(ResourceChange(row["LogicalResourceId"], row["ResourceType"], _effect(row)) for row in rows),
    )


def _effect(row: dict[str, Any]) -> Effect:
    """Also `Dynamic`: what happens is decided only while the change set is executed."""
    match row["Action"], row.get("Replacement"):
        case (("Add" | "Import"), _):
            return Effect.ADDED
        case "Remove", _:
            return Effect.DELETED
        case "Modify", "True":
            return Effect.REPLACED
        case "Modify", ("False" | None):
            return Effect.CHANGED
    return Effect.PERHAPS_REPLACED


def execute(
    aws: Gateway, change_set: ChangeSet, seconds: float, sleep: Callable[[float], None] = time.sleep
) -> Outcome:
    """Execute it and wait for the end; asks CloudFormation every so many seconds. Raises AwsError."""
    token = uuid4().hex
    aws.call(_CLOUDFORMATION, "execute_change_set", ChangeSetName=change_set.arn, ClientRequestToken=token)
    status = _REVIEW
    while status.endswith("_IN_PROGRESS"):
        sleep(seconds)
        status = _status(aws, change_set.stack)
    return Outcome(status, () if status in _DONE else tuple(_failures(aws, change_set.stack, token)))


def _failures(aws: Gateway, stack: str, token: str) -> Iterable[tuple[str, str]]:
    """Failed resources and reasons, without those that CloudFormation then cancelled."""
    pages = aws.pages(_CLOUDFORMATION, "describe_stack_events", StackName=stack)
    events = [event for page in pages for event in page["StackEvents"]]
    for event in reversed([event for event in events if event.get("ClientRequestToken") == token]):
        reason = event.get("ResourceStatusReason", "")
        if event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in reason:
            yield event["LogicalResourceId"], reason


def remove(aws: Gateway, change_set: ChangeSet) -> None:
    """Remove it, and the stack that was made for it alone. Raises AwsError."""
    aws.call(_CLOUDFORMATION, "delete_change_set", ChangeSetName=change_set.arn)
    others = known(aws, change_set.stack) - {change_set.arn}
    if not others and _status(aws, change_set.stack) == _REVIEW:
        aws.call(_CLOUDFORMATION, "delete_stack", StackName=change_set.stack)


def _status(aws: Gateway, stack: str) -> str:
    (found,) = aws.call(_CLOUDFORMATION, "describe_stacks", StackName=stack)["Stacks"]
    return str(found["StackStatus"])
