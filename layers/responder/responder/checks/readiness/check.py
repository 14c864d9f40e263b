"""Would every remedy work right now? Everything is tried except the change itself."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from responder.aws.boto import version
from responder.checks.finding import Checked, CheckItem, Items
from responder.checks.model import CheckSection
from responder.checks.readiness.permission import permission
from responder.checks.readiness.records import unused
from responder.checks.readiness.remedies import prepared
from responder.checks.readiness.settings import switched
from responder.checks.readiness.slack import NEED, reached, secret_and_posts
from responder.checks.readiness.subscriptions import listeners
from responder.checks.readiness.targets import functions, sdk, service_stack, table
from responder.core import permissions
from responder.core.change import Ledger
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.permissions import Permission, Permissions
from responder.core.text import text
from responder.evidence.base import reason
from responder.remedies import Remedy
from responder.store import Incidents

_READS = (
    ("iam:GetRole", permissions.ROLES),
    ("cloudformation:DescribeStacks", permissions.SERVICE_STACK),
    ("dynamodb:DescribeTable", permissions.SESSIONS_TABLE),
    ("dynamodb:GetItem", permissions.INCIDENTS_TABLE),
    ("dynamodb:Query", permissions.INCIDENTS_TABLE),
    ("ssm:GetParametersByPath", permissions.PARAMETERS_PATH),
    ("ssm:GetParametersByPath", permissions.PARAMETERS),
    ("sns:ListSubscriptionsByTopic", permissions.TOPIC),
    ("sns:GetSubscriptionAttributes", permissions.TOPIC),
    ("cloudwatch:GetMetricData", permissions.ANY),
    ("secretsmanager:DescribeSecret", permissions.SLACK_IF_ANY),
)


@frozen
class Readiness:
    """The preconditions of every remedy, and of being notified. `users`: remedies by a function's slug."""

    users: Mapping[str, tuple[Remedy, ...]]
    name: str = "readiness"

    @property
    def remedies(self) -> Iterable[Remedy]:
        """Each once."""
        return dict.fromkeys(one for each in self.users.values() for one in each)

    def needs(self) -> Permissions:
        """Reads, the policy simulator's answers about our own roles, and a question to SlackPost."""
        every = (need for remedy in self.remedies for need in remedy.needs())
        named = (permissions.CREATE_FUNCTION, permissions.RESULT_FUNCTION, *permissions.ROLLOUT_FUNCTIONS)
        functions = (*named, *map(permissions.responder, self.users))
        found = (
            # Permissions of a remedy's writes have a reason; those of its reads have none.
            *(need for need in every if not need.why and not need.forbidden),
            *(Permission("lambda:GetFunctionConfiguration", arn) for arn in functions),
            *(Permission("iam:SimulatePrincipalPolicy", _role(slug)) for slug in self.users),
            *(Permission(action, resource) for action, resource in _READS),
            NEED,
        )
        return tuple(dict.fromkeys(found))

    def run(self, context: Context) -> CheckSection:
        """Parts in parallel; what one of them may not read is a separate item."""
        known, unread = _ledger(context)
        parts: tuple[Callable[[], Iterable[CheckItem]], ...] = (
            *(partial(prepared, remedy, context, known) for remedy in self.remedies),
            partial(permission, context, self.users),
            partial(unused, context, known),
            partial(functions, context),
            lambda: (sdk(version(), context.settings),),
            partial(table, context, known),
            partial(service_stack, context),
            partial(switched, context),
            partial(listeners, context),
            partial(secret_and_posts, context),
            partial(reached, context),
        )
        # Most parts ask side by side themselves.
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda part: tuple(part()), parts))
        return CheckSection(self.name, (*unread, *(item for items in found for item in items)))


def _role(slug: str) -> str:
    """The ARN of the role that SAM makes for a function, by the function's logical id."""
    logical = "".join(part.capitalize() for part in slug.split("-"))
    return f"${{{logical}Role.Arn}}"


def _ledger(context: Context) -> tuple[Ledger | None, Items]:
    try:
        return Incidents(context.aws, context.settings.incidents_table).ledger(), ()
    except AwsError as error:
        said = text("check.ready.ledger_unread", reason=reason(error))
        return None, (Checked.INCIDENTS.of().unknown(said),)
