"""AWS Health: is it AWS?"""

from datetime import UTC, datetime
from typing import Any

from responder.core import console_links
from responder.core.context import Context
from responder.core.finding import Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.permissions import ANY, Permission, Permissions
from responder.core.text import text
from responder.core.timestamps import stamp
from responder.evidence.base import Look


@frozen
class HealthEvents:
    """Open or recent AWS Health events of the services we depend on: (service, type code, start)."""

    events: tuple[tuple[str, str, datetime], ...]


SERVICES = ("REKOGNITION", "LAMBDA", "DYNAMODB", "S3")
RECENT_HOURS = 6


@frozen
class AwsHealth(Look):
    """Open and recently closed issues of the services we depend on, here and global."""

    KEY, SUBJECT = "health", Subject.HEALTH

    def needs(self) -> Permissions:
        """Reading Health events; accounts without a support plan are refused by AWS."""
        return (Permission("health:DescribeEvents", ANY),)

    def look(self, context: Context) -> HealthEvents:
        """What is open, and what ended in the last hours.

        Raises:
            NotSubscribed: the support plan does not include the API.
        """
        ended = {"endTimes": [{"from": context.ago(hours=RECENT_HOURS)}]}
        answers = [_ask(context, "open"), _ask(context, "closed", **ended)]
        found = [event for answer in answers for event in answer]
        return HealthEvents(tuple(sorted(found, key=lambda event: event[2], reverse=True)))

    def findings(self, fact: HealthEvents, context: Context) -> Findings:
        """The events, newest first, or that there is none."""
        link = console_links.health(context.settings.region)
        if not fact.events:
            said = text("evidence.health.none", services=", ".join(SERVICES), hours=RECENT_HOURS)
            return (self.finding(Tone.NORMAL, said, 0, link=link),)
        details = tuple(
            text("evidence.health.event", service=service, code=code, start=stamp(start))
            for service, code, start in fact.events
        )
        said = text("evidence.health", count=len(fact.events))
        return (self.finding(Tone.RED, said, len(fact.events), details, link=link),)


def _ask(context: Context, status: str, **more: Any) -> list[tuple[str, str, datetime]]:
    wanted = {
        "services": list(SERVICES),
        "regions": [context.settings.region, "global"],
        "eventTypeCategories": ["issue"],
        "eventStatusCodes": [status],
        **more,
    }
    return [
        (event.get("service", ""), event.get("eventTypeCode", ""), event["startTime"].astimezone(UTC))
        for page in context.aws.pages("health", "describe_events", filter=wanted)
        for event in page.get("events", ())
        if "startTime" in event
    ]
