"""A report as one SNS message with a body per protocol, cut until SNS accepts it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from itertools import chain
from typing import Any

from responder.core.frozen import frozen
from responder.core.report import Report
from responder.core.text import text
from responder.messages.amazon_q import amazon_q
from responder.messages.headline import headline
from responder.messages.json_report import LANGUAGES, machine
from responder.messages.language import clean, cut
from responder.messages.plain_text import plain
from responder.messages.story import TONES, Story, story_of
from responder.messages.subject import subject

LIMIT = 262_144
# SNS counts the attributes and the subject too.
ROOM = LIMIT - 4_096
LONGEST_ATTRIBUTE = 256
# The attribute `level` of what goes to one level and on-call alone: no filter of another level matches it.
ONLY = "only-{level}"
_FEW = 5
# The last resort: how many of each list are kept, and how many characters of each text. The last pair fits
# whatever the report holds: at most some 100 texts, three times in JSON and twice in words.
_CLIPS = ((_FEW, 1_000), (_FEW, 300), (2, 300))
# So many kinds of subscribers get JSON.
_MACHINES = 3
# The first line is worth more than all else.
_HEADLINE = 1_000


@frozen
class Envelope:
    """What `sns:Publish` takes with MessageStructure=json; `attributes` are all String. `plain_subject`: in
    ASCII, where SNS refuses the other one."""

    subject: str
    plain_subject: str
    bodies: dict[str, str]
    attributes: dict[str, str]

    @property
    def message(self) -> str:
        """The Message parameter."""
        return json.dumps(self.bodies, ensure_ascii=False)


def envelope(report: Report, language: str, subjects: str = "en") -> Envelope:
    """`subjects`: the language of the subject. Findings go first, the least important ones before the others,
    then details, then the rest."""
    for bodies in chain(_without_details(report, language), _last_resorts(report, language)):
        if fits(bodies):
            break
    attributes = {
        "severity": report.severity.value,
        "alarm": report.alarm,
        "incident": report.incident,
        "kind": report.kind.value,
        "level": ONLY.format(level=report.level) if report.again else str(report.level),
    }
    sendable = {
        name: _sendable(clean(cut(value, LONGEST_ATTRIBUTE))) or "-" for name, value in attributes.items()
    }
    return Envelope(subject(report, subjects), subject(report), bodies, sendable)


def _without_details(report: Report, language: str) -> Iterator[dict[str, str]]:
    """The whole, then fewer and fewer findings."""
    for each in _shorter(report):
        data = _json(machine(each, language))
        # Of what is too long for machines alone, nothing else need be rendered.
        if len(data) * _MACHINES <= ROOM:
            yield _bodies(each, language, story_of(each, language), data)


def _bodies(report: Report, language: str, story: Story, data: str) -> dict[str, str]:
    return by_protocol(plain(report, language, story), data, _json(amazon_q(report, language, story)))


def by_protocol(words: str, data: str, chat: str) -> dict[str, str]:
    """What each kind of subscriber gets: words, JSON for machines, the schema of Amazon Q."""
    mail, machines, q = map(_sendable, (words, data, chat))
    return {"default": mail, "email": mail, "lambda": machines, "sqs": machines, "http": machines, "https": q}


def _shorter(report: Report) -> Iterator[Report]:
    yield report
    kept = len(report.findings) // 2
    while kept >= _FEW:
        yield _cut(report, kept, most_details=None)
        kept //= 2
    for most_details in (20, 5, 0):
        yield _cut(report, _FEW, most_details)
    smallest = _cut(report, 0, 0)
    yield smallest
    # Whole changes go, never a part of one: half a command must not be pasted.
    for most in (_FEW, 1, 0):
        acts = tuple(replace(act, proposed=act.proposed[:most]) for act in report.outcomes)
        gone = sum(len(act.proposed[most:]) for act in report.outcomes)
        more = (text("written.more", count=gone),) if gone else ()
        yield replace(smallest, outcomes=acts, warnings=(*smallest.warnings, *more))


def _cut(report: Report, kept: int, most_details: int | None) -> Report:
    findings = sorted(report.findings, key=lambda finding: TONES.index(finding.tone))[:kept]
    shorter = tuple(replace(finding, details=finding.details[:most_details]) for finding in findings)
    details = sum(len(each.details) for each in report.findings) - sum(len(each.details) for each in shorter)
    warning = text("report.cut", findings=len(report.findings) - len(shorter), details=details)
    return replace(report, findings=shorter, warnings=(*report.warnings, warning))


def _last_resorts(report: Report, language: str) -> Iterator[dict[str, str]]:
    """Something other than the findings is huge: less and less of everything but the first line."""
    first = {each: cut(headline(report, each), _HEADLINE) for each in LANGUAGES}
    for most, longest in _CLIPS:
        small = _small(report, most)
        story = replace(_clipped(story_of(small, language), longest), headline=first[language])
        data = {
            **_clipped(machine(small, language), longest),
            "headline": first[language],
            "headlines": first,
        }
        yield _bodies(small, language, story, _json(data))


def _clipped(part: Any, longest: int, name: str = "") -> Any:
    """The same body with every text cut; values that are still too long are left out."""
    if name == "values":
        return part if len(_json(part)) <= longest else {}
    match part:
        case Enum():
            return part
        case str():
            return _clip(part, longest)
        case tuple() | list():
            return type(part)(_clipped(each, longest) for each in part)
        case Mapping():
            return {name: _clipped(value, longest, name) for name, value in part.items()}
    if is_dataclass(part) and not isinstance(part, type):
        return replace(
            part, **{each.name: _clipped(getattr(part, each.name), longest) for each in fields(part)}
        )
    return part


def _clip(words: str, longest: int) -> str:
    """A command is on a separate line below its sentence: it is left out whole, never cut."""
    first, *commands = words.split("\n")
    room = longest - len(first)
    kept = [each for each in commands if (room := room - len(each)) >= 0]
    return "\n".join((cut(clean(first), longest), *kept))


def _small(report: Report, most: int) -> Report:
    """A few of everything; what lowers security stays, for the first line depends on it."""
    acts = sorted(report.outcomes, key=lambda act: not act.lowers_security)[:most]
    leases = sorted(report.leases, key=lambda lease: not lease.lowers_security)[:most]
    verdict = replace(report.verdict, ruled_out=(), proposals=(), steps=report.verdict.steps[:most])
    return replace(
        report,
        id=cut(report.id, LONGEST_ATTRIBUTE),
        incident=cut(report.incident, LONGEST_ATTRIBUTE),
        alarm=cut(report.alarm, LONGEST_ATTRIBUTE),
        verdict=verdict,
        findings=(),
        outcomes=tuple(replace(act, changes=(), proposed=(), also=act.also[:most]) for act in acts),
        warnings=(text("report.clipped"),),
        leases=tuple(replace(lease, changes=()) for lease in leases),
        links=(),
        # What the first line says is the first of them.
        course=report.course[:most],
    )


def fits(bodies: dict[str, str]) -> bool:
    """SNS accepts it. Several kinds of subscribers get the same body: each is measured once."""
    sizes = {body: len(_json(body).encode()) - len('""') for body in set(bodies.values())}
    frame = len(_json(dict.fromkeys(bodies, "")))
    return frame + sum(sizes[body] for body in bodies.values()) <= ROOM


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False)


def _sendable(value: str) -> str:
    """Half a surrogate pair cannot be encoded."""
    return value.encode("utf-8", "replace").decode()
