"""What a guided command would do, step by step: shown with its command, executed only with `--yes`."""

import json
import shlex
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import OperatorSession
from responder.core.errors import AwsError, Missing, Throttled, Unreachable
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.text import Text, text

_PAUSE_SECONDS = 10.0
# Nothing was done: what was made a moment ago is not ready for it. Backups of a new table, an update of it
# in flight, a scalable target that is not known everywhere yet.
_LATER = ("ContinuousBackupsUnavailableException", "ResourceInUseException", "ObjectNotFoundException")
_LATER_SECONDS = 600.0
_SERVICES = {"s3": "s3api"}


@frozen
class Step:
    """One call that changes something. `wait_for`: a table that has to be ACTIVE before the next one."""

    said: Text
    service: str
    operation: str
    arguments: Data
    wait_for: str = ""

    def command(self, region: str) -> str:
        """The step as a command for a shell, in one line."""
        document = shlex.quote(json.dumps(self.arguments, default=_moment, separators=(",", ":")))
        service, operation = _SERVICES.get(self.service, self.service), self.operation.replace("_", "-")
        line = f"aws {service} {operation} --region {region} --cli-input-json {document}"
        wait = f" && aws dynamodb wait table-exists --region {region} --table-name {self.wait_for}"
        return line + wait if self.wait_for else line


def show(session: OperatorSession, steps: Sequence[Step]) -> list[Json]:
    """Every step with its command; the same for --json."""
    for number, step in enumerate(steps, 1):
        session.screen.say(text("ops.step", number=number, said=step.said), style="bold")
        session.screen.say(step.command(session.settings.region))
    return [_shape(session, step) for step in steps]


def rehearsed(session: OperatorSession) -> None:
    """Said where nothing was done."""
    session.screen.say(text("ops.rehearsed"), style="green")


def carry_out(
    session: OperatorSession,
    steps: Sequence[Step],
    wait_seconds: float = 0,
    guard: Callable[[Step], None] = lambda _: None,
) -> None:
    """In sequence; `guard` is called before each, and may raise.

    Raises:
        EarlyExit: one failed or took too long, or Ctrl-C: what was done is kept, and the commands of the rest
            are shown.
    """
    for number, step in enumerate(steps):
        session.screen.say(text("ops.doing", number=number + 1, said=step.said), style="dim")
        done = steps[:number]
        try:
            guard(step)
            _take(session, step, min(wait_seconds, _LATER_SECONDS))
            done = steps[: number + 1]
            if step.wait_for and not _active(session, step.wait_for, wait_seconds):
                said = text("ops.step_waits", table=step.wait_for)
                raise _stopped(session, Exit.NOT_DONE, said, done, steps)
        except AwsError as error:
            said = text("ops.step_failed", number=number + 1, call=str(error))
            raise _stopped(session, Exit.AWS, said, done, steps) from None
        except KeyboardInterrupt:
            raise _stopped(session, Exit.INTERRUPTED, text("ops.interrupted"), done, steps) from None


def _take(session: OperatorSession, step: Step, seconds: float) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            session.aws.call(step.service, step.operation, **step.arguments)
        except AwsError as error:
            if error.code not in _LATER or time.monotonic() >= until:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _active(session: OperatorSession, table: str, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while True:
        # AWS may not see yet what it has just made.
        with suppress(Missing, Throttled, Unreachable):
            found = session.aws.call("dynamodb", "describe_table", TableName=table)["Table"]
            if found["TableStatus"] == "ACTIVE":
                return True
        if time.monotonic() >= until:
            return False
        time.sleep(_PAUSE_SECONDS)


def _stopped(
    session: OperatorSession, status: Exit, said: Text, done: Sequence[Step], steps: Sequence[Step]
) -> EarlyExit:
    left = steps[len(done) :]
    if left:
        session.screen.say(text("ops.steps_left"))
        show(session, left)
    about = {
        "done": [_shape(session, each) for each in done],
        "left": [_shape(session, each) for each in left],
    }
    return EarlyExit(status, said, about)


def _shape(session: OperatorSession, step: Step) -> Json:
    return {"operation": f"{step.service}:{step.operation}", "command": step.command(session.settings.region)}


def _moment(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
