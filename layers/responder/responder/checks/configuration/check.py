"""Is every function still configured as it was deployed, and as it was yesterday?"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from responder.checks import previous
from responder.checks.base import unread
from responder.checks.configuration.judged import CHAPTER, FunctionAsIs, FunctionBefore, facts, judged
from responder.checks.configuration.judged import RESERVED as FIELD
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckSection, CheckStatus
from responder.core.context import Context
from responder.core.errors import AwsError, BadEvent
from responder.core.permissions import (
    CREATE_FUNCTION,
    INCIDENTS_TABLE,
    RESULT_FUNCTION,
    ROLLOUT_FUNCTIONS,
    Permission,
)
from responder.core.text import text
from responder.evidence.functions import deployed
from responder.store import Incidents

_FUNCTIONS = (CREATE_FUNCTION, RESULT_FUNCTION, *ROLLOUT_FUNCTIONS)


@dataclass(frozen=True, slots=True)
class ConfigurationCheck:
    """Time-out, memory, reserved concurrency, VPC, logging, runtime, handler, layers and the like of each.

    Names of variables are compared, never their values.
    """

    name: str = "configuration"

    def needs(self) -> tuple[Permission, ...]:
        """Two reads of each function, our own record, and yesterday's report."""
        return (
            *(Permission("lambda:GetFunctionConfiguration", each) for each in _FUNCTIONS),
            *(Permission("lambda:GetFunctionConcurrency", each) for each in _FUNCTIONS),
            Permission("dynamodb:Query", INCIDENTS_TABLE),
            *previous.needs(),
        )

    def run(self, context: Context) -> CheckSection:
        """What cannot be read of one function hides no other. Readiness tells of a function that is gone."""
        settings = context.settings
        try:
            wanted = deployed(settings)
        except BadEvent:
            said = text("check.configuration.unreadable")
            return CheckSection(
                self.name, (CheckItem(Checked.CONFIGURATION.of(), CheckStatus.UNKNOWN, said, (), CHAPTER),)
            )
        names = tuple(dict.fromkeys((*settings.functions, *settings.rollout_functions)))
        with ThreadPoolExecutor(len(names)) as pool:
            found = dict(zip(names, pool.map(lambda name: _read(context, name), names), strict=True))
        now = {name: each for name, each in found.items() if isinstance(each, FunctionAsIs)}
        before, trouble = self._before(context, now)
        items = (*judged(now, wanted, before, settings), *_unread(found), *trouble)
        return CheckSection(self.name, items, facts={name: each.facts for name, each in now.items()})

    def _before(
        self, context: Context, now: Mapping[str, FunctionAsIs]
    ) -> tuple[FunctionBefore, tuple[CheckItem, ...]]:
        """The last report's facts; where a function is switched off, those of the days before it as well."""
        ours = _ours(context)
        filed = previous.filed_days(context)
        if isinstance(filed, AwsError):
            return FunctionBefore(ours=ours, unread=True), (
                unread(Checked.CONFIGURATION_BEFORE.of(), text("check.configuration.before"), filed, CHAPTER),
            )
        off = [name for name, each in now.items() if each.facts.get(FIELD) == "0"]
        last: FunctionBefore | None = None
        reserved: dict[str, str] = {}
        for day in filed:
            report = previous.read(context, day)
            if isinstance(report, AwsError):
                trouble = unread(
                    Checked.CONFIGURATION_BEFORE.of(), text("check.configuration.before"), report, CHAPTER
                )
                return FunctionBefore(ours=ours, unread=True), (trouble,)
            kept = report.facts(self.name)
            last = last or (FunctionBefore(day, kept, ours=ours) if kept else None)
            for name in off:
                value = kept.get(name, {}).get(FIELD, "0")
                if value != "0":
                    reserved.setdefault(name, value)
            if last and reserved.keys() >= set(off):
                break
        return (last or FunctionBefore(ours=ours)).with_reserved(reserved), ()


def _read(context: Context, name: str) -> FunctionAsIs | AwsError:
    try:
        answer = context.aws.call("lambda", "get_function_configuration", FunctionName=name)
    except AwsError as error:
        return error
    try:
        limit = context.aws.call("lambda", "get_function_concurrency", FunctionName=name)
    except AwsError as error:
        return FunctionAsIs(facts(name, answer, None), error)
    return FunctionAsIs(facts(name, answer, limit), None)


def _unread(found: Mapping[str, FunctionAsIs | AwsError]) -> Iterable[CheckItem]:
    """One line for all reservations that could not be read, and one where no function could be."""
    refused = {
        name: each.refused for name, each in found.items() if isinstance(each, FunctionAsIs) and each.refused
    }
    for error in list(refused.values())[:1]:
        what = text("check.configuration.reserved_of", functions=", ".join(refused))
        yield unread(Checked.RESERVED.of(), what, error, CHAPTER)
    errors = [each for each in found.values() if isinstance(each, AwsError)]
    if len(errors) == len(found):
        yield unread(Checked.CONFIGURATION.of(), text("check.configuration.part"), errors[0], CHAPTER)


def _ours(context: Context) -> Mapping[str, Mapping[str, str]]:
    """By function, the settings that a remedy of ours has set, with their values. None where unknown: then
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
