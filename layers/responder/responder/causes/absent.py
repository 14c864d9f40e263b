"""What the service needs and lacks, or cannot use, if requests fail because of it. Pure.

Each look below compares what was read with the requests that failed: the operation or the code of a failure
has to fit what is absent. What could not be read is never called absent.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator

from responder.causes import ACCESS, BUCKET, HOUR, INVOCATIONS, TABLE, policy_changes
from responder.causes.denied import other_role
from responder.causes.leading_fault import STORES, TABLE_OPERATIONS, Leading, failed, unlogged
from responder.core.cause import Cause
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.modes import Mode
from responder.core.reasons import ExplainedReason
from responder.core.remedy import RemedyName
from responder.core.text import Strings, Text, text
from responder.core.verdict import Proposal, Proposals
from responder.evidence import Facts, policies
from responder.evidence.access import Gone
from responder.evidence.configuration import BUCKET as BUCKET_VARIABLE
from responder.evidence.configuration import TABLE as TABLE_VARIABLE
from responder.evidence.configuration import Config, FunctionState, reads
from responder.evidence.denied import ACTIONS
from responder.evidence.faults import KEY_UNUSABLE, OBJECT_ABSENT, DenyingPolicy, FailedRequest, Fault

# The table answers requests while it, or its index, is being changed (DynamoDB, TableStatus).
_KEY_LOST = "INACCESSIBLE_ENCRYPTION_CREDENTIALS"
# The ways in which code fails without a value that it expects.
_WITHOUT_A_VALUE = frozenset({Fault.UNEXPECTED, Fault.OTHER})
_NAMES_A_KEY = frozenset({"KeyError", "IndexError", "NameError"})
# AWS's policies that allow nothing of what the service does (AWS managed policy reference).
_GRANT_NOTHING = frozenset(
    {
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
        "AWSXRayDaemonWriteAccess",
        "CloudWatchLambdaInsightsExecutionRolePolicy",
    }
)
_REFUSED = frozenset({Fault.CONFIGURATION, Fault.ACCESS_DENIED, Fault.VALIDATION, Fault.REFUSED})
type Explains = Callable[[FailedRequest], bool]
# A cause, and which failed requests it explains.
type Explained = tuple[ExplainedReason[Cause], Explains]


@frozen
class Absence:
    """Something that the service needs and that is absent.

    Attributes:
        count: the requests of the last hour that failed over it.
        explains: whether one failed request is of them.
        function: whose configuration lacks it; "" for anything else.
    """

    cause: ExplainedReason[Cause]
    count: int
    explains: Explains
    why: Text | None = None
    proposals: Proposals = ()
    function: str = ""

    def leads(self, lead: Leading | None) -> bool:
        """It explains the leading fault, or more requests failed because of it than with that fault."""
        return lead is None or self.count > lead.count or self.covers(lead)

    def covers(self, lead: Leading) -> bool:
        """Most of these requests failed because of it."""
        return explained(lead, (self,))


def lacks(facts: Facts, functions: Strings) -> tuple[Absence, ...]:
    """What is absent and makes requests of these functions fail; the one with the most failed requests
    first."""
    failures = failed(facts, functions, frozenset(Fault))
    found = [*_rights(facts, failures), *_environment(facts, functions, failures)]
    for cause, explains in (*_table(facts), *_bucket(facts), *_keys(facts)):
        count = sum(map(explains, failures))
        found += [Absence(cause, count, explains)] if count else []
    return tuple(sorted(found, key=lambda each: -each.count))


def explained(lead: Leading, absent: tuple[Absence, ...]) -> bool:
    """Most of these requests failed because something is absent."""
    return 2 * sum(any(lack.explains(each) for lack in absent) for each in lead.failures) > lead.count


def foremost(absent: tuple[Absence, ...], lead: Leading | None) -> Absence | None:
    """The absent thing that explains the leading fault, alone or as the first of several that do so
    together."""
    first = next((each for each in absent if each.leads(lead)), None)
    if first is None and lead is not None and explained(lead, absent):
        return absent[0]
    return first


# --- variables ---


def _environment(facts: Facts, functions: Strings, failures: list[FailedRequest]) -> Iterator[Absence]:
    for name in functions:
        state = _state(facts, name)
        if state is None or not (differing := _differing(facts, state)):
            continue

        def explains(failure: FailedRequest, state: FunctionState = state) -> bool:
            return failure.function == state.name and _of_variables(facts, failure, state)

        count = sum(map(explains, failures))
        if count or (_read(facts, state, state.expected_missing) and _silent(facts, name)):
            variables = ", ".join(differing)
            why = text("why.environment", variables=variables)
            role = next(each for each in LivenessFunction if each.deployed_name(facts.settings) == name)
            repair = Proposal(RemedyName.REPAIR_ENVIRONMENT, why, Mode.APPROVE, scope=role)
            cause = Cause.ENVIRONMENT(function=name, variables=variables)
            yield Absence(cause, count, explains, why, (repair,), name)


def _state(facts: Facts, function: str) -> FunctionState | None:
    found = facts.of(Config())
    return found.functions.get(function) if found else None


def _differing(facts: Facts, state: FunctionState) -> Strings:
    return _read(facts, state, (*state.expected_missing, *state.expected_wrong))


def _read(facts: Facts, state: FunctionState, variables: Strings) -> Strings:
    """The variables that the function's code reads; a variable that it does not read breaks nothing."""
    return tuple(each for each in variables if reads(facts.settings, state.name, each))


