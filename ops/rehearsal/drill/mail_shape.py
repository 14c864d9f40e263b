"""What every mail to on-call keeps to, whatever it is about: order, length, commands, nothing twice. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from rehearsal.drill.words import DrillText
from responder.core.text import Text
from responder.messages.language import MONTHS, say

# Characters of a mail; characters of a subject that a telephone shows; the line by which `ack` has come.
LONGEST, SHOWN, ACK_LINE = 3_500, 40, 15
# One for the alarm, one for the report, and AWS's public status page, which a step of the manual names.
MOST_LINKS = 3
_SECTIONS = ("label.steps", "label.acts", "label.course", "label.cause", "label.findings")
# Shorter texts are names and numbers.
_SENTENCE = 30
# A command, or a text for AWS Support, below the step that says what to do with it.
_PASTED = re.compile(r"\s{3,}\S|(?:\S+ ?\S*: )?(?:liveness-ops|aws) ")
_COMMAND = re.compile(r"\b(?:liveness-ops|aws) [a-z]")
_LABEL = re.compile(r"^(?:\[[^]]*] |(?:\d+\. |- )?(?:[^:.]{1,20}: )?)")
_NO_ACTION = re.compile(
    r"\bno (?:further )?action\b|\bnothing (?:to do|needs)|(?:操作|対応)は?不要|(?:操作|対応)は\S*ありません",
    re.IGNORECASE,
)
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d) (?P<zone>UTC|JST)"
# By when a person has to act, or something is to happen unless a person does.
_DUE = (
    re.compile(rf"\bby (?P<month>[A-Z][a-z][a-z]) (?P<day>\d\d) {_CLOCK}"),
    re.compile(rf"\bat (?P<month>[A-Z][a-z][a-z]) (?P<day>\d\d) {_CLOCK}, unless"),
    re.compile(rf"(?P<month>\d\d)/(?P<day>\d\d) {_CLOCK} (?:までに|に.{{1,60}}されない場合)"),
)
_HOURS = {"UTC": 0, "JST": 9}
# In English, or in Japanese where SNS takes that.
_SUBJECT = re.compile(r"(?:\[(?:HIGH|MEDIUM|INFO)[^]]*] |【(?:高|中|情報)[^】]*】)\S.{7}")


def faults(subject: str, mail: str, report: Mapping[str, Any]) -> Iterator[DrillText]:
    """Each rule that it breaks. `report`: the same message as machines get it."""
    lines = mail.splitlines()
    if len(mail) > LONGEST:
        yield DrillText("shape.long", {"count": len(mail), "most": LONGEST})
    if not _SUBJECT.match(subject[:SHOWN]) or len(subject) > 99:
        yield DrillText("shape.subject", {"shown": SHOWN, "subject": subject})
    yield from _order(lines, str(report["language"]))
    yield from (DrillText("shape.twice", {"text": each}) for each in twice(lines))
    if report["open"] and report["answered"]:
        command = f"liveness-ops ack {report['incident']} "
        if not any(command in line for line in lines[:ACK_LINE]):
            yield DrillText("shape.ack", {"command": command.strip(), "lines": ACK_LINE})
    if report["open"] and (claim := _NO_ACTION.search(f"{subject}\n{lines[0]}")):
        # Its first step is a command.
        yield DrillText("shape.no_action", {"text": claim[0]})
    if _COMMAND.search(lines[0]):
        yield DrillText("shape.first_line")
    if "--name " not in lines[-1] or f"--region {report['region']}" not in lines[-1]:
        yield DrillText("shape.stop")
    yield from _links(mail)
    at = datetime.fromisoformat(str(report["at"]))
    yield from (DrillText("shape.past", {"text": each}) for each in past(mail, at))


def past(message: str, at: datetime) -> Iterator[str]:
    """Times by which something has to happen that have passed when the message is sent, at `at`. Times are
    shown to the minute, and without their year."""
    for found in (each for pattern in _DUE for each in pattern.finditer(message)):
        month = found["month"]
        number = MONTHS.index(month) + 1 if month in MONTHS else int(month)
        hour = int(found["hour"]) - _HOURS[found["zone"]]
        # The nearest year: a message of December names a time of January.
        year = at.year + round((at.month - number) / 12)
        day = datetime(year, number, int(found["day"]), tzinfo=UTC)
        due = day + timedelta(hours=hour, minutes=int(found["minute"]))
        if at.replace(second=0, microsecond=0) > due:
            yield found[0]


def _order(lines: list[str], language: str) -> Iterator[DrillText]:
    wanted = [f"■ {say(Text(label), language)}" for label in _SECTIONS]
    found = [line for line in lines if line.startswith("■ ")]
    if found != [each for each in wanted if each in found]:
        yield DrillText("shape.order", {"found": ", ".join(found)})


def twice(lines: list[str]) -> list[str]:
    """Sentences that are there more than once, with a label or without. What is to be pasted is none, nor
    is a setting's change."""
    first, *others = lines
    rest = [line.strip() for line in others if not (_PASTED.match(line) or " → " in line)]
    said = [_parts(first), *(_parts(line) | _parts(_LABEL.sub("", line)) for line in rest)]
    times = Counter(chain.from_iterable(each.elements() for each in said))
    return [each for each, count in times.items() if count > 1 and len(each) >= _SENTENCE]


def _parts(line: str) -> Counter[str]:
    return Counter(part.strip(" 。.-") for part in re.split(r"(?<=\.) |(?<=。)", line))


def _links(mail: str) -> Iterator[DrillText]:
    links = re.findall(r"https?://\S+", mail)
    if len(links) > MOST_LINKS:
        yield DrillText("shape.links", {"count": len(links), "most": MOST_LINKS})
    if doubled := [link for link, times in Counter(links).items() if times > 1]:
        yield DrillText("shape.link_twice", {"link": doubled[0]})
    if not links and re.search(r"リンク先|behind the link|see the link", mail):
        yield DrillText("shape.no_link")
