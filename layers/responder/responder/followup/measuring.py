"""What CloudWatch counted around an applied remedy: before it, and since it took effect, up to the minutes
whose metrics may still be on the way."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from responder.core.assessment import MeasuredEffect, RequestCount
from responder.core.change import Lease
from responder.core.context import Context
from responder.core.remedy import HelpMeasure
from responder.core.series import SeriesByName
from responder.core.text import Strings
from responder.evidence import metrics
from responder.evidence.invocations import delivered
from responder.evidence.metrics import Metric
from responder.evidence.table import THROTTLES
from responder.followup_rules import FollowUpMemory
from responder.followup_rules.assessing import SETTLING, assessable, confirmed

# How bad it was before is the worst of these windows that holds enough.
_BEFORE = tuple(timedelta(minutes=each) for each in (5, 15, 60))
_OWN_FAULTS = ("VerificationError", "SessionCreationError")
# Of this stack's metric filters.
_SURE_FAULTS = "SureFaults"


def measured(
    context: Context, leases: Iterable[Lease], memory: FollowUpMemory, window: timedelta
) -> dict[str, MeasuredEffect]:
    """What CloudWatch counted around each act that can be judged now, read in one request, by act. `window`:
    how far back the alarm looks. Raises our errors."""
    asked = [each for each in leases if assessable(each, context.now, memory, window)]
    if not asked:
        return {}
    wanted = {key: one for each in asked for key, one in _asked(context, each).items()}
    start = min(each.at for each in asked) - max(_BEFORE)
    found = metrics.read(context, wanted, start.replace(second=0, microsecond=0), context.now)
    return {each.act: _effect(context, each, confirmed(each, memory), found) for each in asked}


def _asked(context: Context, lease: Lease) -> dict[str, Metric]:
    settings = context.settings
    found = {
        f"{metric} {name}": metrics.of_function(metric, "Sum", name)
        for metric in ("Invocations", "Errors")
        for name in settings.functions
    }
    found |= {name: Metric(settings.namespace, name, "Sum") for name in _OWN_FAULTS}
    if lease.spec.in_steps:
        found[_SURE_FAULTS] = Metric(f"LivenessResponder/{settings.stack}", _SURE_FAULTS, "Sum")
    match lease.spec.proof:
        case HelpMeasure.COLD_STARTS:
            for target in _targets(lease):
                where = (("FunctionName", target.partition(":")[0]), ("Resource", target))
                found[f"cold {target}"] = Metric(
                    "AWS/Lambda", "ProvisionedConcurrencySpilloverInvocations", "Sum", where
                )
                found[f"runs {target}"] = Metric("AWS/Lambda", "Invocations", "Sum", where)
        case HelpMeasure.THROTTLES:
            for part in _parts(lease):
                index = (("GlobalSecondaryIndexName", part),) if part else ()
                for name in THROTTLES:
                    where = (("TableName", lease.scope), *index)
                    found[f"{name} {part}"] = Metric("AWS/DynamoDB", name, "Sum", where)
        case HelpMeasure.LOW_SCORES:
            names = ("SuccessCount", "FailureCount")
            found |= {each: Metric(settings.namespace, each, "Sum") for each in names}
    return found


def _effect(context: Context, lease: Lease, since: datetime, found: SeriesByName) -> MeasuredEffect:
    start, end = since + SETTLING, delivered(context.now)
    faults_before = _faults_before(context, lease, found)
    faults_after = _count(context, lease, HelpMeasure.FAULTS, found, start, end)
    proof = lease.spec.proof
    before = _before(context, lease, proof, found)
    after = _count(context, lease, proof, found, start, end)
    if not lease.spec.in_steps:
        return MeasuredEffect(before, after, faults_before, faults_after)
    sure_before = _total([_SURE_FAULTS], found, lease.at - max(_BEFORE), lease.at)
    sure_after = _total([_SURE_FAULTS], found, start, end)
    return MeasuredEffect(before, after, faults_before, faults_after, round(sure_before), round(sure_after))


def _before(context: Context, lease: Lease, measure: HelpMeasure, found: SeriesByName) -> RequestCount:
    every = [_count(context, lease, measure, found, lease.at - each, lease.at) for each in _BEFORE]
    enough = [each for each in every if each.enough]
    return max(enough, key=lambda each: each.bad / each.total) if enough else every[-1]


def _faults_before(context: Context, lease: Lease, found: SeriesByName) -> RequestCount:
    """A fault that has just begun must not be blamed on the remedy that followed it. So the share of failed
    requests is also counted from the first failed one of the last 15 minutes on, and the higher share is
    returned. Where that count holds too few requests, it is returned itself: it proves nothing."""
    recent = lease.at - _BEFORE[1]
    failed = [
        at
        for key in (*_OWN_FAULTS, *(f"Errors {name}" for name in context.settings.functions))
        for at, value in found[key].between(recent, lease.at).points
        if value
    ]
    worst = _before(context, lease, HelpMeasure.FAULTS, found)
    if not failed:
        return worst
    begun = _count(context, lease, HelpMeasure.FAULTS, found, min(failed), lease.at)
    return worst if begun.enough and worst.bad * begun.total > begun.bad * worst.total else begun


def _count(  # noqa: PLR0913  what is counted, and in which window
    context: Context, lease: Lease, measure: HelpMeasure, found: SeriesByName, start: datetime, end: datetime
) -> RequestCount:
    total = partial(_total, found=found, start=start, end=end)
    runs = [f"Invocations {name}" for name in context.settings.functions]
    match measure:
        case HelpMeasure.COLD_STARTS:
            bad, whole = (total(f"{kind} {each}" for each in _targets(lease)) for kind in ("cold", "runs"))
        case HelpMeasure.THROTTLES:
            bad, whole = total(f"{name} {part}" for name in THROTTLES for part in _parts(lease)), total(runs)
        case HelpMeasure.LOW_SCORES:
            bad, whole = total(["FailureCount"]), total(["FailureCount", "SuccessCount"])
        case _:
            died = total(f"Errors {name}" for name in context.settings.functions)
            # A request that died and one that said so are both faults; one that did both counts as one.
            bad, whole = max(died, total(_OWN_FAULTS)), total(runs)
    return RequestCount(round(bad), round(whole))


def _total(keys: Iterable[str], found: SeriesByName, start: datetime, end: datetime) -> float:
    """In whole minutes of the window."""
    first = start.replace(second=0, microsecond=0)
    return sum(found[key].between(first, end).total for key in keys)


def _parts(lease: Lease) -> Strings:
    """The table, called "", and its indexes."""
    return ("", *lease.snapshot.get("indexes", ()))


def _targets(lease: Lease) -> Strings:
    return tuple(dict.fromkeys(each.target for each in lease.changes))
