"""What the follow-up plans, in words: when, about which lease, with what it orders or reports, and why."""

import re
from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from responder.core.alarm_event import AlarmState
from responder.core.change import LeaseState, Status
from responder.core.plain_data import Json
from responder.core.refusals import Refusal
from responder.followup_rules import FollowUpMemory, Observation, TrafficSince, planned
from responder.followup_rules.seen import ApprovalAnswer, Rollout
from responder.messages.language import say
from tests.rows import in_both_languages
from tests.unit.followup_rules.world import (
    BILLING,
    MEMORY,
    OPENED,
    ROLLOUT,
    TERMS,
    THRESHOLD,
    WARM,
    asking,
    at,
    calm,
    change,
    decided,
    quiet,
    seen,
    working,
)

START = FollowUpMemory(TERMS)
RECOVERED = calm(12, recovered=at(12))
NIGHT: Json = {"held": {WARM.remedy: Refusal.MUTED(name="night")}}
GAP = re.compile(r"<[a-z_]+>|\bduty\.[a-z_]+")


def going_back(percent: int, requests: int = 0, faults: int = 0) -> Json:
    return {
        "leases": (ROLLOUT,),
        "rollout": Rollout(ROLLOUT.id, percent, 50),
        "traffic": TrafficSince(requests, faults),
    }


STORIES: dict[str, tuple[Observation, FollowUpMemory]] = {
    "the alarm lasts": (seen(3, decision=decided(0)), START),
    "nobody is above the last level": (
        seen(200, decision=decided(190)),
        FollowUpMemory(TERMS, round=4, again=at(190), notified={1: at(30), 2: at(60), 3: at(120)}),
    ),
    "a remedy is tried": (seen(3, leases=(ROLLOUT,)), START),
    "AWS is still at it": (seen(3, leases=(working(WARM),)), START),
    "AWS never ends": (
        seen(60, leases=(working(WARM),)),
        FollowUpMemory(TERMS, orders={f"finish {WARM.id}": (at(50), 14)}),
    ),
    "a run died": (
        seen(3, leases=(replace(WARM, state=LeaseState.APPLYING, changes=(change(Status.PLANNED),)),)),
        START,
    ),
    "held at night": (seen(3, leases=(working(WARM),), **NIGHT), START),
    "approved": (seen(5, askings=(asking(ApprovalAnswer.APPROVED, 1, 4),)), START),
    "approved, and not carried out": (
        seen(16, askings=(asking(ApprovalAnswer.APPROVED, 1, 4),)),
        FollowUpMemory(TERMS, orders={f"repeat 0123456789abcdef@{at(4).isoformat()}": (at(15), 3)}),
    ),
    "rejected": (seen(5, askings=(asking(ApprovalAnswer.REJECTED, 1, 4),)), START),
    "the alarm cannot be read": (seen(5, blind=True), FollowUpMemory(TERMS, unseen=at(3))),
    "calm, and nothing proves it": (quiet(20, leases=(WARM,)), calm()),
    "recovered": (quiet(23, leases=(WARM, BILLING, MEMORY, THRESHOLD, ROLLOUT)), RECOVERED),
    "what only a person restores is held": (
        quiet(80, leases=(BILLING,), held={BILLING.remedy: Refusal.MUTED(name="night")}),
        RECOVERED,
    ),
    "its end has come, in vain": (
        quiet(120, leases=(WARM,)),
        replace(RECOVERED, orders={f"revert {WARM.id}": (at(102), 3)}),
    ),
    "the way back begins": (quiet(23, **going_back(0)), calm(12, step="0", step_at=at(2))),
    "the way back is held": (
        quiet(23, **going_back(0), held={ROLLOUT.remedy: Refusal.MUTED(name="night")}),
        calm(12, step="0", step_at=at(2)),
    ),
    "the way back, verified": (quiet(40, **going_back(10, 100)), calm(12, step="10", step_at=at(25))),
    "the way back, too little traffic": (quiet(40, **going_back(10, 3)), calm(12, step="10", step_at=at(25))),
    "the way back, failing": (quiet(40, **going_back(10, 100, 7)), calm(12, step="10", step_at=at(25))),
    "nothing is left": (quiet(20), calm()),
    "another incident": (seen(20, AlarmState.OK, ours=False), calm()),
}
EACH = pytest.mark.parametrize("name", STORIES)


def reported(name: str, language: str) -> list[str]:
    lines = []
    for each in planned(*STORIES[name]):
        minutes, duty = (each.at - OPENED).total_seconds() / 60, each.duty
        about = f" [{duty.lease}]" if duty.lease else ""
        with_ = f" {dict(duty.data)}" if duty.data else ""
        lines.append(f"{minutes:7.1f} {duty.id}{about}{with_}: {say(duty.why, language)}")
    return lines


def test_reads_well(readable: SnapshotAssertion) -> None:
    stories = ("\n".join((f"# {name}", *reported(name, "en"))) for name in STORIES)
    assert "\n\n".join(stories) + "\n" == readable


@EACH
@in_both_languages
def test_no_sentence_has_a_gap(name: str, language: str) -> None:
    assert [line for line in reported(name, language) if GAP.search(line)] == []
