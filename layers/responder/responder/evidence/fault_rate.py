"""How many requests of one operation fail because of a fault of the service, and out of how many; and which
figures a decision needed that CloudWatch did not have yet: log lines come within seconds, metrics within
minutes."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from responder.core.finding import Subject
from responder.core.frozen import frozen
from responder.core.text import Strings
from responder.core.verdict import Proposal
from responder.evidence.base import Facts
from responder.evidence.failures import Failures
from responder.evidence.faults import (
    ENDS_THE_INVOCATION,
    EXCEPTIONS,
    NORMAL,
    FailedRequest,
    FailureTally,
    Fault,
)
from responder.evidence.invocations import FunctionTraffic, Invocations, Traffic, delivered
from responder.evidence.table import TablePressure

WINDOWS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3))
RECENT = WINDOWS[0]
ENOUGH_INVOCATIONS = 20
ENOUGH_FAULTY = 5
ENOUGH_RECENT = 3
TOO_MANY = 0.05
_MINUTE = timedelta(minutes=1)
_EVER = datetime.min.replace(tzinfo=UTC)
# An exception that escapes the handler is a Lambda Error too, and a caller may be able to provoke it: it
# must never pass for an error that left no line.
_MAY_BE_AN_ERROR = ENDS_THE_INVOCATION | EXCEPTIONS


@frozen
class Rate:
    """Faulty requests of one function over the shortest window with a sample.

    `unlogged` are Lambda Errors that left no line; they are part of `faulty`.
    `complete`: the same, only of the minutes whose invocations are complete. Log lines come within seconds,
    metrics within minutes: both together would give too high a share.
    """

    function: str
    minutes: int
    invocations: int
    faulty: int
    recent: int
    unlogged: int
    by_fault: Mapping[Fault, int]
    complete: "Rate | None" = None

    @property
    def share(self) -> float:
        """Faulty ÷ invocations, at most 1.0 (metrics lag behind logs by a minute or two)."""
        return self.faulty / max(self.invocations, self.faulty, 1)

    @property
    def too_high(self) -> bool:
        """Above the manual's 5 % emergency line."""
        return self.share > TOO_MANY

    @property
    def justifies(self) -> bool:
        """Whether the count and the share are high enough to justify acting, also without what may be
        incomplete."""
        return self.too_high and self.enough and (self.complete is None or self.complete.justifies)

    @property
    def enough(self) -> bool:
        """The sample is large enough to conclude something."""
        return (
            self.invocations >= ENOUGH_INVOCATIONS
            and self.faulty >= ENOUGH_FAULTY
            and self.recent >= ENOUGH_RECENT
        )


def rate(  # noqa: PLR0913  one value per count
    tally: FailureTally,
    traffic: FunctionTraffic,
    function: str,
    now: datetime,
    faults: Iterable[Fault] = frozenset(Fault) - NORMAL,
    *,
    sure: bool = False,
) -> Rate:
    """The rate over the shortest of 15 min, 1 h, 3 h that holds 20 invocations (else over 3 h); of a log that
    was read from a later time on, since then.

    `sure`: only of failures that no caller can have caused.
    """
    arrived, wanted = arrived_until(traffic, now), frozenset(faults)
    # In CloudWatch a minute is complete where there is a later one, or metrics have had the time to arrive.
    complete = max(arrived - _MINUTE, min(arrived, delivered(now)))
    shown, proved = (
        _rate(_until(end, tally), _known(end, traffic), function, now, wanted, sure=sure)
        for end in (arrived, complete)
    )
    return replace(shown, complete=proved)


def settled(facts: Facts, function: str) -> bool:
    """Whether the sure faults justify acting by the minutes alone of which every metric has arrived: a
    throttle of a newer one may still be unknown."""
    tally, traffic = facts.of(FAILURES), facts.of(INVOCATIONS)
    if tally is None or traffic is None:
        return False
    end = delivered(facts.now)
    known = _known(end, traffic.functions[function])
    return _rate(_until(end, tally), known, function, facts.now, FAULTS, sure=True).justifies


def arrived_until(traffic: FunctionTraffic, now: datetime) -> datetime:
    """Until when CloudWatch has the invocations: the end of the newest minute with one, or what has had the
    time to arrive. A minute without invocations has no datapoint."""
    newest = traffic.invocations.points[-1][0] + _MINUTE if traffic.invocations.points else _EVER
    return max(newest, delivered(now))


def _until(end: datetime, tally: FailureTally) -> FailureTally:
    return replace(tally, failures=tuple(each for each in tally.failures if each.at < end))


def _known(end: datetime, traffic: FunctionTraffic) -> FunctionTraffic:
    return replace(traffic, invocations=traffic.invocations.before(end), errors=traffic.errors.before(end))


