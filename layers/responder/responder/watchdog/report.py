"""One message for everything that a round found."""

import hashlib
import json
from collections.abc import Iterable, Sequence

from responder.core import console_links
from responder.core.cause import Cause
from responder.core.change import Leases
from responder.core.codec import dump
from responder.core.context import Context
from responder.core.errors import ResponderError
from responder.core.finding import Finding, Subject, Tone
from responder.core.modes import Severity
from responder.core.report import Report, ReportKind
from responder.core.settings import Settings
from responder.core.text import Text, Texts, Value, text
from responder.core.verdict import Verdict
from responder.evidence.base import reason
from responder.respond.report import report_id
from responder.watchdog.rules import FoundTrouble, Trouble

TOPIC = "watchdog"
# Commands of one step; the others are counted.
_MOST_COMMANDS = 10


def message(
    found: tuple[FoundTrouble, ...],
    leases: Leases | None,
    context: Context,
    unnoted: ResponderError | None = None,
) -> Report:
    """Of one incident where all of it is about that one, else of the watchdog itself. `unnoted`: why no
    later round will know that it was reported."""
    settings, now = context.settings, context.now
    incident = _same(each.incident for each in found) or f"{TOPIC}-{now:%Y%m%dT%H%M%SZ}"
    alarm, verdict = _same(each.alarm for each in found), _verdict(found, settings)
    # Two simultaneous rounds, each with its own part, do not repeat each other.
    digest = hashlib.sha256("\n".join(each.id for each in found).encode()).hexdigest()[:8]
    unread = (text("watchdog.leases_unread"),) if leases is None else ()
    noted = (text("watchdog.not_noted", detail=reason(unnoted)),) if unnoted is not None else ()
    return Report(
        id=f"{report_id(incident, ReportKind.WATCHDOG, now)}-{digest}",
        kind=ReportKind.WATCHDOG,
        incident=incident,
        alarm=alarm or f"{settings.stack}-{TOPIC}",
        slug=_same(each.slug for each in found) or TOPIC,
        severity=min((each.severity for each in found), key=tuple(Severity).index),
        at=now,
        since=min(each.opened or each.since for each in found),
        region=settings.region,
        account=settings.account,
        verdict=verdict,
        findings=tuple(map(_finding, found)),
        warnings=(*unread, *noted),
        leases=leases or (),
        links=((text("label.link_alarm"), console_links.alarm(settings.region, alarm)),) if alarm else (),
        topic=TOPIC,
        absence=found[0].absence if _same(each.incident for each in found) else None,
        course=((text("course.news"), _news(verdict)),),
        stack=settings.stack,
        open=bool(_same(each.incident for each in found)) and all(map(_answerable, found)),
    )


def _news(verdict: Verdict) -> Text:
    """The first line: what is wrong, and whether only a person can help."""
    key = "watchdog.by_hand" if verdict.steps else "watchdog.restarted_only"
    return Text(key, {"cause": verdict.cause.text})


def _verdict(found: tuple[FoundTrouble, ...], settings: Settings) -> Verdict:
    cause = found[0].said if len(found) == 1 else Cause.WATCHDOG_MANY(count=len(found))
    return Verdict(
        cause,
        text("why.watchdog"),
        steps=_together([step for each in found for step in each.steps], settings),
    )


def _together(steps: Sequence[Text], settings: Settings) -> Texts:
    """Each step once, with the commands of all troubles that need it, one per line."""
    commands: dict[str, dict[str, Text]] = {}
    for each in steps:
        commands.setdefault(json.dumps(dump(each.values["step"])), {})[json.dumps(dump(each))] = each
    return tuple(_one(tuple(alike.values()), settings) for alike in commands.values())


def _one(alike: Sequence[Text], settings: Settings) -> Text:
    first, *others = alike
    commands: list[Value] = [each.values["command"] for each in others[: _MOST_COMMANDS - 1]]
    if (more := len(alike) - _MOST_COMMANDS) > 0:
        commands.append(text("watchdog.more", count=more, where=settings.console))
    for command in commands:
        first = text("step.with_command", step=first, command=command)
    return first


def _finding(found: FoundTrouble) -> Finding:
    """What was restarted needs no person."""
    tone = Tone.UNKNOWN if found.trouble is Trouble.UNREAD else Tone.RED if found.steps else Tone.AMBER
    return Finding(TOPIC, tone, found.said.text, details=found.details, subject=Subject.OURS)


def _answerable(found: FoundTrouble) -> bool:
    """A person can acknowledge its incident: not one whose alarm was never answered."""
    return found.opened is not None and found.trouble is not Trouble.HEADLESS


def _same(values: Iterable[str]) -> str:
    different = set(values)
    return different.pop() if len(different) == 1 else ""
