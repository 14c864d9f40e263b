"""Which change led to failed requests, and what fixes that, besides turning the check off. Pure.

Never a longer time-out: a request that is killed waits for something, and users would only wait longer.
"""

from collections.abc import Mapping
from datetime import timedelta

from responder.causes import ACCESS, policy_changes
from responder.causes.denied import GRANTABLE, other_role
from responder.causes.leading_fault import REKOGNITION_OPERATIONS, STORES, Leading, counted, short_of
from responder.causes.steps import recent_changes, who
from responder.core.cause import Cause
from responder.core.liveness_function import LivenessFunction
from responder.core.modes import Mode
from responder.core.reasons import ExplainedReason
from responder.core.remedy import RemedyName
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.core.verdict import Proposal, Proposals, WrittenChange
from responder.evidence import Facts, policies
from responder.evidence.changes import Affects, Dependency, Modification
from responder.evidence.denied import ACTIONS
from responder.evidence.fault_rate import worst_rate
from responder.evidence.faults import KEY_UNUSABLE, Fault

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
# What can be absent or denied, and the changes that can cause that.
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
# A single throttled call is no reason for a permanent change.
_ENOUGH_THROTTLED = 5
_WRITTEN = frozenset({"PutItem", "GetItem", "UpdateItem", "DeleteItem", "BatchWriteItem"})
_ACTIONS = ACTIONS | {operation: f"dynamodb:{operation}" for operation in _WRITTEN}
# The key's own policy: no statement of the role's policy fixes it.
_NOT_THE_POLICY = frozenset({"KMSAccessDeniedException"})


def blamed(facts: Facts, lead: Leading) -> tuple[Modification, ...]:
    """The changes just before that can cause such a fault, of the functions that fail or of what the failed
    call needs; the latest of each target.

    Requests that mostly failed before the change are not attributed to it.
    """
    wanted = BROUGHT_ABOUT_BY.get(lead.fault, frozenset())
    latest: dict[str, Modification] = {}
    for change in recent_changes(facts):
        if change.affects & wanted and _concerns(facts, lead, change):
            latest.setdefault(change.target, change)

    def mostly_since(change: Modification) -> bool:
        own = change.kind is Dependency.FUNCTION
        mine = [failure for failure in lead.failures if not own or failure.function == change.target]
        return 2 * sum(failure.at >= change.at - TOLERANCE for failure in mine) > len(mine)

    return tuple(filter(mostly_since, latest.values()))


def _concerns(facts: Facts, lead: Leading, change: Modification) -> bool:
    """Whether the failing requests use what was changed. A stack's parts are separate changes."""
    match change.kind:
        case Dependency.FUNCTION:
            # A change of who may call a function does not explain why its own calls are denied.
            return change.target in lead.functions and bool(change.affects & _DEPLOYED)
        case Dependency.ROLE | Dependency.POLICY:
            access = facts.of(ACCESS)
            # A call that the role allows is denied elsewhere.
            return access is None or not access.judged.get(ACTIONS.get(lead.operation, ""))
        case Dependency.TABLE:
            return lead.of_table
        case Dependency.BUCKET:
            return lead.operation in STORES
        case Dependency.KEY:
            return lead.code in KEY_UNUSABLE or lead.code.startswith("KMS")
        case Dependency.STACK:
            return False


def with_change(facts: Facts, cause: ExplainedReason[Cause], why: Text) -> Text:
    """The reason, with the latest change in the hour before the alarm that can have caused it."""
    kinds, affects = MADE_SO_BY.get(cause.kind, (frozenset[Dependency](), Affects.UNKNOWN))
    function = cause.values.get("function", "")
    for change in recent_changes(facts):
        if change.kind in kinds and affects in change.affects and function in ("", change.target):
            at = stamp(change.at)
            return text(
                "why.changed_before", why=why, target=change.target, what=change.what, at=at, who=who(change)
            )
    return why


def alias_rollback(facts: Facts, lead: Leading) -> Proposals:
    """The previous version, for each function that fails since it was changed; a person decides."""
    proposals = []
    for change in blamed(facts, lead):
        role = next(
            (each for each in LivenessFunction if each.deployed_name(facts.settings) == change.target), None
        )
        found = worst_rate(facts, (change.target,)) if change.kind is Dependency.FUNCTION else None
        if found is None or role is None:
            continue
        figures = counted(found)
        why = text(
            "why.alias_rollback",
            target=change.target,
            at=stamp(change.at),
            fault=lead.cause.text,
            **{name: figures[name] for name in ("faulty", "invocations", "minutes")},
        )
        short = short_of(found)
        proposals.append(
            Proposal(RemedyName.ALIAS_ROLLBACK, why, Mode.APPROVE, scope=role, samples_short=short)
        )
    return tuple(proposals)


def written(facts: Facts, lead: Leading) -> Proposals:
    """The change of a permission or a quota that is suggested for the leading fault."""
    found: WrittenChange | None = None
    if lead.fault is Fault.ACCESS_DENIED:
        found = _right(facts, lead)
    elif lead.fault in (Fault.THROTTLING, Fault.QUOTA) and lead.operation in REKOGNITION_OPERATIONS:
        found = (
            policy_changes.quota(facts.settings, lead.operation) if lead.count >= _ENOUGH_THROTTLED else None
        )
    if found is None:
        return ()
    why = text("why.leading", leading=lead.say())
    return (Proposal(RemedyName.PROPOSE_CHANGE, why, Mode.OBSERVE, proposed=(found,)),)


def _right(facts: Facts, lead: Leading) -> WrittenChange | None:
    resource = _resource(lead.operation, facts.settings)
    if not resource or lead.code in _NOT_THE_POLICY or lead.reason not in GRANTABLE:
        return None
    if any(other_role(facts, name) for name in lead.functions):
        return None
    access, action = facts.of(ACCESS), _ACTIONS[lead.operation]
    # What the role's policy allows already is denied elsewhere: by a boundary, a resource's policy, an SCP.
    if access is not None and access.judged.get(action):
        return None
    return policy_changes.role_policy(facts.settings, facts.settings.service_role, (action,), resource)


def _resource(operation: str, settings: Settings) -> str:
    """What an operation needs a right on, no more than the service uses; "" for one that we do not know. Of a
    table only the name counts (`policy_changes.narrow`)."""
    if operation in REKOGNITION_OPERATIONS:
        # Face Liveness knows no resources (service authorization reference).
        return "*"
    if operation in _WRITTEN:
        return f":table/{settings.sessions_table}"
    if operation == "Query":
        return f":table/{settings.sessions_table}/index/*"
    return policies.objects(settings) if operation in ("PutObject", "GetObject") else ""
