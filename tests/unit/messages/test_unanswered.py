"""While the settings document cannot be used, no message asks for what is refused, or promises a revert."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from responder.core.alarm_event import AlarmState
from responder.core.change import Lease, LeaseState, Status
from responder.core.context import Context
from responder.core.plain_data import Json
from responder.core.refusals import Refusal
from responder.core.report import Report
from responder.core.text import Text, text
from responder.core.verdict import PastOutcome, Result
from responder.failures.handler import failure_report, on_record
from responder.followup.messages.report import TOPICS
from responder.followup_rules import Duty, DutyKind, FollowUpMemory
from responder.followup_rules.seen import ApprovalAnswer
from responder.messages import language
from responder.messages.advice import lease_line
from responder.slack.blocks import root
from responder.slack.status import add
from responder.watchdog.report import message
from responder.watchdog.rules import RoundRegister, findings
from tests.fakes import FakeAws
from tests.laid_out import amazon_q, machine, message_of, plain, subject
from tests.rows import all_rows
from tests.texts import catalogue as all_texts
from tests.unit.followup.report_samples import (
    BILLING,
    CALM,
    DECISION,
    HEAD,
    INCIDENT,
    PAUSED,
    ROLLOUT,
    SETTINGS,
    TERMS,
    TRIED,
    UNANSWERED,
    UNUSABLE,
    WARM,
    asking,
    at,
    changed,
    changed_by_others,
    duty,
    escalation,
    must_report,
    seen,
)
from tests.unit.messages.samples import ACTS, LEASE, REVERTED, SAMPLES

# What a message asks of its reader first, and that is possible then.
POSSIBLE = {
    "must.act",
    "must.by_hand",
    "must.correct_settings",
    "must.find_out",
    "must.finish",
    "must.fix_cause",
    "must.keep_or_undo",
    "must.mend_settings",
    "must.no_work",
    "must.read_newer",
    "must.read_reason",
    "must.restore_by_hand_later",
    "must.restore_later",
    "must.restore_manually",
    "must.watch",
    "must.watch_alarm",
    "must.watch_traffic",
}
# A text with one of these has another one for that time.
LATER = ("_later", "_unanswered")
# Of the rest: steps and commands that are refused, and promises that are not kept.
IMPOSSIBLE = {
    "absence.undo_first",
    "command.acknowledge",
    "command.answer_proposal",
    "command.close_incident",
    "course.proposed",
    "course.keeps",
    "followup.offered_back",
    "followup.waits",
    "label.undo_fully",
    "label.undo_now",
    "lease.by_approval",
    "lease.until",
    "slack.acknowledge",
    "slack.approve",
    "slack.reject",
    "slack.revert",
    "slack.revert_worse",
    "slack.waits",
    "step.resume",
    "step.tried_again",
}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Callable[[Report], set[str]]:
    """The keys of all texts with which mail, chat and machines read a report, in both languages."""
    keys: set[str] = set()
    count = language._counted

    def counted(form: str, part: Text) -> float | None:
        keys.add(part.key)
        return count(form, part)

    def read(report: Report) -> set[str]:
        keys.clear()
        for each in ("ja", "en"):
            for layout in (plain, subject, amazon_q, machine):
                layout(report, each)
            root.message(add(None, message_of(report, each)), each)
        return set(keys)

    monkeypatch.setattr(language, "_counted", counted)
    # It says each sentence that a stored first line may contain, to look for it there.
    monkeypatch.setattr(root, "after_times", lambda headline, *_: headline)
    return read


def refused(keys: set[str]) -> set[str]:
    """Those that ask for, or promise, what cannot happen."""
    later = {key for key in keys if any(f"{key}{each}" in all_texts() for each in LATER)}
    musts = {key for key in keys if key.startswith("must.")}
    # "To undo" is a heading; the commands below it have their own label.
    return (keys & IMPOSSIBLE) | (later - {"label.undo"}) | (musts - POSSIBLE)


@all_rows("name", sorted(UNANSWERED))
def test_a_message_of_the_follow_up_asks_and_promises_only_what_can_happen(
    name: str, said: Callable[[Report], set[str]]
) -> None:
    assert not UNANSWERED[name].answered
    keys = said(UNANSWERED[name])
    assert refused(keys) == set()
    # The end of an incident that leaves nothing in force needs no one.
    correct = {"step.watchdog_settings", "step.correct_settings"} & keys
    assert len(correct) == (name != "close_without_traffic")


def test_every_topic_of_the_follow_up_is_among_them() -> None:
    assert {each.topic for each in UNANSWERED.values()} == TOPICS.keys()


def as_answered(report: Report, *, unusable: bool) -> Report:
    return replace(report, answered=not unusable)


# Nothing is requested then.
@all_rows("name", sorted(SAMPLES.keys() - {"asks"}))
def test_a_response_or_command_asks_and_promises_only_what_can_happen(
    name: str, said: Callable[[Report], set[str]]
) -> None:
    assert refused(said(as_answered(SAMPLES[name], unusable=True))) == set()


# --- sentences that promise something otherwise --------------------------------------------------

THRESHOLD = replace(ROLLOUT, remedy="lower_threshold", until=at(240))
PART = changed_by_others(2, LeaseState.IN_FORCE)
TIMED_PART = replace(PART, remedy="lower_threshold", until=at(240))
RECOVERED: Json = {**CALM, "recovered": at(12), "quiet": 34}
COOLING = replace(
    HEAD,
    decision=replace(
        DECISION,
        done=(
            PastOutcome("rollout_to_zero", "", Result.REFUSED, Refusal.COOLDOWN(minutes=15, incident="x")),
        ),
    ),
)
REJECTED_BACK = seen(
    12,
    leases=(ROLLOUT,),
    askings=(asking(ApprovalAnswer.REJECTED, at(8), "sato", order="revert", after="10"),),
)


def recovered(*leases: Lease, unusable: bool) -> Report:
    looked = seen(22, AlarmState.OK, leases=leases)
    return must_report(
        duty(DutyKind.RECOVERED, "ok-1"), looked, FollowUpMemory(TERMS, **RECOVERED), unusable=unusable
    )


def mitigated(*leases: Lease, unusable: bool) -> Report:
    looked = seen(22, AlarmState.OK, leases=leases)
    return must_report(
        duty(DutyKind.MITIGATED, "ok-1"), looked, FollowUpMemory(TERMS, **CALM), unusable=unusable
    )


def reminded(lease: Lease, *, unusable: bool, **more: Any) -> Report:
    task = Duty(DutyKind.REMIND, text("duty.remind", remedy=lease.remedy), lease.id, lease=lease.id)
    looked = seen(121, leases=(lease,), **more)
    return must_report(task, looked, FollowUpMemory(TERMS), unusable=unusable)


def again(*, unusable: bool) -> Report:
    watch = FollowUpMemory(TERMS, notified={4: at(120)})
    return must_report(duty(DutyKind.ESCALATE, "4", again=True), seen(185, **TRIED), watch, unusable=unusable)


def rejected_back(*, unusable: bool) -> Report:
    task = Duty(DutyKind.REJECTED, text("duty.rejected", person="sato"), "9f2c1b7a00112233")
    return must_report(task, REJECTED_BACK, FollowUpMemory(TERMS), unusable=unusable)


def watched(*, unusable: bool) -> Report:
    """The watchdog has found a change that is past its end."""
    why = (text("watchdog.settings"), UNUSABLE.text) if unusable else None
    round_ = RoundRegister(at(300), leases=(replace(WARM, until=at(100)),), unusable=why)
    context = Context(FakeAws(), SETTINGS, at(300), at(300))
    return as_answered(message(findings(round_, SETTINGS), round_.leases, context), unusable=unusable)


def crashed(*, unusable: bool) -> Report:
    """The alarm's function itself has failed."""
    settings = replace(SETTINGS, incidents_table="Incidents")
    parameters = {f"{settings.parameters_path}/settings": "{" if unusable else "{}"}
    context = Context(FakeAws(), settings, at(47), at(47), parameters)
    found = {**on_record(None, context), "leases": (ROLLOUT,), "open": True}
    return replace(failure_report({}, context), **found)


