"""What preflight found in the account. None everywhere: it could not be looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from liveness_ops.preflight.form import Form
from responder.core.errors import AwsError

# Parameters of the two liveness functions, and of those of the rollout.
LIVENESS = ("CreateFunctionName", "ResultFunctionName")
ROLLOUT = (
    "EnrollmentFunctionName",
    "FaceLoginFunctionName",
    "EmergencyAuthFunctionName",
    "ReEnrollmentFunctionName",
)
FUNCTIONS = (*LIVENESS, *ROLLOUT)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the account. `variables`: names alone; None where Lambda could not decrypt them."""

    name: str
    runtime: str = ""
    role: str = ""
    vpc: bool = False
    memory: int = 0
    timeout: int = 0
    log_group: str = ""
    variables: frozenset[str] | None = frozenset()


@dataclass(frozen=True, slots=True)
class Served:
    """What traffic can be sent to: the names of a function's aliases, and how many versions it has."""

    aliases: tuple[str, ...] = ()
    versions: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """Lambda's concurrent executions in this account and Region; `free`: not reserved by any function."""

    concurrent: int
    free: int


@dataclass(frozen=True, slots=True)
class Secret:
    """Of Slack; `missing`: the keys that it lacks."""

    there: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Found:
    """Everything, of one account and Region.

    Attributes:
        stacks: name -> status, of the newest stack of each name; deleted ones for 90 days.
        stack: the one that is to be deployed, where it exists.
        parameters: names in Parameter Store below the stack's path.
        policies: names of inline policies of the service's role; None also where there is no such role.
        queues: URLs of those whose name begins with the stack's.
        quotas: requests per second and operation of Face Liveness; empty where AWS does not tell.
        elsewhere: the profile's Region, where the service is there and not here.
        unread: by IAM action, what could not be looked at.
    """

    account: str
    region: str
    principal: str = ""
    functions: Mapping[str, Function] | None = None
    served: Mapping[str, Served] | None = None
    limits: Limits | None = None
    alarms: frozenset[str] | None = None
    metrics: frozenset[str] | None = None
    log_groups: frozenset[str] | None = None
    tables: frozenset[str] | None = None
    indexes: frozenset[str] | None = None
    buckets: frozenset[str] | None = None
    queues: frozenset[str] | None = None
    policies: tuple[str, ...] | None = None
    stacks: Mapping[str, str] | None = None
    stack: Stack | None = None
    parameters: frozenset[str] | None = None
    quotas: tuple[float, ...] | None = None
    secret: Secret | None = None
    elsewhere: str = ""
    unread: Mapping[str, AwsError] = field(default_factory=dict)

    def functions_of(self, form: Form) -> tuple[str, ...]:
        """Those of the form that are there."""
        return tuple(form.value(each) for each in FUNCTIONS if form.value(each) in (self.functions or {}))

    @property
    def stack_known(self) -> bool:
        """Whether the wanted stack exists, and what it is made of, could be read."""
        return not {"cloudformation:DescribeStacks", "cloudformation:ListStackResources"} & set(self.unread)
