"""What was changed before the alarm, from every source that may be asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.context import Context
from responder.errors import AwsError
from responder.evidence import change_sources, tell_changes
from responder.evidence.failed import reason
from responder.facts import Modification, Modifications
from responder.finding import Finding
from responder.permissions import ANY, SERVICE_STACK, Permission
from responder.text import Text, text
from responder.which import Which

BEFORE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Changed:
    """Changes of both functions and the service's stack since a day before the alarm."""

    @property
    def name(self) -> str:
        """Its key."""
        return "changes"

    def needs(self) -> tuple[Permission, ...]:
        """Reading configurations, versions, CloudTrail and stack events."""
        functions = (
            Permission(action, which.arn)
            for which in Which
            for action in ("lambda:GetFunctionConfiguration", "lambda:ListVersionsByFunction")
        )
        return (
            *functions,
            Permission("cloudtrail:LookupEvents", ANY),
            Permission("cloudformation:DescribeStackEvents", SERVICE_STACK),
        )

    def look(self, context: Context) -> Modifications:
        """A source that cannot be asked is named and hides no other."""
        since = context.since - BEFORE
        changes: list[Modification] = []
        unasked: list[Text] = []
        for source, asks in change_sources.sources(context, since):
            try:
                changes.extend(_recent(asks(), since))
            except AwsError as error:
                unasked.append(text("evidence.changes.unasked", source=source, reason=reason(error)))
        changes.sort(key=lambda change: change.at, reverse=True)
        return Modifications(since, change_sources.without_echoes(changes), tuple(unasked))

    def tell(self, fact: Modifications, context: Context) -> tuple[Finding, ...]:
        """Newest first, with the minutes before the alarm."""
        return tell_changes.tell(self.name, fact, context)


def _recent(changes: Iterator[Modification], since: datetime) -> list[Modification]:
    return [change for change in changes if change.at >= since]
