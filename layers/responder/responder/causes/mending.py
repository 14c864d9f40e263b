"""What mends the cause of failed requests, beside switching the check off. Pure."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from responder.causes.leading_fault import STORES, Leading, short_of
from responder.causes.looks import ACCESS
from responder.causes.steps import recent_changes, who
from responder.core.cause import Cause
from responder.core.liveness_function import LivenessFunction
from responder.core.modes import Mode
from responder.core.reasons import ExplainedReason
from responder.core.remedy import RemedyName
from responder.core.text import Text, text
from responder.core.verdict import Proposal
from responder.evidence import Facts
from responder.evidence.base import stamp
from responder.evidence.changes import Affects, Dependency, Modification
from responder.evidence.codes import KEY_UNUSABLE
from responder.evidence.denial import ACTIONS
from responder.evidence.fault_rate import worst_rate
from responder.evidence.faults import Fault

type Mend = Callable[[Facts, Leading], tuple[Proposal, ...]]

# What a change has to affect to bring a fault about. What has no row here is blamed on no change.
_DEPLOYED = frozenset({Affects.CODE, Affects.CONFIGURATION})
BROUGHT_ABOUT_BY: Mapping[Fault, frozenset[Affects]] = {
    Fault.IMPORT_ERROR: _DEPLOYED,
    Fault.UNEXPECTED: _DEPLOYED,
    Fault.MEMORY: _DEPLOYED,
    Fault.VALIDATION: _DEPLOYED | {Affects.RESOURCE},
    Fault.REFUSED: _DEPLOYED | {Affects.RESOURCE},
    Fault.CLIENT_SETUP: _DEPLOYED,
    Fault.VARIABLE: _DEPLOYED,
    Fault.CONFIGURATION: _DEPLOYED | {Affects.RESOURCE},
    Fault.ACCESS_DENIED: frozenset({Affects.RIGHTS}),
}
# What is absent or denies, and the changes that make it so.
_TABLE = (frozenset({Dependency.TABLE}), Affects.RESOURCE)
_RIGHTS = (frozenset({Dependency.ROLE, Dependency.POLICY}), Affects.RIGHTS)
MADE_SO_BY: Mapping[Cause, tuple[frozenset[Dependency], Affects]] = {
    Cause.TABLE_ABSENT: _TABLE,
    Cause.TABLE_UNUSABLE: _TABLE,
    Cause.INDEX_ABSENT: _TABLE,
    Cause.INDEX_UNUSABLE: _TABLE,
    Cause.BUCKET_ABSENT: (frozenset({Dependency.BUCKET}), Affects.RESOURCE),
    Cause.OBJECT_ABSENT: (frozenset({Dependency.BUCKET}), Affects.DATA),
    Cause.KEY_UNUSABLE: (frozenset({Dependency.KEY}), Affects.RESOURCE),
    Cause.PERMISSION_ABSENT: _RIGHTS,
    Cause.POLICY_ABSENT: _RIGHTS,
    Cause.ROLE_ABSENT: _RIGHTS,
    Cause.ENVIRONMENT: (frozenset({Dependency.FUNCTION}), Affects.CONFIGURATION),
    Cause.DENIED_ROLE: _RIGHTS,
    Cause.DENIED_BY_ROLE: _RIGHTS,
    Cause.DENIED_BUCKET_POLICY: (frozenset({Dependency.BUCKET}), Affects.RIGHTS),
    Cause.DENIED_KEY: (frozenset({Dependency.KEY}), Affects.RIGHTS),
}
# Lambda's and the log's clocks differ, and a deployment takes minutes.
TOLERANCE = timedelta(minutes=15)


def blamed(facts: Facts, lead: Leading) -> tuple[Modification, ...]:
    """The changes just before that can cause such a fault, of the functions that fail or of what the failed
    call needs; the latest of each target.

    What mostly failed before the change already is not its doing.
    """
    wanted = BROUGHT_ABOUT_BY.get(lead.fault, frozenset())
    latest: dict[str, Modification] = {}
    for change in recent_changes(facts):
        if change.affects & wanted and _concerns(facts, lead, change):
            latest.setdefault(change.target, change)
    return tuple(change for change in latest.values() if _since(lead, change))


def with_change(facts: Facts, cause: ExplainedReason[Cause], why: Text) -> Text:
    """The reason, with the latest change in the hour before the alarm that can have made it so."""
    kinds, affects = MADE_SO_BY.get(cause.kind, (frozenset[Dependency](), Affects.UNKNOWN))
    function = cause.values.get("function", "")
    for change in recent_changes(facts):
        if change.kind in kinds and affects in change.affects and function in ("", change.target):
            at = stamp(change.at)
            return text(
                "why.changed_before", why=why, target=change.target, what=change.what, at=at, who=who(change)
            )
    return why


def _concerns(facts: Facts, lead: Leading, change: Modification) -> bool:
    """What was changed is used by the requests that fail. A stack's parts are changes of their own."""
    match change.kind:
        case Dependency.FUNCTION:
            # Who may call a function is not what its own calls are denied over.
            return change.target in lead.functions and bool(change.affects & _DEPLOYED)
        case Dependency.ROLE | Dependency.POLICY:
            access = facts.of(ACCESS)
            # What the role allows already is denied elsewhere.
            return access is None or not access.judged.get(ACTIONS.get(lead.operation, ""))
        case Dependency.TABLE:
            return lead.of_table
        case Dependency.BUCKET:
            return lead.operation in STORES
        case Dependency.KEY:
            return lead.code in KEY_UNUSABLE or lead.code.startswith("KMS")
        case Dependency.STACK:
            return False


def alias_rollback(facts: Facts, lead: Leading) -> tuple[Proposal, ...]:
    """The previous version, for each function that fails since it was changed; a person decides."""
    changed = (each for each in blamed(facts, lead) if each.kind is Dependency.FUNCTION)
    proposals = (_rolled_back(facts, lead, change) for change in changed)
    return tuple(each for each in proposals if each is not None)


def _since(lead: Leading, change: Modification) -> bool:
    own = change.kind is Dependency.FUNCTION
    mine = [failure for failure in lead.failures if not own or failure.function == change.target]
    return 2 * sum(failure.at >= change.at - TOLERANCE for failure in mine) > len(mine)


def _rolled_back(facts: Facts, lead: Leading, change: Modification) -> Proposal | None:
    found = worst_rate(facts, (change.target,))
    which = next((each for each in LivenessFunction if each.function(facts.settings) == change.target), None)
    if found is None or which is None:
        return None
    why = text(
        "why.alias_rollback",
        target=change.target,
        at=stamp(change.at),
        fault=lead.cause.text,
        faulty=found.faulty,
        invocations=found.invocations,
        minutes=found.minutes,
    )
    return Proposal(RemedyName.ALIAS_ROLLBACK, why, Mode.APPROVE, scope=which, samples_short=short_of(found))
