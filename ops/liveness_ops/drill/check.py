"""Hold what a response left behind against what the scenario expects. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from liveness_ops.drill.scenario import Expect
from liveness_ops.drill.taken import Taken


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
