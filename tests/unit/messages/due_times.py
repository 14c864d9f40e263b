"""Messages that name a time, written so many minutes before it."""

from dataclasses import replace
from datetime import timedelta

from responder.core.alarm_event import AlarmState
from responder.core.report import Report, ReportKind
from responder.core.text import text
from responder.followup_rules import Duty, DutyKind, FollowUpMemory, TrafficSince
from responder.followup_rules.seen import ApprovalAnswer
from tests.unit.followup.report_samples import (
    BILLING,
    CALM,
    NO_ACT,
    TERMS,
    WARM,
    asking,
    at,
    must_report,
    seen,
)
from tests.unit.messages.samples import ASKS

_NOW = 60


def second_approval(left: int) -> Report:
    """One person has approved, and another one has to."""
    asked = asking(ApprovalAnswer.OPEN, ASKS.at + timedelta(minutes=left - 30)).asked
    asked = replace(asked, incident=ASKS.incident)
    return replace(ASKS, kind=ReportKind.COMMAND, outcomes=(), waiting=(asked,))


def reminder(left: int) -> Report:
    """Of a change with an end."""
    lease = replace(WARM, until=at(_NOW + left))
    duty = Duty(DutyKind.REMIND, text("duty.remind", remedy=lease.remedy), lease.id, lease=lease.id)
    return must_report(duty, seen(_NOW, leases=(lease,)), FollowUpMemory(TERMS))


def next_level(left: int) -> Report:
    """A request was rejected shortly before or after level 2 was to be notified."""
    duty = Duty(DutyKind.REJECTED, text("duty.rejected", person="sato"), "9f2c1b7a00112233")
    answered = asking(ApprovalAnswer.REJECTED, at(8), "sato")
    return must_report(duty, seen(30 - left, askings=(answered,)), FollowUpMemory(TERMS), NO_ACT)


def recovery(left: int) -> Report:
    """It was proven so long ago that the approval of a revert is about to be requested."""
    memory = FollowUpMemory(TERMS, **CALM, recovered=at(_NOW + left - TERMS.keep), quiet=34)
    looked = seen(_NOW, AlarmState.OK, leases=(BILLING,), traffic=TrafficSince(34, 0))
    return must_report(Duty(DutyKind.RECOVERED, text("duty.recovered"), "ok-1"), looked, memory)


def mitigation(left: int, remedy: str) -> Report:
    """With a change in force that has an end."""
    lease = replace(WARM, remedy=remedy, until=at(_NOW + left))
    looked = seen(_NOW, AlarmState.OK, leases=(lease,))
    duty = Duty(DutyKind.MITIGATED, text("duty.mitigated"), "ok-1")
    return must_report(duty, looked, FollowUpMemory(TERMS, **CALM))
