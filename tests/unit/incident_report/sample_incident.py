"""One whole incident as its rows hold it: alarm, decided again, rolled out, escalated, acknowledged,
approved back in steps, closed."""

import json
import math
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from responder.core.cause import Cause
from responder.core.change import Change, Changes, Lease, LeaseState, Status
from responder.core.command import ApprovalRequest
from responder.core.finding import Finding, Subject, Tone, packed
from responder.core.modes import Effect, Severity
from responder.core.plain_data import Json
from responder.core.reasons import FailureKind
from responder.core.refusals import Refusal
from responder.core.series import Series
from responder.core.text import text
from responder.core.verdict import LastDecision
from responder.followup_rules import FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer, OpenRequest, Vote
from responder.incident_report.model import AlarmMetric
from responder.store import IncidentHead, TimelineStep, rows
from tests.times import utc

# Sentences of other rooms, so that a better wording there does not change the snapshots here.
WORDS: dict[str, tuple[str, str]] = {
    "broken.high_error_rate": ("検証エラーが増えています", "Verification errors are up"),
    "cause.unknown": ("原因を特定できませんでした", "Cause unknown"),
    "cause.internal": ("AWS サービス側の内部エラーです", "An AWS service answers with internal errors"),
    "say.few_reports": ("{count} 件だけです", "Only {count}"),
    "guard.cooldown": ("{minutes} 分の間隔が必要です", "The same was done less than {minutes} min ago"),
    "guard.no_data_now": ("スロットリングはありません", "No throttling"),
    "evidence.failed.late": ("時間内に終わりませんでした", "It did not finish in time"),
    "change.drift": ("デプロイはありません", "No deployment"),
    "guard.undone_since": ("人が変更しました", "A person changed it"),
    "step.check_health": ("AWS Health を確認する。", "Check AWS Health."),
    "step.escalate": ("解決しなければ連絡する。", "Escalate what is unsolved."),
    "step.open_support_case": ("問い合わせる。\naws support help", "Open a case.\naws support help"),
    "remedy.name.rollout_to_zero": ("ロールアウト 0%", "rollout 0%"),
    "remedy.name.memory_increase": ("メモリ増加", "memory increase"),
}

ALARM = "FaceAuth-Liveness-HighErrorRate"
OPENED = utc("2026-11-23 18:07")
INCIDENT = "high-error-rate-20261123T180700Z"
FUNCTIONS = ("FaceAuth-Enrollment", "FaceAuth-FaceLogin")
VARIABLE = "LIVENESS_ROLLOUT_PERCENTAGE"
CLOSED = OPENED + timedelta(minutes=150)


def at(minutes: float) -> datetime:
    return OPENED + timedelta(minutes=minutes)


def step(minutes: float, kind: str, data: Any) -> TimelineStep:
    """As the table gives it back."""
    return TimelineStep(at(minutes), kind, json.loads(rows.pack(data)))


def verdict(cause: str, why: Any, judged: list[Json] | None = None) -> Json:
    given = {
        "cause": text(cause),
        "why": why,
        "ruled_out": [text("change.drift")],
        "proposals": [],
        "steps": [text("step.check_health"), text("step.escalate")],
    }
    return {"verdict": given, "judged": judged or []}


def reported(minutes: float, level: int = 1, kind: str = "response", **results: str) -> TimelineStep:
    report = f"{INCIDENT}/{kind}/{at(minutes):%Y%m%dT%H%M%S}"
    data = {"report": report, "cause": "cause.internal", "results": results, "level": level}
    return step(minutes, "reported", data)


def changes(before: str, after: str, status: Status = Status.APPLIED) -> Changes:
    return tuple(Change(each, VARIABLE, before, after, status) for each in FUNCTIONS)


