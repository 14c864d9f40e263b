"""How many sessions are opened in each hour of a day: what alarms need depends on it."""

from responder.checks import days
from responder.checks.detection import observed
from responder.core.context import Context
from responder.detection.traffic import SessionTraffic
from responder.evidence import metrics

NEEDS = metrics.NEEDS
DAYS = 14
# With sessions on fewer days, the traffic of a week is not known.
FEWEST = 3


def read_traffic(context: Context, whole_days: int = DAYS) -> SessionTraffic | None:
    """Of the last whole days of the owner's zone, as `liveness-ops detect` counts them; hours are of that
    zone. None with sessions on fewer than three of them.

    Raises:
        AwsError: the metrics could not be read.
    """
    figures = observed.read(context, whole_days)
    found = observed.observed(figures, whole_days, days.zone(context.settings.check_zone))
    return found.traffic if found.days - len(found.idle) >= FEWEST else None
