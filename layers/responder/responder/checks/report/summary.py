"""A scheduled check in short: what needs a person, and where the page is. For mail, chat and machines."""

import json
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from responder.checks.finding import GREEN, RED, CheckItem
from responder.checks.model import CheckReport, PlacedItem
from responder.checks.report.words import (
    TO_DO,
    accepted,
    counts,
    heading,
    headline,
    mark,
    marked,
    since,
    title,
    to_do,
)
from responder.core.frozen import frozen
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.core.text import Text, Value, text
from responder.messages.block_kit import bare, pasted
from responder.messages.block_kit import short as fitted
from responder.messages.json_report import moment
from responder.messages.language import clean, cut, say
from responder.messages.mail import Envelope, by_protocol, fits, sendable
from responder.messages.plain_text import LONGEST
from responder.messages.steps import stop_everything

SCHEMA = "liveness-responder/check-summary/1"
# A mail has to be readable at a glance; machines get as much as SNS takes.
SHORT, _MOST = 30, 200
_TITLE, _DESCRIPTION, _STEP, _STEPS = 250, 2_800, 500, 10
# Lines of evidence below a red finding in a message; the page has all of them.
_DETAILS = 3
# Characters of a mail up to which the findings of today have their commands, whatever else there is.
_OF_TODAY = LONGEST * 2 // 3
# Lines of another result in a mail; lines about acceptances, and their characters.
_OBSERVED, _ACCEPTED, _LONGEST = 30, 4, 300


@frozen
class Summary:
    """A check and its page: `url` is empty where `problem` says why there is none. `stack`:
    the stack's name, for the command that stops everything."""

    report: CheckReport
    url: str = ""
    problem: Text | None = None
    stack: str = ""

    @property
    def severity(self) -> str:
        """`medium` (the manual requires it answered in 60 min) where something is red; else `info`."""
        return "medium" if self.report.light is RED else "info"

    @property
    def to_do(self) -> list[PlacedItem]:
        """Everything that needs a person, the most urgent first."""
        return to_do(self.report)


class _Shown(NamedTuple):
    """A finding in the words of a message. `above`: the place of an earlier one with the same command and
    caution, which shows them for both; `command` and `caution` are empty then. `note`: of a command that
    several findings share."""

    item: CheckItem
    section: str
    title: str
    said: str
    evidence: list[str]
    command: str
    caution: str
    above: int | None
    note: str


def _findings(short: Summary, language: str, most: int) -> list[_Shown]:
    """The most urgent first; several that one command fixes show it once."""
    found = short.to_do[:most]
    keys = [(item.to_paste, item.caution) for _, item in found]
    firsts = [keys.index(key) if key[0] else place for place, key in enumerate(keys)]
    shown = []
    for place, (section, item) in enumerate(found):
        above = firsts[place] if firsts[place] != place else None
        command = item.to_paste if above is None else ""
        note = None
        if above is not None:
            note = text("checks.command_above", title=heading(found[above][0]))
        elif (more := firsts.count(place) - 1) > 0:
            note = text("checks.mends", count=more)
        shown.append(
            _Shown(
                item,
                section.name,
                say(heading(section), language),
                say(item.said, language),
                _evidence(short.report, item, language),
                command,
                say(item.caution, language) if item.caution and command else "",
                above,
                say(note, language) if note else "",
            )
        )
    return shown


def _evidence(report: CheckReport, item: CheckItem, language: str) -> list[str]:
    """What a message says below a finding: of a red one what it is compared with and the manual's chapter,
    which is the next step; of each, how many more findings it represents."""
    red = item.light is RED
    lines = list(item.details[:_DETAILS]) if red else []
    if red and item.chapter:
        lines.append(text("checks.next", chapter=item.chapter))
    if item.again:
        lines.append(item.again)
    if same := len(report.same(item)):
        lines.append(text("checks.same_cause", count=same))
    return [say(each, language) for each in lines]


# --- the message on SNS


def envelope(short: Summary, language: str, subjects: str = "en") -> Envelope:
    """One SNS message with a body per protocol. The least urgent findings go first; the page has them all.
    `subjects`: the language of the subject."""
    most = _MOST
    while not fits(bodies := _bodies(short, language, most)) and most:
        most = most * 3 // 4
    return Envelope(subject(short, subjects), subject(short), bodies, attributes(short))


