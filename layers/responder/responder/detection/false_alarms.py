"""How often an alarm goes off although nothing is wrong, by playing years of background faults. Pure."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from random import Random

from responder.core.frozen import frozen
from responder.detection.minutes import poisson, repeated
from responder.detection.rules import AlarmRule
from responder.detection.traffic import HOURS, USUAL_FAULTS, BackgroundFaults, SessionTraffic

_DAYS = 365
_DAY = HOURS * 60
_STEP = 20


@frozen
class PlayLength:
    """Where playing ends: after so many years or alarms; 600 make the number exact to about 4 %."""

    years: int = 400
    alarms: int = 600


@frozen
class FalseAlarms:
    """A year, over so many years that were played."""

    a_year: float
    years: int


@lru_cache(256)
def false_alarms(
    rule: AlarmRule,
    traffic: SessionTraffic,
    background: BackgroundFaults = USUAL_FAULTS,
    length: PlayLength = PlayLength(),  # noqa: B008 - it cannot be changed
    seed: int = 20,
) -> FalseAlarms:
    """Times that it goes from OK to ALARM."""
    share = background.share(rule.failures)
    usual = _Usual(rule, traffic, share, background.again, Random(seed))  # noqa: S311  # nosec B311
    found = years = 0
    while years < length.years and found < length.alarms:
        found += usual.alarms(_STEP * _DAYS)
        years += _STEP
    return FalseAlarms(found / years, years)


class _Usual:
    """The background of one rule at one traffic."""

    def __init__(
        self, rule: AlarmRule, traffic: SessionTraffic, share: float, again: float, random: Random
    ) -> None:
        self._rule, self._random, self._again = rule, random, again
        self._faults = [each * share * rule.requests.calls for each in traffic.hours]
        # A minute, of those that succeed immediately.
        self._rates = [each * (1 - share) * rule.requests.calls / 60 for each in traffic.hours]
        self._reach = rule.minutes

    def alarms(self, days: int) -> int:
        """Over so many days."""
        found, failing, answered = 0, list[int](), list[int]()
        for failures, answer in self._failures(days):
            if failing and failures[0] - failing[-1] >= self._reach:
                found += self._judged(failing, answered)
                failing, answered = [], []
            failing += failures
            answered.append(answer)
        return found + self._judged(failing, answered)

    def _failures(self, days: int) -> Iterator[tuple[list[int], int]]:
        """Minutes of each call that fails and of its repetitions, and of the one that does not."""
        ends = list(accumulate(self._faults))
        if not ends[-1]:
            return
        at, until = self._random.expovariate(1.0), ends[-1] * days
        while at < until:
            day, rest = divmod(at, ends[-1])
            hour = next(number for number, end in enumerate(ends) if rest < end)
            time = int(day) * _DAY + (hour + 1 - (ends[hour] - rest) / self._faults[hour]) * 60
            yield repeated(self._random, time, self._again)
            at += self._random.expovariate(1.0)

    def _judged(self, failing: list[int], answered: list[int]) -> int:
        """Times that it goes off for failures that can be in one window."""
        rule = self._rule
        failing.sort()
        within = (
            failing[number + rule.least - 1] - failing[number] < self._reach
            for number in range(len(failing) - rule.least + 1)
        )
        if not any(within):
            return 0
        first, last = failing[0] - self._reach, max(*failing, *answered) + self._reach
        failed = [0] * (last - first + 1)
        for minute in failing:
            failed[minute - first] += 1
        asked = list(failed)
        for minute in answered:
            asked[minute - first] += 1
        if rule.needs_requests:
            for offset in range(len(asked)):
                rate = self._rates[(first + offset) // 60 % HOURS]
                asked[offset] += poisson(self._random, rate) if rate else 0
        return self._rung(list(accumulate(asked, initial=0)), list(accumulate(failed, initial=0)))

    def _rung(self, asked: list[int], failed: list[int]) -> int:
        rule, rung, before = self._rule, 0, False
        for end in range(self._reach, len(asked)):
            since = end - rule.minutes
            now = rule.breaches(asked[end] - asked[since], failed[end] - failed[since])
            rung += now and not before
            before = now
        return rung