def _of_variables(facts: Facts, failure: FailedRequest, state: FunctionState) -> bool:
    """The request may have failed because a variable of its function is missing or wrong."""
    differing = _differing(facts, state)
    if failure.fault is Fault.VARIABLE:
        # The threshold is the only variable that the code converts to a number.
        return (failure.variable or facts.settings.threshold_variable) in differing
    if not failure.operation and failure.fault is Fault.VALIDATION:
        return bool(differing)
    if not failure.operation and failure.fault in _WITHOUT_A_VALUE:
        # A wrong value is refused by the service that receives it, and a KeyError names the missing variable.
        return failure.code not in _NAMES_A_KEY and bool(_read(facts, state, state.expected_missing))
    if failure.fault not in _REFUSED:
        return False
    if failure.operation in TABLE_OPERATIONS:
        return TABLE_VARIABLE in differing
    return failure.operation in STORES and BUCKET_VARIABLE in differing


def _silent(facts: Facts, function: str) -> bool:
    """Invocations of the function end in an error and leave no line, as far as its log could be read."""
    found = unlogged(facts, (function,))
    if found is not None:
        return bool(found)
    traffic = facts.of(INVOCATIONS)
    mine = traffic.functions.get(function) if traffic else None
    return mine is not None and mine.errors.since(facts.now - HOUR).total > 0


# --- the table and its index, the bucket and its objects, the keys of both ---


def unusable(facts: Facts) -> ExplainedReason[Cause] | None:
    """Why the table can answer no request; None where it answers, or was not read."""
    table, name = facts.of(TABLE), facts.settings.sessions_table
    if table is None:
        return None
    if table.absent:
        return Cause.TABLE_ABSENT(table=name)
    if table.status == _KEY_LOST:
        return Cause.KEY_UNUSABLE(resource=name)
    return None if table.usable else Cause.TABLE_UNUSABLE(table=name, status=table.status)


def _table(facts: Facts) -> Iterator[Explained]:
    table, cause = facts.of(TABLE), unusable(facts)
    name, index = facts.settings.sessions_table, facts.settings.sessions_index
    if table is None:
        # DynamoDB itself says that the table which the function names does not exist.
        yield (
            Cause.TABLE_ABSENT(table=name),
            lambda each: (
                each.operation in TABLE_OPERATIONS
                and each.code == "ResourceNotFoundException"
                and _as_expected(facts, each.function, TABLE_VARIABLE)
            ),
        )
    elif cause is not None:
        yield cause, lambda each: each.fault in _REFUSED and each.operation in TABLE_OPERATIONS
    elif index not in table.indexes:
        yield Cause.INDEX_ABSENT(table=name, index=index), _at_the_index
    elif not table.indexes[index].usable:
        status = table.indexes[index].status
        yield Cause.INDEX_UNUSABLE(table=name, index=index, status=status), _at_the_index


