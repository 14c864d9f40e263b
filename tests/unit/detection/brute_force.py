"""The same questions answered the slow way: every session, every call, by the second. Shares no code."""

import math
from collections.abc import Iterator
from random import Random

from responder.detection.minutes import SteadyFault
from responder.detection.rules import AlarmRule, CountedFailures, CountedRequests
from responder.detection.traffic import BackgroundFaults, SessionTraffic

type Call = tuple[float, bool]  # second, and whether it fails


def minutes(rule: AlarmRule, fault: SteadyFault, runs: int, horizon: int, seed: int) -> list[float]:
    """Of each run, in ascending order; infinite where nothing fires within `horizon` minutes."""
    random = Random(seed)
    return sorted(_one_fault(rule, fault, horizon, random) for _ in range(runs))


def false_alarms(
    rule: AlarmRule, traffic: SessionTraffic, background: BackgroundFaults, days: int, seed: int
) -> float:
    """A year, over so many days in sequence."""
    random, rings = Random(seed), 0
    share = background.share(rule.failures)
    window = rule.minutes
    for _ in range(days):
        asked, failed = [0] * (1440 + window), [0] * (1440 + window)
        for hour, sessions in enumerate(traffic.hours):
            for second in _arrivals(random, hour * 3600, (hour + 1) * 3600, sessions):
                for at, fails in _usual_session(random, second, rule, share, background.again):
                    if at < 86_400:
                        asked[int(at // 60)] += 1
                        failed[int(at // 60)] += fails
        rings += _rings(rule, asked, failed)
    return rings * 365 / days


def _rings(rule: AlarmRule, asked: list[int], failed: list[int]) -> int:
    rings, before = 0, False
    for end in range(1, len(asked) + 1):
        now = _alarm(rule, asked, failed, end)
        rings += now and not before
        before = now
    return rings


def _alarm(rule: AlarmRule, asked: list[int], failed: list[int], end: int) -> bool:
    since = max(end - rule.minutes, 0)
    errors, requests = sum(failed[since:end]), sum(asked[since:end])
    return errors >= rule.least and requests >= rule.sample and errors / requests > rule.share


def _one_fault(rule: AlarmRule, fault: SteadyFault, horizon: int, random: Random) -> float:
    before = rule.minutes
    start = before * 60 + random.random() * 60
    asked, failed = [0] * (before + horizon + 1), [0] * (before + horizon + 1)
    for second in _arrivals(random, -600, (before + horizon) * 60, fault.traffic.usual):
        for at, fails in _session(random, second, start, rule, fault):
            if 0 <= at < (before + horizon) * 60:
                asked[int(at // 60)] += 1
                failed[int(at // 60)] += fails
    for end in range(before + 1, before + horizon + 1):
        if _alarm(rule, asked, failed, end):
            return end - start / 60
    return math.inf


def _arrivals(random: Random, since: float, until: float, an_hour: float) -> Iterator[float]:
    at = since
    while an_hour and (at := at + random.expovariate(an_hour / 3600)) < until:
        yield at


def _counts(rule: AlarmRule, opening: bool) -> bool:
    return rule.requests is not _other(opening)


def _other(opening: bool) -> CountedRequests:
    return CountedRequests.RESULT if opening else CountedRequests.CREATE


def _usual_session(
    random: Random, second: float, rule: AlarmRule, share: float, again: float
) -> Iterator[Call]:
    for opening in (True, False):
        likely = share
        while True:
            fails = random.random() < likely
            if _counts(rule, opening):
                yield second, fails
            if not fails:
                break
            second, likely = second + random.random() * 60, again
        second += 30 + random.random() * 60


def _session(
    random: Random, second: float, start: float, rule: AlarmRule, fault: SteadyFault
) -> Iterator[Call]:
    usual = fault.background.share(rule.failures)
    for opening in (True, False) if fault.patience.opens else (False,):
        tried, likely = 0, usual
        while True:
            broken = (fault.calls or rule.requests) is not _other(opening)
            during = broken and second >= start
            fails = random.random() < (min(fault.share + usual, 1) if during else likely)
            if _counts(rule, opening):
                yield second, fails
            if not fails or rule.failures is CountedFailures.SLOW:
                break
            tried += during
            if tried > fault.patience.tries:
                return
            second, likely = second + random.random() * 60, fault.background.again
        second += 30 + random.random() * 60
