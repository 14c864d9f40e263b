"""The sessions table: its state, its index, and how often AWS still lets it switch to on-demand today."""

from datetime import datetime, timedelta
from typing import Any

from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
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


def table(context: Context, ledger: Ledger | None) -> tuple[CheckItem, ...]:
    """`ledger`: None where it could not be read, and then the switches are not known."""
    name = context.settings.sessions_table
    try:
        found = context.aws.call("dynamodb", "describe_table", TableName=name)["Table"]
    except AwsError as error:
        light = CheckStatus.RED if isinstance(error, Missing) else CheckStatus.UNKNOWN
        said = text("check.ready.table_unread", table=name, reason=reason(error))
        return (CheckItem(Checked.TABLE_STATE.of(name), light, said, (), _CHAPTER),)
    switches = None if ledger is None else left(name, found, ledger, context.now)
    state = judged(name, found, switches)
    mode = billing(found, context.settings)
    more = () if mode.light is CheckStatus.GREEN else (mode,)
    return (state, *more, *indexed(name, found, context.settings.sessions_index))


def indexed(name: str, found: dict[str, Any], wanted: str) -> tuple[CheckItem, ...]:
    """Nothing where the table has the index. Pure."""
    there = tuple(str(each["IndexName"]) for each in found.get("GlobalSecondaryIndexes", []))
    if wanted in there:
        return ()
    said = text("check.ready.index_missing", table=name, index=wanted, found=", ".join(there) or "–")
    return (CheckItem(Checked.TABLE_INDEX.of(name, wanted), CheckStatus.RED, said, (), _CHAPTER),)


def judged(name: str, found: dict[str, Any], switches: int | None) -> CheckItem:
    """`switches`: how many are left, None where it is not known. Pure."""
    indexes = found.get("GlobalSecondaryIndexes", [])
    states = {str(found["TableStatus"]), *(str(each["IndexStatus"]) for each in indexes)} - {"ACTIVE"}
    billing = str(found.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"))
    on_demand = billing == "PAY_PER_REQUEST"
    more = _switches(switches)
    if states:
        light = CheckStatus.AMBER if states <= _PASSING else CheckStatus.RED
        said = text("check.ready.table_odd", table=name, state=", ".join(sorted(states)))
    elif not on_demand and not switches:
        light = CheckStatus.UNKNOWN if switches is None else CheckStatus.AMBER
        said = more
    else:
        light, said = CheckStatus.GREEN, text("check.ready.table", table=name, billing=billing)
    numbers = {} if switches is None else {"switches_left": float(switches)}
    return CheckItem(
        Checked.TABLE_STATE.of(name),
        light,
        said,
        () if said is more else (more,),
        _CHAPTER,
        "",
        numbers,
        facts=tuple(sorted(states)),
    )


def left(name: str, found: dict[str, Any], ledger: Ledger, now: datetime) -> int:
    """By our own record; a switch within 24 h that is not on it is a person's, and counts as one."""
    question = Question(Purpose.RESPOND, now, RemedyName.ON_DEMAND_BILLING, "", None, ledger, Plan(name, ()))
    switched = found.get("BillingModeSummary", {}).get("LastUpdateToPayPerRequestDateTime")
    theirs = isinstance(switched, datetime) and now - switched < _DAY
    return min(switches_left(question), SWITCH_LIMIT - 1 if theirs else SWITCH_LIMIT)


def _switches(count: int | None) -> Text:
    if count is None:
        return text("check.ready.switches_unknown", limit=SWITCH_LIMIT)
    return text("check.ready.switches", left=count, limit=SWITCH_LIMIT)