def _at_the_index(failure: FailedRequest) -> bool:
    """Of the two functions' operations only a query uses it; without it DynamoDB calls the query invalid."""
    return failure.fault in _REFUSED and failure.operation == "Query"


def _bucket(facts: Facts) -> Iterator[Explained]:
    bucket, cause = facts.of(BUCKET), Cause.BUCKET_ABSENT(bucket=facts.settings.bucket)
    if bucket is None:
        yield (
            cause,
            lambda each: each.code == "NoSuchBucket" and _as_expected(facts, each.function, BUCKET_VARIABLE),
        )
    elif bucket.absent:
        yield cause, lambda each: each.fault in _REFUSED and each.operation in STORES
    yield Cause.OBJECT_ABSENT(), lambda each: each.code in OBJECT_ABSENT


def _as_expected(facts: Facts, function: str, variable: str) -> bool:
    """The function is known to use the table or bucket that the service is known by."""
    state = _state(facts, function)
    return state is not None and state.variables_readable and variable not in _differing(facts, state)


def _keys(facts: Facts) -> Iterator[Explained]:
    """The table's key or the bucket's, by the operation that it fails."""

    def key(resource: str, operations: frozenset[str]) -> Explained:
        return (
            Cause.KEY_UNUSABLE(resource=resource or "-"),
            lambda each: each.code in KEY_UNUSABLE and each.operation in operations,
        )

    yield key(facts.settings.sessions_table, TABLE_OPERATIONS)
    yield key(facts.settings.bucket, STORES)


# --- rights ---


def _rights(facts: Facts, failures: list[FailedRequest]) -> Iterator[Absence]:
    access = facts.of(ACCESS)
    if access is None:
        return
    role, policy = access.role, access.policy
    elsewhere = set(access.attached) - _GRANT_NOTHING

    def without_role(failure: FailedRequest) -> bool:
        # The function is known to have this role, and fails as it would without.
        state = _state(facts, failure.function)
        mine = state is not None and state.role == facts.settings.service_role
        return mine and failure.fault in (Fault.ACCESS_DENIED, Fault.CREDENTIALS)

    def not_allowed(failure: FailedRequest) -> bool:
        # The inline policy does not allow it, and neither AWS nor an attached policy says otherwise.
        if failure.fault is not Fault.ACCESS_DENIED or ACTIONS.get(failure.operation) not in access.missing:
            return False
        unsaid = failure.reason is DenyingPolicy.UNSAID and not elsewhere
        denied = failure.reason is DenyingPolicy.NOT_ALLOWED or unsaid
        return denied and not other_role(facts, failure.function)

    explains = without_role if access.gone is Gone.ROLE else not_allowed
    mine = list(filter(explains, failures))
    if not mine:
        return
    if access.gone is Gone.ROLE:
        yield Absence(Cause.ROLE_ABSENT(role=role), len(mine), explains)
        return
    lacking = tuple(sorted({ACTIONS[each.operation] for each in mine}))
    if access.gone is Gone.POLICY:
        cause, wanted = Cause.POLICY_ABSENT(role=role, policy=policy), access.missing
    else:
        cause, wanted = Cause.PERMISSION_ABSENT(role=role, actions=", ".join(lacking)), lacking
    yield Absence(cause, len(mine), explains, proposals=_granting(facts, cause, wanted))


def _granting(facts: Facts, cause: ExplainedReason[Cause], actions: Strings) -> Proposals:
    """One suggested policy for each service, on no more than the service uses; a person applies it."""
    services: dict[str, list[str]] = defaultdict(list)
    for action in actions:
        services[action.partition(":")[0]].append(action)
    settings = facts.settings
    # Face Liveness knows no resources; where a bucket or the account is unknown, nothing is granted.
    where = {"s3": policies.objects(settings), "dynamodb": policies.table(settings), "rekognition": "*"}
    proposed = tuple(
        policy_changes.role_policy(settings, settings.service_role, tuple(each), resource)
        for service, each in services.items()
        if (resource := where.get(service))
    )
    if not proposed:
        return ()
    return (Proposal(RemedyName.PROPOSE_CHANGE, cause.text, Mode.OBSERVE, proposed=proposed),)