def _rate(  # noqa: PLR0913  one value per count
    tally: FailureTally,
    traffic: FunctionTraffic,
    function: str,
    now: datetime,
    wanted: frozenset[Fault],
    *,
    sure: bool,
) -> Rate:
    # Requests from before are no part of any number: an error among them may well have left its line.
    known = tally.complete_since.get(function, tally.since)
    start = next(
        (
            begin
            for begin in (max(now - each, known) for each in WINDOWS)
            if traffic.invocations.since(begin).total >= ENOUGH_INVOCATIONS
        ),
        max(now - WINDOWS[-1], known),
    )
    recent = max(now - RECENT, known)
    found, found_recent = (
        _sure(tally, traffic, function, begin, wanted) if sure else tally.of(function, begin, wanted)
        for begin in (start, recent)
    )
    # The kind of an error without a line is unknown, so it counts only where a person decides.
    counts_silent = Fault.OTHER in wanted and not sure
    silent = _unlogged(tally, traffic, function, start) if counts_silent else 0
    silent_recent = min(silent, _unlogged(tally, traffic, function, recent))
    return Rate(
        function=function,
        minutes=math.ceil((now - start) / _MINUTE),
        invocations=int(traffic.invocations.since(start).total),
        faulty=len(found) + silent,
        recent=len(found_recent) + silent_recent,
        unlogged=silent,
        by_fault=Counter(failure.fault for failure in found),
    )


def _sure(
    tally: FailureTally, traffic: FunctionTraffic, function: str, start: datetime, wanted: frozenset[Fault]
) -> tuple[FailedRequest, ...]:
    """The failures since `start` that no caller can have caused.

    Lambda counts each that ended its invocation among the function's `Errors`: more lines than that were
    written by something else.
    """
    every = tally.of(function, start, Fault)
    ended = [each for each in every if each.escaped]
    others = sum(each.certain and not each.sure for each in ended)
    most = max(0, int(traffic.errors.since(start).total) - others)
    confirmed = [each for each in ended if each.sure][-most:] if most else []
    caught = [each for each in every if each.sure and not each.escaped]
    return tuple(each for each in (*caught, *confirmed) if each.fault in wanted)


def _unlogged(tally: FailureTally, traffic: FunctionTraffic, function: str, start: datetime) -> int:
    logged = len(tally.of(function, start, _MAY_BE_AN_ERROR))
    return max(0, int(traffic.errors.since(start).total) - logged)


FAILURES = Failures()
INVOCATIONS = Invocations()
FAULTS = frozenset(Fault) - NORMAL


def worst_rate(facts: Facts, functions: Strings, *, sure: bool = False) -> Rate | None:
    """The highest rate among the functions whose log and metrics could be read; None without any.

    `sure`: only of faults that no caller can cause.
    """
    found = rates(facts, functions, sure=sure)
    return max(found, key=lambda each: (each.justifies, each.share), default=None)


def rates(
    facts: Facts, functions: Strings, faults: frozenset[Fault] = FAULTS, *, sure: bool = False
) -> list[Rate]:
    """A rate for each of the functions whose log and metrics could be read."""
    tally, traffic = facts.of(FAILURES), facts.of(INVOCATIONS)
    if tally is None or traffic is None:
        return []
    readable = [name for name in functions if name not in tally.unread and name in traffic.functions]
    return [rate(tally, traffic.functions[name], name, facts.now, faults, sure=sure) for name in readable]


_PRESSURE = TablePressure()


def awaited(facts: Facts, proposals: Iterable[Proposal] = ()) -> tuple[Subject, ...]:
    """The subjects of these figures; nothing where no other figure could change the decision. A sample too
    small for a proposal may be larger with the newest minutes."""
    tally, traffic, load = facts.of(FAILURES), facts.of(INVOCATIONS), facts.of(_PRESSURE)
    subjects, names = [], facts.settings.functions
    if any(each.samples_short is not None for each in proposals) or (
        tally is not None
        and traffic is not None
        # The newest minutes, of which more may arrive, make a rate too high, or its sample large enough.
        and (
            _uncounted(tally, traffic, facts.now)
            or any(
                each.too_high and each.enough and not settled(facts, each.function)
                for each in rates(facts, names, sure=True)
            )
        )
    ):
        subjects.append(Subject.REQUESTS)
    # Requests that time out may be waiting for a throttled table.
    if load is not None and (
        load.throttled_minutes == 1
        or (
            not load.throttled_minutes
            and tally is not None
            and any(tally.of(name, facts.now - RECENT, {Fault.TIMEOUT}) for name in names)
        )
    ):
        subjects.append(Subject.TABLE)
    return tuple(subjects)


def _uncounted(tally: FailureTally, traffic: Traffic, now: datetime) -> bool:
    """Requests failed in minutes whose invocations, or whose errors, have not arrived."""
    return any(
        tally.of(name, arrived_until(each, now), FAULTS) or _unconfirmed(tally, each, name, delivered(now))
        for name, each in traffic.functions.items()
        if name not in tally.unread
    )


def _unconfirmed(tally: FailureTally, traffic: FunctionTraffic, function: str, start: datetime) -> bool:
    """More invocations ended with a fault than Lambda's `Errors` shows since `start`."""
    ended = sum(each.escaped for each in tally.of(function, start, FAULTS))
    return ended > traffic.errors.since(start).total
