"""What was changed before the alarm, from every source that may be asked."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

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
        sources = tuple(change_sources.sources(context, since))
        with ThreadPoolExecutor(len(sources)) as pool:
            answers = pool.map(_ask, (asks for _, asks in sources))
        for (source, _), answer in zip(sources, answers, strict=True):
            if isinstance(answer, AwsError):
                unasked.append(text("evidence.changes.unasked", source=source, reason=reason(answer)))
            else:
                changes.extend(change for change in answer if change.at >= since)
        changes.sort(key=lambda change: change.at, reverse=True)
        return Modifications(since, change_sources.without_echoes(changes), _each_once(unasked))

    def tell(self, fact: Modifications, context: Context) -> tuple[Finding, ...]:
        """Newest first, with the minutes before the alarm."""
        return tell_changes.tell(self.name, fact, context)


def _ask(asks: Callable[[], Iterator[Modification]]) -> list[Modification] | AwsError:
    try:
        return list(asks())
    except AwsError as error:
        return error


def _each_once(texts: list[Text]) -> tuple[Text, ...]:
    return tuple(each for position, each in enumerate(texts) if each not in texts[:position])
