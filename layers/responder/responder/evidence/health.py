"""AWS Health: is it AWS?"""

from dataclasses import dataclass
from datetime import UTC

from responder import links
from responder.context import Context
from responder.evidence.saying import stamp
from responder.facts import HealthEvents
from responder.finding import Finding, Tone
from responder.permissions import ANY, Permission
from responder.text import text

SERVICES = ("REKOGNITION", "LAMBDA", "DYNAMODB", "S3")
RECENT_HOURS = 6


@dataclass(frozen=True, slots=True)
class Health:
    """Open and recently closed issues of the services we depend on, here and global."""

    @property
    def name(self) -> str:
        """Its key."""
        return "health"

    def needs(self) -> tuple[Permission, ...]:
        """Reading Health events; accounts without a support plan are refused by AWS."""
        return (Permission("health:DescribeEvents", ANY),)

    def look(self, context: Context) -> HealthEvents:
        """What was updated in the last hours, whether it is over or not.

        Raises:
            NotSubscribed: the support plan does not include the API.
        """
        pages = context.aws.pages(
            "health",
            "describe_events",
            filter={
                "services": list(SERVICES),
                "regions": [context.settings.region, "global"],
                "eventTypeCategories": ["issue"],
                "eventStatusCodes": ["open", "closed"],
                "lastUpdatedTimes": [{"from": context.ago(hours=RECENT_HOURS)}],
            },
        )
        found = [
            (event.get("service", ""), event.get("eventTypeCode", ""), event["startTime"].astimezone(UTC))
            for page in pages
            for event in page.get("events", ())
        ]
        return HealthEvents(tuple(sorted(found, key=lambda event: event[2], reverse=True)))

    def tell(self, fact: HealthEvents, context: Context) -> tuple[Finding, ...]:
        """The events, newest first, or that there is none."""
        link = links.health(context.settings.region)
        if not fact.events:
            said = text("evidence.health.none", services=", ".join(SERVICES), hours=RECENT_HOURS)
            return (Finding(self.name, Tone.NORMAL, said, 0, link=link),)
        details = tuple(
            text("evidence.health.event", service=service, code=code, start=stamp(start))
            for service, code, start in fact.events
        )
        said = text("evidence.health", count=len(fact.events))
        return (Finding(self.name, Tone.RED, said, len(fact.events), details, link=link),)
