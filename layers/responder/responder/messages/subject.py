"""The subject of an e-mail. ASCII and short whatever the names are: SNS refuses the message otherwise."""

from dataclasses import replace

from responder.core.remedy import spec_of
from responder.core.report import Report, ReportKind
from responder.core.verdict import Result
from responder.messages.headline import lowered, name, restoring
from responder.messages.language import say
from responder.messages.requests import RequestedChange, called

LONGEST = 99
_SHORTEST = 20
_WORDS = {
    Result.APPLIED: "applied",
    Result.PARTIAL: "partly applied",
    Result.FAILED: "FAILED",
    Result.REVERTED: "taken back",
    Result.STEPPED: "one step done",
    Result.ASKED: "needs approval",
    Result.KEPT: "left as changed by hand",
    Result.OBSERVED: "only proposed",
    Result.REFUSED: "not done",
    Result.ALREADY: "already so",
}
_COMING_BACK = "liveness coming back"
_UNPROVEN = "recovery not proven"
# What a message of the follow-up says: how it stands, and what is to be done.
_TOPICS = {
    "escalate": ("UNSOLVED {minutes} min", "take over"),
    "ineffective": ("UNSOLVED {minutes} min", "remedy did not help"),
    "rejected": ("PROPOSAL", "rejected"),
    "mitigated": ("MITIGATED", _UNPROVEN),
    "recovered": ("RECOVERED", "changes still in force"),
    "postponed": ("REVERT", "postponed"),
    "changed": ("CHANGED", "by others"),
    "stuck": ("STUCK", "not carried out"),
    "restore_verified": ("STEP FINE", "approve the next"),
    "restore_unproven": ("STEP UNPROVEN", "decide on the next"),
    "restore_failing": ("STEP FAILING", "approve switching off"),
    "remind": ("REMINDER", "security lowered"),
    "gone": ("ALARM GONE", "restore it or close"),
    "settings": ("SETTINGS UNUSABLE", "mend the document"),
    "close": ("CLOSED", "recovered"),
    "closed_by_hand": ("CLOSED BY HAND", "not known to be solved"),
    "superseded": ("CLOSED", "newer incident"),
    "watchdog": ("WATCHDOG", "look after the automation"),
    "broken": ("NOT FOLLOWED", "follow-up failed"),
    "untold": ("NOT IN SLACK", "read it by mail"),
}


def subject(report: Report) -> str:
    """`[HIGH] FaceAuth-Liveness-HighErrorRate ALARM: rollout 0% applied`."""
    level = f" L{report.level}" if report.level > 1 else ""
    if report.topic in _TOPICS:
        state, words = _topic(report)
    else:
        state, words = "COMMAND" if report.kind is ReportKind.COMMAND else "ALARM", _done(report)
    start = f"[{report.severity.upper()}{level}] "
    end = f" {state}: {_ascii(words)}"
    alarm = _short(_ascii(report.alarm), max(_SHORTEST, LONGEST - len(start) - len(end)))
    return _short(start + alarm + end, LONGEST).rstrip()


def _topic(report: Report) -> tuple[str, str]:
    state, words = _TOPICS[report.topic]
    minutes = max(0, int((report.at - (report.unsolved or report.since)).total_seconds() // 60))
    if any(said.key.startswith("course.unproven") for _, said in report.course):
        words = _UNPROVEN
    if report.about is not None:
        words = f"{say(report.about, 'en')} {words}"
    return state.format(minutes=minutes), words + _lowering(report)


def _lowering(report: Report) -> str:
    lowering = lowered(report)
    if lowering is None:
        return ""
    said = _COMING_BACK if restoring(report) else spec_of(lowering).subject
    return f" ({said or say(name(lowering), 'en')})"


def _done(report: Report) -> str:
    if report.kind is ReportKind.FAILURE:
        return "responder failed, act by hand"
    order = tuple(_WORDS)
    first = min(report.outcomes, key=lambda outcome: order.index(outcome.result), default=None)
    if first is None:
        return "nothing changed" + _lowering(report)
    request = RequestedChange.outcome(replace(first, scope=""))
    own = f"{say(called(request), 'en')} {_WORDS[first.result]}"
    return own if first.remedy == lowered(report) else own + _lowering(report)


def _ascii(value: str) -> str:
    return "".join(character if " " <= character <= "~" else "?" for character in value)


def _short(value: str, longest: int) -> str:
    if len(value) <= longest:
        return value
    half = (longest - 2) // 2
    return f"{value[:half]}..{value[-half:]}"
