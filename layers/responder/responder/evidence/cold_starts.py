"""What cold starts cost one function, and how much of its memory it uses."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from responder.core import console_links
from responder.core.context import Context
from responder.core.finding import Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.permissions import Permission, Permissions
from responder.core.text import Texts, text
from responder.core.timestamps import stamp
from responder.evidence import logs
from responder.evidence.base import Look, or_none
from responder.evidence.classify import classify, parse
from responder.evidence.configuration import Starts
from responder.evidence.faults import Fault

PATTERN = '?"REPORT RequestId" ?"platform.report" ?"Task timed out after" ?"Runtime exited with error"'
SEGMENTS = (timedelta(minutes=15), timedelta(hours=1))
MANY_COLD = 0.2
_NAMED = (Fault.TIMEOUT, Fault.MEMORY)
FULL = 0.9
_START = re.compile(r"REPORT RequestId: (?P<id>[\w-]+)\s")
_FIGURES = {
    "duration": re.compile(r"(?<!Billed )(?<!Init )(?<!Restore )Duration: ([\d.]+) ms"),
    "init": re.compile(r"Init Duration: ([\d.]+) ms"),
    "size": re.compile(r"Memory Size: (\d+) MB"),
    "used": re.compile(r"Max Memory Used: (\d+) MB"),
}
_STATUS = re.compile(r"\bStatus: ([a-z]+)")
# How Lambda says that it, and not the function, ended a run (Telemetry API reference, Status).
_KILLED = frozenset({"timeout", "error"})
_KEYS = {
    "duration": "durationMs",
    "init": "initDurationMs",
    "size": "memorySizeMB",
    "used": "maxMemoryUsedMB",
}


@frozen
class ColdStarts(Look):
    """REPORT lines of the last hour, of the runs that ended."""

    KEY, SUBJECT = "cold_starts", Subject.COLD_STARTS
    function: LivenessFunction

    def needs(self) -> Permissions:
        """Reading the function's log group."""
        return (Permission("logs:FilterLogEvents", self.function.logs),)

    def look(self, context: Context) -> Starts:
        """Newest lines first, within the limits of a look."""
        name = self.function.deployed_name(context.settings)
        read = logs.read(context, logs.group_of(name), PATTERN, SEGMENTS)
        messages = [event.message for event in read.events]
        listed = {found.request: found for each in messages if (found := report_of(each))}.values()
        killed = _killed(messages)
        ended = [each for each in listed if not each.killed and each.request not in killed]
        full = [each for each in listed if killed.get(each.request) is Fault.MEMORY]
        cold = [each for each in ended if each.init is not None]
        warm = [each.duration for each in ended if each.init is None]
        inits = [each.init for each in cold if each.init is not None]
        counted = Counter(killed.values())
        return Starts(
            function=name,
            since=context.ago(hours=1),
            reports=len(ended),
            cold=len(cold),
            init_average=_mean(inits),
            init_maximum=max(inits, default=None),
            cold_average=_mean(each.duration for each in cold),
            warm_average=_mean(warm),
            memory_size=max((each.size for each in listed if each.size), default=None),
            memory_used=max((each.used for each in (*ended, *full) if each.used), default=None),
            complete_since=read.complete_since,
            warm_high=_ninth_tenth(warm),
            timed_out=counted[Fault.TIMEOUT],
            out_of_memory=counted[Fault.MEMORY],
        )

    def findings(self, fact: Starts, context: Context) -> Findings:
        """Share and cost of cold starts; memory used against its size."""
        group = logs.group_of(fact.function)
        link = console_links.log_events(context.settings.region, group, fact.since, context.now, PATTERN)
        if not fact.reports:
            said = text("evidence.cold_starts.nothing", function=fact.function)
            return (self.finding(Tone.INFO, said, 0, (*_capped(fact), *_cut_short(fact)), link=link),)
        said = text(
            "evidence.cold_starts",
            function=fact.function,
            cold=fact.cold,
            reports=fact.reports,
            percent=100 * fact.cold_share,
        )
        numbers = {"cold": float(fact.cold), "reports": float(fact.reports)}
        details = (*_capped(fact), *_cut_short(fact), *_cost(fact), *_memory(fact))
        notable = fact.cold_share >= MANY_COLD or memory_share(fact) >= FULL
        tone = Tone.AMBER if notable else Tone.NORMAL
        return (self.finding(tone, said, fact.reports, details, numbers, link, over=timedelta(hours=1)),)


