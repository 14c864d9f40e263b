"""The subject of an e-mail. ASCII and short whatever the names are: SNS refuses the message otherwise."""

from dataclasses import replace

from responder.core.remedy import spec_of
from responder.core.report import Report, ReportKind
from responder.core.verdict import Outcome, Result
from responder.messages.headline import lowered, name, restoring
from responder.messages.language import say
from responder.messages.requests import RequestedChange, called

LONGEST = 99
_SHORTEST = 20
_WORDS = {
    Result.APPLIED: "applied",
    Result.PARTIAL: "partly applied",
    Result.FAILED: "FAILED",
    Result.TAKEN_BACK: "taken back",
    Result.STEPPED: "one step done",
    Result.ASKED: "needs approval",
    Result.KEPT: "left as changed by hand",
    Result.OBSERVED: "only proposed",
    Result.REFUSED: "not done",
    Result.ALREADY: "already so",
}
_COMING_BACK = "liveness coming back"
_UNPROVEN = "recovery not proven"
# What a message of the follow-up tells: how it stands, and what is to be done.
_TOPICS = {
    "escalate": ("UNSOLVED {minutes} min", "take over"),
    "ineffective": ("UNSOLVED {minutes} min", "remedy did not help"),
    "rejected": ("PROPOSAL", "rejected"),
    "mitigated": ("MITIGATED", _UNPROVEN),
    "recovered": ("RECOVERED", "changes still in force"),
    "postponed": ("TAKE-BACK", "postponed"),
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
    state, words = _topic(report) if report.topic in _TOPICS else _response(report)
    level = f"[{report.severity.upper()}{level}] "
    end = f" {state}: {_ascii(words)}"
    alarm = _short(_ascii(report.alarm), max(_SHORTEST, LONGEST - len(level) - len(end)))
    return _short(level + alarm + end, LONGEST).rstrip()


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
    return f" ({_COMING_BACK})" if restoring(report) else f" ({spec_of(lowering).subject or _name(lowering)})"


def _response(report: Report) -> tuple[str, str]:
    return "COMMAND" if report.kind is ReportKind.COMMAND else "ALARM", _did(report)


def _did(report: Report) -> str:
    if report.kind is ReportKind.FAILURE:
        return "responder failed, act by hand"
    first = min(report.outcomes, key=_rank, default=None)
    own = (
        f"{say(called(RequestedChange.outcome(replace(first, scope=''))), 'en')} {_WORDS[first.result]}"
        if first
        else "nothing changed"
    )
    told = first is not None and first.remedy == lowered(report)
    return own if told else own + _lowering(report)


def _name(remedy: str) -> str:
    return say(name(remedy), "en")


def _rank(outcome: Outcome) -> int:
    return tuple(_WORDS).index(outcome.result)


def _ascii(value: str) -> str:
    return "".join(character if " " <= character <= "~" else "?" for character in value)


def _short(value: str, longest: int) -> str:
    if len(value) <= longest:
        return value
    half = (longest - 2) // 2
    return f"{value[:half]}..{value[-half:]}"
