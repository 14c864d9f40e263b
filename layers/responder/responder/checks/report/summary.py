"""A scheduled check in short: what needs a person, and where the page is. For mail, chat and machines."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from responder.checks.model import CheckItem, CheckReport, CheckSection, CheckStatus
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
from responder.core.text import Text, text
from responder.messages.block_kit import bare, pasted
from responder.messages.block_kit import short as fitted
from responder.messages.json_report import moment
from responder.messages.language import clean, say

SCHEMA = "liveness-responder/check-summary/1"
# A mail is to be read at a glance; machines get all that SNS takes.
SHORT = 30
_TITLE, _DESCRIPTION, _STEP, _STEPS = 250, 2_800, 500, 10
# Lines of evidence below a red finding in a message; the page has all of them.
_DETAILS = 3
# Findings that are named below the command that mends them, too.
_MENDS = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """A check and what became of its page: `url` is empty where `problem` says why there is none."""

    told: CheckReport
    url: str = ""
    problem: Text | None = None

    @property
    def severity(self) -> str:
        """`medium` (the manual wants it answered in 60 min) where something is red; else `info`."""
        return "medium" if self.told.light is CheckStatus.RED else "info"

    @property
    def to_do(self) -> list[tuple[CheckSection, CheckItem]]:
        """Everything that needs a person, the most urgent first."""
        return to_do(self.told)


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as a message has it. `above`: the place of an earlier one with the same command and caution,
    which shows them for both; `mends`: the later ones for which it does so."""

    section: CheckSection
    item: CheckItem
    above: int | None = None
    mends: tuple[Text, ...] = ()

    @property
    def to_paste(self) -> str:
        """The command, where it is shown here."""
        return self.item.to_paste if self.above is None else ""


def findings(short: Summary, most: int) -> list[Told]:
    """The most urgent first; several that one command mends show it once."""
    found = short.to_do[:most]
    keys = [(item.to_paste, item.caution) for _, item in found]
    shown = [keys.index(key) if key[0] else place for place, key in enumerate(keys)]
    mends: dict[int, list[Text]] = {}
    for place, (_, item) in zip(shown, found, strict=True):
        mends.setdefault(place, []).append(item.said)
    return [
        Told(one, item, mends=tuple(mends[place][1:])) if at == place else Told(one, item, above=at)
        for place, (at, (one, item)) in enumerate(zip(shown, found, strict=True))
    ]


def note(told: list[Told], each: Told) -> Text | None:
    """What is said of a command that several findings share."""
    if each.above is not None:
        return text("checks.command_above", title=heading(told[each.above].section))
    if not each.mends:
        return None
    more = len(each.mends) - _MENDS
    rest = (text("checks.mends_more", count=more),) if more > 0 else ()
    return text("checks.mends", findings=(*each.mends[:_MENDS], *rest))


def plain(short: Summary, language: str, most: int) -> str:
    """The text of an e-mail; at most so many findings."""
    new = since(short.told)
    lines = [headline(short.told, language), *([say(new, language)] if new else []), ""]
    every = findings(short, most)
    for light in TO_DO:
        found = [each for each in every if each.item.light is light]
        if found:
            lines += [f"■ {say(Text(f'checks.light.{light}'), language)}"]
            lines += [line for each in found for line in _item(short.told, every, each, language)] + [""]
    lines += [*_more(short, language, most), *_end(short, language)]
    return "\n".join(lines).strip() + "\n"


def _item(told: CheckReport, every: list[Told], each: Told, language: str) -> Iterator[str]:
    one, item = each.section, each.item
    yield f"- {mark(item, language)}{say(heading(one), language)}: {say(item.said, language)}"
    yield from (f"    {line}" for line in evidence(told, item, language))
    if each.to_paste and item.caution:
        yield f"    ⚠ {say(item.caution, language)}"
    if each.to_paste:
        yield f"    {each.to_paste}"
    if said := note(every, each):
        yield f"    {say(said, language)}"


