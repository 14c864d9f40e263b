"""Follows one incident until it is over; a Lambda durable function: waiting costs nothing, and after a
crash it goes on at its last checkpoint.

The story of an incident, in the order of `responder.watch.Task`: finish what was started, carry out what
people approved, decide again while the alarm lasts, judge whether the remedy helped, escalate level by
level, say when it is mitigated and recovered, take leases back when their time has come, ask for what only
a person may restore, remind of lowered security, close and report.

It holds no remediation right: whatever touches the service is a command to the alarm's own function.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aws_durable_execution_sdk_python import DurableContext, DurableOperationError, durable_execution

from responder.permissions import Permission
from responder.settings import Settings
from responder.shell.follow.follower import Follower, Moment
from responder.shell.follow.needs import NEEDS
from responder.shell.follow.waiting import until_due

needs: frozenset[Permission] = NEEDS
# Each turn is a wait and a few steps; AWS allows some 3,000 operations in one execution.
_TURNS = 300


def follow(durable: DurableContext, follower: Follower) -> Moment:
    """Wait until something is due, do it, wait again, until it is over or the next execution takes over."""
    moment: Moment = durable.step(lambda _: follower.begin(), name="begin")
    try:
        for _ in range(_TURNS):
            if moment["over"]:
                return moment
            moment = durable.wait_for_condition(_looking(follower), until_due(moment), name="look")
            for duty in moment["due"]:
                moment = durable.step(_doing(follower, duty, moment), name=duty)
        return durable.step(lambda _: follower.hand_over(moment), name="hand over")
    except DurableOperationError as error:
        # A bound copy: Python forgets the name at the end of this block.
        died = str(error.error_type), str(error.message)
        durable.step(lambda _: follower.broken(moment, *died), name="tell that it broke")
        raise


def _looking(follower: Follower) -> Callable[[Moment, Any], Moment]:
    return lambda last, _: follower.look(last)


def _doing(follower: Follower, duty: str, moment: Moment) -> Callable[[Any], Moment]:
    return lambda _: follower.do(duty, moment)


@durable_execution
def handler(event: dict[str, Any], durable: DurableContext) -> Moment:
    """The entry on Lambda. Of the event only the incident's id is believed, once it is found on record."""
    from responder.aws.door import door

    settings = Settings.read(os.environ)
    aws = door(settings.region)
    return follow(durable, Follower(str(event.get("incident", "")), aws, settings, lambda: datetime.now(UTC)))
