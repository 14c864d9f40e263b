"""One durable execution of the follow-up in the SDK's own runner, in virtual time: a separate process.

Its environment is that of the deployed function, under its role; only the durable execution itself does not
run on the local AWS. Over a socket it asks the drill before each step: the drill lets everything happen that
happens before that time, and answers. One JSON object a line, the last is the result.

Run as a program, it forks such a process for each request (see `executing`), with all modules imported.

Looks that would see nothing new are left out: it leaps to what is planned, or happens, next.
"""

import gc
import json
import math
import os
import socket
import sys
import traceback
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, TextIO

import follow_up
from aws_durable_execution_sdk_python import durable_execution
from aws_durable_execution_sdk_python_testing.runner import DurableFunctionTestRunner

from local_aws.client.metering import metered
from local_aws.quick_sdk import quicken
from rehearsal.world.names import REGION
from responder import incident_report
from responder.aws import Boto
from responder.core.context import Context
from responder.core.frozen import frozen
from responder.core.settings import Settings
from responder.followup.follower import Follower, Moment
from responder.followup.look import FollowUpLook
from responder.followup_rules import planned
from responder.messages.page import environment

# That an execution calls.
_SERVICES = ("dynamodb", "ssm", "cloudwatch", "sns", "lambda", "s3")
# Where `wanted` does not say how long it may take.
_REAL_SECONDS = 120
_LONGEST = 900


@dataclass
class DrillConnection:
    """The line to the drill.

    Attributes:
        did: something was done since the last question.
        ended: the script has ended.
        quiet: seconds in which nothing happens.
        looked: what was seen last.
    """

    drill: TextIO
    did: bool = False
    ended: bool = False
    quiet: float = 0
    looked: FollowUpLook | None = None

    def ask(self, now: datetime) -> None:
        """Wait until all that happens before `now` has happened."""
        self.say({"now": now.isoformat(), "did": self.did})
        self.did = False
        answer = json.loads(self.drill.readline())
        self.ended, self.quiet = answer["ended"], answer["quiet"]

    def say(self, said: dict[str, Any]) -> None:
        """One line."""
        self.drill.write(json.dumps(said) + "\n")
        self.drill.flush()


@frozen
class _InVirtualTime(Follower):
    """The real follower, whose every step waits for the drill."""

    connection: DrillConnection

    def look(self, last: Moment) -> Moment:
        moment = super().look(last)
        if self.connection.ended:
            return {**moment, "over": True, "due": []}
        looked = self.connection.looked
        if moment["due"] or moment["over"] or moment["blind"] or looked is None:
            return moment
        return {**moment, "pause": max(moment["pause"], self._leap(looked))}

    def _leap(self, looked: FollowUpLook) -> int:
        """Seconds until something is planned or happens; never longer than the slowest pace."""
        now = looked.seen.now
        ahead = [each.at - now for each in planned(looked.seen, looked.memory) if each.at > now]
        return math.ceil(min([_LONGEST, self.connection.quiet, *(each.total_seconds() for each in ahead)]))

    def _looked(self, at: datetime) -> FollowUpLook | None:
        self.connection.looked = super()._looked(at)
        return self.connection.looked

    def do(self, duty_id: str, moment: Moment) -> Moment:
        done = super().do(duty_id, moment)
        self.connection.did = True
        return done

    def _context(self, now: datetime) -> Context:
        self.connection.ask(now)
        return super()._context(now)


def run(wanted: dict[str, Any], connection: DrillConnection) -> dict[str, Any]:
    """Until the incident or the script has ended, or the next execution takes over."""
    begun = datetime.fromisoformat(wanted["begun"])
    settings = Settings.read(os.environ)
    follower = _InVirtualTime(
        wanted["payload"]["incident"], Boto(settings.region), settings, lambda: begun, connection=connection
    )
    handler = durable_execution(lambda _, durable: follow_up.follow(durable, follower))
    with metered() as meter, DurableFunctionTestRunner(meter.handler(handler), poll_interval=0.01) as runner:
        result = runner.run(
            json.dumps(wanted["payload"]), execution_timeout=wanted.get("seconds", _REAL_SECONDS)
        )
    error = result.error.message if result.error else ""
    return {"status": result.status.value, "error": error, "operations": meter.used}


def follow(connection: DrillConnection) -> None:
    """The first line says what to follow, and from when on."""
    wanted = json.loads(connection.drill.readline())
    if wanted["most"]:
        follow_up.OPERATIONS = wanted["most"]
    connection.say(run(wanted, connection))


def _prepare() -> None:
    """Import, read and compile now what each execution would anew."""
    for name in ("alarms.high_error_rate", "responder.incident_report.page"):
        import_module(name)
    pages = environment(Path(incident_report.__path__[0]))
    for template in pages.list_templates(extensions=["j2"]):
        pages.get_template(template)
    quicken()
    Boto(REGION).ready(_SERVICES)


def main() -> None:
    """On the socket of the given number: each message is an environment, with the line to the drill and the
    file of the log; the answer is the number of the process. Until the socket is closed."""
    asks = socket.socket(fileno=int(sys.argv[1]))
    gc.set_threshold(50_000)
    _prepare()
    while True:
        environment, files, _, _ = socket.recv_fds(asks, 1 << 20, 2)
        if not environment:
            return
        connection, log = files
        # What is shared stays shared: the garbage collector of a fork does not touch it.
        gc.freeze()
        pid = os.fork()
        if not pid:
            _child(json.loads(environment), connection, log)
        os.close(connection)
        os.close(log)
        asks.send(str(pid).encode())


def _child(environment: dict[str, str], connection: int, log: int) -> NoReturn:
    try:
        os.environ.clear()
        os.environ.update(environment)
        # What the function prints is its log.
        os.dup2(log, sys.stdout.fileno())
        os.dup2(log, sys.stderr.fileno())
        with socket.socket(fileno=connection) as drill, drill.makefile("rw", encoding="utf-8") as text:
            follow(DrillConnection(text))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    main()
