"""One durable execution of the follow-up in the SDK's own runner, in virtual time: a process of its own.

Its environment is that of the deployed function, under its role; only the durable execution itself does not
run on the local AWS. Over standard input and output it asks the drill before each step: the drill lets
everything happen that happens before that time, and answers. One JSON object a line, the last is the result.
"""

import json
import os
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

import follow_up
from aws_durable_execution_sdk_python import durable_execution, state
from aws_durable_execution_sdk_python_testing.runner import DurableFunctionTestRunner

from responder.aws import Boto
from responder.context import Context
from responder.settings import Settings
from responder.shell.follow.follower import Follower, Moment

_REAL_SECONDS = 120


@dataclass
class Line:
    """The line to the drill.

    Attributes:
        did: something was done since the last question.
        ended: the script is over.
    """

    questions: TextIO
    did: bool = False
    ended: bool = False

    def ask(self, now: datetime) -> None:
        """Wait until all that happens before `now` has happened."""
        self.say({"now": now.isoformat(), "did": self.did})
        self.did = False
        self.ended = json.loads(sys.stdin.readline())["ended"]

    def say(self, said: dict[str, Any]) -> None:
        """One line."""
        self.questions.write(json.dumps(said) + "\n")
        self.questions.flush()


@dataclass(frozen=True)
class _InVirtualTime(Follower):
    """The real follower, whose every step waits for the drill."""

    line: Line

    def look(self, last: Moment) -> Moment:
        moment = super().look(last)
        return {**moment, "over": True, "due": []} if self.line.ended else moment

    def do(self, duty_id: str, moment: Moment) -> Moment:
        done = super().do(duty_id, moment)
        self.line.did = True
        return done

    def _context(self, now: datetime) -> Context:
        self.line.ask(now)
        return super()._context(now)


def run(wanted: dict[str, Any], line: Line) -> dict[str, Any]:
    """Until the incident is over, handed over, or the script is at its end."""
    begun = datetime.fromisoformat(wanted["begun"])
    settings = Settings.read(os.environ)
    follower = _InVirtualTime(
        wanted["payload"]["incident"], Boto(settings.region), settings, lambda: begun, line=line
    )
    handler = durable_execution(lambda _, durable: follow_up.follow(durable, follower))
    with DurableFunctionTestRunner(handler, poll_interval=0.01) as runner:
        result = runner.run(json.dumps(wanted["payload"]), execution_timeout=_REAL_SECONDS)
    error = result.error.message if result.error else ""
    return {
        "status": result.status.value,
        "error": error,
        "operations": len(result.get_all_operations()),
    }


def main() -> None:
    """The first line of standard input says what to follow, and from when on."""
    line = Line(os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8"))
    # What the function prints is its log.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    wanted = json.loads(sys.stdin.readline())
    # An invocation ends only when the SDK's thread has noticed, at the pace of this constant.
    state._STOP_SIGNAL_POLL_SECONDS = 0.001
    if wanted["turns"]:
        follow_up._TURNS = wanted["turns"]
    line.say(run(wanted, line))


if __name__ == "__main__":
    main()
