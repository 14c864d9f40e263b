"""Minutes from the start of a fault to ALARM, by playing it many times. Pure, and the same each time.

The time until CloudWatch has a metric, `DELIVERY` minutes, comes on top.
"""

import math
from bisect import bisect
from functools import lru_cache
from random import Random

from responder.core.frozen import frozen
from responder.detection.rules import AlarmRule, CountedFailures, CountedRequests
from responder.detection.traffic import (
    HOURS,
    USUAL_FAULTS,
    USUAL_PATIENCE,
    BackgroundFaults,
    SessionTraffic,
    UserPatience,
)

# Minutes after which CloudWatch has what was counted in a minute.
DELIVERY = (1.0, 2.0)
# Minutes that are waited for ALARM.
LONGEST = 360
_RUNS = 1000
# This many runs show that a rule does not fire.
_FEW = 200
# For this many minutes after a session was opened its result may still be requested.
_BEFORE = 3


@frozen
class MinutesToAlarm:
    """From the start of a fault on; None where so many of the runs have no ALARM within `LONGEST` minutes.

    `never`: share (0-1) of the runs without.
    """

    median: float | None
    p90: float | None
    never: float


@frozen
class SteadyFault:
    """A fault and the traffic that it meets.

    Attributes:
        share: of the failing calls that fail (0-1).
        calls: that fail; None: those that the rule counts. Where no session opens, no result is asked for.
        hour: of the day in which it starts; None: with the traffic that a session usually meets, day and
            night.
    """

    traffic: SessionTraffic
    share: float
    hour: int | None = None
    calls: CountedRequests | None = None
    patience: UserPatience = USUAL_PATIENCE
    background: BackgroundFaults = USUAL_FAULTS


@lru_cache(4096)
def minutes_to_alarm(
    rule: AlarmRule, fault: SteadyFault, runs: int = _RUNS, seed: int = 20
) -> MinutesToAlarm:
    """The minutes to ALARM for the failures that the rule counts, with the requests before the fault in its
    window."""
    found = minutes_of_runs(rule, fault, runs, seed)
    return MinutesToAlarm(at(found, 0.5), at(found, 0.9), sum(map(math.isinf, found)) / max(len(found), 1))


def minutes_of_runs(rule: AlarmRule, fault: SteadyFault, runs: int, seed: int = 20) -> list[float]:
    """The minutes of each run, in ascending order; infinite without ALARM. Fewer runs if the first ones have
    no ALARM."""
    play = _Play(rule, fault, Random(seed))  # noqa: S311  # nosec B311 - a simulation
    found: list[float] = []
    for number in range(1, runs + 1):
        took = play.once()
        found.append(math.inf if took is None else took)
        if number == _FEW and all(map(math.isinf, found)):
            break
    found.sort()
    return found


def at(ordered: list[float], share: float) -> float | None:
    """The minutes within which this share of the runs has its ALARM; None where it has none."""
    value = ordered[min(int(share * len(ordered)), len(ordered) - 1)]
    return None if math.isinf(value) else round(value, 2)


class _Play:
    """One rule and fault, played again and again. Minute `self._past` is the one in which it starts."""

    def __init__(self, rule: AlarmRule, fault: SteadyFault, chance: Random) -> None:
        self._rule, self._fault, self._random = rule, fault, chance
        self._past = rule.minutes
        broken = fault.calls or rule.requests
        calls = [(rule.requests is not other, broken is not other) for other in _OTHER]
        self._calls = calls if fault.patience.opens else calls[1:]
        share = fault.background.share(rule.failures)
        self._usual = share * rule.requests.calls
        # Calls that succeed immediately: the others are counted with their repetitions.
        self._at_once = (1 - share) * rule.requests.calls
        self._failing = min(fault.share + share, 1.0)
        self._a_minute = fault.traffic.usual / 60
        # A slow answer is one: it is not asked for again.
        self._answered = rule.failures is CountedFailures.SLOW

    def once(self) -> float | None:
        """Minutes to ALARM."""
        rule, chance, past = self._rule, self._random, self._past
        start = chance.random()
        rates = self._rates()
        length = past + LONGEST + 1
        asked, failed = [0] * length, [0] * length
        if rule.needs_requests:
            for minute in range(past):
                asked[minute] = poisson(chance, rates[minute] * self._at_once)
        self._faults_before(rates, asked, failed)
        for minute in range(max(past - _BEFORE, 0), past):
            self._sessions(minute, rates[minute], past + start, asked, failed)
        # Of the last minutes, as many as the rule's window has.
        requests, failures = sum(asked[:past]), sum(failed[:past])
        for minute in range(past, length):
            if rates[minute]:
                self._sessions(minute, rates[minute], past + start, asked, failed)
            requests += asked[minute] - asked[minute - past]
            failures += failed[minute] - failed[minute - past]
            if failures >= rule.least and rule.breaches(requests, failures):
                return minute + 1 - past - start
        return None

    def _rates(self) -> list[float]:
        """Sessions a minute."""
        fault, past = self._fault, self._past
        length = past + LONGEST + 1
        if fault.hour is None:
            return [self._a_minute] * length
        first = fault.hour * 60 + int(self._random.random() * 60)
        return [fault.traffic.hours[(first - past + minute) // 60 % HOURS] / 60 for minute in range(length)]

    def _faults_before(self, rates: list[float], asked: list[int], failed: list[int]) -> None:
        past, chance = self._past, self._random
        expected = sum(rates[:past]) * self._usual
        for _ in range(poisson(chance, expected) if expected else 0):
            time = chance.random() * past
            if rates[int(time)]:
                failing, answered = repeated(chance, time, self._fault.background.again)
                for minute in filter(past.__gt__, failing):
                    asked[minute] += 1
                    failed[minute] += 1
                if answered < past:
                    asked[answered] += 1

    def _sessions(self, minute: int, rate: float, start: float, asked: list[int], failed: list[int]) -> None:
        """Play the sessions that begin in this minute; their requests before the fault are counted in the
        past."""
        chance = self._random
        for _ in range(poisson(chance, rate)):
            self._session(minute + chance.random(), start, asked, failed)

    def _session(self, time: float, start: float, asked: list[int], failed: list[int]) -> None:
        draw, tries, length, past = self._random.random, self._fault.patience.tries, len(asked), self._past
        for number, (counted, broken) in enumerate(self._calls):
            if number:
                time += 0.5 + draw()
            for attempt in range(tries + 1):
                minute = int(time)
                if minute >= length:
                    return
                fails = broken and time >= start and draw() < self._failing
                if counted and minute >= past:
                    asked[minute] += 1
                    failed[minute] += fails
                if not fails or self._answered:
                    break
                if attempt == tries:
                    return
                time += draw()


_OTHER = (CountedRequests.RESULT, CountedRequests.CREATE)


def repeated(chance: Random, time: float, again: float) -> tuple[list[int], int]:
    """Minutes of a call of the background that fails and of those that repeat it and fail too; of the one
    that does not."""
    failing = [int(time)]
    while chance.random() < again:
        time += chance.random()
        failing.append(int(time))
    return failing, int(time + chance.random())


@lru_cache(256)
def _cumulated(mean: float) -> tuple[float, ...]:
    """Poisson: chance of so many, or fewer."""
    term, total, found = math.exp(-mean), 0.0, []
    for number in range(1, int(mean + 12 * math.sqrt(mean) + 12)):
        total += term
        found.append(total)
        term *= mean / number
    return tuple(found)


def poisson(chance: Random, mean: float) -> int:
    """A random number of events, of which `mean` are expected (Poisson)."""
    return bisect(_cumulated(mean), chance.random()) if mean else 0
