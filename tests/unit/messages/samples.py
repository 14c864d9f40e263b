"""Reports as they happen: the automation acts, asks, refuses, finds nothing to do, fails."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from responder.core.cause import Cause
from responder.core.change import Change, Lease, LeaseState, Status
from responder.core.finding import Finding, Subject, Tone
from responder.core.modes import Severity
from responder.core.reasons import Obstacle
from responder.core.refusals import Refusal
from responder.core.remedy import RemedyName
from responder.core.report import Report, ReportKind
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.core.verdict import Outcome, Proposal, Result, RuledOut, Verdict
from responder.messages.next_steps import next_steps
from responder.messages.steps import by_hand, with_commands
from responder.respond.playbook import PLAYBOOKS

SINCE = datetime(2026, 11, 23, 18, 7, tzinfo=UTC)
AT = SINCE + timedelta(seconds=9)
SETTINGS = Settings()
CONSOLE = "https://console.aws.amazon.com/cloudwatch/home?region=us-east-1"


# Findings with short test sentences; everything else is the catalogue's.
SENTENCES: dict[str, tuple[str, str]] = {}


def said(ja: str, en: str) -> Text:
    """A sentence that only the test catalogue holds."""
    SENTENCES[f"sample.{len(SENTENCES)}"] = (ja, en)
    return Text(f"sample.{len(SENTENCES) - 1}")


FAULTS = said(
    "GetLivenessResult の 18.4% がサービス側のエラーで失敗しています（60 分）",
    "18.4% of GetLivenessResult requests fail with service errors (60 min)",
)
WHY = text(
    "why.rollout",
    function="FaceAuth-GetLivenessResult",
    minutes=60,
    percent=18.4,
    faulty=21,
    invocations=114,
    recent=9,
)
CODES = said(
    "InternalServerError（GetFaceLivenessSessionResults）: 21 件、直近 15 分に 9 件",
    "InternalServerError (GetFaceLivenessSessionResults): 21, of them 9 in the last 15 min",
)
NORMAL_CODES = said(
    "SessionExpired 3 件はユーザーの離脱で正常（数えていません）",
    "3 SessionExpired are users giving up: normal, not counted",
)
TABLE_FINE = said("DynamoDB のスロットリングはありません", "No DynamoDB throttling")
FUNCTIONS = text("say.dependency.function", count=6)
NO_CHANGE = said("直近 3 時間にデプロイはありません", "No deployment in the last 3 h")
HEALTH_UNKNOWN = said(
    "AWS Health は契約プランの対象外のため確認できません",
    "AWS Health could not be asked: the support plan does not include it",
)
UNDO = text("remedy.undo.rollout_to_zero")
DRIFT = text("change.drift")
FEW = text("why.few_checks", count=4, enough=20)
COLD = said(
    "1 時間の 41% がコールドスタートで、平均 3.2 秒遅くなっています",
    "41% of the last hour were cold starts, 3.2 s slower on average",
)
SLOW = said("p99 は 13.8 秒（制限 15 秒）です", "p99 is 13.8 s (the limit is 15 s)")
NO_ALIAS = said("エイリアスがありません", "There is no alias")
CRASH = said("イベント処理中の例外（Throttled）", "An exception while answering the event (Throttled)")

ROLLOUT_TARGETS = SETTINGS.rollout_functions
ROLLED_OUT = tuple(
    Change(target, SETTINGS.rollout_variable, "50", "0", Status.APPLIED) for target in ROLLOUT_TARGETS
)

FINDINGS = (
    Finding("table", Tone.NORMAL, TABLE_FINE, subject=Subject.TABLE),
    Finding(
        "failures",
        Tone.RED,
        FAULTS,
        samples=114,
        details=(CODES, NORMAL_CODES),
        numbers={"percent": 18.42, "faulty": 21.0},
        link=f"{CONSOLE}#logsV2:logs-insights",
        subject=Subject.REQUESTS,
    ),
    Finding("changes", Tone.INFO, NO_CHANGE, subject=Subject.CHANGES),
    Finding("health", Tone.UNKNOWN, HEALTH_UNKNOWN, subject=Subject.HEALTH),
)
LEASE = Lease(
    remedy="rollout_to_zero",
    scope="liveness-rollout",
    incident="FaceAuth-Liveness-HighErrorRate-20261123T180700Z",
    state=LeaseState.IN_FORCE,
    at=AT,
    until=None,
    snapshot={"names": ["FACE_AUTH_BUCKET"]},
    changes=ROLLED_OUT,
)
CASE = Verdict(
    cause=Cause.INTERNAL(),
    why=WHY,
    ruled_out=(RuledOut.TABLE(), RuledOut.CHANGES(watched=(FUNCTIONS,), until="2026-11-23T17:52:00Z")),
    proposals=(Proposal(RemedyName.ROLLOUT_TO_ZERO, WHY),),
    steps=with_commands(
        (text("step.check_health"), text("step.open_support_case"), text("step.escalate_lead")),
        PLAYBOOKS.manual("high-error-rate"),
        SETTINGS,
    ),
)
ACTS = Report(
    id="FaceAuth-Liveness-HighErrorRate-20261123T180700Z#response#20261123T180700Z",
    kind=ReportKind.RESPONSE,
    incident="FaceAuth-Liveness-HighErrorRate-20261123T180700Z",
    alarm="FaceAuth-Liveness-HighErrorRate",
    slug="high-error-rate",
    severity=Severity.HIGH,
    at=AT,
    since=SINCE,
    region="us-east-1",
    account="123456789012",
    verdict=CASE,
    findings=FINDINGS,
    outcomes=(
        Outcome(
            "rollout_to_zero",
            "",
            Result.APPLIED,
            WHY,
            also=(DRIFT,),
            changes=ROLLED_OUT,
            undo=UNDO,
            lowers_security=True,
        ),
    ),
    leases=(LEASE,),
    links=((text("label.alarm"), f"{CONSOLE}#alarmsV2:alarm/FaceAuth-Liveness-HighErrorRate"),),
    stack="liveness-responder",
    open=True,
)
UPDATE_FAILED = Obstacle.LAST_UPDATE_FAILED(target=ROLLOUT_TARGETS[3])
PARTLY = replace(
    ACTS,
    outcomes=(
        replace(
            ACTS.outcomes[0],
            result=Result.PARTIAL,
            changes=(
                *ROLLED_OUT[:3],
                replace(
                    ROLLED_OUT[3],
                    status=Status.FAILED,
                    note=UPDATE_FAILED,
                ),
            ),
        ),
    ),
    leases=(replace(LEASE, state=LeaseState.PARTIAL),),
)
PARTLY = replace(
    PARTLY,
    verdict=replace(
        CASE,
        steps=with_commands(
            next_steps(PARTLY.outcomes, CASE.steps, SETTINGS), PLAYBOOKS.manual("high-error-rate"), SETTINGS
        ),
    ),
)
ASKS = replace(
    ACTS,
    outcomes=(
        Outcome(
            "rollout_to_zero",
            "",
            Result.ASKED,
            WHY,
            because=Refusal.RECENT_CHANGE(target="FaceAuth-Enrollment", minutes=4),
            until=AT + timedelta(minutes=6),
            changes=tuple(replace(change, status=Status.PLANNED) for change in ROLLED_OUT),
            approval="9f2c1b7a",
            undo=UNDO,
            lowers_security=True,
        ),
    ),
    leases=(),
    # A change 4 min ago is on record: none is ruled out, and none is reported as absent.
    verdict=replace(CASE, ruled_out=CASE.ruled_out[:1]),
    findings=tuple(each for each in FINDINGS if each.subject is not Subject.CHANGES),
)
REFUSES = replace(
    ACTS,
    id="FaceAuth-Liveness-SlowVerification-20261123T180700Z#response#20261123T180700Z",
    incident="FaceAuth-Liveness-SlowVerification-20261123T180700Z",
    alarm="FaceAuth-Liveness-SlowVerification",
    slug="slow-verification",
    severity=Severity.MEDIUM,
    verdict=Verdict(Cause.COLD_STARTS(), COLD, steps=(text("step.make_alias"), text("step.memory_by_hand"))),
    outcomes=(
        Outcome(
            "provisioned_concurrency",
            "result",
            Result.REFUSED,
            COLD,
            because=Refusal.PRECONDITION(detail=NO_ALIAS),
        ),
        Outcome(
            "memory_increase",
            "result",
            Result.OBSERVED,
            COLD,
            because=Refusal.PAUSED(
                name="release", who="sato", why="v2 release", until="2026-11-23T19:00:00Z"
            ),
            until=AT + timedelta(minutes=53),
            also=(Refusal.MODE_OBSERVE().text,),
        ),
    ),
    findings=(
        Finding("cold_starts.result", Tone.RED, COLD, samples=1204, subject=Subject.COLD_STARTS),
        Finding("timing.result", Tone.AMBER, SLOW, samples=61, subject=Subject.DURATION),
        FINDINGS[0],
    ),
    warnings=(Refusal.MODE_OBSERVE().text,),
    leases=(),
)
NOTHING = replace(
    ACTS,
    id="FaceAuth-Liveness-LowSuccessRate-20261123T180700Z#response#20261123T180700Z",
    incident="FaceAuth-Liveness-LowSuccessRate-20261123T180700Z",
    alarm="FaceAuth-Liveness-LowSuccessRate",
    slug="low-success-rate",
    verdict=Verdict(
        Cause.UNFINISHED(count=3, failed=4),
        FEW,
        steps=(text("step.guide_users"), text("step.wait_and_watch")),
    ),
    findings=FINDINGS[:1],
    outcomes=(),
    leases=(),
)
UNKNOWN = replace(
    NOTHING,
    id="FaceAuth-LivenessSessions-Throttles-20261123T180700Z#response#20261123T180700Z",
    incident="FaceAuth-LivenessSessions-Throttles-20261123T180700Z",
    alarm="FaceAuth-LivenessSessions-Throttles",
    slug="some-other-alarm",
    verdict=Verdict(Cause.UNKNOWN(), FEW, steps=(text("step.check_dashboard"), text("step.escalate"))),
    level=2,
)
OURS = replace(
    ACTS,
    id="FaceAuth-CreateLivenessSession-Errors-20261123T180700Z#failure#20261123T180700Z",
    kind=ReportKind.FAILURE,
    verdict=Verdict(
        Cause.AUTOMATION_FAILED(), CRASH, steps=by_hand(PLAYBOOKS.manual("create-session-errors"), SETTINGS)
    ),
    alarm="FaceAuth-CreateLivenessSession-Errors",
    slug="create-session-errors",
    incident="FaceAuth-CreateLivenessSession-Errors-20261123T180700Z",
    findings=(),
    outcomes=(),
    leases=(),
)
REVERTED = replace(
    ACTS,
    id="FaceAuth-Liveness-HighErrorRate-20261123T180700Z#command#20261123T180700Z",
    kind=ReportKind.COMMAND,
    verdict=Verdict(Cause.INTERNAL(), WHY),
    findings=(),
    outcomes=(
        Outcome(
            "rollout_to_zero",
            "",
            Result.REVERTED,
            WHY,
            changes=tuple(
                replace(each, before="0", after="50", status=Status.REVERTED) for each in ROLLED_OUT
            ),
        ),
    ),
    leases=(),
)
HUGE = replace(
    ACTS,
    findings=tuple(
        replace(
            FINDINGS[1], details=tuple(Refusal.PRECONDITION(detail="詳細" * 100).text for _ in range(200))
        )
        for _ in range(20)
    ),
)
EXAMPLE = replace(
    ASKS,
    verdict=replace(CASE, ruled_out=(), steps=CASE.steps[:1]),
    findings=(replace(FINDINGS[1], details=()),),
    outcomes=(replace(ASKS.outcomes[0], changes=ASKS.outcomes[0].changes[:1]),),
    warnings=(text("guard.crashed_before"),),
    leases=(replace(LEASE, incident="get-result-errors-20261123T150200Z", changes=()),),
)
SAMPLES: dict[str, Report] = {
    "acts": ACTS,
    "partly": PARTLY,
    "asks": ASKS,
    "refuses": REFUSES,
    "nothing": NOTHING,
    "unknown": UNKNOWN,
    "ours": OURS,
    "reverted": REVERTED,
}
