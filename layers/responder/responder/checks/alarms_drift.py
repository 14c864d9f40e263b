"""Where an alarm differs from how it should be. Pure."""

from responder.checks.alarms_deployed import Watch
from responder.text import Text, Value, text

type Difference = tuple[str, Value, Value]

_GAP = "–"


def differences(expected: Watch, found: Watch) -> tuple[Difference, ...]:
    """Field, as it should be, as it is. A threshold that is a parameter is not compared."""
    if expected.queries or found.queries:
        watched: tuple[Difference, ...] = (("queries", _math(expected), _math(found)),)
    else:
        watched = (
            ("metric", _metric(expected), _metric(found)),
            ("dimensions", _dimensions(expected), _dimensions(found)),
            ("statistic", expected.statistic, found.statistic or _GAP),
            ("period", expected.period, found.period),
        )
    judged: tuple[Difference, ...] = (
        ("threshold", *_thresholds(expected, found)),
        ("comparison", expected.comparison, found.comparison or _GAP),
        ("datapoints", _points(expected), _points(found)),
        ("missing", expected.missing, found.missing),
    )
    return tuple(each for each in (*watched, *judged) if each[1] != each[2])


def told(each: Difference) -> Text:
    """One difference as a sentence."""
    field, expected, found = each
    return text(
        "check.alarms.differs", field=text(f"check.alarms.field.{field}"), expected=expected, found=found
    )


def condition(watch: Watch) -> str:
    """`SuccessCount Sum < 0.95`, as an engineer writes it."""
    signs = {
        "GreaterThanThreshold": ">",
        "GreaterThanOrEqualToThreshold": ">=",
        "LessThanThreshold": "<",
        "LessThanOrEqualToThreshold": "<=",
    }
    threshold = _GAP if watch.threshold is None else f"{watch.threshold:g}"
    return f"{watch.metric} {watch.statistic} {signs.get(watch.comparison, watch.comparison)} {threshold}"


def _thresholds(expected: Watch, found: Watch) -> tuple[Value, Value]:
    if expected.threshold is None:
        return _GAP, _GAP
    return f"{expected.threshold:g}", _GAP if found.threshold is None else f"{found.threshold:g}"


def _math(watch: Watch) -> str:
    return "; ".join(watch.queries) or f"{watch.statistic} {_metric(watch)}"


def _metric(watch: Watch) -> str:
    return f"{watch.namespace}/{watch.metric}"


def _dimensions(watch: Watch) -> str:
    return ", ".join(f"{name}={value}" for name, value in watch.dimensions) or _GAP


def _points(watch: Watch) -> str:
    return f"{watch.datapoints}/{watch.evaluated}"
