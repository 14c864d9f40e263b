"""What a follow-up may see, in few words: `seen(12, State.OK, leases=(WARM,))`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from responder.core.alarm_event import AlarmState
from responder.core.cause import Cause
from responder.core.change import Change, Lease, LeaseState, Status
from responder.core.command import ApprovalRequest
from responder.core.modes import Effect
from responder.core.settings import IncidentTimers
from responder.core.text import text
from responder.core.verdict import LastDecision
from responder.followup_rules import (
    Duty,
    DutyKind,
    FollowUpMemory,
    Observation,
    OpenRequest,
    done,
    due,
    observe,
    planned,
)
from responder.followup_rules.seen import ApprovalAnswer

OPENED = datetime(2026, 2, 4, 10, 25, tzinfo=UTC)
TERMS = IncidentTimers()
MEDIUM = IncidentTimers(levels=(60, 90, 150))
INCIDENT = "FaceAuth-Liveness-HighErrorRate-20260204T102500Z"


def at(minutes: float) -> datetime:
    return OPENED + timedelta(minutes=minutes)


def seen(minutes: float, state: AlarmState = AlarmState.ALARM, **more: Any) -> Observation:
    """`more` may give `opened` and everything else of a look. What is in force was read just now."""
    return fresh(Observation(**{"now": at(minutes), "opened": OPENED, "state": state, **more}))


def fresh(looked: Observation, minutes: float | None = None) -> Observation:
    """The same, or the same at another minute, with what is in force read just then."""
    now = looked.now if minutes is None else at(minutes)
    leases = (replace(each, looked=now) for each in looked.leases)
    return replace(looked, now=now, leases=tuple(leases))


def lease(remedy: str, scope: str, until: float | None = None, *, minutes: float = 1, **more: Any) -> Lease:
    """Applied a minute after the alarm, ending so many minutes after it."""
    changes = more.pop("changes", (change(),))
    state = more.pop("state", LeaseState.IN_FORCE)
    end = None if until is None else at(until)
    return Lease(remedy, scope, INCIDENT, state, at(minutes), end, {}, changes, **more)


def change(status: Status = Status.APPLIED) -> Change:
    return Change("F", "V", "50", "0", status)


ROLLOUT = lease("rollout_to_zero", "liveness-rollout")
WARM = lease("provisioned_concurrency", "FaceAuth-GetLivenessResult", 24 * 60)
BILLING = lease("on_demand_billing", "FaceAuth-LivenessSessions")
MEMORY = lease("memory_increase", "FaceAuth-GetLivenessResult")
THRESHOLD = lease("lower_threshold", "threshold", 4 * 60)
EACH = (ROLLOUT, WARM, BILLING, MEMORY, THRESHOLD)


def working(one: Lease) -> Lease:
    """AWS is still at it."""
    return replace(one, changes=(change(Status.IN_PROGRESS),))


def decided(minutes: float, **more: Any) -> LastDecision:
    return LastDecision(Cause.INTERNAL(), text("why.nothing_proven"), at(minutes), **more)


def asking(
    answer: ApprovalAnswer = ApprovalAnswer.OPEN,
    minutes: float = 1,
    answered: float | None = None,
    **more: Any,
) -> OpenRequest:
    """A proposal of so many minutes after the alarm."""
    asked = ApprovalRequest(
        more.pop("id", "0123456789abcdef"),
        INCIDENT,
        more.pop("remedy", "rollout_to_zero"),
        "",
        Effect.LOWERS_SECURITY,
        at(minutes),
        (change(Status.PLANNED),),
        **more,
    )
    by = "aiko" if answered is not None else ""
    return OpenRequest(asked, answer, by, None if answered is None else at(answered))


def calm(since: float = 12, **more: Any) -> FollowUpMemory:
    """The alarm is OK since then."""
    return FollowUpMemory(
        **{"terms": TERMS, "calm": "ok", "calm_from": at(since), "mitigated": at(since), **more}
    )


def quiet(minutes: float, **more: Any) -> Observation:
    """A look at the calm of `calm()`."""
    return seen(minutes, AlarmState.OK, mark="ok", **more)


def ids(duties: Iterable[Duty]) -> list[str]:
    return [each.id for each in duties]


def tasks(looked: Observation, watch: FollowUpMemory) -> list[DutyKind]:
    """What is due now."""
    return [each.task for each in due(looked, watch)]


def when(task: DutyKind, looked: Observation, watch: FollowUpMemory) -> list[float]:
    """At which minutes a task is planned at present."""
    times = [each.at for each in planned(looked, watch) if each.duty.task is task]
    return [round((time - OPENED).total_seconds() / 60, 2) for time in times]


def turn(
    looked: Observation, watch: FollowUpMemory, *only: DutyKind
) -> tuple[FollowUpMemory, list[DutyKind]]:
    """Everything that is due (of these tasks) is done, one by one where it still is due."""
    watch, did = observe(looked, watch), []
    for each in due(looked, watch):
        if (not only or each.task in only) and each.id in ids(due(looked, watch)):
            watch = done(each, looked, watch)
            did.append(each.task)
    return watch, did


def after(looked: Observation, watch: FollowUpMemory, *only: DutyKind) -> FollowUpMemory:
    """What is remembered after that."""
    return turn(looked, watch, *only)[0]