def memory_share(fact: Starts) -> float:
    """Highest memory used ÷ memory size; 0.0 where unknown."""
    return fact.memory_used / fact.memory_size if fact.memory_used and fact.memory_size else 0.0


def _cost(fact: Starts) -> Texts:
    if not fact.cold:
        return ()
    return (
        text(
            "evidence.cold_starts.cost",
            average=or_none(fact.init_average),
            maximum=or_none(fact.init_maximum),
            cold=or_none(fact.cold_average),
            warm=or_none(fact.warm_average),
        ),
    )


def _memory(fact: Starts) -> Texts:
    if fact.memory_size is None or fact.memory_used is None:
        return ()
    key = "evidence.cold_starts.memory_full" if memory_share(fact) >= FULL else "evidence.cold_starts.memory"
    return (text(key, used=fact.memory_used, size=fact.memory_size),)


def _capped(fact: Starts) -> Texts:
    if fact.complete_since <= fact.since:
        return ()
    return (text("evidence.failures.capped", function=fact.function, start=stamp(fact.complete_since)),)


def _killed(messages: Iterable[str]) -> dict[str, Fault]:
    """By request, why Lambda ended it; of several lines the one that names time or memory."""
    found: dict[str, Fault] = {}
    for line in filter(None, map(parse, messages)):
        meaning = classify(line) if line.platform else None
        if meaning is not None and found.get(line.request) not in _NAMED:
            found[line.request] = meaning.fault
    return found


def _cut_short(fact: Starts) -> Texts:
    """What was left out, as it proves nothing about cold starts."""
    if not fact.timed_out + fact.out_of_memory:
        return ()
    return (
        text("evidence.cold_starts.cut_short", timed_out=fact.timed_out, out_of_memory=fact.out_of_memory),
    )


def _ninth_tenth(values: list[float]) -> float | None:
    """What nine in ten stay at or below."""
    return sorted(values)[math.ceil(0.9 * len(values)) - 1] if values else None


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


# Lambda's REPORT lines, text and JSON. Nothing here raises.


@frozen
class LambdaReport:
    """One invocation: seconds and MB. `init` is None for a warm start.

    `status` is Lambda's word for how it ended; empty where the line has none.
    """

    request: str
    duration: float
    init: float | None
    size: int | None
    used: int | None
    status: str = ""

    @property
    def killed(self) -> bool:
        """It was cut short, so its figures do not say how long it would have taken."""
        return self.status in _KILLED


def report_of(message: str) -> LambdaReport | None:
    """The report; None where the line is none."""
    stripped = message.strip()
    return _json_report(stripped) if stripped.startswith("{") else _text_report(stripped)


def _text_report(message: str) -> LambdaReport | None:
    start = _START.match(message)
    if not start:
        return None
    found = {key: pattern.search(message) for key, pattern in _FIGURES.items()}
    figures = {key: _number(match.group(1)) if match else None for key, match in found.items()}
    status = _STATUS.search(message)
    return _report(start["id"], figures, status.group(1) if status else "")


def _json_report(message: str) -> LambdaReport | None:
    try:
        fields = json.loads(message)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or fields.get("type") != "platform.report":
        return None
    record = fields.get("record")
    figures = record.get("metrics") if isinstance(record, dict) else None
    if not isinstance(record, dict) or not isinstance(figures, dict):
        return None
    read = {key: _number(figures.get(name)) for key, name in _KEYS.items()}
    return _report(str(record.get("requestId", "")), read, str(record.get("status", "")))


def _report(request: str, figures: dict[str, float | None], status: str) -> LambdaReport | None:
    duration, init, size, used = (figures[key] for key in _KEYS)
    if duration is None:
        return None
    return LambdaReport(
        request,
        duration / 1000,
        None if init is None else init / 1000,
        None if size is None else round(size),
        None if used is None else round(used),
        status,
    )


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 <= number < 1e12 else None
