"""What preflight found in the account; where a part of the service is missing, what is called alike. Pure.

None everywhere: it could not be read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace

from liveness_ops.preflight.form import Form
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.settings import CORRECTED
from responder.core.text import Strings

# Parameters of the two liveness functions, and of those of the rollout.
LIVENESS = ("CreateFunctionName", "ResultFunctionName")
ROLLOUT = (
    "EnrollmentFunctionName",
    "FaceLoginFunctionName",
    "EmergencyAuthFunctionName",
    "ReEnrollmentFunctionName",
)
FUNCTIONS = (*LIVENESS, *ROLLOUT)
_SERVICE = "faceauth"
BUCKET, TABLE, INDEX = "ImagesBucketName", "SessionsTableName", "SessionsIndexName"
ROLE, STACK = "ServiceRoleName", "ServiceStackName"
# Of a stack deleted long ago nothing can be answered.
_GONE = "DELETE_COMPLETE"


# What there is of a kind, by name; None where it could not be read.
type Names = frozenset[str] | None


@frozen
class Function:
    """A function of the account. `variables`: names alone; None where Lambda could not decrypt them."""

    name: str
    runtime: str = ""
    role: str = ""
    vpc: bool = False
    memory: int = 0
    timeout: int = 0
    log_group: str = ""
    variables: Names = frozenset()


@frozen
class Served:
    """What traffic can be sent to: the names of a function's aliases, and how many versions it has."""

    aliases: Strings = ()
    versions: int = 0


@frozen
class Limits:
    """Lambda's concurrent executions in this account and Region; `free`: not reserved by any function."""

    concurrent: int
    free: int


@frozen
class Secret:
    """The secret of Slack; `missing`: the keys that it lacks; `arn`: its whole ARN."""

    there: bool
    missing: Strings = ()
    arn: str = ""


@frozen
class Stack:
    """The stack of the wanted name. `resources`: physical id -> logical id."""

    status: str
    resources: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> Mapping[str, str]:
        """Parameters that a deployment keeps where it names no others: those of a stack that has been created
        and is not going."""
        never = ("REVIEW_", "ROLLBACK_", "CREATE_FAILED", "DELETE_")
        return {} if self.status.startswith(never) else self.parameters


@frozen
class Found:
    """Everything, of one account and Region.

    Attributes:
        stacks: name -> status, of the newest stack of each name; deleted ones for 90 days.
        stack: the stack to deploy, where it exists.
        parameters: names in Parameter Store below the stack's path.
        policies: names of inline policies of the service's role; None also where there is no such role.
        queues: URLs of those whose name begins with the stack's.
        sessions: a day, of the last two weeks; None also where they were on fewer than three days.
        quotas: requests per second and operation of Face Liveness; empty where AWS does not return them.
        lacking: types, or properties of types, that the template needs and the Region does not have.
        elsewhere: the profile's Region, where the service is there and not here.
        unread: by IAM action, what could not be read.
    """

    account: str
    region: str
    principal: str = ""
    functions: Mapping[str, Function] | None = None
    served: Mapping[str, Served] | None = None
    limits: Limits | None = None
    alarms: Names = None
    metrics: Names = None
    log_groups: Names = None
    tables: Names = None
    indexes: Names = None
    buckets: Names = None
    queues: Names = None
    policies: Strings | None = None
    stacks: Mapping[str, str] | None = None
    stack: Stack | None = None
    parameters: Names = None
    quotas: tuple[float, ...] | None = None
    sessions: float | None = None
    secret: Secret | None = None
    lacking: Strings | None = ()
    elsewhere: str = ""
    unread: Mapping[str, AwsError] = field(default_factory=dict)

    def functions_of(self, form: Form) -> list[Function]:
        """The functions of the form that exist."""
        there = self.functions or {}
        return [there[form.value(each)] for each in FUNCTIONS if form.value(each) in there]

    @property
    def stack_known(self) -> bool:
        """Whether the wanted stack exists, and what it is made of, could be read."""
        return not {"cloudformation:DescribeStacks", "cloudformation:ListStackResources"} & set(self.unread)


# --- names ---------------------------------------------------------------------------------------


def adopt(form: Form, found: Found) -> Form:
    """The form with what is called otherwise than its defaults: only where there is one candidate, whose name
    has the service's in it too. What a person has given, now or to the deployed stack, stays."""
    named = {
        name: alike[0]
        for name, alike in missing(form, found)
        if len(alike) == 1 and _SERVICE in _plain(alike[0])
    }
    # The role that all of the rollout functions run under, where it is not the form's.
    functions = found.functions or {}
    roles = {functions[form.value(each)].role for each in ROLLOUT if form.value(each) in functions}
    if len(roles) == 1 and form.value(ROLE) not in roles and (role := roles.pop()):
        named[ROLE] = role
    if found.indexes is not None and form.value(INDEX) not in found.indexes and len(found.indexes) == 1:
        (named[INDEX],) = found.indexes
    adopted = {name: value for name, value in named.items() if not form.chosen(name)}
    return replace(form, found={**form.found, **adopted})


def missing(form: Form, found: Found) -> Iterator[tuple[str, Strings]]:
    """Each parameter whose resource does not exist, with resources of a similar name."""
    for parameters, names in _kinds(form, found):
        if names is None:
            continue
        taken = {expected(form, each) for each in parameters}
        for parameter in parameters:
            if expected(form, parameter) not in names:
                free = (each for each in names if each not in taken)
                yield parameter, tuple(sorted(_alike(form, parameter, parameters, free)))


def expected(form: Form, parameter: str) -> str:
    """The name that the deployment is going to use."""
    default = f"face-auth-images-{form.account}-{form.region}" if parameter == BUCKET else ""
    return form.value(parameter) or default


def _kinds(form: Form, found: Found) -> Iterator[tuple[Strings, Iterable[str] | None]]:
    yield FUNCTIONS, found.functions
    yield tuple(form.alarms()), found.alarms
    yield (TABLE,), found.tables
    yield (BUCKET,), found.buckets
    yield (STACK,), found.stacks and {name for name, status in found.stacks.items() if status != _GONE}


def _alike(form: Form, parameter: str, parameters: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """ReEnrollment has Enrollment in it: a name belongs to the longest that it has."""
    cores = {each: _core(str(form.template["Parameters"][each]["Default"]), each) for each in parameters}
    for name in names:
        fitting = [each for each, core in cores.items() if core in _plain(name)]
        best = max(fitting, key=lambda each: len(cores[each]), default="")
        if best == parameter and not name.endswith(CORRECTED) and name != form.stack:
            yield name


def _core(default: str, parameter: str) -> str:
    """What a name has to have in it."""
    # Neither has a default besides the service's name.
    fixed = {STACK: _SERVICE, BUCKET: f"{_SERVICE}images"}
    return fixed.get(parameter) or _plain(default).replace(_SERVICE, "")


def _plain(name: str) -> str:
    return "".join(each for each in name.lower() if each.isalnum())
