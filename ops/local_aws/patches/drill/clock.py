"""The time here and in the functions: the machine's own, or ahead of it by what a drill has waited for.

AWS knows one time. So a drill that lets two hours pass in a second moves it for the services, and for every
function from its next invocation on; there the monotonic clock advances as well, and never goes back.
"""

from __future__ import annotations

import contextvars
import sysconfig
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path
from typing import Any

import time_machine
from ministack import app
from ministack.core import lambda_runtime, sigv4

from local_aws.patches import patching

# Read by the workers; see `worker`.
FILE = Path(tempfile.gettempdir()) / "clock"
_REST_SECONDS = 60.0
_travels: list[time_machine.travel] = []
_ahead = [timedelta()]
# By how much the monotonic clock of functions is ahead, in seconds.
_passed = [0.0]
_before: list[patching.Function] = []
_INVOKED = "        _ms_msg = json.loads(line)\n"
_SET = """
def _drill_time(travels=[]):
    with open(os.environ["DRILL_CLOCK"]) as found:
        ahead, passed = found.read().split()
    time.drill_passed = float(passed)
    if travels and travels[-1][0] == ahead:
        return
    while travels:
        travels.pop()[1].stop()
    if float(ahead):
        sys.path.insert(0, os.environ["DRILL_PACKAGES"])
        import time_machine
        sys.path.pop(0)
        travel = time_machine.travel(time.time() + float(ahead), tick=True)
        travel.start()
        travels.append((ahead, travel))
"""


def install() -> None:
    """It is the machine's time until `move` is called."""
    patching.need(lambda_runtime, "_PYTHON_WORKER_SCRIPT")
    _before.append(patching.swap(sigv4, "request_time_failure", "signature now", _late))
    patching.swap(app, "formatdate", "timeval localtime usegmt", lambda **_: _date(int(time.time())))
    move(0)


@lru_cache(8)
def _date(second: int) -> str:
    """Of an answer; many answers have the same."""
    return formatdate(second, usegmt=True)


def _late(signature: Any, *, now: datetime | None = None) -> tuple[str, str] | None:
    found: tuple[str, str] | None = _before[0](signature, now=now)
    # By the time of now it is not late in most cases.
    if found is None or None in [_before[0](signature, now=each) for each in times()]:
        return None
    return found


def move(ahead: float) -> None:
    """Set the clock this many seconds ahead of the machine's time; 0 resets it."""
    while _travels:
        _travels.pop().stop()
    _passed[0] += max(0.0, ahead - _ahead[0].total_seconds())
    _ahead[0] = timedelta(seconds=ahead)
    fresh = FILE.with_suffix(".new")
    fresh.write_text(f"{ahead} {_passed[0]}")
    fresh.replace(FILE)
    if ahead:
        travel = time_machine.travel(time.time() + ahead, tick=True)
        travel.start()
        _travels.append(travel)


def rest() -> None:
    """It is the machine's time again, and a minute has passed in which nothing ran."""
    _passed[0] += _REST_SECONDS
    move(0)


def idle() -> None:
    """A second has passed in which nothing ran; it is the same time as before."""
    _passed[0] += 1
    move(_ahead[0].total_seconds())


def forward(seconds: float) -> None:
    """Move the clock this many seconds forward."""
    move(_ahead[0].total_seconds() + seconds)


def worker(script: str) -> str:
    """The code of a worker, which sets its time before each invocation."""
    if script.count(_INVOKED) != 1 or script.count("\ndef run():\n") != 1:
        raise patching.PatchTargetMissingError("a worker reads its invocations in other words")
    given = script.replace(_INVOKED, f"{_INVOKED}        _drill_time()\n")
    return given.replace("\ndef run():\n", f"{_SET}\ndef run():\n")


def variables() -> dict[str, str]:
    """What a worker needs to know for that."""
    return {"DRILL_CLOCK": str(FILE), "DRILL_PACKAGES": sysconfig.get_paths()["purelib"]}


def later(seconds: float, function: patching.Function, *given: Any) -> None:
    """Call it after so many seconds of the machine, in this account and Region."""
    timer = threading.Timer(seconds, contextvars.copy_context().run, (function, *given))
    timer.daemon = True
    timer.start()


def times() -> tuple[datetime, datetime]:
    """The times by which a request may be signed: the drill's time, as functions do, and the machine's, as
    the drill itself and everything around it does."""
    now = datetime.now(UTC)
    return now, now - _ahead[0]
