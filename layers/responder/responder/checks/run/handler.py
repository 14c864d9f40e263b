"""A scheduled check from its event to its message."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from responder.checks import previous
from responder.checks.base import Check
from responder.checks.model import Cadence
from responder.checks.run import filing
from responder.checks.run.due import due
from responder.checks.run.running import run
from responder.core.context import Context, Gateway
from responder.core.log import log
from responder.core.permissions import APPROVALS_TABLE, SETTINGS, TOPIC, Permission
from responder.core.settings import Settings
from responder.messages.publish import send
from responder.store.switches import known

# Cost Explorer and IAM's simulation take their time, and nobody waits for a check.
PATIENCE_SECONDS = 8.0
# For so long a write is sent again that AWS turned away for its rate, and in a run of so long a read.
AGAIN_SECONDS, ASKED_SECONDS = 10.0, 60.0
NEEDS = (
    *filing.NEEDS,
    *SETTINGS,
    Permission("sns:Publish", TOPIC, "tell on-call"),
    Permission("dynamodb:Query", APPROVALS_TABLE),
)


@dataclass(frozen=True, slots=True)
class ScheduledCheck:
    """One rhythm. `checks` makes its checks of the settings: they are imported when they are needed."""

    rhythm: Cadence
    checks: Callable[[Settings], Iterable[Check]]

    def handler(self, event: Any, _: Any) -> dict[str, Any]:
        """The entry on Lambda: an event of EventBridge Scheduler, or anything at all by hand."""
        from responder.aws.boto import Boto

        settings = Settings.read(os.environ)
        aws = Boto(settings.region, patience=PATIENCE_SECONDS, again=AGAIN_SECONDS)
        return self.answer(self.context(event, aws, known(aws, settings).settings, datetime.now(UTC)))

    def context(self, event: Any, aws: Gateway, settings: Settings, now: datetime) -> Context:
        """As of when it was due: a repeat after midnight is still that of the same day."""
        at = due(event, now)
        return Context(aws, settings, at, at)

    def needs(self) -> frozenset[Permission]:
        """What the checks read, and what filing and telling take."""
        looks = (need for check in self.checks(Settings()) for need in check.needs())
        return frozenset((*NEEDS, *previous.needs(self.rhythm), *looks))

    def answer(self, context: Context) -> dict[str, Any]:
        """Look, file, tell.

        Raises:
            ResponderError: on-call could not be told. Lambda tries again, then it is told as a failure.
        """
        from responder.checks.report.mail import envelope

        short = filing.file(context, run(self.rhythm, self.checks(context.settings), context))
        send(context.aws, context.settings, envelope(short, context.settings.language))
        result = {"check": short.told.id, "light": short.told.light.value, "page": short.url}
        log().info("a check", extra=result)
        return result