def evidence(told: CheckReport, item: CheckItem, language: str) -> list[str]:
    """What a message says below a finding: of a red one what it is compared with and the manual's chapter,
    which is the next step; of any how many more findings it stands for."""
    red = item.light is CheckStatus.RED
    lines = [say(each, language) for each in item.details[:_DETAILS]] if red else []
    if red and item.chapter:
        lines.append(say(text("checks.next", chapter=item.chapter), language))
    if item.again:
        lines.append(say(item.again, language))
    same = len(told.same(item))
    return [*lines, say(text("checks.same_cause", count=same), language)] if same else lines


def _more(short: Summary, language: str, most: int) -> list[str]:
    left_out = len(short.to_do) - most
    return [say(text("checks.more", count=left_out), language), ""] if left_out > 0 else []


def _end(short: Summary, language: str) -> Iterator[str]:
    told = short.told
    yield from (say(each, language) for each in accepted(told))
    if short.problem:
        yield say(short.problem, language)
    if short.url:
        yield f"{say(text('checks.page'), language)}: {short.url}"
    made = say(text("checks.at", at=moment(told.at) or "–"), language)
    yield f"{clean(told.account)} / {clean(told.region)} · {made}"


def data(short: Summary, language: str, most: int) -> dict[str, Any]:
    """For machines, and for our own function that tells Slack."""
    told, every = short.told, findings(short, most)
    return {
        "schema": SCHEMA,
        "id": told.id,
        "kind": "check",
        "rhythm": told.rhythm.value,
        "day": told.day.isoformat(),
        "at": moment(told.at),
        "region": told.region,
        "account": told.account,
        "severity": short.severity,
        "light": told.light.value,
        "language": language,
        "title": say(title(told), language),
        "headline": headline(told, language),
        "since": say(new, language) if (new := since(told)) else None,
        "counts": counts(told),
        "accepted": [say(each, language) for each in accepted(told)],
        "to_do": [_data(told, every, each, language) for each in every],
        "left_out": max(0, len(short.to_do) - most),
        "page": short.url or None,
        "problem": say(short.problem, language) if short.problem else None,
    }


def _data(told: CheckReport, every: list[Told], each: Told, language: str) -> dict[str, Any]:
    one, item, said = each.section, each.item, note(every, each)
    return {
        "section": one.name,
        "title": say(heading(one), language),
        "light": item.light.value,
        "new": item.new,
        "said": say(item.said, language),
        "evidence": evidence(told, item, language),
        "command": each.to_paste or None,
        "same_command_as": each.above,
        "command_note": say(said, language) if said else None,
        "caution": say(item.caution, language) if each.to_paste and item.caution else None,
    }


def _step(every: list[Told], each: Told, language: str) -> str:
    caution = f"⚠ {bare(say(each.item.caution, language))} " if each.item.caution else ""
    said = note(every, each)
    return caution + pasted(each.to_paste) + (f" {bare(say(said, language))}" if said else "")


def amazon_q(short: Summary, language: str, most: int) -> dict[str, Any]:
    """The custom notification of Amazon Q Developer in chat applications; one thread per rhythm and day."""
    told = short.told
    lines = [
        bare(
            f"{marked(item.light, language)} {mark(item, language)}{say(heading(one), language)}: "
            f"{say(item.said, language)}"
        )
        for one, item in short.to_do[:most]
    ]
    # What is cut off are findings, never the way to all of them.
    shown = "\n".join((f"*{bare(headline(told, language))}*", *map(bare, _end(short, language)), *lines))
    every = findings(short, most)
    steps = [_step(every, each, language) for each in every if 0 < len(each.to_paste) <= _STEP]
    return {
        "version": "1.0",
        "source": "custom",
        "id": told.id,
        "content": {
            "textType": "client-markdown",
            "title": fitted(bare(say(title(told), language)), _TITLE),
            "description": fitted(shown, _DESCRIPTION),
            "nextSteps": steps[:_STEPS],
            "keywords": [short.severity, "check", told.rhythm.value, told.light.value],
        },
        "metadata": {
            "threadId": told.id,
            "summary": fitted(bare(headline(told, language)), _DESCRIPTION),
            "eventType": "check",
            "additionalContext": {"account": told.account, "region": told.region},
        },
    }
