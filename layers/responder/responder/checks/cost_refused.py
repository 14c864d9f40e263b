"""What Cost Explorer does not tell, as lines of the report."""

from dataclasses import replace

from responder.check import Item, Light
from responder.checked import Checked
from responder.checks import cost_days, cost_judged, days
from responder.checks.cost_asked import NOT_USD, TOO_YOUNG, Costs
from responder.checks.cost_days import Outlook
from responder.checks.cost_late import created
from responder.checks.unread import unread
from responder.context import Context
from responder.errors import AwsError, Denied
from responder.text import Text, text

_WHY = {TOO_YOUNG: "checks.cost.too_young", NOT_USD: "checks.cost.not_usd"}


def refused(error: AwsError, chapter: str) -> Item:
    """No permission, no Cost Explorer, or no data yet."""
    return unread(Checked.COST.of(), text("checks.cost"), error, chapter, _why(error))


def without_forecast(error: AwsError, pace: Outlook, context: Context) -> Item:
    """No forecast of AWS: the pace of the last week instead, and never green for it."""
    own = cost_judged.ahead(pace, context.settings, ours=True)
    refusal = unread(Checked.COST_FORECAST.of(), text("checks.cost.look.forecast"), error).said
    if own.light in (Light.RED, Light.AMBER):
        # A message tells one sentence: that the target will be missed.
        return replace(own, details=(*own.details, refusal, *_why(error)))
    details = (own.said, *own.details, *_why(error))
    return Item(Checked.COST_FORECAST.of(), Light.UNKNOWN, refusal, details, own.chapter, numbers=own.numbers)


def nothing(context: Context, costs: Costs, chapter: str) -> Item:
    """Not one cent: right where nobody used the service on settled days, else Cost Explorer looks past it."""
    settled = cost_days.complete(context.now, cost_days.A_WEEK)
    try:
        sessions = created(context, min(costs.days, default=settled[0]), days.before(settled[-1], -1))
    except AwsError as error:
        return unread(
            Checked.COST.of(), text("checks.figures"), error, chapter, (text("checks.cost.nothing"),)
        )
    made = round(sessions.total)
    if made:
        said = text("checks.cost.looks_past", sessions=made)
        return Item(Checked.COST.of(), Light.UNKNOWN, said, (), chapter, numbers={"sessions": made})
    return Item(Checked.COST.of(), Light.GREEN, text("checks.cost.nothing"), (), chapter)


def _why(error: AwsError) -> tuple[Text, ...]:
    if error.code in _WHY:
        return (text(_WHY[error.code]),)
    return (text("checks.cost.not_enabled"),) if isinstance(error, Denied) else ()
