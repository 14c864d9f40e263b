"""Metric math of an alarm, computed as the local AWS does (by a file that does not need it)."""

from collections.abc import Mapping, Sequence
from importlib.util import module_from_spec, spec_from_file_location

from liveness_ops.template_tools.load import ROOT
from responder.core.plain_data import Data

type Series = dict[int, float]

_SPEC = spec_from_file_location(
    "metric_math", ROOT / "ops" / "local_aws" / "patches" / "cloudwatch" / "expressions.py"
)
assert _SPEC is not None and _SPEC.loader is not None
_MATH = module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MATH)


def value(queries: Sequence[Data], given: Mapping[str, Series]) -> Series:
    """What the query that is returned gives; a metric that is not given has no data."""
    known = {each["Id"]: dict(given.get(each["Id"], {})) for each in queries if "MetricStat" in each}
    known = dict(given) | known
    waiting = {each["Id"]: each["Expression"] for each in queries if "Expression" in each}
    while waiting:
        for name, expression in tuple(waiting.items()):
            found = _MATH.evaluate(expression, known, set(waiting))
            if found is not None:
                known[name] = found
                del waiting[name]
    (shown,) = (each["Id"] for each in queries if each.get("ReturnData", True))
    return known[shown]
