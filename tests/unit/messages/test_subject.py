import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responder.core.cause import Cause
from responder.core.refusals import Refusal
from responder.core.report import ReportKind
from responder.core.text import Text
from responder.core.verdict import Outcome, Result
from responder.messages.headline import headline
from responder.messages.language import say
from responder.messages.mail import envelope
from responder.messages.subject import subject
from tests.unit.messages.samples import ACTS, FAULTS, LEASE, NOTHING, SAMPLES

pytestmark = pytest.mark.unit

SUBJECTS = {
    "acts": "[HIGH, LIVENESS OFF] Applied: liveness check off (rollout 0%) - HighErrorRate",
    "partly": "[HIGH, LIVENESS PART OFF] Partly applied: liveness check off (rollout 0%) - HighErrorRate",
    "asks": "[HIGH] Approve? liveness check off (rollout 0%) - HighErrorRate",
    "refuses": "[MEDIUM] Proposed only: memory increase - SlowVerification",
    "nothing": "[HIGH] Act: Many sessions were not completed (score 0 in 3 of 4 failures) - LowSuccessRate",
    "unknown": "[HIGH L2] Act: cause not determined, no changes made - LivenessSessions-Throttles",
    "ours": "[HIGH] Act: automatic response failed - CreateLivenessSession-Errors",
    "reverted": "[HIGH] Reverted: liveness check off (rollout 0%) - HighErrorRate",
}
# What a telephone shows of a subject.
SHOWN = 40
OUTCOME = re.compile(
    r"\[(HIGH|MEDIUM)( L[234])?(, [A-Z ]+( \d+%)?)?\] "
    r"(Applied|Partly applied|FAILED|Approve\?|Proposed only|Act|Reverted)"
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
    assert subject(report).startswith("[HIGH] No fault: ")
    assert subject(report, "ja").startswith("【高】異常なし: ")
    assert say(cause().text, "ja") in subject(report, "ja")


def test_a_long_cause_leaves_the_alarm_in_the_subject() -> None:
    cause = Cause.NETWORK(function="FaceAuth-CreateLivenessSession")
    said = subject(replace(NOTHING, verdict=replace(NOTHING.verdict, cause=cause)))
    assert said.startswith("[HIGH] Act: Suspected network problem")
    assert said.endswith(".. - LowSuccessRate")
    assert len(said) < 100


def test_names_a_lowered_security_that_is_not_its_own_doing() -> None:
    said = subject(replace(NOTHING, leases=(LEASE,)))
    assert said.startswith("[HIGH, LIVENESS OFF] Act: Many sessions were not completed")
    assert said.endswith(".. - LowSuccessRate")


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
