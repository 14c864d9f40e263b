"""The subject of an e-mail. ASCII and short whatever the names are: SNS refuses the message otherwise."""

from responder.render.headline import lowered, name
from responder.render.language import say
from responder.report import Kind, Report
from responder.verdict import Outcome, Result

LONGEST = 99
_NAME = 60
_WORDS = {
    Result.APPLIED: "applied",
    Result.PARTIAL: "partly applied",
    Result.FAILED: "FAILED",
    Result.TAKEN_BACK: "taken back",
    Result.STEPPED: "one step back",
    Result.ASKED: "needs approval",
    Result.KEPT: "left as it is",
    Result.OBSERVED: "only proposed",
    Result.REFUSED: "not done",
    Result.ALREADY: "already so",
}


def subject(report: Report) -> str:
    """`[HIGH] FaceAuth-Liveness-HighErrorRate ALARM: rollout 0% applied`."""
    level = f" L{report.level}" if report.level > 1 else ""
    state = "COMMAND" if report.kind is Kind.COMMAND else "ALARM"
    start = f"[{report.severity.upper()}{level}] {_short(_ascii(report.alarm))} {state}: "
    return _short(start + _ascii(_did(report)), LONGEST).rstrip()


def _did(report: Report) -> str:
    if report.kind is Kind.FAILURE:
        return "responder failed, act by hand"
    first = min(report.outcomes, key=_rank, default=None)
    lowering = lowered(report)
    own = f"{_name(first.remedy)} {_WORDS[first.result]}" if first else "nothing changed"
    if lowering and not (first and first.remedy == lowering):
        return f"{own} ({_name(lowering)} in force)"
    return own


def _name(remedy: str) -> str:
    return say(name(remedy), "en")


def _rank(outcome: Outcome) -> int:
    return tuple(_WORDS).index(outcome.result)


def _ascii(value: str) -> str:
    return "".join(character if " " <= character <= "~" else "?" for character in value)


def _short(value: str, longest: int = _NAME) -> str:
    if len(value) <= longest:
        return value
    half = (longest - 2) // 2
    return f"{value[:half]}..{value[-half:]}"
