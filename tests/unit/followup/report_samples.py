"""One moment of an incident for each topic, as the follow-up sees it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from responder.core.alarm_event import AlarmState
from responder.core.assessment import Assessment, AssessmentResult
from responder.core.cause import AwsService, Cause
from responder.core.change import Change, Lease, LeaseState, Status
from responder.core.command import ApprovalRequest
from responder.core.context import Context
from responder.core.modes import Effect, Severity
from responder.core.plain_data import Json
from responder.core.reasons import FailureKind
from responder.core.refusals import Refusal, SettingsProblem
from responder.core.report import Report
from responder.core.settings import IncidentTimers, Settings
from responder.core.text import Text, text
from responder.core.verdict import FailureShare, LastDecision, PastOutcome, Result
from responder.followup.messages.case import MessageExtra
from responder.followup.messages.report import broken, duty_report
from responder.followup_rules import Duty, DutyKind, FollowUpMemory, Observation, OpenRequest, TrafficSince
from responder.followup_rules.seen import ApprovalAnswer, Rollout
from responder.store import IncidentHead
from tests.fakes.gateway import FakeAws

OPENED = datetime(2026, 11, 23, 18, 7, tzinfo=UTC)
ALARM = "FaceAuth-Liveness-HighErrorRate"
INCIDENT = "FaceAuth-Liveness-HighErrorRate-20261123T180700Z"
UNUSABLE = SettingsProblem.UNKNOWN_KEY(where="soak_minute")
HELD_THEN = Refusal.SETTINGS_UNUSABLE_BECAUSE(detail=UNUSABLE.text)
SETTINGS = Settings(account="123456789012", approvals_table="liveness-responder-Approvals-1")


def at(minutes: float) -> datetime:
    return OPENED + timedelta(minutes=minutes)


WHY = text(
    "why.rollout",
    function="FaceAuth-GetLivenessResult",
    percent=18.4,
    minutes=60,
    invocations=114,
    faulty=21,
    recent=9,
)
OFF = tuple(
    Change(target, SETTINGS.rollout_variable, "50", "0", Status.APPLIED)
    for target in SETTINGS.rollout_functions
)
ROLLOUT = Lease("rollout_to_zero", "liveness-rollout", INCIDENT, LeaseState.IN_FORCE, at(1), None, {}, OFF)
WARM = Lease(
    "provisioned_concurrency",
    SETTINGS.result_function,
    INCIDENT,
    LeaseState.IN_FORCE,
    at(1),
    at(1) + timedelta(hours=24),
    {},
    (Change(f"{SETTINGS.result_function}:live", "ProvisionedConcurrency", "0", "5", Status.APPLIED),),
)
BILLING = Lease(
    "on_demand_billing",
    SETTINGS.sessions_table,
    INCIDENT,
    LeaseState.IN_FORCE,
    at(1),
    None,
    {},
    (Change(SETTINGS.sessions_table, "BillingMode", "PROVISIONED", "PAY_PER_REQUEST", Status.APPLIED),),
)
MEMORY = replace(
    WARM,
    remedy="memory_increase",
    until=None,
    by="sato",
    changes=(Change(SETTINGS.result_function, "MemorySize", "256", "512", Status.APPLIED),),
)
DECISION = LastDecision(
    cause=Cause.INTERNAL(),
    why=WHY,
    at=at(1),
    steps=(
        text("step.check_health"),
        text("step.open_support_case"),
        text("step.developers_logs"),
        text("step.escalate_lead"),
    ),
    done=(PastOutcome("rollout_to_zero", "", Result.APPLIED),),
    service=AwsService.REKOGNITION,
    failing=FailureShare(9, 38, 15),
)
ASKED_DECISION = replace(
    DECISION,
    done=(PastOutcome("rollout_to_zero", "", Result.ASKED, Refusal.MODE_APPROVE(), "9f2c1b7a00112233"),),
)
HEAD = IncidentHead(INCIDENT, ALARM, "high-error-rate", Severity.HIGH, OPENED, DECISION, at(-5))
PAUSED = Refusal.PAUSED(name="release", who="sato", why="v2 release", until="2026-11-23T21:00:00Z")
TERMS = IncidentTimers.of(SETTINGS, Severity.HIGH)


def asking(
    answer: ApprovalAnswer, asked_at: datetime, by: str = "", order: str = "apply", after: str = "0"
) -> OpenRequest:
    before = "50" if order == "apply" else "0"
    changes = tuple(replace(each, before=before, after=after, status=Status.PLANNED) for each in OFF)
    asked = ApprovalRequest(
        "9f2c1b7a00112233",
        INCIDENT,
        "rollout_to_zero",
        "",
        Effect.LOWERS_SECURITY,
        asked_at,
        changes,
        order=order,
    )
    return OpenRequest(asked, answer, by, asked_at + timedelta(minutes=2) if by else None)


def seen(minutes: float, state: AlarmState = AlarmState.ALARM, **more: Any) -> Observation:
    leases = tuple(replace(each, seen=at(minutes)) for each in more.pop("leases", ()))
    return Observation(now=at(minutes), opened=OPENED, state=state, leases=leases, **more)


def changed_by_others(number: int, state: LeaseState) -> Lease:
    """A deployment has reset so many of the four functions, as a look half an hour later finds."""
    who = "cdk-hnb659fds-cfn-exec-role/AWSCloudFormation"
    notes = (
        FailureKind.CHANGED_BY(
            target=each.target, setting=each.setting, now="50", who=who, at=f"2026-11-23T18:25:4{second}Z"
        )
        for second, each in enumerate(OFF)
    )
    kept = (replace(each, status=Status.KEPT, note=note) for each, note in zip(OFF, notes, strict=True))
    return replace(ROLLOUT, state=state, changes=(*tuple(kept)[:number], *OFF[number:]), seen=at(29))


def demotion(result: AssessmentResult, *earlier: str, missing: Text | None = None) -> Duty:
    """The rollout is only asked for from now on, for this incident and for earlier ones."""
    acts = tuple(
        Assessment.of(replace(ROLLOUT, incident=each), result, at(12)) for each in (*earlier, INCIDENT)
    )
    data = {"act": ROLLOUT.act, "result": result, "by": "", "acts": acts, "missing": missing}
    why = Text(f"duty.assessed_{result}", {"remedy": ROLLOUT.remedy})
    return Duty(DutyKind.ASSESS, why, f"{ROLLOUT.act} {result}", data, ROLLOUT.id)


def changed(lease: Lease, *, unusable: bool = False, **more: Any) -> Report:
    duty = Duty(
        DutyKind.CHANGED,
        text("duty.changed", remedy=lease.remedy),
        f"{lease.id} {lease.state}",
        lease=lease.id,
    )
    watch = FollowUpMemory(TERMS, notified={2: at(30), 3: at(60)})
    return must_report(duty, seen(61, changed_by_others=(lease,), **more), watch, unusable=unusable)


def report_of(
    duty: Duty,
    looked: Observation,
    watch: FollowUpMemory,
    head: IncidentHead = HEAD,
    extra: MessageExtra | None = None,
    *,
    unusable: bool = False,
    **more: Any,
) -> Report | None:
    """`unusable`: the same while the settings document cannot be used."""
    if unusable:
        duty, looked = _held(duty, looked)
    settings = more.get("settings", SETTINGS)
    leases = more.get("leases", looked.leases)
    return duty_report(duty, looked, watch, head, leases, settings, extra or MessageExtra())


def _held(duty: Duty, looked: Observation) -> tuple[Duty, Observation]:
    """While the settings document cannot be used, every revert is held, and a postponed one says so."""
    held = dict.fromkeys((each.remedy for each in (*looked.leases, *looked.changed_by_others)), HELD_THEN)
    why = HELD_THEN.text if duty.task is DutyKind.POSTPONED else duty.why
    return replace(duty, why=why), replace(looked, settings=UNUSABLE, held=held)


def must_report(*given: Any, **more: Any) -> Report:
    report = report_of(*given, **more)
    assert report is not None
    return report


def escalation(level: int, minutes: float, watch: FollowUpMemory, **more: Any) -> Report:
    duty = Duty(DutyKind.ESCALATE, text("duty.escalate", level=level), str(level))
    return must_report(duty, seen(minutes, **more.pop("seen", {})), watch, **more)


OPEN: Json = {"askings": (asking(ApprovalAnswer.OPEN, at(29)),)}
COSTLY = replace(
    HEAD,
    decision=replace(
        DECISION,
        done=(
            PastOutcome("provisioned_concurrency", "result", Result.APPLIED),
            PastOutcome("on_demand_billing", "", Result.APPLIED),
        ),
    ),
)
KEPT = replace(
    HEAD, decision=replace(DECISION, done=(PastOutcome("memory_increase", "result", Result.APPLIED),))
)
NO_ACT = replace(HEAD, decision=ASKED_DECISION)
TRIED: Json = {"leases": (ROLLOUT,), "lowered": True}
INEFFECTIVE: Json = {seen(30, **TRIED).lease_key(ROLLOUT.id): "ineffective"}
HELPED: Json = {
    seen(30, leases=(each,)).lease_key(each.id): "helped" for each in (ROLLOUT, WARM, BILLING, MEMORY)
}
HELD: Json = {"held": at(95), "held_by": "sato", "acks": {"sato": "x"}}
CALM: Json = {"calm": "ok-1", "calm_from": at(12), "mitigated": at(12)}
BACK: Json = {"leases": (replace(ROLLOUT, changes=tuple(replace(c, before="0", after="10") for c in OFF)),)}
STEP: Json = {**BACK, "lowered": True, "rollout": Rollout(ROLLOUT.id, 10, 50)}


def failed(*, unusable: bool = False) -> Report:
    """The follow-up itself failed."""
    head = replace(HEAD, watch=FollowUpMemory(TERMS, notified={2: at(30)}))
    context = Context(FakeAws(), SETTINGS, at(47), at(47))
    if unusable:
        context = replace(context, parameters={f"{SETTINGS.parameters_path}/settings": "{"})
    return broken(head, (ROLLOUT,), context, "Throttled")


def duty(task: DutyKind, key: str = "", why: str = "", **data: Any) -> Duty:
    return Duty(task, text(why or f"duty.{task}"), key, data)


_MOMENTS: dict[str, Callable[..., Report]] = {
    "escalate_2": partial(escalation, 2, 30, FollowUpMemory(TERMS), head=NO_ACT, seen=OPEN),
    "escalate_3": partial(
        escalation,
        3,
        95,
        FollowUpMemory(TERMS, notified={2: at(30)}, late=35, judged=INEFFECTIVE, **HELD),
        seen=TRIED,
    ),
    "escalate_4": partial(
        escalation,
        4,
        120,
        FollowUpMemory(TERMS, notified={2: at(30), 3: at(60)}, judged=INEFFECTIVE),
        seen=TRIED,
    ),
    "ineffective": partial(
        must_report,
        Duty(
            DutyKind.JUDGE,
            text("duty.ineffective"),
            seen(17, **TRIED).lease_key(ROLLOUT.id),
            {"helped": False},
            ROLLOUT.id,
        ),
        seen(17, **TRIED),
        FollowUpMemory(TERMS),
    ),
    "demoted": partial(
        must_report, demotion(AssessmentResult.HARMFUL), seen(12, **TRIED), FollowUpMemory(TERMS)
    ),
    "demoted_in_vain": partial(
        must_report,
        demotion(AssessmentResult.INEFFECTIVE, "FaceAuth-Liveness-HighErrorRate-20261111T020300Z"),
        seen(17, **TRIED),
        FollowUpMemory(TERMS, judged=INEFFECTIVE),
    ),
    "demoted_not": partial(
        must_report,
        demotion(AssessmentResult.HARMFUL, missing=FailureKind.DENIED(action="ssm:PutParameter").text),
        seen(12, **TRIED),
        FollowUpMemory(TERMS),
    ),
    "rejected": partial(
        must_report,
        Duty(DutyKind.REJECTED, text("duty.rejected", person="sato"), "9f2c1b7a00112233"),
        seen(12, askings=(asking(ApprovalAnswer.REJECTED, at(8), "sato"),)),
        FollowUpMemory(TERMS),
        NO_ACT,
    ),
    "mitigated": partial(
        must_report,
        duty(DutyKind.MITIGATED, "ok-1"),
        seen(22, AlarmState.OK, **TRIED, rollout=Rollout(ROLLOUT.id, 0, 50)),
        FollowUpMemory(TERMS, **CALM, judged=HELPED),
    ),
    "recovered": partial(
        must_report,
        duty(DutyKind.RECOVERED, "ok-1"),
        seen(22, AlarmState.OK, leases=(WARM, BILLING), traffic=TrafficSince(34, 0)),
        FollowUpMemory(TERMS, **CALM, recovered=at(12), quiet=34, judged=HELPED),
        COSTLY,
        MessageExtra(first_message=at(0.15)),
    ),
    "postponed": partial(
        must_report,
        Duty(
            DutyKind.POSTPONED,
            PAUSED.text,
            f"{WARM.id} 1a2b3c4d",
            {"order": "revert"},
            WARM.id,
        ),
        seen(73, AlarmState.OK, leases=(WARM,), stop=PAUSED),
        FollowUpMemory(TERMS, **CALM, recovered=at(12), quiet=34),
        COSTLY,
    ),
    "gone": partial(
        must_report,
        duty(DutyKind.GONE, at(40).isoformat()),
        seen(40, AlarmState.INSUFFICIENT_DATA, gone=True, **TRIED),
        FollowUpMemory(TERMS, notified={2: at(30)}, gone=at(40)),
    ),
    "settings": partial(
        must_report,
        Duty(DutyKind.SETTINGS, UNUSABLE.text),
        seen(40, settings=UNUSABLE, **TRIED),
        FollowUpMemory(TERMS, notified={2: at(30)}),
    ),
    "closed_by_hand": partial(
        must_report,
        Duty(
            DutyKind.CLOSE,
            text("duty.close_by_hand", person="sato"),
            data={"by": "sato", "why": "the alarm was renamed"},
        ),
        seen(100, AlarmState.INSUFFICIENT_DATA, gone=True, leases=(MEMORY,)),
        FollowUpMemory(TERMS, notified={2: at(30), 3: at(60)}, gone=at(40)),
        KEPT,
    ),
    "changed": partial(changed, changed_by_others(4, LeaseState.ENDED)),
    "changed_in_part": partial(
        changed,
        changed_by_others(2, LeaseState.IN_FORCE),
        leases=(changed_by_others(2, LeaseState.IN_FORCE),),
        lowered=True,
    ),
    "stuck": partial(
        must_report,
        Duty(
            DutyKind.STUCK,
            text("duty.stuck", order="revert"),
            f"{WARM.id} revert",
            {"order": "revert", "times": 3},
            WARM.id,
        ),
        seen(140, AlarmState.OK, leases=(WARM,)),
        FollowUpMemory(
            TERMS,
            **CALM,
            recovered=at(12),
            quiet=34,
            orders={f"revert {WARM.id}": (at(125), 3)},
            judged=HELPED,
        ),
        COSTLY,
    ),
    "remind": partial(
        must_report,
        Duty(DutyKind.REMIND, text("duty.remind", remedy="rollout_to_zero"), ROLLOUT.id, lease=ROLLOUT.id),
        seen(121, **TRIED),
        FollowUpMemory(TERMS, notified={2: at(30), 3: at(60), 4: at(120)}, judged=INEFFECTIVE),
    ),
    "close": partial(
        must_report,
        duty(DutyKind.CLOSE),
        seen(185, AlarmState.OK, leases=(MEMORY,), traffic=TrafficSince(41, 0)),
        FollowUpMemory(TERMS, **CALM, recovered=at(12), quiet=41, judged=HELPED),
        KEPT,
        MessageExtra(
            links=((text("label.link_report"), "https://s3.console.aws.amazon.com/s3/object/reports"),),
            first_message=at(0.15),
        ),
    ),
    "close_without_traffic": partial(
        must_report, duty(DutyKind.CLOSE), seen(22, AlarmState.OK), FollowUpMemory(TERMS, **CALM), NO_ACT
    ),
    "superseded": partial(
        must_report,
        duty(DutyKind.CLOSE, why="duty.superseded"),
        seen(300, AlarmState.ALARM, ours=False, **TRIED),
        FollowUpMemory(TERMS, **CALM),
    ),
    "broken": failed,
}
REPORTS = {name: report() for name, report in _MOMENTS.items()}
UNANSWERED = {name: report(unusable=True) for name, report in _MOMENTS.items()}
