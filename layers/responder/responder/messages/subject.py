"""The subject of an e-mail: severity and lowered security, then the outcome, then the alarm.

In English and ASCII, unless a self-test has shown that SNS takes other letters here (`Settings.subjects`).
"""

import re
from dataclasses import replace

from responder.core.remedy import spec_of
from responder.core.report import Report, ReportKind
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.core.verdict import Outcome, Result, Verdict
from responder.messages.catalogue import known
from responder.messages.headline import in_part, lowered, name, restoring, result_key, step_of
from responder.messages.language import clean, say
from responder.messages.requests import RequestedChange, again_of, called

# SNS takes less than 100 characters.
LONGEST = 99
# Of these, the outcome keeps at least so many beside the longest name of an alarm.
_LEAST = 50
_BRACKETS = re.compile(r" ?\((?:[^()]|\([^()]*\))*\)|（(?:[^（）]|（[^（）]*）)*）")
# The result that is named first: a question before everything else.
_ORDER = (
    Result.ASKED,
    Result.FAILED,
    Result.PARTIAL,
    Result.APPLIED,
    Result.REVERTED,
    Result.STEPPED,
    Result.KEPT,
    Result.OBSERVED,
    Result.REFUSED,
    Result.ALREADY,
)


def subject(report: Report, language: str = "en") -> str:
    """`[HIGH, LIVENESS OFF] Done: liveness check off (rollout 0%) - HighErrorRate`."""
    severity = text("subject.severity", severity=Text(f"subject.{report.severity}"), level=report.level)
    plain = Text(f"subject.{report.severity}")
    tags = (severity if report.level > 1 else plain, *_lowered(report))
    said = say(text("subject.line", tags=tags, outcome=_outcome(report)), language)
    alarm = f" - {short_name(report.alarm)}"
    return sendable(f"{_shortened(said, max(LONGEST - len(alarm), _LEAST))}{alarm}", language)


def sendable(said: str, language: str) -> str:
    """A subject as SNS accepts it: one line, below 100 characters, in English ASCII."""
    line = clean(said.encode("utf-8", "replace").decode())
    if language != "ja":
        line = "".join(each if " " <= each <= "~" else "?" for each in line.replace("–", "-"))
    return _cut(line, LONGEST)


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
    words = re.match(rf".{{{most // 2},{most - 2}}}(?=[ 、。])", short)
    return f"{words[0].rstrip(' ,;:、')}.." if words else _cut(short, most)


def _cut(line: str, most: int) -> str:
    return line if len(line) <= most else f"{line[: most - 2].rstrip()}.."


def short_name(alarm: str) -> str:
    """The alarm's name without the part that the service's alarms have in common."""
    return alarm.removeprefix(Settings().alarm_prefix).removeprefix("Liveness-")


def _lowered(report: Report) -> tuple[Text, ...]:
    """Security is lowered right now."""
    lowering = lowered(report)
    if lowering is None:
        return ()
    percent = next(filter(None, map(step_of, report.leases)), "")
    if restoring(report) and percent:
        return (text("subject.lowered_to", percent=percent),)
    key = f"subject.lowered_{lowering}"
    part = Text(f"{key}_in_part")
    if in_part(report, lowering) and known(part.key):
        return (part,)
    return (Text(key) if known(key) else name(lowering),)


def _outcome(report: Report) -> Text:
    """The status, and what is to be done."""
    if report.topic:
        return _of_topic(report)
    if report.kind is ReportKind.FAILURE:
        return text("subject.failure")
    first, *others = sorted(report.outcomes, key=_rank) or (None,)
    if first is None:
        return _nothing_done(report.verdict)
    if not spec_of(first.remedy).applied:
        return text("subject.written")
    remedy = called(RequestedChange.outcome(replace(first, scope="")))
    key = result_key(first, report.leases)
    if (again := again_of("subject", first)) is not None:
        remedy, key = again, f"{key}_again"
    applied = (each for each in others if spec_of(each.remedy).applied)
    alike = sum(result_key(each, report.leases) == key for each in applied)
    if alike:
        remedy = text("subject.and_others", first=remedy, count=alike)
    own = Text(f"subject.{key}", {"remedy": remedy})
    return own if known(own.key) else Text(f"subject.{first.result}", {"remedy": remedy})


def _of_topic(report: Report) -> Text:
    minutes = max(0, int((report.at - (report.unsolved or report.since)).total_seconds() // 60))
    unproven = all(label.key != "course.recovery" for label, _ in report.course)
    key = f"subject.topic.{report.topic}{'_unproven' if unproven and report.topic == 'close' else ''}"
    if not report.verdict.steps and known(f"{key}_restarted"):
        return Text(f"{key}_restarted")
    if not report.answered and known(f"{key}_unanswered"):
        return Text(f"{key}_unanswered", {"minutes": minutes})
    if report.about is not None and known(f"{key}_of"):
        return Text(f"{key}_of", {"remedy": report.about})
    return Text(key, {"minutes": minutes}) if known(key) else Text(report.topic)


def _nothing_done(verdict: Verdict) -> Text:
    """The cause is what happened."""
    if not verdict.known:
        return text("subject.unknown")
    return Text(
        "subject.normal" if verdict.cause.kind.normal else "subject.nothing", {"cause": verdict.cause.text}
    )


def _rank(outcome: Outcome) -> tuple[int, bool, bool]:
    """Of the same result, what lowers security is named, and a suggested change last."""
    lowers = RequestedChange.outcome(outcome).lowers_security
    return _ORDER.index(outcome.result), not lowers, not spec_of(outcome.remedy).applied
