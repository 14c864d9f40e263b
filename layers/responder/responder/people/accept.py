"""Accept an amber finding of a scheduled check until a day, and take that back.

It is looked up in the newest filed reports: a person accepts what was reported, with the facts of that time.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from responder.aws.items import to_item
from responder.checks import days, previous
from responder.checks.accepted import ACCEPT, ACCEPTED, MOST_DAYS, UNACCEPT, acceptances
from responder.checks.finding import AMBER, CheckStatus
from responder.checks.model import Cadence
from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import AwsError, Declined
from responder.core.plain_data import Data
from responder.core.text import Text, text
from responder.core.timestamps import zone
from responder.people.case import PersonAnswer, RequestingPerson, done
from responder.people.request import PersonRequest
from responder.store.approval_writer import tidy

# How long a row is kept after its end, so that the finding can say that it was accepted.
_KEPT = timedelta(days=7)


def accept(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    """A person who may approve anything may accept; a later acceptance takes the place of an earlier one.

    Raises:
        Declined: this person may not; there is no such finding, it is not amber, or the day is out of range.
        AwsError: the reports or the table could not be reached.
    """
    context, why = asker.context, tidy(asked.reason)
    try:
        until = date.fromisoformat(asked.until)
    except ValueError:
        raise Declined(DeclineReason.UNREADABLE(field="until")) from None
    if not asker.caller.may:
        raise Declined(DeclineReason.MAY_NOT_ACCEPT(**asker.caller.named))
    if not why:
        raise Declined(DeclineReason.NO_REASON())
    today = days.day_of(context.now, zone(context.settings.check_zone))
    last = today + timedelta(days=MOST_DAYS)
    if not today < until <= last:
        raise Declined(
            DeclineReason.ACCEPT_UNTIL(first=days.before(today, -1).isoformat(), last=last.isoformat())
        )
    light, listed = _find(context, asked.finding)
    if light is not AMBER:
        raise Declined(DeclineReason.NOT_AMBER(finding=asked.finding, light=Text(f"checks.light.{light}")))
    kept = datetime.combine(until, time(), UTC) + _KEPT
    about = {"until": until.isoformat(), "reason": why, "expires": int(kept.timestamp())}
    for id_, facts in listed.items():
        lead = {} if id_ == asked.finding else {"lead": asked.finding}
        _put(asker, id_, {"decision": ACCEPT, **about, "facts": facts, **lead})
    said = text("person.accepted", finding=asked.finding, until=until.isoformat())
    more = (text("person.accepted.more", count=len(listed) - 1),) if len(listed) > 1 else ()
    data = {"finding": asked.finding, "findings": list(listed), "until": until.isoformat(), "reason": why}
    return done(said, *more, person=asker.caller.person, **data)


def unaccept(asked: PersonRequest, asker: RequestingPerson) -> PersonAnswer:
    """The finding is reported again. Every registered person may: nothing is hidden by it.

    Raises:
        Declined: it is not accepted.
        AwsError: the table could not be reached.
    """
    context = asker.context
    found = acceptances(context.aws, context.settings.approvals_table)
    if asked.finding not in found:
        raise Declined(DeclineReason.NOT_ACCEPTED(finding=asked.finding, where=context.settings.console))
    gone = [id_ for id_, each in found.items() if asked.finding in (id_, each.lead)]
    expires = int((context.now + _KEPT).timestamp())
    for id_ in gone:
        _put(asker, id_, {"decision": UNACCEPT, "expires": expires})
    said = text("person.unaccepted", finding=asked.finding)
    return done(said, person=asker.caller.person, finding=asked.finding, findings=gone)


def _put(asker: RequestingPerson, id_: str, more: Data) -> None:
    context, caller = asker.context, asker.caller
    row = {
        "pk": ACCEPTED,
        "sk": id_,
        **caller.named,
        "at": context.now.isoformat(timespec="microseconds"),
        **more,
    }
    context.aws.call("dynamodb", "put_item", TableName=context.settings.approvals_table, Item=to_item(row))


def _find(context: Context, finding: str) -> tuple[CheckStatus, Mapping[str, str]]:
    """Its status in the newest report that has it, and its facts there with those of the other amber signs of
    the same cause. Raises Declined where no report has it."""
    found = [previous.newest(context, cadence, first=0) for cadence in Cadence]
    reports = []
    for each in found:
        if isinstance(each, AwsError):
            raise each
        if each is not None:
            reports.append(each)
    newest_first = sorted(reports, key=lambda each: each.day, reverse=True)
    items = next((each.items for each in newest_first if finding in each.items), None)
    if items is None:
        raise Declined(DeclineReason.NO_FINDING(finding=finding))
    own, root = items[finding], items[finding].get("root")
    amber = {
        id_: each
        for id_, each in items.items()
        if root and each.get("root") == root and each.get("light") == AMBER
    }
    facts = {id_: str(each.get("facts")) for id_, each in {**amber, finding: own}.items()}
    return CheckStatus(str(own.get("light"))), facts
