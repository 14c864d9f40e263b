"""Is every function still configured as it was deployed, and as it was last accepted?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from responder.checks import previous
from responder.checks.base import attempted
from responder.checks.configuration.judged import (
    CHAPTER,
    RESERVED,
    Facts,
    FunctionAsIs,
    FunctionBefore,
    facts,
    judged,
    known,
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
from responder.evidence.configuration import deployed, moment
from responder.store import Incidents

_FUNCTIONS = (permissions.CREATE_FUNCTION, permissions.RESULT_FUNCTION, *permissions.ROLLOUT_FUNCTIONS)
_DEPLOYED = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
# CloudFormation notes a resource as updated once Lambda has finished, which takes minutes in a VPC. A change
# after that, or long before it, came from elsewhere.
_UPDATE = timedelta(minutes=15)
_SLACK = timedelta(minutes=1)
_THIS = Checked.CONFIGURATION.of(chapter=CHAPTER)


@frozen
class ConfigurationCheck:
    """Time-out, memory, reserved concurrency, VPC, logging, runtime, handler, code and the like of each.

    Of variables the names are compared, and the values of the threshold and of the rollout, as numbers.
    """

    name: str = "configuration"

    def needs(self) -> Permissions:
        """Two reads of each function, our own record, and yesterday's report."""
        return (
            *(Permission("lambda:GetFunctionConfiguration", each) for each in _FUNCTIONS),
            *(Permission("lambda:GetFunctionConcurrency", each) for each in _FUNCTIONS),
            Permission("cloudformation:ListStackResources", permissions.SERVICE_STACK),
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
        deployments = attempted(_deployments, context)
        made = {} if isinstance(deployments, AwsError) else deployments
        now = {name: _with_origin(each, made.get(name)) for name, each in now.items()}
        off = {name for name, each in now.items() if each.facts.get(RESERVED) == "0"}
        ours, lines = _ours(context), list(_unread(now, lost))
        if isinstance(deployments, AwsError):
            this = Checked.CONFIGURATION_DEPLOYED.of(chapter=CHAPTER)
            lines.append(this.unread(text("check.configuration.deployments"), deployments))
        before = self._before(context, off)
        if isinstance(before, AwsError):
            this = Checked.CONFIGURATION_BEFORE.of(chapter=CHAPTER)
            lines.append(this.unread(text("check.configuration.before"), before))
            before = FunctionBefore(unread=True)
        items = (*judged(now, wanted, replace(before, ours=ours), settings), *lines)
        return CheckSection(self.name, items, facts=_known(names, now, before))

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


def _with_origin(found: FunctionAsIs, updated: datetime | None) -> FunctionAsIs:
    """`updated`: when CloudFormation last updated the function; None where it never did."""
    by_stack = updated is not None and updated - _UPDATE <= found.modified <= updated + _SLACK
    return replace(found, by_stack=by_stack)


def _known(
    names: Iterable[str], now: Mapping[str, FunctionAsIs], before: FunctionBefore
) -> Mapping[str, Facts]:
    """What the next report is compared with. Where the earlier reports could not be read, nothing: the next
    one is compared with those."""
    if before.unread:
        return {}
    found: dict[str, Facts] = {}
    for name in names:
        last, each = before.facts.get(name, {}), now.get(name)
        if each is not None:
            found[name] = known(each.facts, last, before.day, by_stack=each.by_stack)
        elif last:
            found[name] = known({}, last, before.day, by_stack=False)
    return found


def _read(context: Context, name: str) -> FunctionAsIs:
    settings = context.settings
    answer = context.aws.call("lambda", "get_function_configuration", FunctionName=name)
    modified = moment(answer.get("LastModified"))
    try:
        limit = context.aws.call("lambda", "get_function_concurrency", FunctionName=name)
    except AwsError as error:
        return FunctionAsIs(facts(name, answer, None, settings), error, modified)
    return FunctionAsIs(facts(name, answer, limit, settings), None, modified)


def _deployments(context: Context) -> dict[str, datetime]:
    """By function of the service's stack, when CloudFormation last created or updated it. Empty where there
    is no such stack."""
    name = context.settings.service_stack
    try:
        pages = context.aws.pages("cloudformation", "list_stack_resources", StackName=name)
        rows = [row for page in pages for row in page["StackResourceSummaries"]]
    except AwsError as error:
        # CloudFormation has no error code for a stack that does not exist.
        if error.code == "ValidationError":
            return {}
        raise
    return {
        str(row.get("PhysicalResourceId")): row["LastUpdatedTimestamp"]
        for row in rows
        if row.get("ResourceType") == "AWS::Lambda::Function" and row["ResourceStatus"] in _DEPLOYED
    }


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
