"""The policies of a response: within its deadline, and checked just before each of a remedy's writes.

A response ends, its message sent, before Lambda ends the function after 60 seconds. Whatever AWS does, three
lines hold, each counted from the beginning of the run:

- The service is changed only until `WRITE_SECONDS`; what comes later is refused, which the message reports.
- Nothing is read after `READ_SECONDS`. That is after the last change, whose outcome may have to be read.
- Nothing at all is sent after `SEND_SECONDS`: the rest of the time belongs to the last answer.

A read takes at most 9 s (two tries of 1 s to connect and 3 s to answer, and a pause), a write 5.2 s (one try
that did not connect, then the last). It is begun at most 0.2 s late, where the look that has to allow it was
slow. So after a change at 20 s, its answer and a read of it, there are 34.4 s on the clock; two records
follow before the message, which is begun by 47 s.

The mode, the stops and what silences the alarm are read once more just before a write is sent: minutes may
pass between a response's first look and its write, and a person who stops the automation, or silences the
alarm, relies on the next write not happening. A write is sent at most `WINDOW` seconds after the read that
allowed it began, so the last write follows a stop within that time and the time that AWS takes for one call.
"""

import math
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from threading import Lock

from responder.aws.gateway import LOOK_SECONDS, Answer, Retry, Send, patient, through
from responder.aws.operations import Request
from responder.aws.parallel import side_by_side
from responder.core.context import Context
from responder.core.deployed_alarm import read_alarm
from responder.core.errors import Changed, Missing, ResponderError, Stopped, Throttled, Unreachable
from responder.core.frozen import frozen
from responder.core.refusals import Because, Refusal
from responder.core.retry import Sleep, again
from responder.guards import Purpose, Question, stopping
from responder.respond.gather import alarm_doubts, unread_doubts, with_silences
from responder.store.switches import alarm_of, read_switches

WRITE_SECONDS = 20.0
READ_SECONDS = 26.0
SEND_SECONDS = 47.0
# An event that took no longer than this is fresh.
FRESH = timedelta(seconds=5)
WINDOW = LOOK_SECONDS
# For so many seconds after its time a write that was begun in time is still sent, once it is allowed.
_LAST_TRY = 0.2
# Changes that are not made to a service that works again.
_AGAINST_A_FAULT = frozenset({Purpose.RESPOND, Purpose.APPLY})

type Objection = Because | None


def writes_until(context: Context) -> float:
    """When the service is changed at the latest, on the clock of `time.monotonic`: `WRITE_SECONDS` after a
    fresh event. A command, an approved one too, and an event that was long on its way count from their
    arrival."""
    late = context.now - context.since
    on_its_way = late if timedelta() < late <= FRESH else timedelta()
    return context.began + WRITE_SECONDS - on_its_way.total_seconds()


@frozen
class Deadline:
    """The policy of a run that `began` at this time of `time.monotonic`."""

    began: float

    def __call__(self, request: Request, send: Send, /) -> Answer:
        """A request that comes too late is not sent, and counts as unanswered."""
        most = READ_SECONDS if request.reads else SEND_SECONDS
        if time.monotonic() - self.began > most:
            raise Unreachable(request.service, request.api, "TimedOut")
        return send()