def _bodies(short: Summary, language: str, most: int) -> dict[str, str]:
    machines = json.dumps(data(short, language, most), ensure_ascii=False, allow_nan=False)
    chat = json.dumps(amazon_q(short, language, most), ensure_ascii=False)
    return by_protocol(mail(short, language, min(most, SHORT)), machines, chat)


def subject(short: Summary, language: str = "en") -> str:
    """`[MEDIUM] 2 to do today, 1 this week, 0 not checked - Daily check 2026-02-04`."""
    report, given = short.report, counts(short.report)
    found = Text("subject.check_counts", {each.value: given[each] for each in TO_DO})
    if report.light is GREEN:
        found = text("subject.check_green")
    if not sum(given.values()):
        found = text("subject.check_empty")
    tag = Text(f"subject.check.{report.light.value}")
    check = text("subject.check", rhythm=Text(f"checks.rhythm.{report.rhythm}"), day=report.day.isoformat())
    said = text("subject.line", tags=tag, outcome=text("subject.check_line", found=found, check=check))
    return sendable(say(said, language), language)


def attributes(short: Summary) -> dict[str, str]:
    """The message attributes, with the names of those of every message; a check has no alarm."""
    return {
        "severity": short.severity,
        "alarm": "-",
        "incident": short.report.id,
        "kind": "check",
        "level": "1",
        "light": short.report.light.value,
    }


class _Form(IntEnum):
    """How much of a finding a text has."""

    COUNTED = 0
    LINE = 1
    WHOLE = 2  # with its evidence and command


def plain(short: Summary, language: str, most: int) -> str:
    """As text, with at most `most` findings."""
    shown = _findings(short, language, most)
    return _text(short, language, shown, [_Form.WHOLE] * len(shown))


def mail(short: Summary, language: str, most: int) -> str:
    """As text of at most LONGEST characters, with at most `most` findings: a line of each that fits, with the
    evidence and the command of each that fits, then lines of other results. The most urgent come first, those
    of today with their commands before the lines of others; what does not fit is counted."""
    shown = _findings(short, language, most)
    forms = [_Form.COUNTED] * len(shown)
    today = [place for place, one in enumerate(shown) if one.item.light is RED]
    for places, form, longest in (
        (today, _Form.LINE, LONGEST),
        (today, _Form.WHOLE, _OF_TODAY),
        (range(len(shown)), _Form.LINE, LONGEST),
        (range(len(shown)), _Form.WHOLE, LONGEST),
    ):
        for place in places:
            above = shown[place].above
            # The command of another finding has to be shown above.
            refers = form is _Form.WHOLE and above is not None and forms[above] is not form
            tried = [*forms[:place], max(form, forms[place]), *forms[place + 1 :]]
            if not refers and len(_text(short, language, shown, tried, 0)) <= longest:
                forms = tried
    texts = (_text(short, language, shown, forms, lines) for lines in range(_OBSERVED, 0, -1))
    fitting = (each for each in texts if len(each) <= LONGEST)
    return next(fitting, _text(short, language, shown, forms, 0))


def _text(
    short: Summary, language: str, shown: list[_Shown], forms: list[_Form], most: int | None = None
) -> str:
    """Each finding in its form, and at most `most` lines of each other result; None for all."""
    new, report = since(short.report), short.report
    lines = [headline(report, language), *([say(new, language)] if new else []), ""]
    pairs = list(zip(shown, forms, strict=True))
    for light in TO_DO:
        found = [
            line for one, form in pairs if one.item.light is light for line in _lines(one, form, language)
        ]
        lines += [f"■ {say(Text(f'checks.light.{light}'), language)}", *found, ""] if found else []
    if left_out := len(short.to_do) - sum(form > _Form.COUNTED for form in forms):
        lines.append(say(_elsewhere(short, "checks.more", count=left_out), language))
    if any(form is _Form.LINE for form in forms):
        lines.append(say(_elsewhere(short, "checks.hidden"), language))
    lines += [""] if lines[-1] else []
    for each in report.in_message:
        details = [f"  {say(line, language)}" for line in each.details[:most]]
        if omitted := len(each.details) - len(details):
            details.append(f"  {say(text('report.more', count=omitted), language)}")
        lines += [cut(say(each.said, language), _LONGEST), *details, ""]
    lines += _end(short, language)
    if short.stack:
        stop = stop_everything(_ours(short))
        lines.append(say(text("report.stop_everything", command=stop), language))
    return "\n".join(lines).strip() + "\n"


