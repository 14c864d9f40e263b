"""Hold what a response left behind against what the scenario expects. Pure."""

import json
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from rehearsal.drill import state
from rehearsal.drill.course import Course
from rehearsal.drill.follow import Follow, Message, Told
from rehearsal.drill.scenario import Expect
from rehearsal.drill.state import State
from rehearsal.drill.taken import Taken


def problems(expect: Expect, taken: Taken, *, denied: bool) -> list[str]:
    """One line for each difference; empty when all is as expected."""
    return [
        *_messages(expect, taken),
        *(_once(expect.once, taken) if expect.once else _verdict(expect, taken.report)),
        *_settings(expect, taken),
        *_words(expect, taken),
        *refusals(taken, denied=denied),
    ]


def _messages(expect: Expect, taken: Taken) -> Iterator[str]:
    if len(taken.mail) != expect.messages:
        yield f"{len(taken.mail)} messages, not {expect.messages}"


def _verdict(expect: Expect, report: Mapping[str, Any]) -> Iterator[str]:
    if not report:
        return
    cause = report["cause"]["key"]
    if expect.cause is not None and cause != expect.cause:
        yield f"cause {cause}, not {expect.cause}"
    if expect.severity and report["severity"] != expect.severity:
        yield f"severity {report['severity']}, not {expect.severity}"
    results = {outcome["remedy"]: outcome["result"] for outcome in report["outcomes"]}
    if results != dict(expect.results):
        yield f"results {results}, not {dict(expect.results)}"
    reasons = {o["remedy"]: o["because"]["key"] if o["because"] else "" for o in report["outcomes"]}
    for remedy, wanted in expect.because.items():
        if reasons.get(remedy) != wanted:
            yield f"{remedy} because of {reasons.get(remedy) or '-'}, not {wanted}"
    warned = {warning["key"] for warning in report["warnings"]}
    yield from (f"no warning {wanted}" for wanted in expect.warns if wanted not in warned)


# What the message of an alarm may say that came second.
_TAKEN = ("guard.linked", "guard.leased", "guard.others_acting", "guard.cooldown")


def _once(remedy: str, taken: Taken) -> Iterator[str]:
    """Exactly one message has applied the remedy, each alarm has one, and none was left without an answer."""
    found = {report["alarm"]: _of(remedy, report) for report in taken.reports}
    if len(found) != len(taken.reports):
        yield f"{len(taken.reports)} messages about {len(found)} alarms"
    applied = [alarm for alarm, (result, _) in found.items() if result == "applied"]
    if len(applied) != 1:
        yield f"applied by {applied or 'none'}"
    for alarm, (result, because) in found.items():
        if result not in ("applied", "already") and because not in _TAKEN:
            yield f"{alarm}: {result} because of {because}"


def _of(remedy: str, report: Mapping[str, Any]) -> tuple[str, str]:
    outcome = next((each for each in report["outcomes"] if each["remedy"] == remedy), None)
    if outcome is None:
        return "nothing", "-"
    return outcome["result"], outcome["because"]["key"] if outcome["because"] else "-"


def _settings(expect: Expect, taken: Taken) -> Iterator[str]:
    changed = {setting: after for setting, (_, after) in taken.changes.items()}
    for setting in sorted(changed.keys() | expect.after.keys()):
        wanted = expect.after.get(setting, taken.before.get(setting))
        if taken.after.get(setting) != wanted:
            yield f"{setting} is {taken.after.get(setting)!r}, not {wanted!r}"


def _words(expect: Expect, taken: Taken) -> Iterator[str]:
    text = "\n".join(mail.text for mail in taken.mail)
    yield from (f"the message does not say {word!r}" for word in expect.says if word not in text)
    yield from (f"the message says {word!r}" for word in expect.never if word in text)


def refusals(taken: Taken, *, denied: bool) -> Iterator[str]:
    """Calls that IAM did not allow, where that is no part of the story."""
    if not denied:
        refused = sorted({f"{call.action} on {call.resource}" for call in taken.calls if not call.allowed})
        yield from (f"denied: {call}" for call in refused)


_REPORTS = {"report.ja.html", "report.en.html", "report.json"}
# Minutes by which a message may be late: what was ordered has to be seen first.
_LATE = 1.0


def differences(follow: Follow, taken: Taken, before: State, *, denied: bool) -> list[str]:
    """One line for each difference; `before` are the settings before the alarm."""
    course = taken.course
    if course is None:
        return ["nobody followed it"]
    return [
        *_runs(follow, course),
        *_told(follow, course),
        *_left(follow.left, before, taken.after),
        *_ended(follow, course, taken),
        *refusals(taken, denied=denied),
    ]


def _runs(follow: Follow, course: Course) -> Iterator[str]:
    yield from (f"execution {run.name}: {run.error}" for run in course.runs if run.error)
    found = tuple(run.name.rpartition("-")[2] for run in course.runs)
    if found != follow.runs:
        yield f"executions {found}, not {follow.runs}"


def _told(follow: Follow, course: Course) -> Iterator[str]:
    for wanted, found in zip_longest(follow.told, course.messages):
        if wanted is None or found is None or found.name != wanted.name or not _in_time(wanted, found):
            yield f"told {_shown(found)}, not {_shown(wanted)}"
        elif (holds := _in_language(wanted, found)) not in json.dumps(found.body, ensure_ascii=False):
            yield f"{_shown(found)} does not hold {holds!r}"


def _in_language(wanted: Told, found: Message) -> str:
    return wanted.holds.replace("{language}", str(found.body.get("language")))


def _in_time(wanted: Told, found: Message) -> bool:
    return wanted.minute - 0.1 <= found.minute <= wanted.minute + _LATE


def _shown(message: Told | Message | None) -> str:
    return f"{message.name} at {message.minute:g} min" if message else "nothing"


def _left(wanted: Mapping[str, str], before: State, after: State) -> Iterator[str]:
    found = {setting: now for setting, (_, now) in state.differences(before, after).items()}
    for setting in sorted(found.keys() | wanted.keys()):
        if found.get(setting) != wanted.get(setting):
            as_wanted = wanted.get(setting, before.get(setting))
            yield f"at the end {setting} is {after.get(setting)!r}, not {as_wanted!r}"


def _ended(follow: Follow, course: Course, taken: Taken) -> Iterator[str]:
    rows = (row for row in taken.rows if row.get("incident", {}).get("S") == course.incident)
    closed = any(row.get("closed", {}).get("BOOL") for row in rows)
    if closed != follow.closed:
        yield f"the incident is {'closed' if closed else 'open'}"
    wanted = _REPORTS if follow.closed else set()
    if set(taken.files) != wanted:
        yield f"reports in the bucket: {sorted(taken.files)}, not {sorted(wanted)}"
