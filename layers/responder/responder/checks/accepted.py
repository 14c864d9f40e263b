"""Findings of the scheduled checks that people accepted until a day, and when such an acceptance counts.

A row of the table of approvals: `pk` = `ACCEPTED`, `sk` = the finding's id, `decision` = accept | unaccept,
`person` and `principal` = who decided it, `at` = ISO time, and of an acceptance `until` (a day of the owner's
zone), `reason`, `facts` (`CheckItem.digest` at that time) and `lead`: the id that was accepted, where this
finding is another sign of the same cause. Only the entry for people writes it; the latest decision counts.
"""

from dataclasses import replace
from datetime import date, timedelta

from responder.checks.finding import AMBER, GREEN, Acceptance, CheckItem
from responder.core.context import Gateway
from responder.core.plain_data import Data
from responder.core.text import Text, text
from responder.store.approvals import DecisionRow, rows, written

ACCEPTED = "ACCEPTED"
ACCEPT, UNACCEPT = "accept", "unaccept"
MOST_DAYS = 90


def acceptances(aws: Gateway, table: str) -> dict[str, Acceptance]:
    """All that are on record, by the id of the finding, also those that are over.

    Raises:
        AwsError: the table could not be read.
    """
    found = ((str(row.get("sk")), _read(row)) for row in rows(aws, table, ACCEPTED))
    return {id_: each for id_, each in found if each is not None}


def _read(row: DecisionRow) -> Acceptance | None:
    """None where the row is no acceptance as the entry writes it: the finding is reported."""
    at = written(row)
    try:
        until = date.fromisoformat(str(row.get("until")))
    except ValueError:
        return None
    # A day more: the zone of the owner may be ahead of UTC.
    if row.get("decision") != ACCEPT or at is None or until > at.date() + timedelta(days=MOST_DAYS + 1):
        return None
    said: Data = {each: str(row.get(each) or "") for each in ("person", "reason", "facts", "lead")}
    return Acceptance(at=at, until=until, **said)


def applied(item: CheckItem, found: Acceptance | None, today: date) -> CheckItem:
    """The finding as it is reported: accepted, or reported again with the reason why it no longer is."""
    if found is None or item.light is GREEN:
        return item
    why = _over(item, found, today)
    return replace(item, accepted=found) if why is None else replace(item, again=why)


def _over(item: CheckItem, found: Acceptance, today: date) -> Text | None:
    given = {"person": found.person, "until": found.until.isoformat()}
    if today > found.until:
        return text("checks.again.ended", **given)
    if item.light is not AMBER:
        return text("checks.again.worse", **given)
    return text("checks.again.changed", **given) if item.digest != found.facts else None
