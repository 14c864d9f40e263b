"""How many sessions are opened in each hour of a day: what alarms need depends on it."""

from datetime import datetime, tzinfo

from responder.checks import days
from responder.checks.figures import counts
from responder.core.context import Context
from responder.core.series import Series
from responder.detection.traffic import HOURS, SessionTraffic, by_hour
from responder.evidence import metrics

NEEDS = metrics.NEEDS
DAYS = 14
# With fewer whole days, the traffic of a week is unknown.
FEWEST = 3


def read_traffic(context: Context, whole_days: int = DAYS) -> SessionTraffic | None:
    """Of the last whole days of the owner's zone, from the first one with a session on; hours are of that
    zone. None with sessions on fewer than three of them.

    Raises:
        AwsError: the metric could not be read.
    """
    where = days.zone(context.settings.check_zone)
    today = days.day_of(context.now, where)
    span = days.start_of(days.before(today, whole_days), where), days.start_of(today, where)
    return traffic_of(counts.created(context, *span), span[1], where)


def traffic_of(created: Series, end: datetime, where: tzinfo) -> SessionTraffic | None:
    """Of the sessions opened before `end`, where a day begins. Pure."""
    served = [(at.astimezone(where), number) for at, number in created.points if number]
    if len({at.date() for at, _ in served}) < FEWEST:
        return None
    hours = [0.0] * HOURS
    for at, number in served:
        hours[at.hour] += number
    return by_hour(hours, (end.astimezone(where).date() - served[0][0].date()).days)