ROLLOUT = Lease(
    remedy="rollout_to_zero",
    scope="liveness-rollout",
    incident=INCIDENT,
    state=LeaseState.IN_FORCE,
    at=at(5.2),
    until=None,
    snapshot={"names": ["FACE_AUTH_BUCKET"]},
    changes=changes("50", "0"),
)
MEMORY = Lease(
    remedy="memory_increase",
    scope="FaceAuth-GetLivenessResult",
    incident=INCIDENT,
    state=LeaseState.IN_FORCE,
    at=at(40),
    until=None,
    snapshot={},
    changes=(Change("FaceAuth-GetLivenessResult", "MemorySize", "256", "512", Status.APPLIED),),
    by="sato",
)
STEP_BACK = replace(ROLLOUT, changes=changes("50", "10"))
KEPT = FailureKind.KEPT(target=FUNCTIONS[1], setting=VARIABLE, now="25")
BACK = replace(
    ROLLOUT,
    state=LeaseState.ENDED,
    changes=(
        Change(FUNCTIONS[0], VARIABLE, "50", "50", Status.REVERTED),
        Change(FUNCTIONS[1], VARIABLE, "50", "25", Status.KEPT, note=KEPT),
    ),
)
WHY = text("say.few_reports", count=3)
REASON = Refusal.COOLDOWN(remedy="rollout_to_zero", minutes=15)
FINDINGS = (
    Finding("failures", Tone.RED, WHY, samples=114, subject=Subject.REQUESTS),
    Finding("health", Tone.UNKNOWN, text("evidence.failed.late"), subject=Subject.HEALTH),
    Finding("table", Tone.NORMAL, Refusal.NO_DATA_NOW().text, subject=Subject.TABLE),
)
REFUSED = {
    "remedy": "rollout_to_zero",
    "scope": "",
    "judged": {"ends": "refuse", "reason": REASON, "until": None, "also": []},
}
ASKED = {
    "id": "9f2c1b7a",
    "incident": INCIDENT,
    "remedy": "rollout_to_zero",
    "scope": "",
    "order": "revert",
    "changes": [],
    "wanted": {"percent": 10},
}
STEPS = (
    step(0, "verdict", verdict("cause.unknown", WHY, [REFUSED])),
    step(0, "findings", packed(FINDINGS)),
    reported(0, rollout_to_zero="refused"),
    step(5.2, "in_force", ROLLOUT),
    step(
        5.2,
        "applying",
        replace(ROLLOUT, state=LeaseState.APPLYING, changes=changes("50", "0", Status.PLANNED)),
    ),
    step(5.2, "findings", packed(FINDINGS[:1])),
    step(5.2, "verdict", verdict("cause.internal", WHY)),
    reported(5.2, rollout_to_zero="applied"),
    reported(30, 2, "escalation"),
    step(33, "person", {"person": "tanaka", "what": "ack", "note": "見ています"}),
    step(39, "person", {"person": "sato", "what": "approve", "proposal": "77aa"}),
    step(40, "applying", replace(MEMORY, state=LeaseState.APPLYING)),
    step(40, "in_force", MEMORY),
    step(41, "state", {"state": "OK", "at": at(41)}),
    step(60, "asked", ASKED),
    step(63, "person", {"person": "tanaka", "what": "approve", "proposal": "9f2c1b7a"}),
    step(64, "reverting", replace(ROLLOUT, state=LeaseState.REVERTING)),
    step(64, "in_force", STEP_BACK),
    step(100, "reverting", replace(STEP_BACK, state=LeaseState.REVERTING)),
    step(100, "ended", BACK),
    step(110, "person", {"person": "tanaka", "what": "taken", "step": "AWS Support へ連絡"}),
    step(120, "moon_phase", {"phase": "full", "<b>": ["&"]}),
)
HEAD = IncidentHead(
    incident=INCIDENT,
    alarm=ALARM,
    slug="high-error-rate",
    severity=Severity.HIGH,
    opened=OPENED,
    decision=LastDecision(Cause.INTERNAL(), WHY, at(5.2), (text("step.open_support_case"),)),
    first=at(-3),
)
FORTH = ApprovalRequest(
    id="77aa",
    incident=INCIDENT,
    remedy="memory_increase",
    scope="result",
    effect=Effect.COSTS_MONEY,
    at=at(35),
    changes=MEMORY.changes,
    since=at(40),
    carried_by="sato",
)
WAY_BACK = replace(
    FORTH,
    id="9f2c1b7a",
    remedy="rollout_to_zero",
    scope="",
    effect=Effect.LOWERS_SECURITY,
    at=at(60),
    changes=changes("0", "10", Status.PLANNED),
    since=at(64),
    order="revert",
    carried_by="tanaka",
)
NOT_YET = replace(WAY_BACK, id="0b0b", at=at(70), changes=changes("10", "50"), since=at(70), carried_by="")
ASKINGS = (
    OpenRequest(FORTH, ApprovalAnswer.CARRIED_OUT, "sato", at(40), (Vote("sato", "approve", at(39)),)),
    OpenRequest(WAY_BACK, ApprovalAnswer.CARRIED_OUT, "tanaka", at(64), (Vote("tanaka", "approve", at(63)),)),
    # No step was noted of this decision.
    OpenRequest(NOT_YET, ApprovalAnswer.EXPIRED, said=(Vote("kato", "withdraw", at(73)),)),
)
WATCH = FollowUpMemory(
    notified={2: at(30)},
    acks={"tanaka": at(33).isoformat(), "suzuki": at(50).isoformat()},
    mitigated=at(41),
    recovered=at(115),
    judged={f"{ROLLOUT.id}@{ROLLOUT.at.isoformat()}": "helped"},
)


def points(*spans: tuple[int, int, float], period: int = 60) -> Series:
    """(from minute, to minute, value) per stretch; a little of a wave on top."""
    found = []
    for start, end, value in spans:
        for minute in range(start, end, period // 60):
            found.append((at(minute), value and value + 3 * math.sin(minute / 3)))
    return Series(tuple(found))


MEASURE = AlarmMetric(
    label="ErrorCount",
    statistic="Sum",
    period=60,
    alarm_period=60,
    threshold=10.0,
    comparison="GreaterThanThreshold",
    series=points((-63, -4, 4.0), (-4, 6, 28.0), (6, 10, 15.0), (10, 95, 3.0), (105, 150, 3.0)),
)
