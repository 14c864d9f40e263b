"""Hold what a response left behind against what the scenario expects. Pure."""

import json
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from rehearsal.drill import state
from rehearsal.drill.difference import About, Difference, Value
from rehearsal.drill.follow import ExpectedMessage, Follow, Message
from rehearsal.drill.followed_incident import FollowedIncident
from rehearsal.drill.scenario import Expect
from rehearsal.drill.state import State
from rehearsal.drill.step_result import StepResult


def problems(expect: Expect, step_result: StepResult, *, denied: bool) -> list[Difference]:
    """Every difference; empty when all is as expected."""
    return [
        *_messages(expect, step_result),
        *(_once(expect.once, step_result) if expect.once else _verdict(expect, step_result.report)),
        *_settings(expect, step_result),
        *_words(expect, step_result),
        *refusals(step_result, denied=denied),
    ]


def _compared(about: About, expected: Value, found: Value, of: str = "") -> Iterator[Difference]:
    if expected != found:
        yield Difference(about, expected, found, of)


def _messages(expect: Expect, step_result: StepResult) -> Iterator[Difference]:
    yield from _compared(About.MESSAGES, expect.messages, len(step_result.mail))


def _verdict(expect: Expect, report: Mapping[str, Any]) -> Iterator[Difference]:
    if not report:
        return
    if expect.cause is not None:
        yield from _compared(About.CAUSE, expect.cause, report["cause"]["key"])
    if expect.severity:
        yield from _compared(About.SEVERITY, expect.severity, report["severity"])
    results = {outcome["remedy"]: outcome["result"] for outcome in report["outcomes"]}
    yield from _compared(About.RESULTS, dict(expect.results), results)
    reasons = {o["remedy"]: o["because"]["key"] if o["because"] else "" for o in report["outcomes"]}
    for remedy, wanted in expect.because.items():
        yield from _compared(About.REASON, wanted, reasons.get(remedy), remedy)
    warned = [warning["key"] for warning in report["warnings"]]
    for wanted in expect.warns:
        if wanted not in warned:
            yield Difference(About.WARNING, wanted, warned)


# What the message of an alarm may say that came second.
_TAKEN = ("guard.linked", "guard.leased", "guard.others_acting", "guard.cooldown")


def _once(remedy: str, step_result: StepResult) -> Iterator[Difference]:
    """Exactly one message has applied the remedy, each alarm has one, and none was left without an answer."""
    found = {report["alarm"]: _of(remedy, report) for report in step_result.reports}
    yield from _compared(About.ALARMS, len(step_result.reports), len(found))
    applied = [alarm for alarm, (result, _) in found.items() if result == "applied"]
    if len(applied) != 1:
        yield Difference(About.APPLIED, 1, applied, remedy)
    for alarm, (result, because) in found.items():
        if result not in ("applied", "already") and because not in _TAKEN:
            yield Difference(About.LINKED, _TAKEN, [result, because], alarm)


def _of(remedy: str, report: Mapping[str, Any]) -> tuple[str, str]:
    outcome = next((each for each in report["outcomes"] if each["remedy"] == remedy), None)
    if outcome is None:
        return "", ""
    return outcome["result"], outcome["because"]["key"] if outcome["because"] else ""


def _settings(expect: Expect, step_result: StepResult) -> Iterator[Difference]:
    changed = {setting: after for setting, (_, after) in step_result.changes.items()}
    for setting in sorted(changed.keys() | expect.after.keys()):
        wanted = expect.after.get(setting, step_result.before.get(setting, ""))
        yield from _compared(About.SETTING, wanted, step_result.after.get(setting, ""), setting)


def _words(expect: Expect, step_result: StepResult) -> Iterator[Difference]:
    text = "\n".join(mail.text for mail in step_result.mail)
    for word in expect.says:
        if word not in text:
            yield Difference(About.WORDS, word, None)
    for word in expect.never:
        if word in text:
            yield Difference(About.WORDS, None, word)


def refusals(step_result: StepResult, *, denied: bool) -> Iterator[Difference]:
    """Calls that IAM did not allow, where that is no part of the story."""
    if not denied:
        for call in sorted(
            {f"{call.action} {call.resource}" for call in step_result.calls if not call.allowed}
        ):
            yield Difference(About.REFUSED_CALL, "allow", "deny", call)


_REPORTS = {"report.ja.html", "report.en.html", "report.ja.md", "report.en.md", "report.json"}
# Minutes by which a message may be late: what was ordered has to be seen first.
_LATE = 1.0


def differences(follow: Follow, step_result: StepResult, before: State, *, denied: bool) -> list[Difference]:
    """Every difference in the course of an incident; `before` are the settings before the alarm."""
    followed = step_result.followed
    if followed is None:
        return [Difference(About.EXECUTIONS, follow.runs, None)]
    return [
        *_runs(follow, followed),
        *_course_messages(follow, followed),
        *_left(follow.left, before, step_result.after),
        *_ended(follow, followed, step_result),
        *refusals(step_result, denied=denied),
    ]


def _runs(follow: Follow, followed: FollowedIncident) -> Iterator[Difference]:
    for run in followed.runs:
        yield from _compared(About.EXECUTION, "", run.error, run.name)
    found = tuple(run.name.rpartition("-")[2] for run in followed.runs)
    yield from _compared(About.EXECUTIONS, follow.runs, found)


def _course_messages(follow: Follow, followed: FollowedIncident) -> Iterator[Difference]:
    for wanted, found in zip_longest(follow.messages, followed.messages):
        if wanted is None or found is None or found.name != wanted.name or not _in_time(wanted, found):
            yield Difference(About.NOTIFICATION, wanted, found)
        elif (holds := _in_language(wanted, found)) not in json.dumps(found.body, ensure_ascii=False):
            yield Difference(About.CONTENT, holds, None, found)


def _in_language(wanted: ExpectedMessage, found: Message) -> str:
    return wanted.holds.replace("{language}", str(found.body.get("language")))


def _in_time(wanted: ExpectedMessage, found: Message) -> bool:
    return wanted.minute - 0.1 <= found.minute <= wanted.minute + _LATE


def _left(wanted: Mapping[str, str], before: State, after: State) -> Iterator[Difference]:
    found = {setting: now for setting, (_, now) in state.differences(before, after).items()}
    for setting in sorted(found.keys() | wanted.keys()):
        if found.get(setting) != wanted.get(setting):
            as_wanted = wanted.get(setting, before.get(setting))
            yield Difference(About.SETTING_AT_END, as_wanted, after.get(setting), setting)


def _ended(follow: Follow, followed: FollowedIncident, step_result: StepResult) -> Iterator[Difference]:
    rows = (row for row in step_result.rows if row.get("incident", {}).get("S") == followed.incident)
    closed = any(row.get("closed", {}).get("BOOL") for row in rows)
    if closed != follow.closed:
        states = {True: "closed", False: "open"}
        yield Difference(About.INCIDENT, states[follow.closed], states[closed])
    wanted = sorted(_REPORTS) if follow.closed else []
    yield from _compared(About.REPORTS, wanted, sorted(step_result.files))
