"""Where an alarm differs from how it should be. Pure."""

import re

from responder.core.deployed_alarm import WatchedMetric
from responder.core.metric_ranges import limit
from responder.core.text import Text, Value, text

type Difference = tuple[str, Value, Value]

_GAP = "–"
_NUMBER = r"\d+(?:\.\d+)?"
SIGNS = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": ">=",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "<=",
}


def differences(expected: WatchedMetric, found: WatchedMetric) -> tuple[Difference, ...]:
    """Field, as it should be, as it is. What is a parameter is not compared."""
    if not found.measures:
        return (("kind", text("check.alarms.kind.metric"), text("check.alarms.kind.other")),)
    pairs = (
        *_watched(expected, found),
        ("unit", expected.unit or _GAP, found.unit or _GAP),
        *_limits(expected, found),
        ("datapoints", _points(expected), _points(found)),
        ("missing", expected.missing, found.missing),
    )
    return tuple(each for each in pairs if each[1] != each[2])


def told(each: Difference) -> Text:
    """One difference as a sentence."""
    field, expected, found = each
    return text(
        "check.alarms.differs", field=text(f"check.alarms.field.{field}"), expected=expected, found=found
    )


def condition(watch: WatchedMetric) -> str:
    """`SuccessCount Sum < 0.95`, as an engineer writes it; of metric math the id of what is watched."""
    threshold = _GAP if watch.threshold is None else f"{watch.threshold:g}"
    what = watch.watched if watch.queries else f"{watch.metric} {watch.statistic}"
    return f"{what} {SIGNS.get(watch.comparison, watch.comparison)} {threshold}"


def same_math(expected: WatchedMetric, found: WatchedMetric) -> bool:
    """Every query is as it should be."""
    return bool(expected.queries and found.queries) and not any(_odd(expected, found))


def _watched(expected: WatchedMetric, found: WatchedMetric) -> tuple[Difference, ...]:
    if not (expected.queries or found.queries):
        return (
            ("metric", _metric(expected), _metric(found)),
            ("dimensions", _dimensions(expected), _dimensions(found)),
            ("statistic", expected.statistic, found.statistic or _GAP),
            ("period", expected.period, found.period),
        )
    if not (expected.queries and found.queries):
        return (("queries", _math(expected), _math(found)),)
    lacking, added = _odd(expected, found)
    period = found.period if expected.period else 0
    return ("queries", "; ".join(lacking) or _GAP, "; ".join(added) or _GAP), (
        "period",
        expected.period,
        period,
    )


def _odd(expected: WatchedMetric, found: WatchedMetric) -> tuple[list[str], list[str]]:
    """Queries that are missing, and those that should not be. `#` stands for any number."""
    patterns = {each: re.escape(each).replace(r"\#", _NUMBER) for each in expected.queries}
    met = {
        each: next((query for query in found.queries if re.fullmatch(pattern, query)), "")
        for each, pattern in patterns.items()
    }
    lacking = [each for each, query in met.items() if not query]
    return lacking, [query for query in found.queries if query not in met.values()]


def _limits(expected: WatchedMetric, found: WatchedMetric) -> tuple[Difference, ...]:
    """Nothing where both go off for the same numbers: more than 5 errors are 6 or more."""
    same = expected.threshold is not None and limit(expected) == limit(found)
    threshold = () if same else (("threshold", *_thresholds(expected, found)),)
    comparison = () if same else (("comparison", expected.comparison, found.comparison or _GAP),)
    return (*threshold, *comparison)


def _thresholds(expected: WatchedMetric, found: WatchedMetric) -> tuple[Value, Value]:
    if expected.threshold is None:
        return _GAP, _GAP
    return f"{expected.threshold:g}", _GAP if found.threshold is None else f"{found.threshold:g}"


def _math(watch: WatchedMetric) -> str:
    return "; ".join(watch.queries) or f"{watch.statistic} {_metric(watch)}"


def _metric(watch: WatchedMetric) -> str:
    return f"{watch.namespace}/{watch.metric}"


def _dimensions(watch: WatchedMetric) -> str:
    return ", ".join(f"{name}={value}" for name, value in watch.dimensions) or _GAP


def _points(watch: WatchedMetric) -> str:
    return f"{watch.datapoints}/{watch.evaluated}"
