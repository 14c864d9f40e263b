"""Every day: is the dashboard that the manual opens first still there, and does it show anything?"""

import json
from collections.abc import Mapping

from responder.checks.base import unusable
from responder.checks.figures.daily import DASHBOARD as CHAPTER
from responder.checks.finding import Checked, CheckItem
from responder.checks.model import CheckSection
from responder.core import console_links
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.frozen import frozen
from responder.core.permissions import DASHBOARD, Permission, Permissions
from responder.core.text import text

NAME = "FaceAuth-Liveness"


@frozen
class Dashboard:
    """Dashboards are global: one read in the Region of the responder finds it.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetDashboard.html
    """

    name: str = "dashboard"

    def needs(self) -> Permissions:
        """A read of this one dashboard."""
        return (Permission("cloudwatch:GetDashboard", DASHBOARD),)

    def run(self, context: Context) -> CheckSection:
        """Amber where it is gone or empty: the figures are in the report all the same."""
        return CheckSection(self.name, (_item(context),))


def _item(context: Context) -> CheckItem:
    this, make = Checked.DASHBOARD.of(NAME, chapter=CHAPTER), text("check.dashboard.missing.how")
    try:
        count = _widgets(context.aws.call("cloudwatch", "get_dashboard", DashboardName=NAME))
    except Missing:
        return this.amber(text("check.dashboard.missing", name=NAME), make)
    except AwsError as error:
        return this.unread(text("check.dashboard.what", name=NAME), error)
    link = console_links.dashboard(context.settings.region, NAME)
    if not count:
        return this.amber(text("check.dashboard.empty", name=NAME), make, link=link)
    said = text("check.dashboard.there", name=NAME, count=count)
    return this.green(said, numbers={"widgets": float(count)}, link=link)


def _widgets(found: Mapping[str, object]) -> int:
    """How many show something measured, not text alone; `AwsError` where the answer has no readable body.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    """
    try:
        widgets = json.loads(str(found["DashboardBody"]))["widgets"]
        return sum(each.get("type") != "text" for each in widgets)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise unusable("cloudwatch", "get_dashboard") from None
