"""Run the checks of one rhythm side by side. One that fails is a separate finding and stops no other."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from responder.aws.gateway import Paced, patient, shared, through
from responder.aws.parallel import Questions, side_by_side
from responder.checks import previous
from responder.checks.accepted import acceptances, applied
from responder.checks.base import Check
from responder.checks.finding import GREEN, Acceptance, Checked
from responder.checks.model import Cadence, CheckReport, CheckSection, ComparedReport
from responder.checks.previous import FiledReport
from responder.checks.report.words import named
from responder.core.context import Context
from responder.core.errors import Defect, ResponderError
from responder.core.text import Text, text
from responder.core.timestamps import zone
from responder.evidence.base import reason

# No section has one of these names.
_BEFORE, _ACCEPTED = "", "accepted"
EACH_SECONDS = 20.0
ALL_SECONDS = 60.0
# Requests a second, by service or by operation: about half of what AWS takes of a whole account where that is
# few, since an alarm may need the rest just then. Sources: `aws.operations`; CloudWatch service quotas; API
# reference of DynamoDB.
RATES: dict[str, float] = {
    "lambda": 8.0,
    "lambda get_policy": 7.5,
    "logs": 2.5,
    "cloudtrail": 1.0,
    "cloudwatch describe_alarms": 4.5,
    "cloudwatch get_metric_data": 25.0,
    "cloudwatch list_alarm_mute_rules": 25.0,
    "dynamodb list_backups": 2.5,
    "dynamodb describe_continuous_backups": 5.0,
    "ssm": 20.0,
}


def run(
    rhythm: Cadence, checks: Iterable[Check], context: Context, each: float = EACH_SECONDS
) -> CheckReport:
    """Everything that was found, in the order of the checks. `each`: seconds that one may take.

    What a check could not do is shown in its section.

    Raises:
        BadEvent: no such zone. Nothing was asked then.
    """
    settings = context.settings
    context = patient(shared(replace(context, aws=through(context.aws, Paced(RATES)))), each)
    day = context.now.astimezone(zone(settings.check_zone)).date()
    asks: Questions = {check.name: partial(check.run, context) for check in checks}
    asks[_BEFORE] = partial(previous.newest, context, rhythm)
    table = settings.approvals_table
    asks[_ACCEPTED] = partial(acceptances, context.aws, table) if table else dict
    found = side_by_side(asks, ALL_SECONDS, each)
    before, accepted = found.pop(_BEFORE), found.pop(_ACCEPTED)
    known: dict[str, Acceptance] = accepted if isinstance(accepted, dict) else {}
    return CheckReport(
        rhythm=rhythm,
        at=context.now,
        day=day,
        region=settings.region,
        account=settings.account,
        sections=tuple(_section(*answer, known, before, day) for answer in found.items()),
        zone=settings.check_zone,
        compared=_compared(before),
        unaccepted=None if accepted is known else text("checks.unaccepted", reason=_why(accepted)),
        console=settings.console,
    )


def _section(
    name: str, answer: Any, known: Mapping[str, Acceptance], before: Any, today: date
) -> CheckSection:
    """With what people accepted, and what is new in it; nothing is where the report before is unknown."""
    if isinstance(answer, CheckSection):
        found = answer
    else:
        said = text("checks.failed", name=named(name), reason=_why(answer))
        found = CheckSection(name, (Checked.CHECK.of().unknown(said),))
    items = []
    for each in found.items:
        id_ = found.id(each)
        item = applied(each, known.get(id_), today)
        if isinstance(before, FiledReport) and item.colour is not GREEN:
            then = before.light(id_)
            new = then is None or item.light.rank < then.rank
            item = replace(item, new=new, since=None if new else before.since(id_))
        items.append(item)
    return replace(found, items=tuple(items))


def _compared(before: Any) -> ComparedReport:
    if isinstance(before, FiledReport):
        return ComparedReport(before.day)
    if before is None:
        return ComparedReport(problem=text("checks.no_before"))
    return ComparedReport(problem=text("checks.before_unread", reason=_why(before)))


def _why(answer: Any) -> Text:
    return reason(answer if isinstance(answer, ResponderError) else Defect(type(answer).__name__))