@dataclass(slots=True)
class CheckedWrites:
    """The policy that a remedy acts through. Reads pass; a write is sent only where `ask`, which reads the
    switches and the alarm anew, gives no reason against it. Writes side by side share one answer. None is
    begun after the time `until` of the clock.

    A write that AWS turned away for its rate is sent again until then, under the same condition, where it
    names the revision that it may replace. One that names none (a table, provisioned concurrency) was
    compared with what the remedy had read: that is read again, and only while it is the same, it is sent.

    Attributes:
        stopped: the reason why a write was not sent.
        wrote: a write was sent, and not turned away.
    """

    ask: Callable[[], Objection]
    clock: Callable[[], float] = time.monotonic
    window: float = WINDOW
    until: float = math.inf
    pause: Sleep = time.sleep
    stopped: Objection = None
    wrote: bool = False
    _lock: Lock = field(default_factory=Lock)
    _began: float = 0
    _latest: Future[Objection] | None = None
    _reads: list[tuple[Request, Send, Answer]] = field(default_factory=list, repr=False)

    @property
    def late(self) -> bool:
        """No further write is begun."""
        return self.clock() > self.until

    def prepare(self) -> None:
        """Begin to read, in parallel with what the remedy reads before its first write."""
        with self._lock:
            self._current()

    def __call__(self, request: Request, send: Send, /) -> Answer:
        """Raises Stopped for a write that was not sent."""
        if request.reads:
            return self._read(request, send)
        if self.late:
            self.stopped = Refusal.TOO_LATE()
            raise Stopped(request.service, request.operation, self.stopped)
        write = partial(self._write, request, send)
        if "RevisionId" in request.arguments:
            return again(write, self.until, self.clock, self.pause)
        return self._compared(request, write)

    def _read(self, request: Request, send: Send) -> Answer:
        """Read, and keep what a write may be compared with later, even that the target does not exist."""
        try:
            answer = send()
        except Missing:
            self._reads.append((request, send, {}))
            raise
        self._reads.append((request, send, answer))
        return answer

    def _compared(self, request: Request, write: Send) -> Answer:
        """Send again only while the same read returns the same as before the first try."""
        known = next((each for each in reversed(self._reads) if _is_compared(request, each[0])), None)
        if known is None:
            return write()
        _, read, before = known
        sent = False

        def unchanged() -> Answer:
            nonlocal sent
            answer: Answer = {}
            if sent:
                with suppress(Missing):
                    answer = read()
                if _content(answer) != _content(before):
                    raise Changed(request.service, request.operation, "ComparedAgain")
            sent = True
            return write()

        return again(unchanged, self.until, self.clock, self.pause)

    def _write(self, request: Request, send: Send) -> Answer:
        because = self._check()
        if because is None and self.clock() > self.until + _LAST_TRY:
            # The answer that allows it may have come seconds after it was asked for.
            because = Refusal.TOO_LATE()
        if because is not None:
            self.stopped = because
            raise Stopped(request.service, request.operation, because)
        try:
            answer = send()
        except Throttled:
            raise
        except BaseException:
            self.wrote = True
            raise
        self.wrote = True
        return answer

    def _check(self) -> Objection:
        with self._lock:
            latest = self._current()
            left = self._began + self.window - self.clock()
        try:
            return latest.result(timeout=max(0.0, left))
        # Of our own defects as well.
        except Exception:
            return Refusal.PAUSES_UNREADABLE()

    def _current(self) -> Future[Objection]:
        if self._latest is None or self.clock() - self._began > self.window / 2:
            pool = ThreadPoolExecutor(1)
            self._began, self._latest = self.clock(), pool.submit(self.ask)
            pool.shutdown(wait=False)
        return self._latest


def _is_compared(write: Request, read: Request) -> bool:
    asked = (read.service, read.operation) == (write.service, write.row.compared_with)
    return asked and read.arguments.items() <= write.arguments.items()


def _content(answer: Answer) -> Answer:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def checked(context: Context, question: Question) -> tuple[Context, CheckedWrites]:
    """The context that a remedy is given to act in, for the purpose of `question`."""
    alarm = alarm_of(context.settings, question.incident)

    def ask() -> Objection:
        here = patient(context, WINDOW)
        found = side_by_side(
            {
                "switches": lambda: read_switches(here, alarm, anew=True),
                "alarm": lambda: read_alarm(here.aws, alarm),
            },
            through=here.aws,
        )
        now = with_silences(found["switches"], found["alarm"])
        if isinstance(now, ResponderError):
            raise now
        if unknown := unread_doubts(found["alarm"]):
            return unknown[0]
        if found["alarm"] is None and question.purpose is not Purpose.REVERT:
            return Refusal.ALARM_GONE()
        if question.purpose in _AGAINST_A_FAULT and not writes.wrote:
            # Once something is written the rest is as well: a part of it would leave a mixed system.
            over = alarm_doubts(found["alarm"])
            if over:
                return over[0]
        return stopping(replace(question, switches=now, now=context.present))

    writes = CheckedWrites(ask, until=writes_until(context))
    return replace(context, aws=through(context.aws, writes, Retry(writes.until))), writes
