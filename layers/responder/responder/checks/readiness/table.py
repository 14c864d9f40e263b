"""The sessions table: its state, its index, and how often AWS still lets it switch to on-demand today."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from responder.checks.base import CheckSubject
from responder.checks.identity import Checked
from responder.checks.model import AMBER, GREEN, RED, UNKNOWN, CheckItem
from responder.checks.storage.table import billing
from responder.core.change import Ledger, Plan
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.remedy import RemedyName
from responder.core.text import Text, text
from responder.evidence.base import reason
from responder.guards import Purpose, Question
from responder.guards.rules import SWITCH_LIMIT, switches_left

_CHAPTER = "DynamoDBテーブル確認"
_DAY = timedelta(hours=24)
_PASSING = frozenset({"UPDATING", "CREATING"})


def table(context: Context, ledger: Ledger | None) -> Iterator[CheckItem]:
    """`ledger`: None where it could not be read, and then the switches are not known."""
    name, wanted = context.settings.sessions_table, context.settings.sessions_index
    try:
        found = context.aws.call("dynamodb", "describe_table", TableName=name)["Table"]
    except AwsError as error:
        said = text("check.ready.table_unread", table=name, reason=reason(error))
        status = RED if isinstance(error, Missing) else UNKNOWN
        yield CheckSubject(Checked.TABLE_STATE.of(name), _CHAPTER).item(status, said)
        return
    yield judged(name, found, None if ledger is None else left(name, found, ledger, context.now))
    mode = billing(found, context.settings)
    if mode.light is not GREEN:
        yield mode
    there = tuple(str(each["IndexName"]) for each in found.get("GlobalSecondaryIndexes", []))
    if wanted not in there:
        said = text("check.ready.index_missing", table=name, index=wanted, found=", ".join(there) or "–")
        yield CheckSubject(Checked.TABLE_INDEX.of(name, wanted), _CHAPTER).red(said)


def judged(name: str, found: dict[str, Any], switches: int | None) -> CheckItem:
    """`switches`: how many are left, None where it is not known. Pure."""
    indexes = found.get("GlobalSecondaryIndexes", [])
    states = {str(found["TableStatus"]), *(str(each["IndexStatus"]) for each in indexes)} - {"ACTIVE"}
    billing = str(found.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"))
    said = text("check.ready.switches_unknown", limit=SWITCH_LIMIT)
    if switches is not None:
        said = text("check.ready.switches", left=switches, limit=SWITCH_LIMIT)
    details: tuple[Text, ...] = (said,)
    if states:
        status = AMBER if states <= _PASSING else RED
        said = text("check.ready.table_odd", table=name, state=", ".join(sorted(states)))
    elif billing != "PAY_PER_REQUEST" and not switches:
        status, details = UNKNOWN if switches is None else AMBER, ()
    else:
        status, said = GREEN, text("check.ready.table", table=name, billing=billing)
    return CheckSubject(Checked.TABLE_STATE.of(name), _CHAPTER).item(
        status,
        said,
        *details,
        numbers={} if switches is None else {"switches_left": float(switches)},
        facts=tuple(sorted(states)),
    )


def left(name: str, found: dict[str, Any], ledger: Ledger, now: datetime) -> int:
    """By our own record; a switch within 24 h that is not on it is a person's, and counts as one."""
    question = Question(Purpose.RESPOND, now, RemedyName.ON_DEMAND_BILLING, "", None, ledger, Plan(name, ()))
    switched = found.get("BillingModeSummary", {}).get("LastUpdateToPayPerRequestDateTime")
    theirs = isinstance(switched, datetime) and now - switched < _DAY
    return min(switches_left(question), SWITCH_LIMIT - 1 if theirs else SWITCH_LIMIT)