def in_force(*leases: Lease, **more: Any) -> Report:
    return replace(ACTS, outcomes=(), leases=leases, **more)


UNDER_WAY = replace(
    ACTS.outcomes[0],
    result=Result.ALREADY,
    lowers_security=False,
    remedy="memory_increase",
    changes=tuple(replace(each, status=Status.IN_PROGRESS) for each in ACTS.outcomes[0].changes),
)
STEP = replace(LEASE, changes=tuple(replace(each, before="0", after="10") for each in LEASE.changes))
PROMISES: dict[str, Callable[..., Report]] = {
    "changed, asked again": partial(changed, PART, leases=(PART,), lowered=True),
    "changed, ends by itself": partial(changed, TIMED_PART, leases=(TIMED_PART,), lowered=True),
    "changed, alarm deleted": partial(changed, PART, leases=(PART,), lowered=True, gone=True),
    "rejected a revert": rejected_back,
    "recovered, ends by itself": partial(recovered, WARM),
    "recovered, asked for": partial(recovered, WARM, BILLING),
    "mitigated, goes on": partial(mitigated, WARM, BILLING, THRESHOLD, ROLLOUT),
    "reminded, ends by itself": partial(reminded, THRESHOLD),
    "reminded, asked for": partial(reminded, ROLLOUT),
    "reminded, request open": partial(reminded, ROLLOUT, askings=(asking(ApprovalAnswer.OPEN, at(119)),)),
    "escalated again": again,
    "stopped": partial(escalation, 2, 30, FollowUpMemory(TERMS), seen={"stop": PAUSED}),
    "tried again": partial(escalation, 2, 30, FollowUpMemory(TERMS), head=COOLING),
    "found by the watchdog": watched,
    "failed": crashed,
    "under way": partial(as_answered, replace(ACTS, outcomes=(UNDER_WAY,), leases=())),
    "lowered": partial(as_answered, in_force(LEASE)),
    "lowered, alarm OK": partial(as_answered, in_force(LEASE, state=AlarmState.OK)),
    "lowered for some hours": partial(as_answered, in_force(replace(THRESHOLD, incident=INCIDENT))),
    "one step": partial(
        as_answered,
        replace(REVERTED, outcomes=(replace(REVERTED.outcomes[0], result=Result.STEPPED),), leases=(STEP,)),
    ),
}


@all_rows("name", PROMISES)
def test_what_a_message_promises_otherwise_it_does_not_promise_then(
    name: str, said: Callable[[Report], set[str]]
) -> None:
    assert refused(said(PROMISES[name](unusable=False)))
    assert refused(said(PROMISES[name](unusable=True))) == set()


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.FAILED])
def test_a_revert_under_way_is_held_only_where_nothing_finishes_it(status: Status) -> None:
    """AWS finishes what it has accepted."""
    changes = tuple(replace(each, status=status) for each in WARM.changes)
    lease = replace(WARM, state=LeaseState.REVERTING, changes=changes)
    said = language.say(lease_line(lease, replace(ACTS, answered=False, at=lease.at)), "en")
    assert (language.say(text("lease.held"), "en") in said) is (status is Status.FAILED)
