"""The status of an incident does not depend on the order in which its reports arrive."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.command import ApprovalRequest
from responder.core.modes import Effect
from responder.core.report import Report, ReportKind
from responder.core.verdict import Result
from responder.messages.report_message import ReportMessage
from responder.slack.blocks.parts import always, title
from responder.slack.blocks.root import message
from responder.slack.status import IncidentStatus, ReportedState, acknowledged, add
from tests.laid_out import message_of
from tests.unit.messages.samples import ACTS, ASKS, AT, LEASE, NOTHING

ID = "0123456789abcdef"


def at(report: Report, minutes: float, **changes: Any) -> ReportMessage:
    reported = replace(report, at=report.at + timedelta(minutes=minutes), **changes)
    return message_of(
        replace(reported, id=f"{reported.incident}/{reported.kind}/{minutes}/{reported.topic}"), "en"
    )


def asks(minutes: float) -> ReportMessage:
    return at(ASKS, minutes, outcomes=(replace(ASKS.outcomes[0], approval=ID),))


STORY = (
    asks(0),
    at(ACTS, 5, kind=ReportKind.COMMAND),
    at(ACTS, 30, kind=ReportKind.ESCALATION, topic="escalate", outcomes=(), level=2),
    at(ACTS, 40, kind=ReportKind.PROGRESS, topic="mitigated", outcomes=()),
    at(ACTS, 50, kind=ReportKind.REMINDER, topic="remind", outcomes=()),
    at(ACTS, 90, kind=ReportKind.CLOSED, topic="close", outcomes=(), leases=()),
)


def status(*reports: ReportMessage) -> IncidentStatus:
    found = None
    for report in reports:
        found = add(found, report)
    assert found is not None
    return found


@pytest.mark.parametrize("length", range(1, len(STORY) + 1))
def test_the_status_is_the_same_whatever_the_order_of_reports(length: int) -> None:
    story = STORY[:length] if length < 6 else STORY
    expected = status(*story)
    orders = permutations(story) if length < 5 else (story[::-1], story[3:] + story[:3])
    for order in orders:
        assert status(*order) == expected


@given(st.lists(st.sampled_from(STORY), min_size=1, max_size=8))
def test_a_repeat_changes_nothing(reported: list[ReportMessage]) -> None:
    known = status(*reported)
    assert add(known, reported[0]) == known


def test_it_goes_from_asked_to_closed() -> None:
    states = [status(*STORY[: number + 1]).state for number in range(len(STORY))]
    assert states == [
        ReportedState.UNSOLVED,
        ReportedState.HELD,
        ReportedState.ESCALATED,
        ReportedState.MITIGATED,
        ReportedState.MITIGATED,
        ReportedState.CLOSED,
    ]


def test_a_remedy_that_was_reverted_is_not_called_in_force() -> None:
    back = replace(ACTS.outcomes[0], result=Result.REVERTED)
    reverted = at(ACTS, 20, kind=ReportKind.COMMAND, outcomes=(back,), leases=())
    again = at(ACTS, 30, kind=ReportKind.COMMAND)
    assert status(STORY[0], STORY[1], reverted).state is ReportedState.UNSOLVED
    assert status(STORY[0], STORY[1], reverted, again).state is ReportedState.HELD
    assert status(STORY[0], STORY[1], reverted, STORY[3]).state is ReportedState.MITIGATED


def test_what_another_incident_keeps_in_force_stays_in_force_with_a_later_report() -> None:
    others = (replace(LEASE, incident="FaceAuth-Liveness-Other-20261123T180000Z"),)
    already = at(ACTS, 0, outcomes=(replace(ACTS.outcomes[0], result=Result.ALREADY),), leases=others)
    later = at(NOTHING, 5, kind=ReportKind.PROGRESS, topic="acknowledged", outcomes=(), leases=others)
    assert status(already, later).state is ReportedState.HELD


def test_the_newest_report_is_shown() -> None:
    assert status(STORY[5], STORY[0]).newest.id == STORY[5].id
    assert status(STORY[0], STORY[5]).newest.id == STORY[5].id


@pytest.mark.parametrize("topic", ["escalate", "ineffective", "restore_failing", "broken"])
def test_what_gets_worse_is_red_again(topic: str) -> None:
    assert (
        status(at(ACTS, 0), at(ACTS, 20, kind=ReportKind.PROGRESS, topic=topic)).state
        is ReportedState.ESCALATED
    )


@pytest.mark.parametrize("result", [Result.PARTIAL, Result.FAILED])
@pytest.mark.parametrize("kind", [ReportKind.RESPONSE, ReportKind.COMMAND])
def test_what_is_done_by_half_is_not_called_done(kind: ReportKind, result: Result) -> None:
    half = replace(ACTS.outcomes[0], result=result)
    assert status(at(NOTHING, 0), at(ACTS, 1, kind=kind, outcomes=(half,))).state is ReportedState.ESCALATED


@pytest.mark.parametrize("before", ["mitigated", "recovered"])
def test_what_is_calm_is_unsolved_again_once_its_alarm_does_not_exist(before: str) -> None:
    calm = at(NOTHING, 40, kind=ReportKind.PROGRESS, topic=before)
    gone = at(NOTHING, 50, kind=ReportKind.PROGRESS, topic="gone")
    assert status(STORY[0], calm, gone).state is ReportedState.UNSOLVED


def test_an_incident_closed_by_hand_is_over_and_not_green() -> None:
    closed = status(STORY[0], at(NOTHING, 90, kind=ReportKind.CLOSED, topic="closed_by_hand"))
    assert (closed.state, closed.state.over) == (ReportedState.BY_HAND, True)
    assert title(closed, "en").startswith("⚪ closed manually")
    assert "手動で終了" in title(closed, "ja")
    assert always(closed, "en") == []


def test_what_is_not_on_record_cannot_be_acknowledged() -> None:
    shown = [
        [one["action_id"] for one in always(status(at(NOTHING, 0, open=is_open)), "en")[0]["elements"]]
        for is_open in (True, False)
    ]
    assert shown == [["acknowledge", "pause"], ["pause"]]


def test_an_alarm_that_comes_back_is_unsolved_again() -> None:
    calm = at(NOTHING, 20, kind=ReportKind.PROGRESS, topic="mitigated")
    assert status(at(NOTHING, 0), calm, at(NOTHING, 30)).state is ReportedState.UNSOLVED


def test_a_proposal_waits_until_it_is_settled_refused_or_over() -> None:
    assert list(status(asks(0)).waiting) == [ID]
    assert list(status(asks(0), at(ACTS, 5, kind=ReportKind.COMMAND)).waiting) == []
    assert list(status(asks(0), at(NOTHING, 31, incident=ASKS.incident)).waiting) == []
    rejected = replace(
        at(NOTHING, 5, kind=ReportKind.PROGRESS, topic="rejected"), id=f"x/progress/rejected-{ID}"
    )
    assert list(status(asks(0), rejected).waiting) == []
    assert list(status(asks(0), at(NOTHING, 5, kind=ReportKind.CLOSED, topic="close")).waiting) == []


def test_asked_again_it_waits_again() -> None:
    assert list(status(asks(0), at(ACTS, 5, kind=ReportKind.COMMAND), asks(10)).waiting) == [ID]


def test_an_escalation_that_names_it_again_keeps_it_waiting_with_its_changes() -> None:
    until = AT + timedelta(minutes=55)
    named = ApprovalRequest(
        ID, ASKS.incident, "rollout_to_zero", "", Effect.LOWERS_SECURITY, AT + timedelta(minutes=25), ()
    )
    again = at(NOTHING, 32, kind=ReportKind.ESCALATION, topic="escalate", waiting=(named,))
    for order in ((asks(0), again), (again, asks(0))):
        waiting = status(*order).waiting[ID]
        assert (waiting.until, len(waiting.changes)) == (until, 4)
    assert status(again).waiting[ID].remedy == "rollout_to_zero"


def test_an_acknowledgement_counts_until_it_ends_or_the_incident_gets_worse() -> None:
    began, until = AT, AT + timedelta(minutes=60)
    taken = acknowledged(status(at(NOTHING, 0)), "aiko", began, until)
    assert taken.taken_by == "aiko"
    assert add(taken, at(NOTHING, 61, kind=ReportKind.PROGRESS, topic="stuck")).taken_by == ""
    assert add(taken, at(NOTHING, 10, kind=ReportKind.PROGRESS, topic="ineffective")).taken_by == ""


def test_an_incident_shows_only_its_own_changes() -> None:
    other = replace(LEASE, incident="another-20261123T180700Z")
    assert [one.incident for one in status(at(ACTS, 0, leases=(LEASE, other))).leases] == [ACTS.incident]


def test_a_reverted_remedy_does_not_count_as_in_force() -> None:
    back = replace(ACTS.outcomes[0], result=Result.REVERTED)
    assert (
        status(at(NOTHING, 0), at(NOTHING, 5, kind=ReportKind.COMMAND, outcomes=(back,))).state
        is ReportedState.UNSOLVED
    )


def test_a_re_evaluation_keeps_the_acknowledgement_and_a_calm_ends_it() -> None:
    taken = acknowledged(status(at(NOTHING, 0)), "aiko", at(NOTHING, 1).at, at(NOTHING, 61).at)
    assert add(taken, at(NOTHING, 10)).taken_by == "aiko"
    calm = add(taken, at(NOTHING, 20, kind=ReportKind.PROGRESS, topic="mitigated"))
    assert add(calm, at(NOTHING, 30)).taken_by == ""


def test_no_button_is_shown_for_what_is_refused() -> None:
    """The settings document broke after the request."""
    asked = add(None, asks(0))
    refused = add(asked, at(ASKS, 5, outcomes=(), answered=False))
    accepted = add(refused, at(ASKS, 10, outcomes=()))
    for status, shown in ((asked, True), (refused, False), (accepted, True)):
        drawn = str(message(status, "en").blocks)
        assert (ID in drawn, "'acknowledge'" in drawn, "'pause'" in drawn) == (shown, shown, True)
