import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responder.core.alarm_event import AlarmState
from responder.core.cause import Cause
from responder.core.change import Change, Leases, Status
from responder.core.reasons import ExplainedReason, FailureKind
from responder.core.refusals import Refusal
from responder.core.report import Report, ReportKind
from responder.core.text import Text, text
from responder.core.verdict import Outcome, Result
from responder.messages.language import say
from responder.messages.mail import envelope
from tests.laid_out import headline, subject
from tests.rows import all_rows, in_both_languages
from tests.texts import catalogue
from tests.unit.messages.samples import ACTS, FAULTS, LEASE, NOTHING, SAMPLES

SUBJECTS = {
    "acts": "[HIGH, LIVENESS OFF] Applied: liveness check off (rollout 0%) - HighErrorRate",
    "partly": "[HIGH, LIVENESS PART OFF] Partly applied: liveness check off (rollout 0%) - HighErrorRate",
    "asks": "[HIGH] Approve? liveness check off (rollout 0%) - HighErrorRate",
    "refuses": "[MEDIUM] Proposed only: memory increase - SlowVerification",
    "nothing": "[HIGH] Act: Many sessions were not completed (score 0 in 3 of 4 failures) - LowSuccessRate",
    "unknown": "[HIGH L2] Act: cause not determined, no changes made - LivenessSessions-Throttles",
    "ours": "[HIGH] Act: automatic response failed - CreateLivenessSession-Errors",
    "reverted": "[HIGH] Liveness check on again (rollout 50%) - HighErrorRate",
}
# What a telephone shows of a subject.
SHOWN = 40
OUTCOME = re.compile(
    r"\[(HIGH|MEDIUM)( L[234])?(, [A-Z ]+( \d+%)?)?\] "
    r"(Applied|Partly applied|FAILED|Approve\?|Proposed only|Act|Liveness check on again)"
)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_says_what_happened(name: str) -> None:
    assert subject(SAMPLES[name]) == SUBJECTS[name]


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_telephone_shows_the_severity_lowered_security_and_the_outcome(name: str) -> None:
    assert OUTCOME.match(subject(SAMPLES[name])[:SHOWN])


@pytest.mark.parametrize("cause", [each for each in Cause if each.normal])
def test_where_nothing_is_wrong_it_reports_it_and_what_made_the_alarm_fire(cause: Cause) -> None:
    report = replace(NOTHING, verdict=replace(NOTHING.verdict, cause=cause()))
    assert subject(report).startswith("[HIGH] Nothing to fix: ")
    assert subject(report, "ja").startswith("【高】対処不要: ")
    assert say(cause().text, "ja") in subject(report, "ja")


# As long as the alarms of the service have them.
LONG = "FaceAuth-Liveness-SessionCreationErrors"


@in_both_languages
@pytest.mark.parametrize("leases", [(), (LEASE,)])
@all_rows("cause", list(Cause))
def test_a_long_cause_leaves_the_alarm_in_the_subject_and_ends_after_a_word(
    cause: Cause, leases: Leases, language: str
) -> None:
    names = re.findall(r"{(\w+)", catalogue()[cause.value][0])
    because = ExplainedReason(cause, dict.fromkeys(names, "FaceAuth-CreateLivenessSession"))
    report = replace(NOTHING, alarm=LONG, leases=leases, verdict=replace(NOTHING.verdict, cause=because))
    said = subject(report, language)
    assert said.endswith(" - SessionCreationErrors")
    assert len(said) < 100
    start, cut, _ = said.partition(".. - ")
    if cut:
        whole = re.sub(r" ?\([^()]*\)|（[^（）]*）", "", say(because.text, language)).replace("–", "-")
        shown = re.split(r"[]】](?:[^:]+: )?", start, maxsplit=1)[1]
        assert re.match(r"[ ,;:.、。]", whole.removeprefix(shown)), shown


@pytest.mark.parametrize(
    ("cause", "shown"),
    [
        (Cause.NETWORK(function="x"), "Suspected network problem, such as the VPC's NAT gateway"),
        (Cause.CONCURRENCY_OFF(function="x" * 40), "Stopped by a reserved concurrency of 0"),
    ],
)
def test_a_clause_that_fits_is_not_followed_by_a_piece_of_the_next(
    cause: ExplainedReason[Cause], shown: str
) -> None:
    report = replace(NOTHING, alarm=LONG, verdict=replace(NOTHING.verdict, cause=cause))
    assert subject(report) == f"[HIGH] Act: {shown} - SessionCreationErrors"


def undone(remedy: str, *changes: tuple[Status, str, str], result: Result = Result.REVERTED) -> Report:
    """A reversal. Of each target: its status, the value that the reversal sets, and a value of others."""
    made = tuple(
        Change(
            "FaceAuth-Enrollment",
            "X",
            "0",
            after,
            status,
            FailureKind.KEPT(target="x", setting="X", now=now) if now else None,
        )
        for status, after, now in changes
    )
    act = Outcome(remedy, "", result, FAULTS, changes=made, back=True)
    return replace(ACTS, kind=ReportKind.COMMAND, outcomes=(act,), leases=(), state=AlarmState.ALARM)


OURS, THEIRS = (Status.REVERTED, "50", ""), (Status.KEPT, "50", "30")


