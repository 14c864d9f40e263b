"""What remedies change or rely on: the functions and our own SDK, the sessions table, the service's stack."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from responder.checks import commands
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, Checked, CheckItem, CheckStatus, worst
from responder.checks.storage.table import billing
from responder.core import lambda_runtimes
from responder.core.change import Ledger, Plan
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.plain_data import Data, Json
from responder.core.remedy import RemedyName
from responder.core.settings import Settings
from responder.core.text import Text, Texts, text
from responder.evidence.base import reason, side_by_side
from responder.guards import SWITCH_LIMIT, Purpose, Question, switches_left

SOON_DAYS = 180
# Log alarms came with it; an older one leaves them out of the answer. DurableExecutionName and
# ListAlarmMuteRules came before, with 1.42.60.
OLDEST_SDK = (1, 43, 37)
_PAGE = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"
_CHAPTER = "Lambda関数ヘルスチェック"
_SETTLED = ("Active", "Successful")
_TABLE_CHAPTER = "DynamoDBテーブル確認"
_DAY = timedelta(hours=24)
_PASSING = frozenset({"UPDATING", "CREATING"})


def functions(context: Context) -> Iterator[CheckItem]:
    """The two liveness functions and those of the rollout."""
    names = dict.fromkeys((*context.settings.functions, *context.settings.rollout_functions))
    ask = partial(context.aws.call, "lambda", "get_function_configuration")
    read, lost = side_by_side({name: partial(ask, FunctionName=name) for name in names})
    for name, error in lost.items():
        said = text("check.ready.function_unread", function=name, reason=reason(error))
        this = Checked.FUNCTION_READ.of(name, chapter=_CHAPTER)
        yield this.item(RED if isinstance(error, Missing) else UNKNOWN, said)
    if read:
        yield _state(read)
    today = context.now.date()
    used = {name: str(each["Runtime"]) for name, each in read.items() if each.get("Runtime")}
    yield from updates(used, today)
    yield from dated(today)


def _state(read: Mapping[str, Data]) -> CheckItem:
    """Active, and the last update done."""
    now = {
        name: (str(each.get("State", "Active")), str(each.get("LastUpdateStatus", "Successful")))
        for name, each in read.items()
    }
    odd = {name: pair for name, pair in now.items() if pair != _SETTLED}
    this = Checked.FUNCTION_STATES.of(chapter=_CHAPTER)
    if not odd:
        return this.green(text("check.ready.functions", count=len(now)))
    details = [
        text("check.ready.function_state", function=name, state=first, update=last)
        for name, (first, last) in odd.items()
    ]
    if any("Inactive" in pair for pair in odd.values()):
        details.append(text("check.ready.function_idle"))
    status = worst(*(RED if "Failed" in pair else AMBER for pair in odd.values()))
    return this.item(status, text("check.ready.functions_odd", count=len(odd)), *details)


def updates(used: Mapping[str, str], today: date) -> Iterator[CheckItem]:
    """The item about the functions' runtimes; the soonest end of support counts. Pure."""
    if not used:
        return
    runtimes = sorted(set(used.values()))
    ends = {runtime: lambda_runtimes.updates_refused_from(runtime) for runtime in runtimes}
    left = {runtime: (end - today).days for runtime, end in ends.items() if end is not None}
    names = {each: ", ".join(name for name, one in used.items() if one == each) for each in runtimes}
    over = tuple(each for runtime in runtimes for each in _unsupported(runtime, names[runtime], today))
    until = tuple(_until(runtime, names[runtime], ends[runtime], today) for runtime in runtimes)
    status = worst(*(_status(left.get(runtime)) for runtime in runtimes), AMBER if over else GREEN)
    this = Checked.RUNTIMES.of(chapter=_CHAPTER)
    if not left:
        yield this.item(status, text("check.ready.runtimes_unknown"), *over, *until, link=_PAGE)
        return
    days = min(left.values())
    said = text("check.ready.updates", count=days) if days > 0 else text("check.ready.updates_refused")
    if over:
        # A message shows only this sentence, so it has to say that the runtime gets no further patches.
        said = text("check.ready.updates_unsupported", unsupported=over, updates=said)
    # The days that are left are no fact, but which runtimes are used, and whether they are supported.
    facts = (*(f"{name} {runtime}" for name, runtime in sorted(used.items())), f"unsupported {len(over)}")
    yield this.item(status, said, *until, numbers={"days": float(days)}, link=_PAGE, facts=facts)


def _unsupported(runtime: str, names: str, today: date) -> Iterator[Text]:
    """AWS has ended the runtime's support: no security patches, no help."""
    end = lambda_runtimes.supported_until(runtime)
    if end is not None and today > end:
        yield text("check.ready.unsupported", runtime=runtime, names=names, end=end.isoformat())


def _status(days: int | None) -> CheckStatus:
    if days is None:
        return UNKNOWN
    return RED if days <= 0 else AMBER if days <= SOON_DAYS else GREEN


