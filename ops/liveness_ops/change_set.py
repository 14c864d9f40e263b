"""The change set of a deployment: what it would do to the stack, how it is executed, how it is removed.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
"""

import re
import time
from collections.abc import Callable, Iterable
from enum import StrEnum
from uuid import uuid4

from liveness_ops.listing import listed
from responder.core.context import Gateway
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.plain_data import Json

# Their data is gone, or out of reach of the stack, once they are replaced or deleted.
_HOLD_DATA = ("AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue")
# The end of a change set for which nothing changes; with a transform the second.
_NO_CHANGES = ("didn't contain changes", "No updates are to be performed")
_FAILED, _REVIEW, _GONE = "FAILED", "REVIEW_IN_PROGRESS", "ValidationError"
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
# The execution status of a change set that waits for its execution, or is being executed.
_BEFORE = ("AVAILABLE", "EXECUTE_IN_PROGRESS")
_EXECUTED = "EXECUTE_COMPLETE"
_MAKING = ("CREATE_PENDING", "CREATE_IN_PROGRESS")
# How SAM CLI names a change set: this and the second in which it made it.
_SAM_NAME = re.compile(r":changeSet/samcli-deploy(\d+)/")
_CLOUDFORMATION = "cloudformation"


class Effect(StrEnum):
    """What happens to a resource, in the order in which people read it."""

    DELETED = "deleted"
    REPLACED = "replaced"
    PERHAPS_REPLACED = "perhaps_replaced"
    CHANGED = "changed"
    ADDED = "added"


@frozen
class ResourceChange:
    """One resource of a change set, by its logical id. `kind`: its type."""

    logical_id: str
    kind: str
    effect: Effect

    @property
    def loses_data(self) -> bool:
        """Whether it holds data, and does not certainly stay."""
        return self.kind in _HOLD_DATA and self.effect not in (Effect.CHANGED, Effect.ADDED)


@frozen
class ChangeSet:
    """A change set that CloudFormation has made. `arn` and `stack`: its own ARN and its stack's. `accepted`:
    logical ids of resources with data that a person lets go."""

    arn: str
    stack: str
    failed: bool
    reason: str
    changes: tuple[ResourceChange, ...] = ()
    accepted: frozenset[str] = frozenset()

    @property
    def empty(self) -> bool:
        """The stack is already as it should be."""
        return self.failed and any(words in self.reason for words in _NO_CHANGES)

    def of(self, effect: Effect) -> tuple[ResourceChange, ...]:
        """The resources to which this happens."""
        return tuple(change for change in self.changes if change.effect is effect)

    @property
    def lost(self) -> list[str]:
        """The resources that hold data and may go, without those that are accepted."""
        losing = (change.logical_id for change in self.changes if change.loses_data)
        return [each for each in losing if each not in self.accepted]


@frozen
class Outcome:
    """How an executed change set ended. `status`: the stack's. `done`: whether the stack is now as it should
    be. `failures`: logical id and reason, the first failure first."""

    status: str
    done: bool
    failures: tuple[tuple[str, str], ...] = ()


def known(aws: Gateway, stack: str) -> frozenset[str]:
    """The ARNs of a stack's change sets; none where there is no such stack. Raises AwsError."""
    try:
        found = listed(aws, _CLOUDFORMATION, "list_change_sets", "Summaries", StackName=stack)
        return frozenset(each["ChangeSetId"] for each in found)
    except AwsError as error:
        if error.code != _GONE:
            raise
        return frozenset()


def own(new: Iterable[str], printed: str, begun: float) -> str:
    """The ARN of the change set that SAM CLI has made, among those that are new; empty where it is uncertain.

    Another person may have made one meanwhile. SAM CLI prints the ARN of its own once it is complete. Before
    that, or where it failed, it is the only one that SAM CLI has named since `begun` (a Unix time).
    """
    names = {arn: _SAM_NAME.search(arn) for arn in new}
    if complete := [arn for arn in names if arn in printed]:
        return complete[0]
    since = [arn for arn, name in names.items() if name and int(name[1]) >= int(begun)]
    return since[0] if len(since) == 1 and "Waiting for changeset" in printed else ""


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


def _effect(row: Json) -> Effect:
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
    """Execute it and wait for the end; asks CloudFormation every so many seconds. Raises AwsError.

    Its own status comes first: the stack's may still be that of before. A change set whose execution fails at
    once leaves a new stack at REVIEW_IN_PROGRESS.
    """
    token = uuid4().hex
    aws.call(_CLOUDFORMATION, "execute_change_set", ChangeSetName=change_set.arn, ClientRequestToken=token)
    execution, status = _BEFORE[0], _REVIEW
    while execution in _BEFORE or (status.endswith("_IN_PROGRESS") and status != _REVIEW):
        sleep(seconds)
        found = aws.call(_CLOUDFORMATION, "describe_change_set", ChangeSetName=change_set.arn)
        execution = found["ExecutionStatus"]
        status = _status(aws, change_set.stack)
    done = execution == _EXECUTED and status in _DONE
    return Outcome(status, done, () if done else _failures(aws, change_set.stack, token))


def _failures(aws: Gateway, stack: str, token: str) -> tuple[tuple[str, str], ...]:
    """Failed resources and reasons, without those that CloudFormation then cancelled."""
    events = listed(aws, _CLOUDFORMATION, "describe_stack_events", "StackEvents", StackName=stack)
    ours = (event for event in events if event.get("ClientRequestToken") == token)
    failed = [event for event in ours if event["ResourceStatus"].endswith("_FAILED")]
    known = ((each["LogicalResourceId"], each.get("ResourceStatusReason", "")) for each in reversed(failed))
    return tuple(each for each in known if "cancelled" not in each[1])


def remove(aws: Gateway, arn: str, seconds: float, sleep: Callable[[float], None] = time.sleep) -> None:
    """Remove it once it is made, and the stack that was made for it alone. Raises AwsError.

    CloudFormation refuses to delete a change set that it is still making:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteChangeSet.html
    """
    while (found := aws.call(_CLOUDFORMATION, "describe_change_set", ChangeSetName=arn))["Status"] in _MAKING:
        sleep(seconds)
    aws.call(_CLOUDFORMATION, "delete_change_set", ChangeSetName=arn)
    stack = found["StackId"]
    if not known(aws, stack) - {arn} and _status(aws, stack) == _REVIEW:
        aws.call(_CLOUDFORMATION, "delete_stack", StackName=stack)


def _status(aws: Gateway, stack: str) -> str:
    (found,) = aws.call(_CLOUDFORMATION, "describe_stacks", StackName=stack)["Stacks"]
    return str(found["StackStatus"])
