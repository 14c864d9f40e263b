"""What holds for every alarm, whatever is wrong and whatever could not be read."""

import re
from importlib import import_module
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import alarms
from alarms import unknown_alarm
from responder.core.cause import Cause
from responder.core.modes import Mode, Severity
from responder.core.verdict import Verdict
from responder.evidence.faults import Fault
from responder.respond.gather import key
from responder.respond.playbook import Playbook
from tests.rows import all_rows, each_of
from tests.texts import catalogue
from tests.unit.alarms.world import (
    CREATE,
    RESULT,
    Variation,
    changed,
    checks,
    created,
    decided,
    failing,
    healthy,
    put,
    quiet,
    scored,
    silent,
    starts,
    throttled,
    unread,
    without,
)

MODULES = sorted(path.stem for path in Path(alarms.__path__[0]).glob("[!_]*.py"))
ALL: dict[str, Playbook] = {name: import_module(f"alarms.{name}").playbook for name in MODULES}
EACH = each_of("playbook", ALL)
HIGH = {
    "create_session_errors",
    "create_session_throttles",
    "get_result_errors",
    "get_result_throttles",
    "high_error_rate",
    "images_access_denied",
    "low_success_rate",
    "session_creation_errors",
    "sessions_table_throttles",
    "sure_faults",
    "unknown_alarm",
}
MEDIUM = {
    "create_session_timeouts",
    "get_result_timeouts",
    "low_confidence",
    "slow_session_creation",
    "slow_verification",
}
# Deployed alarms that never fire, or hardly ever, where they should.
CORRECTED = {
    "create_session_timeouts",
    "get_result_timeouts",
    "high_error_rate",
    "low_success_rate",
    "slow_verification",
}

VARIATIONS: list[Variation] = [
    *(
        failing(fault, count, function=name)
        for fault in Fault
        for count in (2, 30)
        for name in (CREATE, RESULT)
    ),
    failing(Fault.THROTTLING, operation="PutItem"),
    throttled(),
    changed(),
    checks(60, 40),
    checks(3, 3),
    quiet(10),
    quiet(0),
    silent(30),
    silent(30, CREATE),
    unread(CREATE),
    unread(RESULT),
    put(scores=scored(60.0, zero=40, **{"pass": 60})),
    put(scores=scored(60.0, low=40)),
    put(scores=scored()),
    put(cold_starts__result=starts(cold=90, init_average=2.0, memory_used=256)),
    put(cold_starts__result=starts(reports=0, cold=0, memory_used=None, memory_size=None)),
    put(cold_starts__create=starts(CREATE, cold=90, init_average=2.0, memory_used=256)),
    changed(CREATE),
    put(scores=scored(88.0, near=40, **{"pass": 60})),
    put(creation_time=created(9.0)),
    put(creation_time=created(9.0, samples=3)),
    *(without(look) for look in healthy()),
]
WRONG = st.lists(st.sampled_from(VARIATIONS), max_size=6)


@EACH
def test_when_nothing_is_wrong_no_cause_is_made_up(playbook: Playbook) -> None:
    verdict = decided(playbook)
    assert verdict.cause.kind is Cause.UNKNOWN or verdict.cause.kind.normal
    assert verdict.proposals == ()


@EACH
def test_when_nothing_could_be_read_the_cause_is_unknown(playbook: Playbook) -> None:
    verdict = decided(playbook, without(*healthy()))
    assert not verdict.known
    assert (verdict.proposals, verdict.ruled_out) == ((), ())
    assert verdict.steps[-1].key == "step.escalate_lead"


@EACH
def test_a_look_that_failed_never_makes_us_propose_anything(playbook: Playbook) -> None:
    assert {look for look in healthy() if decided(playbook, without(look)).proposals} == set()


def a_person_gets_a_cause_a_reason_and_a_step(_playbook: Playbook, verdict: Verdict) -> None:
    assert verdict.why.key.startswith("why.")
    assert all(step.key.startswith("step.") for step in verdict.steps)
    assert verdict.steps


def only_remedies_of_its_own_are_proposed_each_once(playbook: Playbook, verdict: Verdict) -> None:
    proposed = [(each.remedy, each.scope) for each in verdict.proposals]
    assert set(proposed) <= {key(remedy) for remedy in playbook.remedies}
    assert len(proposed) == len(set(proposed))


