"""The functions that remedies change: their state, how long AWS takes updates, and our own SDK."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from responder.checks import commands
from responder.checks.identity import Checked
from responder.checks.model import AMBER, RED, CheckItem, CheckStatus, worst
from responder.core import lambda_runtimes
from responder.core.context import Context
from responder.core.errors import AwsError, Missing
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.evidence.base import reason

SOON_DAYS = 180
# Log alarms came with it; an older one leaves them out of the answer. DurableExecutionName and
# ListAlarmMuteRules came before, with 1.42.60.
OLDEST_SDK = (1, 43, 37)
_PAGE = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"
_CHAPTER = "Lambda関数ヘルスチェック"
_SETTLED = ("Active", "Successful")


def functions(context: Context) -> tuple[CheckItem, ...]:
    """The two liveness functions and those of the rollout."""
    names = tuple(dict.fromkeys((*context.settings.functions, *context.settings.rollout_functions)))

    def ask(name: str) -> Mapping[str, Any] | AwsError:
        try:
            return context.aws.call("lambda", "get_function_configuration", FunctionName=name)
        except AwsError as error:
            return error

    with ThreadPoolExecutor(len(names)) as pool:
        found = dict(zip(names, pool.map(ask, names), strict=True))
    read = {name: each for name, each in found.items() if not isinstance(each, AwsError)}
    lost = {name: each for name, each in found.items() if isinstance(each, AwsError)}
    today = context.now.date()
    used = {name: str(each["Runtime"]) for name, each in read.items() if each.get("Runtime")}
    states = (state(read),) if read else ()
    return (*map(_lost, lost, lost.values()), *states, *updates(used, today), *dated(today))


def state(read: Mapping[str, Mapping[str, Any]]) -> CheckItem:
    """Active, and the last update done. Pure."""
    now = {
        name: (str(each.get("State", "Active")), str(each.get("LastUpdateStatus", "Successful")))
        for name, each in read.items()
    }
    odd = {name: pair for name, pair in now.items() if pair != _SETTLED}
    if not odd:
        return CheckItem(
            Checked.FUNCTION_STATES.of(),
            CheckStatus.GREEN,
            text("check.ready.functions", count=len(now)),
            (),
            _CHAPTER,
        )
    light = worst(*(RED if "Failed" in pair else AMBER for pair in odd.values()))
    details = tuple(
        text("check.ready.function_state", function=name, state=first, update=last)
        for name, (first, last) in odd.items()
    )
    if any("Inactive" in pair for pair in odd.values()):
        details = (*details, text("check.ready.function_idle"))
    return CheckItem(
        Checked.FUNCTION_STATES.of(),
        light,
        text("check.ready.functions_odd", count=len(odd)),
        details,
        _CHAPTER,
    )


def updates(used: Mapping[str, str], today: date) -> tuple[CheckItem, ...]:
    """By function its runtime. The soonest end counts. Pure."""
    if not used:
        return ()
    ends = {runtime: lambda_runtimes.updates_refused_from(runtime) for runtime in used.values()}
    left = {runtime: (end - today).days for runtime, end in ends.items() if end is not None}
    over = tuple(each for runtime in sorted(ends) for each in _unsupported(runtime, used, today))
    details = (*over, *(_until(runtime, used, today) for runtime in sorted(ends)))
    light = worst(*(_light(left.get(runtime)) for runtime in ends), *(AMBER for _ in over))
    this = Checked.RUNTIMES.of()
    if not left:
        unknown = text("check.ready.runtimes_unknown")
        return (CheckItem(this, light, unknown, details, _CHAPTER, link=_PAGE),)
    days = min(left.values())
    said = text("check.ready.updates", count=days) if days > 0 else text("check.ready.updates_refused")
    if over:
        # A message shows only this sentence, so it has to say that the runtime gets no patches any more.
        said = text("check.ready.updates_unsupported", unsupported=over, updates=said)
    # The days that are left are no fact, but which runtimes are used, and whether they are supported.
    facts = (*(f"{name} {runtime}" for name, runtime in sorted(used.items())), f"unsupported {len(over)}")
    numbers = {"days": float(days)}
    return (CheckItem(this, light, said, details, _CHAPTER, "", numbers, _PAGE, facts=facts),)


def _unsupported(runtime: str, used: Mapping[str, str], today: date) -> tuple[Text, ...]:
    """AWS has ended its support: no security patches, no help."""
    end = lambda_runtimes.supported_until(runtime)
    if end is None or today <= end:
        return ()
    names = ", ".join(name for name, each in used.items() if each == runtime)
    return (text("check.ready.unsupported", runtime=runtime, names=names, end=end.isoformat()),)


def dated(today: date) -> tuple[CheckItem, ...]:
    """The table of dates was compared with AWS's page too long ago. Pure."""
    if not lambda_runtimes.table_is_old(today):
        return ()
    days = (today - lambda_runtimes.CHECKED).days
    said = text("check.ready.dates_old", checked=lambda_runtimes.CHECKED.isoformat(), days=days)
    return (
        CheckItem(
            Checked.RUNTIME_DATES.of(), CheckStatus.AMBER, said, numbers={"days": float(days)}, link=_PAGE
        ),
    )


def sdk(version: str, settings: Settings) -> tuple[CheckItem, ...]:
    """The botocore of this runtime, which shares its layer with the functions that act. Pure."""
    oldest = ".".join(map(str, OLDEST_SDK))
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    if found is None:
        return (
            CheckItem(Checked.SDK.of(), CheckStatus.UNKNOWN, text("check.ready.sdk_unknown", oldest=oldest)),
        )
    if tuple(map(int, found.groups())) < OLDEST_SDK:
        said = text("check.ready.sdk_old", version=version, oldest=oldest)
        mend = commands.deploy(settings)
        return (
            CheckItem(
                Checked.SDK.of(),
                CheckStatus.RED,
                said,
                mend.details,
                command=mend.command,
                caution=mend.caution,
            ),
        )
    return (
        CheckItem(
            Checked.SDK.of(), CheckStatus.GREEN, text("check.ready.sdk", version=version, oldest=oldest)
        ),
    )


def _lost(name: str, error: AwsError) -> CheckItem:
    light = CheckStatus.RED if isinstance(error, Missing) else CheckStatus.UNKNOWN
    return CheckItem(
        Checked.FUNCTION_READ.of(name),
        light,
        text("check.ready.function_unread", function=name, reason=reason(error)),
        (),
        _CHAPTER,
    )


def _light(days: int | None) -> CheckStatus:
    if days is None:
        return CheckStatus.UNKNOWN
    return CheckStatus.RED if days <= 0 else CheckStatus.AMBER if days <= SOON_DAYS else CheckStatus.GREEN


def _until(runtime: str, used: Mapping[str, str], today: date) -> Text:
    names = ", ".join(name for name, each in used.items() if each == runtime)
    end = lambda_runtimes.updates_refused_from(runtime)
    if end is None:
        return text("check.ready.runtime_unknown", runtime=runtime, names=names)
    days = (end - today).days
    if days <= 0:
        return text("check.ready.runtime_over", runtime=runtime, names=names, end=end.isoformat())
    return text("check.ready.runtime", runtime=runtime, names=names, end=end.isoformat(), count=days)