def _ours(short: Summary) -> Settings:
    """The stack that commands are about."""
    return Settings(stack=short.stack or Settings().stack, region=short.report.region)


def _elsewhere(short: Summary, key: str, **values: Value) -> Text:
    """What is in the report; where there is none, what the command shows."""
    if short.url:
        return Text(key, values)
    command = text("command.check_by_hand", rhythm=short.report.rhythm.value, where=_ours(short).console)
    return Text(f"{key}_by_command", {**values, "command": command})


def _lines(each: _Shown, form: _Form, language: str) -> Iterator[str]:
    if form > _Form.COUNTED:
        yield f"- {mark(each.item, language)}{each.title}: {each.said}"
    if form is _Form.WHOLE:
        caution = f"⚠ {each.caution}" if each.caution else ""
        yield from (f"    {line}" for line in (*each.evidence, caution, each.command, each.note) if line)


def _end(short: Summary, language: str) -> Iterator[str]:
    report = short.report
    lines = accepted(report)
    yield from (cut(say(each, language), _LONGEST) for each in lines[:_ACCEPTED])
    if (more := len(lines) - _ACCEPTED) > 0:
        yield say(text("checks.accepted.more", count=more), language)
    if short.problem:
        yield cut(say(short.problem, language), _LONGEST)
    if short.url:
        yield f"{say(text('checks.page'), language)}: {short.url}"
    made = say(text("checks.at", at=moment(report.at) or "–"), language)
    yield f"{clean(report.account)} / {clean(report.region)} · {made}"


def data(short: Summary, language: str, most: int) -> Json:
    """The summary for machines, and for the function that posts to Slack."""
    report, new = short.report, since(short.report)
    return {
        "schema": SCHEMA,
        "id": report.id,
        "kind": "check",
        "rhythm": report.rhythm.value,
        "day": report.day.isoformat(),
        "at": moment(report.at),
        "region": report.region,
        "account": report.account,
        "severity": short.severity,
        "light": report.light.value,
        "language": language,
        "title": say(title(report), language),
        "headline": headline(report, language),
        "since": say(new, language) if new else None,
        "counts": counts(report),
        "accepted": [say(each, language) for each in accepted(report)],
        "to_do": [_data(each) for each in _findings(short, language, most)],
        "left_out": max(0, len(short.to_do) - most),
        "page": short.url or None,
        "problem": say(short.problem, language) if short.problem else None,
    }


def _data(each: _Shown) -> Json:
    return {
        "section": each.section,
        "title": each.title,
        "light": each.item.light.value,
        "new": each.item.new,
        "said": each.said,
        "evidence": each.evidence,
        "command": each.command or None,
        "same_command_as": each.above,
        "command_note": each.note or None,
        "caution": each.caution or None,
    }


def amazon_q(short: Summary, language: str, most: int) -> Json:
    """The custom notification of Amazon Q Developer in chat applications; one thread per rhythm and day."""
    report, every = short.report, _findings(short, language, most)
    head = bare(headline(report, language))
    lines = (
        bare(f"{marked(each.item.light, language)} {mark(each.item, language)}{each.title}: {each.said}")
        for each in every
    )
    # Findings are cut off, never the link to all of them.
    shown = "\n".join((f"*{head}*", *map(bare, _end(short, language)), *lines))
    steps = []
    for each in every:
        if 0 < len(each.command) <= _STEP:
            caution = f"⚠ {bare(each.caution)} " if each.caution else ""
            steps.append(caution + pasted(each.command) + (f" {bare(each.note)}" if each.note else ""))
    return {
        "version": "1.0",
        "source": "custom",
        "id": report.id,
        "content": {
            "textType": "client-markdown",
            "title": fitted(bare(say(title(report), language)), _TITLE),
            "description": fitted(shown, _DESCRIPTION),
            "nextSteps": steps[:_STEPS],
            "keywords": [short.severity, "check", report.rhythm.value, report.light.value],
        },
        "metadata": {
            "threadId": report.id,
            "summary": fitted(head, _DESCRIPTION),
            "eventType": "check",
            "additionalContext": {"account": report.account, "region": report.region},
        },
    }
