"""What counts as a trouble, and from when on."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from responder.core.alarm_event import AlarmState
from responder.core.cause import Cause
from responder.core.change import Change, Leases, LeaseState
from responder.core.command import ApprovalRequest, CommandKind
from responder.core.modes import Effect, Severity
from responder.core.plain_data import Json
from responder.core.text import text
from responder.core.verdict import LastDecision
from responder.followup_rules import OpenRequest
from responder.followup_rules.seen import ApprovalAnswer
from responder.messages.language import say
from responder.store import Incident, IncidentHead
from responder.watchdog.rules import FoundTrouble, OpenIncident, RoundRegister, Trouble, TroubleNote, findings
from tests.times import utc
from tests.unit.watchdog.world import SETTINGS, lease

pytestmark = pytest.mark.unit

NOW = utc("2026-02-04 10:25")
ID = "faceauth-one-20260204T092500Z"


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def incident(minutes: float = 60, **more: Any) -> Incident:
    given = {"state": AlarmState.ALARM, "state_at": ago(minutes), **more}
    return Incident(id=ID, slug="faceauth-one", alarm="FaceAuth-One", opened=ago(minutes), **given)


LATE = ago(30)


def head(next_look: datetime | None = LATE, **more: Any) -> IncidentHead:
    made = LastDecision(Cause.UNKNOWN(), text("why.watchdog"), ago(60))
    known = IncidentHead(
        ID, "FaceAuth-One", "high-error-rate", Severity.MEDIUM, ago(60), made, next_look=next_look
    )
    return replace(known, **more)


def case(**more: Any) -> OpenIncident:
    return OpenIncident(**{"incident": incident(), "head": head(ago(-1)), **more})


def register(one: OpenIncident | None = None, **more: Any) -> RoundRegister:
    one = one or case()
    return RoundRegister(**{"now": NOW, "newest": (one.incident,), "cases": (one,), **more})


def found(seen: RoundRegister) -> tuple[FoundTrouble, ...]:
    return findings(seen, SETTINGS)


def troubles(seen: RoundRegister) -> list[Trouble]:
    return [each.trouble for each in found(seen)]


def restart(minutes: float, generation: int, *, reported: bool = True) -> TroubleNote:
    return TroubleNote(f"silent#{ID}-g{generation}", ago(minutes), reported)


@pytest.mark.parametrize(
    ("next_look", "silent"),
    [(ago(-1), False), (ago(9.9), False), (ago(10), False), (ago(10.1), True), (ago(600), True)],
)
def test_a_follow_up_is_silent_ten_minutes_after_it_should_have_looked(
    next_look: datetime, silent: bool
) -> None:
    assert bool(found(register(case(head=head(next_look))))) is silent


@pytest.mark.parametrize(("decided", "silent"), [(9, False), (11, True)])
def test_a_follow_up_that_never_looked_counts_from_the_decision(decided: float, silent: bool) -> None:
    made = LastDecision(Cause.UNKNOWN(), text("why.watchdog"), ago(decided))
    assert bool(found(register(case(head=head(None, decision=made))))) is silent


def test_a_silent_follow_up_is_brought_back_with_the_severity_of_its_incident() -> None:
    (only,) = found(register(case(head=head())))
    assert (only.trouble, only.id, only.severity) == (Trouble.SILENT, f"silent#{ID}-g1", Severity.MEDIUM)
    assert only.head is not None


@pytest.mark.parametrize(
    ("minutes", "more", "expected"),
    [
        (4, {}, []),
        (5, {}, []),
        (6, {}, [Trouble.HEADLESS]),
        (60, {"state": AlarmState.OK, "ok_since": ago(9)}, [Trouble.HEADLESS]),
        (60, {"state": AlarmState.OK, "ok_since": ago(11)}, []),
    ],
)
def test_an_incident_whose_response_died_is_found_until_it_is_over(
    minutes: float, more: Json, expected: list[Trouble]
) -> None:
    assert troubles(register(case(incident=incident(minutes, **more), head=None))) == expected


def test_without_a_head_nothing_is_restarted_and_a_person_gets_the_way_to_look() -> None:
    (only,) = found(register(case(head=None)))
    assert (only.head, only.severity) == (None, Severity.HIGH)
    assert "describe-alarms --region us-east-1 --alarm-names FaceAuth-One" in _pasted(only)


def test_a_head_that_could_not_be_read_is_not_taken_for_missing() -> None:
    assert troubles(register(case(head=None, head_read=False))) == []


def test_what_is_over_but_holds_a_change_is_still_found() -> None:
    over = case(incident=incident(state=AlarmState.OK, ok_since=ago(30)), head=None)
    assert troubles(register(over, leases=(lease(ID, ago(40)),))) == [Trouble.HEADLESS]
    stays = lease(ID, ago(40), remedy="memory_increase")
    assert troubles(register(over, leases=(stays,))) == []


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ((), Trouble.SILENT),
        ((80, 50), Trouble.SILENT),
        ((110, 80, 50), Trouble.DYING),
        ((121, 80, 50), Trouble.SILENT),
    ],
)
def test_more_than_three_restarts_in_two_hours_are_a_persons_affair(
    times: tuple[float, ...], expected: Trouble
) -> None:
    notes = tuple(restart(at, number) for number, at in enumerate(times, 1))
    (only,) = found(register(case(head=head(generation=len(times) + 1)), notes=notes))
    assert only.trouble is expected
    assert (only.head is None) is (expected is Trouble.DYING)


def test_restarts_of_another_incident_do_not_count() -> None:
    notes = tuple(
        TroubleNote(f"silent#faceauth-two-20260204T092500Z-g{n}", ago(30), True) for n in range(1, 5)
    )
    assert troubles(register(case(head=head()), notes=notes)) == [Trouble.SILENT]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (restart(5, 1, reported=False), [Trouble.SILENT]),
        (restart(1, 1, reported=False), []),
        (restart(5, 1, reported=True), []),
        (restart(5, 2, reported=False), []),
    ],
)
def test_a_restart_that_died_before_it_was_reported_is_finished(
    note: TroubleNote, expected: list[Trouble]
) -> None:
    fresh = case(head=head(ago(-5), generation=2))
    seen = found(register(fresh, notes=(note,)))
    assert [each.trouble for each in seen] == expected
    assert [each.id for each in seen] == [note.trouble] * len(expected)


@pytest.mark.parametrize(("until", "overdue"), [(-10, False), (19, False), (20, False), (21, True)])
def test_a_change_is_overdue_twenty_minutes_after_its_end(until: float, overdue: bool) -> None:
    held = lease(ID, ago(60), ago(until))
    assert (Trouble.OVERDUE in troubles(register(leases=(held,)))) is overdue


@pytest.mark.parametrize(
    ("newest", "orphan"),
    [
        ((incident(),), False),
        ((incident(closed=True),), True),
        ((replace(incident(), id="faceauth-one-20260204T101500Z"),), True),
        ((), True),
        (None, False),
    ],
)
def test_a_change_of_no_open_incident_is_left_over(newest: tuple[Incident, ...] | None, orphan: bool) -> None:
    seen = register(newest=newest, cases=(), leases=(lease(ID, ago(30)),))
    assert troubles(seen) == ([Trouble.ORPHAN] if orphan else [])


@pytest.mark.parametrize("remedy", ["memory_increase", "alias_rollback", "repair_environment"])
def test_what_stays_for_good_is_not_left_over(remedy: str) -> None:
    assert troubles(register(newest=(), cases=(), leases=(lease(ID, ago(30), remedy=remedy),))) == []


def test_a_change_of_this_moment_may_belong_to_an_incident_that_was_not_read_yet() -> None:
    assert troubles(register(newest=(), cases=(), leases=(lease(ID, ago(4)),))) == []


def test_a_left_over_change_is_reported_once_with_the_command_and_the_values_on_record() -> None:
    held = lease(ID, ago(300), ago(60))
    (only,) = found(register(newest=(), cases=(), leases=(held,)))
    assert only.trouble is Trouble.ORPHAN
    command = f"liveness-ops revert {ID} provisioned_concurrency --scope result"
    assert command in _pasted(only)
    assert [each.values["before"] for each in only.details] == ["0"]


@pytest.mark.parametrize(
    ("answer", "minutes", "expected"),
    [
        (ApprovalAnswer.APPROVED, 4, []),
        (ApprovalAnswer.APPROVED, 6, [Trouble.APPROVED]),
        (ApprovalAnswer.REJECTED, 6, []),
        (ApprovalAnswer.EXPIRED, 6, []),
        (ApprovalAnswer.OPEN, 6, []),
    ],
)
def test_an_approval_is_carried_out_within_five_minutes(
    answer: ApprovalAnswer, minutes: float, expected: list[Trouble]
) -> None:
    asked = ApprovalRequest(
        "abc", ID, "rollout_to_zero", "liveness-rollout", Effect.LOWERS_SECURITY, ago(12), ()
    )
    askings = (OpenRequest(asked, answer, "aiko", ago(minutes)),)
    seen = found(register(case(askings=askings)))
    assert [each.trouble for each in seen] == expected
    assert all(f"liveness-ops approve {ID} abc" in _pasted(each) for each in seen)


def test_an_approved_revert_is_named_as_one() -> None:
    back = (Change("function", "LIVENESS_ROLLOUT_PERCENTAGE", "0", "50"),)
    asked = ApprovalRequest(
        "abc", ID, "rollout_to_zero", "", Effect.LOWERS_SECURITY, ago(12), back, order=CommandKind.REVERT
    )
    (only,) = found(register(case(askings=(OpenRequest(asked, ApprovalAnswer.APPROVED, "aiko", ago(6)),))))
    assert "restore liveness check to 50%" in say(only.said.text, "en")
    assert "liveness check off" not in say(only.said.text, "en")


def test_an_error_about_one_incident_hides_no_other() -> None:
    odd = replace(incident(), id="faceauth-two-20260204T092500Z", opened="yesterday")  # type: ignore[arg-type]
    seen = register(cases=(OpenIncident(odd), case(head=head())), newest=(odd, incident()))
    assert troubles(seen) == [Trouble.SILENT, Trouble.UNREAD]


def test_the_worst_trouble_is_reported_first() -> None:
    unread = {"notes": (text("watchdog.notes"), text("evidence.failed.late"))}
    held: Leases = (lease("gone-20260204T092500Z", ago(300)),)
    seen = register(case(head=head()), leases=held, unread=unread)
    assert troubles(seen) == [Trouble.ORPHAN, Trouble.SILENT, Trouble.UNREAD]


def test_nothing_is_found_where_everything_is_looked_after() -> None:
    ended = replace(lease(ID, ago(300), ago(200)), state=LeaseState.IN_FORCE, until=ago(-60))
    assert found(register(leases=(ended,))) == ()


def _pasted(one: FoundTrouble) -> str:
    return "\n".join(say(step, "en") for step in one.steps)