@pytest.mark.parametrize(
    ("report", "start", "first", "japanese"),
    [
        (
            undone("rollout_to_zero", OURS, OURS),
            "Liveness check on again (rollout 50%) - ",
            "The liveness check is on again (rollout 50%).",
            "Liveness 検証は再び有効です（ロールアウト 50%）。",
        ),
        (
            undone("rollout_to_zero", OURS, THEIRS),
            "Liveness check on again (rollout 30-50%) - ",
            "The liveness check is on again (rollout 30-50%).",
            "Liveness 検証は再び有効です（ロールアウト 30〜50%）。",
        ),
        (
            undone("rollout_to_zero", THEIRS, result=Result.KEPT),
            "Liveness check on again (rollout 30%): kept as changed manually - ",
            "The liveness check is on again (rollout 30%). Kept as changed manually: rollout value 30.",
            "Liveness 検証は再び有効です（ロールアウト 30%）。手動で変更された値を維持しました",
        ),
        (
            undone("rollout_to_zero", (Status.IN_PROGRESS, "50", "")),
            "Liveness check being turned on again (rollout 50%) - ",
            "The liveness check is being turned on again (rollout 50%, taking effect).",
            "Liveness 検証を有効に戻しています（ロールアウト 50%、反映中）。",
        ),
        (
            undone("lower_threshold", (Status.REVERTED, "80", "")),
            "Confidence threshold restored (80) - ",
            "The confidence threshold is restored (80).",
            "信頼度閾値を元に戻しました（80）。",
        ),
    ],
)
def test_that_security_is_restored_is_said_first_with_the_value(
    report: Report, start: str, first: str, japanese: str
) -> None:
    assert subject(report).startswith(f"[HIGH] {start}")
    assert headline(report, "en").startswith(first)
    assert headline(report, "ja").startswith(japanese)


@pytest.mark.parametrize(
    "report",
    [
        # Off all the same, of no known value, and a threshold of others.
        undone("rollout_to_zero", (Status.KEPT, "50", "0"), result=Result.KEPT),
        undone("rollout_to_zero", OURS, (Status.KEPT, "50", "")),
        undone("lower_threshold", (Status.KEPT, "80", "70"), result=Result.KEPT),
    ],
)
def test_what_may_still_be_lowered_is_not_called_restored(report: Report) -> None:
    for said in (subject(report), headline(report, "en")):
        assert not re.search("on again|restored", said)


def test_names_a_lowered_security_that_is_not_its_own_doing() -> None:
    said = subject(replace(NOTHING, leases=(LEASE,)))
    assert said == "[HIGH, LIVENESS OFF] Act: Many sessions were not completed - LowSuccessRate"


def test_after_the_first_of_two_approvals_it_says_that_a_second_is_needed() -> None:
    why = Refusal.ONE_MORE(person="sato", people=2)
    act = Outcome("lower_threshold", "", Result.REFUSED, FAULTS, why)
    report = replace(NOTHING, kind=ReportKind.COMMAND, outcomes=(act,))
    assert subject(report).startswith("[HIGH] Second approval? lower confidence threshold")
    assert subject(report, "ja").startswith("【高】2 人目の承認依頼: 信頼度閾値の引き下げ")
    assert headline(report, "en").startswith("Approved by sato, second approval needed: lower confidence")


def test_in_japanese_it_says_the_same_as_soon_as_sns_takes_it() -> None:
    said = envelope(SAMPLES["asks"], "ja", "ja")
    assert said.subject == "【高】承認依頼: Liveness 検証の無効化（ロールアウト 0%） - HighErrorRate"
    assert said.plain_subject == envelope(SAMPLES["asks"], "ja").subject == SUBJECTS["asks"]


@pytest.mark.parametrize(("page", "language"), [("slack.md", "en"), ("slack.ja.md", "ja")])
def test_the_guide_to_slack_names_the_mail_by_its_subject(page: str, language: str) -> None:
    guide = (Path(__file__).parents[3] / "docs" / page).read_text("utf-8")
    # Where it is described, and in the table of symptoms.
    assert guide.count(say(Text("subject.topic.undelivered"), language)) == 2


@settings(deadline=None)
@given(
    alarm=st.text(max_size=300),
    remedy=st.text(max_size=300),
    result=st.sampled_from(Result),
    kind=st.sampled_from(ReportKind),
    level=st.integers(1, 4),
)
def test_sns_accepts_it_whatever_the_names_are(
    alarm: str, remedy: str, result: Result, kind: ReportKind, level: int
) -> None:
    acts = (Outcome(remedy, "", result, FAULTS, lowers_security=True),)
    report = replace(ACTS, alarm=alarm, outcomes=acts, kind=kind, level=level)
    words, japanese = subject(report), subject(report, "ja")
    assert words.isascii()
    assert words.startswith("[HIGH")
    assert japanese.startswith("【高")
    for each in (words, japanese):
        assert each.isprintable()
        assert len(each) < 100


def test_a_long_subject_loses_brackets_within_brackets_as_a_whole() -> None:
    cause = Cause.DENIED_ABOVE(action="s3:PutObject", by=text("say.denied.organization"))
    verdict = replace(NOTHING.verdict, cause=cause)
    said = subject(replace(NOTHING, verdict=verdict, alarm="FaceAuth-Images-AccessDenied"))
    assert said == "[HIGH] Act: s3:PutObject is denied above the role and the bucket - Images-AccessDenied"
