"""Would every remedy work right now? Everything is tried except the change itself."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from responder.aws.boto import version
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckSection, CheckStatus
from responder.checks.readiness.functions import functions, sdk
from responder.checks.readiness.modes_and_stops import switched
from responder.checks.readiness.needs import needs
from responder.checks.readiness.permission import permission
from responder.checks.readiness.remedies import tried
from responder.checks.readiness.service_stack import service_stack
from responder.checks.readiness.slack import slack
from responder.checks.readiness.slack_health import reached
from responder.checks.readiness.subscriptions_by_level import listeners
from responder.checks.readiness.table import table
from responder.core.change import Ledger
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.permissions import Permission
from responder.core.text import text
from responder.evidence.base import reason
from responder.remedies import Remedy
from responder.store.ledger import ledger

type Part = Callable[[], tuple[CheckItem, ...]]


@dataclass(frozen=True, slots=True)
class Readiness:
    """The preconditions of every remedy, and of being heard. `users`: remedies of a function, by its slug."""

    users: Mapping[str, tuple[Remedy, ...]]
    name: str = "readiness"

    def needs(self) -> tuple[Permission, ...]:
        """Reads, the policy simulator's answers about our own roles, and a question to SlackPost."""
        return needs(self.users)

    def run(self, context: Context) -> CheckSection:
        """Parts side by side; what one of them may not read is an item of its own."""
        known, unread = _ledger(context)
        instances = dict.fromkeys(one for each in self.users.values() for one in each)
        parts: tuple[Part, ...] = (
            *(partial(tried, remedy, context, known) for remedy in instances),
            partial(permission, context, self.users),
            partial(functions, context),
            lambda: sdk(version(), context.settings),
            partial(table, context, known),
            partial(service_stack, context),
            partial(switched, context),
            partial(listeners, context),
            partial(slack, context),
            partial(reached, context),
        )
        # Most parts ask side by side themselves.
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda part: part(), parts))
        return CheckSection(self.name, (*unread, *(item for items in found for item in items)))


def _ledger(context: Context) -> tuple[Ledger | None, tuple[CheckItem, ...]]:
    try:
        return ledger(context.aws, context.settings.incidents_table), ()
    except AwsError as error:
        return None, (
            CheckItem(
                Checked.INCIDENTS.of(),
                CheckStatus.UNKNOWN,
                text("check.ready.ledger_unread", reason=reason(error)),
            ),
        )
