"""What Cost Explorer does not tell, as lines of the report."""

from dataclasses import replace

from responder.checks import days
from responder.checks.base import unread
from responder.checks.cost import days as cost_days
from responder.checks.cost import judged
from responder.checks.cost.cost_explorer import NOT_USD, TOO_YOUNG, Costs
from responder.checks.cost.days import Outlook
from responder.checks.cost.late_data import created
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.core.context import Context
from responder.core.errors import AwsError, Denied
from responder.core.text import Text, text

_WHY = {TOO_YOUNG: "checks.cost.too_young", NOT_USD: "checks.cost.not_usd"}


def refused(error: AwsError, chapter: str) -> CheckItem:
    """No permission, no Cost Explorer, or no data yet."""
    return unread(Checked.COST.of(), text("checks.cost"), error, chapter, _why(error))


def without_forecast(error: AwsError, pace: Outlook, context: Context) -> CheckItem:
    """No forecast of AWS: the pace of the last week instead, and never green for it."""
    own = judged.ahead(pace, context.settings, ours=True)
    refusal = unread(Checked.COST_FORECAST.of(), text("checks.cost.look.forecast"), error).said
    if own.light in (CheckStatus.RED, CheckStatus.AMBER):
        # A message tells one sentence: that the target will be missed.
        return replace(own, details=(*own.details, refusal, *_why(error)))
    details = (own.said, *own.details, *_why(error))
    return CheckItem(
        Checked.COST_FORECAST.of(), CheckStatus.UNKNOWN, refusal, details, own.chapter, numbers=own.numbers
    )


def nothing(context: Context, costs: Costs, chapter: str) -> CheckItem:
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
        return CheckItem(
            Checked.COST.of(), CheckStatus.UNKNOWN, said, (), chapter, numbers={"sessions": made}
        )
    return CheckItem(Checked.COST.of(), CheckStatus.GREEN, text("checks.cost.nothing"), (), chapter)


def _why(error: AwsError) -> tuple[Text, ...]:
    if error.code in _WHY:
        return (text(_WHY[error.code]),)
    return (text("checks.cost.not_enabled"),) if isinstance(error, Denied) else ()
