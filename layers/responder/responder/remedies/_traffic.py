"""Which alias the traffic really comes through."""

from collections.abc import Iterable

from responder.context import Context
from responder.remedies._metrics import Metric, sums


def requests_through(context: Context, function: str, aliases: Iterable[str]) -> dict[str, float]:
    """Invocations of the last hour, by alias: AWS counts them under the dimension Resource."""
    asked = {
        alias: Metric(
            "AWS/Lambda", "Invocations", {"FunctionName": function, "Resource": f"{function}:{alias}"}
        )
        for alias in aliases
    }
    if not asked:
        return {}
    return {alias: series.total for alias, series in sums(context, asked, context.ago(hours=1)).items()}
