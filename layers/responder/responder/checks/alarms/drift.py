"""Where an alarm differs from how it should be. Pure."""

import re

from responder.core.deployed_alarm import WatchedMetric
from responder.core.metric_ranges import limit
from responder.core.text import Text, Value, text

_GAP = "–"
_NUMBER = r"\d+(?:\.\d+)?"
SIGNS = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": ">=",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "<=",
}


def differences(expected: WatchedMetric, found: WatchedMetric) -> dict[str, Text]:
    """The differences by field, each a sentence with the expected and the actual value. What is a parameter
    is not compared."""
    pairs: dict[str, tuple[Value, Value]] = {
        **_watched(expected, found),
        "unit": (expected.unit or _GAP, found.unit or _GAP),
    }
    # Nothing where both go off for the same numbers: more than 5 errors are 6 or more.
    if expected.threshold is None or limit(expected) != limit(found):
        pairs["threshold"] = (_threshold(expected), _GAP if expected.threshold is None else _threshold(found))
        pairs["comparison"] = (expected.comparison, found.comparison or _GAP)
    pairs["datapoints"] = (_points(expected), _points(found))
    pairs["missing"] = (expected.missing, found.missing)
    if not found.measures:
        pairs = {"kind": (text("check.alarms.kind.metric"), text("check.alarms.kind.other"))}
    return {
        field: text(
            "check.alarms.differs", field=text(f"check.alarms.field.{field}"), expected=should, found=now
        )
        for field, (should, now) in pairs.items()
        if should != now
    }


def condition(watch: WatchedMetric) -> str:
    """`SuccessCount Sum < 0.95`, as an engineer writes it; of metric math the id of what is watched."""
    what = watch.watched if watch.queries else f"{watch.metric} {watch.statistic}"
    return f"{what} {SIGNS.get(watch.comparison, watch.comparison)} {_threshold(watch)}"


def same_math(expected: WatchedMetric, found: WatchedMetric) -> bool:
    """Every query is as it should be."""
    return bool(expected.queries and found.queries) and not any(_odd(expected, found))


def _watched(expected: WatchedMetric, found: WatchedMetric) -> dict[str, tuple[Value, Value]]:
    if not (expected.queries or found.queries):
        return {
            "metric": (_metric(expected), _metric(found)),
            "dimensions": (_dimensions(expected), _dimensions(found)),
            "statistic": (expected.statistic, found.statistic or _GAP),
            "period": (expected.period, found.period if expected.period else 0),
        }
    if not (expected.queries and found.queries):
        return {"queries": (_math(expected), _math(found))}
    lacking, added = _odd(expected, found)
    return {
        "queries": ("; ".join(lacking) or _GAP, "; ".join(added) or _GAP),
        "period": (expected.period, found.period if expected.period else 0),
    }


def _odd(expected: WatchedMetric, found: WatchedMetric) -> tuple[list[str], list[str]]:
    """Queries that are missing, and those that should not be. `#` matches any number."""
    patterns = {each: re.escape(each).replace(r"\#", _NUMBER) for each in expected.queries}
    met = {
        each: next((query for query in found.queries if re.fullmatch(pattern, query)), "")
        for each, pattern in patterns.items()
    }
    lacking = [each for each, query in met.items() if not query]
    return lacking, [query for query in found.queries if query not in met.values()]


def _threshold(watch: WatchedMetric) -> str:
    return _GAP if watch.threshold is None else f"{watch.threshold:g}"


def _math(watch: WatchedMetric) -> str:
    return "; ".join(watch.queries) or f"{watch.statistic} {_metric(watch)}"


def _metric(watch: WatchedMetric) -> str:
    return f"{watch.namespace}/{watch.metric}"


def _dimensions(watch: WatchedMetric) -> str:
    return ", ".join(f"{name}={value}" for name, value in watch.dimensions) or _GAP


def _points(watch: WatchedMetric) -> str:
    return f"{watch.datapoints}/{watch.evaluated}"
