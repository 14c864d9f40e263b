"""Follows one incident to its end; a Lambda durable function: waiting costs nothing, and after a
crash it continues at its last checkpoint.

The course of an incident, in the order of `followup_rules.DutyKind`: finish what was started, carry out what
people approved, re-evaluate while the alarm lasts, judge whether the remedy helped, escalate level by
level, say when it is mitigated and recovered, take leases back when their time has come, ask for what only
a person may restore, remind of lowered security, close and report.

It holds no remediation right: whatever touches the service is a command to the alarm's own function.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime

from aws_durable_execution_sdk_python import DurableContext, DurableOperationError, durable_execution
from aws_durable_execution_sdk_python.types import StepContext, WaitForConditionCheckContext

from responder.core.permissions import Permission
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.followup.follower import NEEDS, Follower, Moment
from responder.followup.waiting import until_due

needs: frozenset[Permission] = NEEDS
# AWS allows an execution 3,000 operations, which cannot be raised (Lambda Developer Guide, "Lambda quotas").
# The rest is for what cannot be counted from here, runs that die, and for the duties that are due at the end.
OPERATIONS = 2_000


def follow(durable: DurableContext, follower: Follower) -> Moment:
    """Wait until something is due, do it, wait again, until it has ended or the next execution takes over.

    The moment counts the operations of this execution (`used`) as AWS does: its start, each attempt of a
    step, each wait, each poll of a wait (Lambda Developer Guide, "How durable operations are metered").
    """
    # The start, and this step.
    moment: Moment = durable.step(lambda step: _counted(follower.begin(), 1 + step.attempt), name="begin")
    try:
        while not moment["over"]:
            moment = durable.wait_for_condition(
                _looking(follower), until_due(moment, OPERATIONS), name="look"
            )
            for duty in moment["due"]:
                moment = durable.step(_doing(follower, duty, moment), name=duty)
            if moment["used"] >= OPERATIONS and not moment["over"]:
                return durable.step(_handing_over(follower, moment), name="hand over")
        return moment
    except DurableOperationError as error:
        # A bound copy: Python forgets the name at the end of this block.
        died = str(error.error_type), str(error.message)
        durable.step(lambda _: follower.broken(moment, *died), name="report that it broke")
        raise


def _looking(follower: Follower) -> Callable[[Moment, WaitForConditionCheckContext], Moment]:
    # The first poll of a wait counts for the wait, too.
    return lambda last, poll: _counted(follower.look(last), 2 if poll.attempt == 1 else 1)


def _doing(follower: Follower, duty: str, moment: Moment) -> Callable[[StepContext], Moment]:
    return lambda step: _counted(follower.do(duty, moment), step.attempt)


def _handing_over(follower: Follower, moment: Moment) -> Callable[[StepContext], Moment]:
    return lambda step: _counted(follower.hand_over(moment), step.attempt)


def _counted(moment: Moment, operations: int) -> Moment:
    return {**moment, "used": moment.get("used", 0) + operations}


@durable_execution
def handler(event: Json, durable: DurableContext) -> Moment:
    """The entry on Lambda. Of the event only the incident's id is trusted, once it is found on record."""
    from responder.aws.boto import gateway

    settings = Settings.read(os.environ)
    aws = gateway(settings.region)
    return follow(durable, Follower(str(event.get("incident", "")), aws, settings, lambda: datetime.now(UTC)))
