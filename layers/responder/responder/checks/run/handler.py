"""A scheduled check from its event to its message."""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from responder.checks import previous
from responder.checks.base import Check
from responder.checks.model import Cadence, CheckReport
from responder.checks.report.summary import Summary, envelope
from responder.checks.run.due import due
from responder.checks.run.running import run
from responder.core.context import Context, Gateway
from responder.core.frozen import frozen
from responder.core.log import log
from responder.core.permissions import APPROVALS_TABLE, SETTINGS, TOPIC, Permission
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence.base import reason
from responder.incident_report.filing import pages_and_data, put
from responder.messages.publish import send, subject_language
from responder.store.switches import known

BUCKET_KEYS = "${ReportsBucket.Arn}/checks/*"
# Cost Explorer and IAM's simulation take their time, and no person waits for a check.
PATIENCE_SECONDS = 8.0
# For so long a write is sent again that AWS turned away for its rate, and in a run of so long a read.
AGAIN_SECONDS, ASKED_SECONDS = 10.0, 60.0
NEEDS = (
    Permission("s3:PutObject", BUCKET_KEYS, "the page of a check is filed"),
    *SETTINGS,
    Permission("sns:Publish", TOPIC, "notify on-call"),
    Permission("dynamodb:Query", APPROVALS_TABLE),
)


@frozen
class ScheduledCheck:
    """One rhythm. `checks` makes its checks of the settings: they are imported when they are needed."""

    rhythm: Cadence
    checks: Callable[[Settings], Iterable[Check]]

    def handler(self, event: Any, _: Any) -> Json:
        """The entry on Lambda: an event of EventBridge Scheduler, or any payload of a manual invocation."""

        def work(loaded: Context) -> Json:
            return self.answer(self.context(event, loaded.aws, loaded.settings, loaded.now))

        return on_schedule("a check", work)

    def context(self, event: Any, aws: Gateway, settings: Settings, now: datetime) -> Context:
        """The context as of when it was due: a repeat after midnight is still of the same day."""
        at = due(event, now)
        return Context(aws, settings, at, at)

    def needs(self) -> frozenset[Permission]:
        """What the checks read, and what filing and sending take."""
        looks = (need for check in self.checks(Settings()) for need in check.needs())
        return frozenset((*NEEDS, *previous.needs(self.rhythm), *looks))

    def answer(self, context: Context) -> Json:
        """Check, file the report, send the message.

        Raises:
            ResponderError: the message was not sent. Lambda tries again, then it is reported as a failure.
        """
        filed = file(context, run(self.rhythm, self.checks(context.settings), context))
        short = replace(filed, stack=context.settings.stack)
        send(
            context.aws,
            context.settings,
            envelope(short, context.settings.language, subject_language(context.settings)),
        )
        return {"check": short.report.id, "light": short.report.light.value, "page": short.url}


def on_schedule(what: str, work: Callable[[Context], Json]) -> Json:
    """Do the work of a scheduled function with the settings in force, and log the outcome."""
    from responder.aws.boto import Boto

    settings = Settings.read(os.environ)
    aws = Boto(settings.region, patience=PATIENCE_SECONDS, again=AGAIN_SECONDS)
    result = work(known(aws, settings).context(aws, datetime.now(UTC)))
    log().info(what, extra=result)
    return result


def file(context: Context, report: CheckReport) -> Summary:
    """Put them; a repeat of the same day overwrites them. Never raises: then no page is named."""
    if not context.settings.reports_bucket:
        return Summary(report, problem=text("checks.not_filed", reason=text("checks.no_bucket")))

    # Imported where they are used: what cannot be imported is not drawn, and keeps back nothing else.
    def page(language: str) -> str:
        from responder.checks.report.page import page as drawn

        return drawn(report, language)

    def data() -> Json:
        from responder.checks.report.json_report import machine

        return machine(report)

    _, url, problem = put(context, report.folder, pages_and_data(page, data))
    key = "checks.partly_filed" if url else "checks.not_filed"
    return Summary(report, url, text(key, reason=reason(problem)) if problem else None)
