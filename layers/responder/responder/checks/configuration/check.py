"""Is every function still configured as it was deployed, and as it was yesterday?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from responder.checks import previous
from responder.checks.configuration.judged import (
    CHAPTER,
    RESERVED,
    Facts,
    FunctionAsIs,
    FunctionBefore,
    facts,
    judged,
)
from responder.checks.finding import Checked, CheckItem
from responder.checks.model import CheckSection
from responder.core import permissions
from responder.core.context import Context
from responder.core.errors import AwsError, BadEvent
from responder.core.frozen import frozen
from responder.core.permissions import Permission, Permissions
from responder.core.text import text
from responder.evidence.base import side_by_side
from responder.evidence.configuration import deployed
from responder.store import Incidents

_FUNCTIONS = (permissions.CREATE_FUNCTION, permissions.RESULT_FUNCTION, *permissions.ROLLOUT_FUNCTIONS)
_THIS = Checked.CONFIGURATION.of(chapter=CHAPTER)


@frozen
class ConfigurationCheck:
    """Time-out, memory, reserved concurrency, VPC, logging, runtime, handler, layers and the like of each.

    Names of variables are compared, never their values.
    """

    name: str = "configuration"

    def needs(self) -> Permissions:
        """Two reads of each function, our own record, and yesterday's report."""
        return (
            *(Permission("lambda:GetFunctionConfiguration", each) for each in _FUNCTIONS),
            *(Permission("lambda:GetFunctionConcurrency", each) for each in _FUNCTIONS),
            Permission("dynamodb:Query", permissions.INCIDENTS_TABLE),
            *previous.needs(),
        )

    def run(self, context: Context) -> CheckSection:
        """What cannot be read of one function hides no other. Readiness reports a function that is gone."""
        settings = context.settings
        try:
            wanted = deployed(settings)
        except BadEvent:
            return CheckSection(self.name, (_THIS.unknown(text("check.configuration.unreadable")),))
        names = dict.fromkeys((*settings.functions, *settings.rollout_functions))
        now, lost = side_by_side({name: partial(_read, context, name) for name in names})
        off = {name for name, each in now.items() if each.facts.get(RESERVED) == "0"}
        ours, lines = _ours(context), list(_unread(now, lost))
        before = self._before(context, off)
        if isinstance(before, AwsError):
            this = Checked.CONFIGURATION_BEFORE.of(chapter=CHAPTER)
            lines.append(this.unread(text("check.configuration.before"), before))
            before = FunctionBefore(unread=True)
        items = (*judged(now, wanted, replace(before, ours=ours), settings), *lines)
        return CheckSection(self.name, items, facts={name: each.facts for name, each in now.items()})

    def _before(self, context: Context, off: set[str]) -> FunctionBefore | AwsError:
        """The last report's facts; of functions that are switched off, also those of the days before it."""
        filed = previous.filed_days(context)
        if isinstance(filed, AwsError):
            return filed
        last: FunctionBefore | None = None
        reserved: dict[str, str] = {}
        for day in filed:
            report = previous.read(context, day)
            if isinstance(report, AwsError):
                return report
            kept = report.facts(self.name)
            last = last or (FunctionBefore(day, kept) if kept else None)
            for name in off:
                value = kept.get(name, {}).get(RESERVED, "0")
                if value != "0":
                    reserved.setdefault(name, value)
            if last and reserved.keys() >= off:
                break
        return replace(last or FunctionBefore(), reserved=reserved)


def _read(context: Context, name: str) -> FunctionAsIs:
    answer = context.aws.call("lambda", "get_function_configuration", FunctionName=name)
    try:
        limit = context.aws.call("lambda", "get_function_concurrency", FunctionName=name)
    except AwsError as error:
        return FunctionAsIs(facts(name, answer, None), error)
    return FunctionAsIs(facts(name, answer, limit))


def _unread(now: Mapping[str, FunctionAsIs], lost: Mapping[str, AwsError]) -> Iterator[CheckItem]:
    """One line for all reservations that could not be read, and one where no function could be."""
    refused = {name: each.refused for name, each in now.items() if each.refused}
    for error in list(refused.values())[:1]:
        what = text("check.configuration.reserved_of", functions=", ".join(refused))
        yield Checked.RESERVED.of(chapter=CHAPTER).unread(what, error)
    if not now:
        yield _THIS.unread(text("check.configuration.part"), next(iter(lost.values())))


def _ours(context: Context) -> Mapping[str, Facts]:
    """By function, the settings that a remedy has set, with their values. None where unknown: then
    our own change is reported like any other."""
    try:
        known = Incidents(context.aws, context.settings.incidents_table).ledger()
    except AwsError:
        return {}
    found: dict[str, dict[str, str]] = {}
    for lease in known.leases:
        for change in lease.changes if lease.open else ():
            if change.status.in_effect or change.status.made:
                found.setdefault(change.target, {})[change.setting] = change.after
    return found