def the_check_is_switched_off_after_what_mends_the_cause(_playbook: Playbook, verdict: Verdict) -> None:
    """What is only suggested cannot be answered: it comes last."""
    remedies = [each.remedy for each in verdict.proposals]
    last = {"rollout_to_zero": 1, "propose_change": 2}
    assert remedies == sorted(remedies, key=lambda remedy: last.get(remedy, 0))


def what_changes_code_or_settings_is_never_done_without_a_person(
    _playbook: Playbook, verdict: Verdict
) -> None:
    asks = {"alias_rollback", "repair_environment", "lower_threshold", "memory_increase"}
    for each in verdict.proposals:
        assert each.remedy not in asks or each.at_most is Mode.APPROVE


def only_what_is_written_down_comes_with_something_to_review(_playbook: Playbook, verdict: Verdict) -> None:
    for each in verdict.proposals:
        assert bool(each.proposed) is (each.remedy == "propose_change")


@EACH
@given(WRONG)
def test_whatever_is_wrong_these_hold(playbook: Playbook, wrong: list[Variation]) -> None:
    verdict = decided(playbook, *wrong)
    for holds in (
        a_person_gets_a_cause_a_reason_and_a_step,
        only_remedies_of_its_own_are_proposed_each_once,
        the_check_is_switched_off_after_what_mends_the_cause,
        what_changes_code_or_settings_is_never_done_without_a_person,
        only_what_is_written_down_comes_with_something_to_review,
    ):
        holds(playbook, verdict)
    # The same facts give the same verdict.
    assert decided(playbook, *wrong) == verdict


@EACH
@given(WRONG, st.sampled_from([quiet(0), quiet(10), quiet(19)]))
def test_a_rate_of_too_few_requests_never_switches_the_check_off(
    playbook: Playbook, wrong: list[Variation], few: Variation
) -> None:
    for each in decided(playbook, *wrong, few).proposals:
        assert each.remedy != "rollout_to_zero" or each.samples_short is not None


@EACH
@given(
    st.lists(
        st.sampled_from([Fault.SESSION_ENDED, Fault.CALLER_INPUT, Fault.THROTTLING, Fault.QUOTA]), max_size=5
    )
)
def test_nothing_that_callers_can_drive_switches_the_check_off_automatically(
    playbook: Playbook, driven: list[Fault]
) -> None:
    variations = [failing(fault, 50, function=name) for fault in driven for name in (CREATE, RESULT)]
    for each in decided(playbook, *variations).proposals:
        assert each.at_most is not Mode.AUTO


@all_rows("name", sorted(HIGH | MEDIUM))
def test_high_alarms_are_answered_within_30_minutes(name: str) -> None:
    severity = ALL[name].severity
    assert severity is (Severity.HIGH if name in HIGH else Severity.MEDIUM)
    assert severity.minutes == (30 if name in HIGH else 60)


@all_rows("name", MODULES)
def test_a_module_is_called_as_its_incidents_are(name: str) -> None:
    assert ALL[name].slug == name.replace("_", "-")
    assert f"broken.{name}" in catalogue()


@all_rows("name", MODULES)
def test_every_playbook_has_a_test_of_its_own(name: str) -> None:
    tests = (path for path in Path(__file__).parent.glob("test_*.py") if path.name != Path(__file__).name)
    assert any(re.search(rf"\b{name}\b", path.read_text(encoding="utf-8")) for path in tests)


@all_rows("name", sorted(HIGH | MEDIUM))
def test_an_alarm_that_cannot_fire_has_a_corrected_version(name: str) -> None:
    assert ALL[name].corrected is (name in CORRECTED)


def test_no_two_playbooks_answer_one_alarm() -> None:
    names = [playbook.alarm for playbook in ALL.values()]
    assert len(names) == len(set(names))


def test_an_alarm_no_one_wrote_a_playbook_for_is_looked_at_and_never_acted_on() -> None:
    assert unknown_alarm.playbook.remedies == ()
    verdict = decided(unknown_alarm.playbook, failing(Fault.INTERNAL), throttled())
    assert (verdict.cause.kind, verdict.why.key) == (Cause.UNKNOWN, "why.no_playbook")
    assert verdict.proposals == ()


def test_an_alarm_about_errors_never_calls_silent_errors_a_normal_end() -> None:
    for name in ("create_session_errors", "get_result_errors", "high_error_rate", "session_creation_errors"):
        verdict = decided(
            ALL[name],
            failing(Fault.SESSION_ENDED, function=RESULT),
            failing(Fault.SESSION_ENDED, function=CREATE),
            silent(6, RESULT),
            silent(6, CREATE),
        )
        assert verdict.cause.kind is Cause.UNKNOWN
