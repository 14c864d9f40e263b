from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from rehearsal.drill.mail_shape import twice
from responder.core.alarm_event import AlarmState
from responder.core.change import Change, Lease, Leases, Status
from responder.core.command import ApprovalRequest, CommandKind
from responder.core.finding import Finding, Findings, Subject, Tone
from responder.core.reasons import Obstacle
from responder.core.refusals import Because, Refusal
from responder.core.remedy import RemedyName
from responder.core.report import Report, ReportKind
from responder.core.text import Text, text
from responder.core.verdict import Outcome, Result
from responder.messages.language import in_a_row, say
from responder.messages.plain_text import LONGEST, SHORT
from responder.messages.requests import name
from responder.messages.steps import by_hand
from responder.respond.playbook import PLAYBOOKS
from tests.laid_out import plain, story_of
from tests.rows import all_rows
from tests.unit.messages.samples import (
    ACTS,
    ASKS,
    DRIFT,
    FAULTS,
    HUGE,
    LEASE,
    NOTHING,
    REVERTED,
    SAMPLES,
    SETTINGS,
    UNKNOWN,
)

LANGUAGES = ("ja", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_reads_well(name: str, language: str, readable: SnapshotAssertion) -> None:
    assert plain(SAMPLES[name], language) == readable


@all_rows("language", LANGUAGES)
@all_rows("report", [*SAMPLES.values(), HUGE])
def test_is_short(report: Report, language: str) -> None:
    assert len(plain(report, language)) <= LONGEST


@pytest.mark.parametrize("language", LANGUAGES)
def test_evidence_is_left_out_before_anything_else(language: str) -> None:
    many = replace(ACTS, findings=ACTS.findings * 20)
    assert len(plain(many, language)) <= max(SHORT, len(plain(ACTS, language)) + 2)


@pytest.mark.parametrize("name", ["acts", "partly"])
def test_lowered_security_comes_first(name: str) -> None:
    assert plain(SAMPLES[name], "ja").startswith("【セキュリティ低下中】")
    assert plain(SAMPLES[name], "en").startswith("[SECURITY LOWERED]")


@all_rows("state", [None, *AlarmState])
def test_a_deadline_to_respond_is_named_until_the_alarm_is_ok(state: AlarmState | None) -> None:
    named = "respond by" in plain(replace(ACTS, state=state), "en")
    assert named is (state is not AlarmState.OK)


@pytest.mark.parametrize("kind", list(ReportKind))
def test_an_open_lease_of_any_incident_lowers_security(kind: ReportKind) -> None:
    report = replace(NOTHING, kind=kind, leases=(LEASE,))
    assert plain(report, "en").startswith("[SECURITY LOWERED]")


def test_what_is_only_asked_for_lowers_nothing() -> None:
    assert not plain(ASKS, "en").startswith("[SECURITY")
    assert not plain(REVERTED, "en").startswith("[SECURITY")


def test_red_comes_first_and_shows_its_sample() -> None:
    lines = plain(replace(UNKNOWN, findings=ACTS.findings), "en").splitlines()
    assert lines[lines.index("■ Findings") + 1].startswith("[critical]")
    assert story_of(ACTS, "en").points[0].said.endswith("(n=114)")


def test_where_only_the_table_is_changed_what_was_found_of_it_comes_first() -> None:
    scores = Finding("x", Tone.RED, Text("red.scores"), subject=Subject.SCORES)
    table = Finding("x", Tone.RED, Text("red.table"), subject=Subject.TABLE)
    acts = replace(ACTS, findings=(scores, table))
    of_table = replace(ACTS.outcomes[0], remedy=RemedyName.ON_DEMAND_BILLING)
    assert story_of(acts, "en").points[0].said == "red.scores"
    assert story_of(replace(acts, outcomes=(of_table,)), "en").points[0].said == "red.table"


def test_a_reason_that_names_its_end_does_not_name_it_twice() -> None:
    assert plain(SAMPLES["refuses"], "ja").count("11/24 04:00 JST") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_cause_was_found_what_could_not_be_read_is_named(language: str) -> None:
    """Two long critical findings do not push it out."""
    long = (
        Finding("x", Tone.RED, Text(f"red.{number}{'x' * 900}"), subject=Subject.REQUESTS)
        for number in range(2)
    )
    unread = Finding("x", Tone.UNKNOWN, Text("unread.logs"), subject=Subject.REQUESTS)
    assert "unread.logs" in plain(replace(UNKNOWN, findings=(*long, unread)), language)


@all_rows("language", LANGUAGES)
@all_rows("slug", PLAYBOOKS)
def test_where_the_automation_failed_the_mail_has_every_step_of_the_manual(slug: str, language: str) -> None:
    steps = by_hand(PLAYBOOKS.manual(slug), SETTINGS)
    failed = SAMPLES["ours"]
    mail = plain(replace(failed, leases=(LEASE,), verdict=replace(failed.verdict, steps=steps)), language)
    assert all(say(each, language).split("\n")[0] in mail for each in steps)
    assert len(mail) <= LONGEST


@pytest.mark.parametrize("language", LANGUAGES)
def test_left_out_lines_are_counted(language: str) -> None:
    many = ACTS.findings * 20
    # Of the first eight, those that say the same are one line.
    *shown, left_out = _findings(replace(UNKNOWN, findings=many), language)
    assert shown
    assert left_out == say(text("report.more", count=len(many) - 8), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_finding_fits_their_number_ends_the_cause(language: str) -> None:
    """A short mail stays short, without a section that is empty otherwise."""
    long = Finding("x", Tone.RED, Text(f"red.{'x' * 900}"), subject=Subject.REQUESTS)
    lines = plain(replace(ACTS, findings=(long,)), language).splitlines()
    assert f"■ {say(text('label.findings'), language)}" not in lines
    cause = lines[lines.index(f"■ {say(text('label.cause'), language)}") :]
    assert cause[cause.index("") - 1] == say(text("report.omitted", count=1), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_that_is_long_anyway_shows_the_worst_finding(language: str) -> None:
    """The commands of its steps alone are longer than a short mail."""
    assert len(plain(SAMPLES["partly"], language)) > SHORT
    worst, left_out = _findings(SAMPLES["partly"], language)
    assert worst.startswith(f"[{say(Text('tone.red'), language)}] ")
    assert left_out == say(text("report.more", count=3), language)


def _findings(report: Report, language: str) -> list[str]:
    lines = plain(report, language).splitlines()
    first = lines.index(f"■ {say(text('label.findings'), language)}") + 1
    return lines[first : lines.index("", first)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_who_approves_gets_a_finding(language: str) -> None:
    assert _findings(ASKS, language)[0].startswith("[")


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_a_deployment_may_undo_a_change_is_not_left_out(language: str) -> None:
    assert say(DRIFT, language).rstrip("。.") in plain(ACTS, language)


def _reports(*outcomes: Outcome, leases: Leases = (LEASE,)) -> str:
    return plain(replace(ACTS, kind=ReportKind.COMMAND, outcomes=outcomes, leases=leases), "en")


def _of_function(remedy: RemedyName, function: str) -> Lease:
    changes = (Change(f"{function}:live", "version", "8", "7", Status.APPLIED),)
    return replace(LEASE, remedy=remedy, scope=function, changes=changes)


@pytest.mark.parametrize("findings", [(), ACTS.findings * 20])
def test_a_request_to_restore_says_what_it_waits_for_in_a_message_of_any_length(
    findings: Findings,
) -> None:
    held = text("order.waits", until="2026-11-24T18:37:00Z", detail=Refusal.MODE_OBSERVE().text)
    asked = Outcome("rollout_to_zero", "", Result.ASKED, FAULTS, approval="abcdef1234", on_approval=(held,))
    said = plain(replace(ACTS, findings=findings, outcomes=(replace(asked, back=True),)), "en")
    assert "Once approved, it is applied as soon as this is over" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_sentence_in_two_reasons_is_reported_once(language: str) -> None:
    unread = [Obstacle.UNREADABLE(target=each, action="GetFunction", code="X") for each in ("one", "other")]
    refused = [
        Outcome(remedy, "", Result.REFUSED, FAULTS, Refusal.NOT_READABLE(detail=each.text))
        for remedy, each in zip(("alias_rollback", "rollout_to_zero"), unread, strict=True)
    ]
    mail = plain(replace(ACTS, outcomes=tuple(refused)), language)
    assert twice(mail.splitlines()) == []
    assert all(say(each.text, language) in mail for each in unread)


@pytest.mark.parametrize(("brackets", "stop"), [("（{}）", "。"), ("({})", ". ")])
def test_of_what_is_in_brackets_no_sentence_is_left_out(brackets: str, stop: str) -> None:
    known = "a limit that was named before"
    whole = f"Throttled {brackets.format(f'5 events{stop}{known}')}"
    mail = plain(replace(ACTS, warnings=(Text(brackets.format(known)), Text(whole))), "ja")
    assert f"! {whole}" in mail.splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_that_is_a_warning_too_is_reported_once(language: str) -> None:
    unread = Obstacle.UNREADABLE(target="one", action="GetFunction", code="X")
    why = Refusal.NOT_READABLE(detail=unread.text)
    refused = Outcome("rollout_to_zero", "", Result.REFUSED, FAULTS, why)
    mail = plain(replace(ACTS, outcomes=(refused,), warnings=(why.text,)), language)
    assert twice(mail.splitlines()) == []
    assert mail.count(say(unread.text, language)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_proposals_held_back_for_the_same_reason_are_named_together(language: str) -> None:
    remedies, why = ("alias_rollback", "rollout_to_zero"), Refusal.TOO_MANY_CHANGES(count=5)
    refused = tuple(Outcome(each, "", Result.REFUSED, FAULTS, why) for each in remedies)
    mail = plain(replace(ACTS, outcomes=refused), language)
    names = in_a_row([say(name(each), language) for each in remedies], language)
    (line,) = (place for place, each in enumerate(mail.splitlines()) if each.endswith(f"] {names}"))
    assert say(why.text, language) in mail.splitlines()[line + 1]


def test_who_approved_it_is_reported_besides_every_other_note() -> None:
    approved = text("order.approved_by", person="sato", at="2026-11-23T18:20:00Z")
    acted = replace(ACTS.outcomes[0], also=(DRIFT, *ACTS.outcomes[0].also), on_approval=(approved,))
    assert "Approved by sato" in _reports(acted)


@pytest.mark.parametrize(
    ("result", "because"),
    [
        (Result.REFUSED, Refusal.PAUSED(name="release", who="sato", why="release", until="")),
        (Result.REFUSED, Obstacle.IN_FLIGHT(target="FaceAuth-FaceLogin")),
        (Result.OBSERVED, Refusal.MODE_OBSERVE()),
        (Result.FAILED, Obstacle.LAST_UPDATE_FAILED(target="FaceAuth-FaceLogin")),
    ],
)
def test_a_revert_that_was_not_done_is_not_offered_again_immediately(
    result: Result, because: Because
) -> None:
    back = Outcome("rollout_to_zero", "", result, FAULTS, because=because, back=True)
    assert "Revert now" not in _reports(back)
    assert "Revert now" in _reports(replace(back, back=False))


def test_during_a_step_the_command_is_said_to_revert_all_of_it() -> None:
    step = tuple(replace(each, before="0", after="10") for each in ACTS.outcomes[0].changes)
    stepped = replace(ACTS.outcomes[0], result=Result.STEPPED, back=True, changes=step)
    for mail in (_reports(stepped, leases=()), _reports(leases=(replace(LEASE, changes=step),))):
        assert "  Restore the original value now: liveness-ops revert " in mail
        assert "Revert now" not in mail


def test_what_can_never_be_reverted_is_not_offered() -> None:
    repaired = replace(ACTS.outcomes[0], remedy=RemedyName.REPAIR_ENVIRONMENT, scope="result")
    assert "Revert now" not in _reports(repaired, leases=())
    lease = _of_function(RemedyName.REPAIR_ENVIRONMENT, SETTINGS.result_function)
    assert "Revert now" not in _reports(leases=(lease,))
    assert "Revert now" in _reports(leases=(replace(lease, remedy=RemedyName.MEMORY_INCREASE),))


_CREATE, _RESULT = (
    _of_function(RemedyName.ALIAS_ROLLBACK, each)
    for each in (SETTINGS.create_function, SETTINGS.result_function)
)


def test_two_leases_of_one_remedy_are_reverted_by_two_commands() -> None:
    said = _reports(leases=(_CREATE, _RESULT))
    for lease in (_CREATE, _RESULT):
        assert f"alias_rollback --scope {lease.scope} " in said
    assert "--scope" not in _reports(leases=(_RESULT,))


def test_the_lease_of_the_other_function_is_reported_besides_what_was_done() -> None:
    done = Outcome("alias_rollback", "result", Result.APPLIED, FAULTS, changes=_RESULT.changes)
    said = _reports(done, leases=(_CREATE, _RESULT))
    assert f"alias_rollback --scope {_CREATE.scope} " in said
    assert f"alias rollback / {_RESULT.scope}" not in said


def test_a_request_to_revert_one_function_leaves_the_command_for_the_other() -> None:
    asked = ApprovalRequest(
        id="abcdef1234",  # pragma: allowlist secret
        incident=ACTS.incident,
        remedy="alias_rollback",
        scope="result",
        effect=RemedyName.ALIAS_ROLLBACK.spec.effect,
        at=ACTS.at,
        changes=_RESULT.changes,
        order=CommandKind.REVERT,
    )
    said = plain(replace(ACTS, outcomes=(), leases=(_CREATE, _RESULT), waiting=(asked,)), "en")
    assert f"alias_rollback --scope {_CREATE.scope} " in said
    assert f"alias_rollback --scope {_RESULT.scope} " not in said
