"""What Cost Explorer does not tell, as lines of the report."""

from datetime import UTC

from responder.check import Item, Light
from responder.checks import cost_judged, days
from responder.checks.cost_asked import Costs
from responder.checks.cost_days import Outlook
from responder.checks.lights import worst
from responder.checks.unread import unread
from responder.context import Context
from responder.errors import AwsError, Denied
from responder.evidence import metrics
from responder.text import Text, text

_TOO_YOUNG = "DataUnavailableException"


def refused(error: AwsError, chapter: str) -> Item:
    """No permission, no Cost Explorer, or no data yet."""
    return unread(text("checks.cost"), error, chapter, _why(error))


def without_forecast(error: AwsError, pace: Outlook, context: Context) -> Item:
    """No forecast of AWS: the pace of the last week instead, and never green for it."""
    own = cost_judged.ahead(pace, context.settings, ours=True)
    said = unread(
        text("checks.cost.look.forecast"), error, own.chapter, (own.said, *own.details, *_why(error))
    )
    return Item(worst(said.light, own.light), said.said, said.details, said.chapter, numbers=own.numbers)


def nothing(context: Context, costs: Costs, chapter: str) -> Item:
    """Not one cent: right where nobody used the service, else Cost Explorer looks past it."""
    start = days.start_of(min(costs.days, default=days.day_of(context.ago(days=7), UTC)), UTC)
    asked = {"created": metrics.Metric(context.settings.namespace, "SessionCreated", "Sum", (), metrics.HOUR)}
    try:
        sessions = metrics.read(context, asked, start, days.start_of(days.day_of(context.now, UTC), UTC))
    except AwsError as error:
        return unread(text("checks.figures"), error, chapter, (text("checks.cost.nothing"),))
    made = round(sessions["created"].total)
    if made:
        said = text("checks.cost.looks_past", sessions=made)
        return Item(Light.UNKNOWN, said, (), chapter, numbers={"sessions": made})
    return Item(Light.GREEN, text("checks.cost.nothing"), (), chapter)


def _why(error: AwsError) -> tuple[Text, ...]:
    if error.code == _TOO_YOUNG:
        return (text("checks.cost.too_young"),)
    return (text("checks.cost.not_enabled"),) if isinstance(error, Denied) else ()
