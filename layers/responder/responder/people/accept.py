"""Accept an amber finding of a scheduled check until a day, and take that back.

It is looked up in the newest filed reports: a person accepts what was told, with the facts of that time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from responder.aws.items import to_item
from responder.checks import days, previous
from responder.checks.accepted import ACCEPT, ACCEPTED, MOST_DAYS, UNACCEPT, acceptances
from responder.checks.model import Cadence, CheckStatus
from responder.core.context import Context
from responder.core.declined import DeclineReason
from responder.core.errors import AwsError, Declined
from responder.core.text import Text, text
from responder.core.timestamps import zone
from responder.people import request
from responder.people.answer import PersonAnswer, done
from responder.people.case import RequestingPerson
from responder.store.approvals.writing import tidy

# How long a row is kept after its end, so that the finding can say that it was accepted.
_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Told:
    """A finding as the newest report has it, and the other signs of the same cause that it stands for."""

    light: CheckStatus
    facts: Mapping[str, str]


def accept(asked: request.AcceptRequest, asker: RequestingPerson) -> PersonAnswer:
    """Who may approve anything may accept; a later acceptance takes the place of an earlier one.

    Raises:
        Declined: this person may not; there is no such finding, it is not amber, or the day is out of range.
        AwsError: the reports or the table could not be reached.
    """
    context, until, why = asker.context, _day(asked.until), tidy(asked.reason)
    person = asker.document.people.who(asker.caller.principal)
    if person is None or not person.may:
        raise Declined(
            DeclineReason.MAY_NOT_ACCEPT(person=asker.caller.person, principal=asker.caller.principal)
        )
    if not why:
        raise Declined(DeclineReason.NO_REASON())
    today = days.day_of(context.now, zone(context.settings.check_zone))
    last = today + timedelta(days=MOST_DAYS)
    if not today < until <= last:
        raise Declined(
            DeclineReason.ACCEPT_UNTIL(first=days.before(today, -1).isoformat(), last=last.isoformat())
        )
    told = _find(context, asked.finding)
    if told.light is not CheckStatus.AMBER:
        raise Declined(
            DeclineReason.NOT_AMBER(finding=asked.finding, light=Text(f"checks.light.{told.light}"))
        )
    kept = datetime.combine(until, time(), UTC) + _KEPT
    about = {"until": until.isoformat(), "reason": why, "expires": int(kept.timestamp())}
    for id_, facts in told.facts.items():
        lead = {} if id_ == asked.finding else {"lead": asked.finding}
        _put(asker, id_, {"decision": ACCEPT, **about, "facts": facts, **lead})
    said = text("person.accepted", finding=asked.finding, until=until.isoformat())
    more = (text("person.accepted.more", count=len(told.facts) - 1),) if len(told.facts) > 1 else ()
    data = {"finding": asked.finding, "findings": list(told.facts), "until": until.isoformat(), "reason": why}
    return done(said, *more, person=asker.caller.person, **data)


def unaccept(asked: request.UnacceptRequest, asker: RequestingPerson) -> PersonAnswer:
    """The finding is told again. Every registered person may: nothing is hidden by it.

    Raises:
        Declined: it is not accepted.
        AwsError: the table could not be reached.
    """
    context = asker.context
    found = acceptances(context.aws, context.settings.approvals_table)
    if asked.finding not in found:
        raise Declined(DeclineReason.NOT_ACCEPTED(finding=asked.finding))
    gone = [id_ for id_, each in found.items() if asked.finding in (id_, each.lead)]
    expires = int((context.now + _KEPT).timestamp())
    for id_ in gone:
        _put(asker, id_, {"decision": UNACCEPT, "expires": expires})
    said = text("person.unaccepted", finding=asked.finding)
    return done(said, person=asker.caller.person, finding=asked.finding, findings=gone)


def _put(asker: RequestingPerson, id_: str, more: Mapping[str, Any]) -> None:
    context, caller = asker.context, asker.caller
    row = {
        "pk": ACCEPTED,
        "sk": id_,
        "person": caller.person,
        "principal": caller.principal,
        "at": context.now.isoformat(timespec="microseconds"),
        **more,
    }
    context.aws.call("dynamodb", "put_item", TableName=context.settings.approvals_table, Item=to_item(row))


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Declined(DeclineReason.UNREADABLE(field="until")) from None


def _find(context: Context, finding: str) -> _Told:
    """In the newest report that has it. Raises Declined where none has."""
    reports = sorted(_reports(context), key=lambda each: each.day, reverse=True)
    items = next((each.items for each in reports if finding in each.items), None)
    if items is None:
        raise Declined(DeclineReason.NO_FINDING(finding=finding))
    root = items[finding].get("root")
    signs = {id_: each for id_, each in items.items() if root and each.get("root") == root}
    amber = {id_: each for id_, each in signs.items() if each.get("light") == CheckStatus.AMBER}
    found = {**amber, finding: items[finding]}
    light = CheckStatus(str(items[finding].get("light")))
    return _Told(light, {id_: str(each.get("facts")) for id_, each in found.items()})


def _reports(context: Context) -> Iterator[previous.FiledReport]:
    for rhythm in Cadence:
        found = previous.newest(context, rhythm, first=0)
        if isinstance(found, AwsError):
            raise found
        if found is not None:
            yield found
