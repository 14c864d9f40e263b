"""A report as one SNS message with a body per protocol, cut until SNS accepts it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from itertools import chain
from typing import Any

from responder.core.frozen import frozen
from responder.core.report import Report
from responder.core.settings import Settings
from responder.core.text import text
from responder.messages.advice import Advice, Said, advise, words
from responder.messages.amazon_q import amazon_q
from responder.messages.json_report import headlines, machine
from responder.messages.language import clean, cut
from responder.messages.plain_text import plain
from responder.messages.story import TONES, Story, story_of

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
# SNS takes less than 100 characters of a subject.
LONGEST_SUBJECT = 99
# Of these, the outcome keeps at least so many beside the longest name of an alarm.
_LEAST = 50
_BRACKETS = re.compile(r" ?\((?:[^()]|\([^()]*\))*\)|（(?:[^（）]|（[^（）]*）)*）")


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
    """`subjects`: the language of the subject: English and ASCII, unless a self-test has shown that SNS takes
    other letters here (`Settings.subjects`). Findings go first, the least important ones before the others,
    then details, then the rest."""
    advice = advise(report)
    for bodies in chain(_without_details(report, advice, language), _last_resorts(report, advice, language)):
        if fits(bodies):
            break
    attributes = {
        "severity": report.severity.value,
        "alarm": report.alarm,
        "incident": report.incident,
        "kind": report.kind.value,
        "level": ONLY.format(level=report.level) if report.again else str(report.level),
    }
    sent = {
        name: _sendable(clean(cut(value, LONGEST_ATTRIBUTE))) or "-" for name, value in attributes.items()
    }
    line, plain_line = (subject(report, advice, each) for each in (subjects, "en"))
    return Envelope(line, plain_line, bodies, sent)


def _without_details(report: Report, advice: Advice[Said], language: str) -> Iterator[dict[str, str]]:
    """The whole, then fewer and fewer findings; at last without the changes that a person is to make."""
    for each in _shorter(report):
        own = advice if each.outcomes is report.outcomes else advise(each)
        data = _json(machine(each, own, language))
        # Of what is too long for machines alone, nothing else need be rendered.
        if len(data) * _MACHINES <= ROOM:
            yield _bodies(each, language, story_of(each, own, language), data)


def _bodies(report: Report, language: str, story: Story, data: str) -> dict[str, str]:
    return by_protocol(plain(report, story, language), data, _json(amazon_q(report, story, language)))


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


def _last_resorts(report: Report, advice: Advice[Said], language: str) -> Iterator[dict[str, str]]:
    """Something other than the findings is huge: less and less of everything but the first line."""
    first = {each: cut(said, _HEADLINE) for each, said in headlines(advice).items()}
    for most, longest in _CLIPS:
        small = _small(report, most)
        own = advise(small)
        story = _clipped(story_of(small, own, language), longest)
        story = replace(story, advice=replace(story.advice, headline=first[language]))
        data = {
            **_clipped(machine(small, own, language), longest),
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


def subject(report: Report, advice: Advice[Said], language: str) -> str:
    """`[HIGH, LIVENESS OFF] Done: liveness check off (rollout 0%) - HighErrorRate`."""
    # Without what the names of the service's alarms have in common.
    alarm = f" - {report.alarm.removeprefix(Settings().alarm_prefix).removeprefix('Liveness-')}"
    said = words(advice.subject, language)
    return sendable(f"{_shortened(said, max(LONGEST_SUBJECT - len(alarm), _LEAST))}{alarm}", language)


def sendable(said: str, language: str) -> str:
    """A subject as SNS accepts it: one line, below 100 characters, in English ASCII."""
    line = clean(_sendable(said))
    if language != "ja":
        line = "".join(each if " " <= each <= "~" else "?" for each in line.replace("–", "-"))
    return _cut_subject(line, LONGEST_SUBJECT)


def _shortened(line: str, most: int) -> str:
    """Without what is in brackets, then as many whole clauses or, where the first one is too long, words as
    fit."""
    if len(line) <= most:
        return line
    short = _BRACKETS.sub("", line)
    if len(short) <= most:
        return short
    if clauses := re.match(rf".{{{most // 2},{most}}}(?=[.:;] |。)", short):
        return clauses[0]
    whole = re.match(rf".{{{most // 2},{most - 2}}}(?=[ 、。])", short)
    return f"{whole[0].rstrip(' ,;:、')}.." if whole else _cut_subject(short, most)


def _cut_subject(line: str, most: int) -> str:
    return line if len(line) <= most else f"{line[: most - 2].rstrip()}.."
