"""How likely an alarm goes off that can: one that hardly ever does is none. Pure."""

import math

from responder.core.deployed_alarm import WatchedMetric
from responder.core.metric_ranges import ABOVE, COUNTS, FROM, ONES, KnownLimits, function_of

# At most one for each session, so no more of them than sessions.
_A_SESSION = {*COUNTS, *ONES, "Errors"}
# The manual's 100-1000 sessions a day.
QUIET, BUSY = 100, 1000
# Below this chance within an hour of a total outage, an alarm hardly goes off.
CHANCE = 0.5
# What runs that are not ended by the time-out take of it, generously.
USUAL = 0.2
# Share of all runs that would have to end at the time-out.
SHARE = 0.5
# So far above what is expected that nothing but 0 comes out, after any number of terms.
_BEYOND = 100


def needed_share(watch: WatchedMetric, known: KnownLimits) -> float | None:
    """Share of all runs (0-1) that must end at the time-out before the average breaches; None: no average."""
    limit = known.timeouts.get(function_of(watch, known))
    if watch.statistic != "Average" or limit is None or not _upwards(watch) or watch.threshold is None:
        return None
    seconds = watch.threshold / (1000 if watch.metric == "Duration" else 1)
    return max(0.0, (seconds / limit - USUAL) / (1 - USUAL))


def chance(watch: WatchedMetric, known: KnownLimits, a_day: int) -> float | None:
    """Chance (0-1) that it goes off within an hour in which every session fails; None: it counts none."""
    ours = dict(watch.dimensions).get("FunctionName") in (known.create, known.result)
    counted = watch.metric in _A_SESSION and (watch.namespace == known.namespace or ours)
    if not counted or watch.statistic != "Sum" or not _upwards(watch) or watch.threshold is None:
        return None
    equal = watch.comparison == FROM
    least = math.ceil(watch.threshold) if equal else math.floor(watch.threshold) + 1
    period = max(watch.period, 1)
    breached: float = _at_least(least, a_day * period / 86_400) ** max(watch.datapoints, 1)
    windows = max(1.0, 3600 / period / max(watch.datapoints, 1))
    return float(1 - (1 - breached) ** windows)


def _upwards(watch: WatchedMetric) -> bool:
    return watch.comparison in (ABOVE, FROM)


def _at_least(least: int, mean: float) -> float:
    """Poisson: as many or more, where `mean` are expected."""
    if least > 10 * mean + _BEYOND:
        return 0.0
    fewer = sum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(max(least, 0)))
    return min(1.0, max(0.0, 1 - fewer))