def _until(runtime: str, names: str, end: date | None, today: date) -> Text:
    about = {"runtime": runtime, "names": names}
    if end is None:
        return text("check.ready.runtime_unknown", **about)
    days = (end - today).days
    if days <= 0:
        return text("check.ready.runtime_over", end=end.isoformat(), **about)
    return text("check.ready.runtime", end=end.isoformat(), count=days, **about)


def dated(today: date) -> Iterator[CheckItem]:
    """The table of dates was compared with AWS's page too long ago. Pure."""
    if lambda_runtimes.table_is_old(today):
        days = (today - lambda_runtimes.CHECKED).days
        said = text("check.ready.dates_old", checked=lambda_runtimes.CHECKED.isoformat(), days=days)
        this = Checked.RUNTIME_DATES.of()
        yield this.amber(said, numbers={"days": float(days)}, link=_PAGE)


def sdk(version: str, settings: Settings) -> CheckItem:
    """The botocore of this runtime, which shares its layer with the functions that act. Pure."""
    this, oldest = Checked.SDK.of(), ".".join(map(str, OLDEST_SDK))
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    if found is None:
        return this.unknown(text("check.ready.sdk_unknown", oldest=oldest))
    if tuple(map(int, found.groups())) < OLDEST_SDK:
        old = text("check.ready.sdk_old", version=version, oldest=oldest)
        return this.red(old).with_fix(commands.deploy(settings))
    return this.green(text("check.ready.sdk", version=version, oldest=oldest))


def table(context: Context, ledger: Ledger | None) -> Iterator[CheckItem]:
    """`ledger`: None where it could not be read, and then the switches are unknown."""
    name, wanted = context.settings.sessions_table, context.settings.sessions_index
    try:
        found = context.aws.call("dynamodb", "describe_table", TableName=name)["Table"]
    except AwsError as error:
        said = text("check.ready.table_unread", table=name, reason=reason(error))
        status = RED if isinstance(error, Missing) else UNKNOWN
        yield Checked.TABLE_STATE.of(name, chapter=_TABLE_CHAPTER).item(status, said)
        return
    yield table_state(name, found, None if ledger is None else left(name, found, ledger, context.now))
    mode = billing(found, context.settings)
    if mode.light is not GREEN:
        yield mode
    there = tuple(str(each["IndexName"]) for each in found.get("GlobalSecondaryIndexes", []))
    if wanted not in there:
        said = text("check.ready.index_missing", table=name, index=wanted, found=", ".join(there) or "–")
        yield Checked.TABLE_INDEX.of(name, wanted, chapter=_TABLE_CHAPTER).red(said)


def table_state(name: str, found: Json, switches: int | None) -> CheckItem:
    """`switches`: how many are left, None where it is unknown. Pure."""
    indexes = found.get("GlobalSecondaryIndexes", [])
    states = {str(found["TableStatus"]), *(str(each["IndexStatus"]) for each in indexes)} - {"ACTIVE"}
    billing = str(found.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"))
    said = text("check.ready.switches_unknown", limit=SWITCH_LIMIT)
    if switches is not None:
        said = text("check.ready.switches", left=switches, limit=SWITCH_LIMIT)
    details: Texts = (said,)
    if states:
        status = AMBER if states <= _PASSING else RED
        said = text("check.ready.table_odd", table=name, state=", ".join(sorted(states)))
    elif billing != "PAY_PER_REQUEST" and not switches:
        status, details = UNKNOWN if switches is None else AMBER, ()
    else:
        status, said = GREEN, text("check.ready.table", table=name, billing=billing)
    return Checked.TABLE_STATE.of(name, chapter=_TABLE_CHAPTER).item(
        status,
        said,
        *details,
        numbers={} if switches is None else {"switches_left": float(switches)},
        facts=tuple(sorted(states)),
    )


def left(name: str, found: Json, ledger: Ledger, now: datetime) -> int:
    """How many switches of the billing mode are left, by the ledger; a switch within 24 h that is not in it
    was a person's, and counts."""
    question = Question(Purpose.RESPOND, now, RemedyName.ON_DEMAND_BILLING, "", None, ledger, Plan(name, ()))
    switched = found.get("BillingModeSummary", {}).get("LastUpdateToPayPerRequestDateTime")
    theirs = isinstance(switched, datetime) and now - switched < _DAY
    return min(switches_left(question), SWITCH_LIMIT - 1 if theirs else SWITCH_LIMIT)


def service_stack(context: Context) -> Iterator[CheckItem]:
    """The service's own stack, whose updates count as recent changes; nothing where it is there."""
    name = context.settings.service_stack
    this = Checked.SERVICE_STACK.of(name)
    try:
        context.aws.call("cloudformation", "describe_stacks", StackName=name)
    except AwsError as error:
        # CloudFormation has no error code for a stack that does not exist.
        if error.code == "ValidationError":
            yield this.amber(text("check.ready.stack_missing", stack=name))
        else:
            yield this.unknown(text("check.ready.stack_unread", stack=name, reason=reason(error)))
