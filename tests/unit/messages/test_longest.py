"""No mail exceeds its limit, whatever comes together in it, and it still holds what on-call needs first."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rehearsal.drill.mail_shape import LONGEST, faults
from responder.core.change import Change
from responder.core.plain_data import Json
from responder.core.refusals import Refusal
from responder.core.report import MissingAlarm, Report
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.followup_rules import FollowUpMemory, OpenRequest
from responder.followup_rules.seen import ApprovalAnswer
from responder.messages.advice import AdvisedStep, InForce, StepWeight
from responder.messages.language import say
from responder.messages.notice import Notice, envelope
from responder.messages.steps import stop_everything
from responder.messages.story import Story
from tests.laid_out import headline, machine, plain, story_of, subject
from tests.rows import all_rows
from tests.unit.followup.report_samples import (
    MEMORY,
    NO_ACT,
    PAUSED,
    ROLLOUT,
    SETTINGS,
    TERMS,
    UNUSABLE,
    WARM,
    asking,
    at,
    escalation,
)
from tests.unit.messages.samples import ACTS, SAMPLES

LANGUAGES = ("ja", "en")
# CloudWatch: an alarm's or a mute rule's name has at most 255 characters.
LONG_NAME = "x" * 255
STOPS = (None, PAUSED, Refusal.MUTED(name=LONG_NAME), Refusal.SUPPRESSED(name=LONG_NAME, phase="Alarm"))
ASKED = {
    "rollout_to_zero": (SETTINGS.rollout_functions[0], SETTINGS.rollout_variable, "50", "0"),
    "lower_threshold": ("FaceAuth-VerifyIdentity", "SIMILARITY_THRESHOLD", "95", "90"),
    "memory_increase": (SETTINGS.result_function, "MemorySize", "256", "512"),
    "provisioned_concurrency": (SETTINGS.result_function, "ProvisionedConcurrency", "0", "5"),
}


def requests(count: int, minutes: float) -> tuple[OpenRequest, ...]:
    """Several proposals that wait for a person."""
    one = asking(ApprovalAnswer.OPEN, at(minutes))
    return tuple(
        replace(one, asked=replace(one.asked, id=f"{place:016x}", remedy=remedy, changes=(Change(*change),)))
        for place, (remedy, change) in enumerate([*ASKED.items()][:count])
    )


def everything_at_once() -> Iterator[Report]:
    """Escalations with open requests, changes in force, a stop and the longest names; while the settings
    document can be used or not, and while the alarm exists or not."""
    for level, count, stop, alarm in product(
        (2, 3, 4), (1, 3, 4), STOPS, (NO_ACT.alarm, LONG_NAME, f"障害{LONG_NAME[2:]}")
    ):
        minutes = 30 * level
        seen: Json = {"askings": requests(count, minutes - 1), "leases": (ROLLOUT, WARM, MEMORY)}
        usual = escalation(
            level,
            minutes,
            FollowUpMemory(TERMS, notified={2: at(30), 3: at(60)}),
            head=replace(NO_ACT, alarm=alarm),
            seen={**seen, "lowered": True, "stop": stop},
        )
        yield usual
        yield replace(usual, absence=MissingAlarm(at(20)))
        yield replace(usual, answered=False, absence=MissingAlarm(at(20)), warnings=(UNUSABLE.text,))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_escalation_keeps_to_the_rules_whatever_comes_together(language: str) -> None:
    reports = list(everything_at_once())
    mails = [plain(each, language) for each in reports]
    broken = [
        found
        for report, mail in zip(reports, mails, strict=True)
        if (found := list(faults(subject(report), mail, machine(report, language))))
    ]
    assert broken == []
    first_lines = zip(reports, mails, strict=True)
    assert all(mail.startswith(f"{headline(report, language)}\n") for report, mail in first_lines)
    # The first line of these says that it is included.
    case = "Service: Amazon Rekognition"
    assert all(case in mail for report, mail in zip(reports, mails, strict=True) if report.level == 4)


@all_rows("language", LANGUAGES)
def test_several_requests_have_their_commands_while_there_is_room(language: str) -> None:
    """Where there is none, one command shows them all."""
    few, many = (
        escalation(level, 120, FollowUpMemory(TERMS), head=NO_ACT, seen={"askings": requests(count, 119)})
        for level, count in ((2, 3), (4, 4))
    )
    mails = [plain(each, language) for each in (few, replace(many, stop=Refusal.MUTED(name="night")))]
    show = f"liveness-ops show {few.incident} --region {few.region}"
    assert [mail.count("liveness-ops approve ") for mail in mails] == [3, 0]
    assert [show in mail for mail in mails] == [False, True]
    until = stamp(few.waiting[0].expires)
    assert say(text("step.answer_all_for_two_until", count=4, until=until), language) in mails[1]
    # What a yes does is there in either case.
    for report, mail in zip((few, many), mails, strict=True):
        assert all(each in mail for each in story_of(report, language).advice.consequences)


def grown(story: Story, part: str, count: int, longest: int) -> Story:
    """The story with one of its parts grown."""
    words = "x" * longest
    texts = tuple(f"{place} {words}" for place in range(count))
    lines = tuple((f"{place}", each) for place, each in enumerate(texts))
    weights = tuple(StepWeight)
    bigger: Json = {"warnings": texts, "course": lines, "reasons": lines, "links": lines}
    advice: Json = {
        "headline": words,
        "consequences": texts,
        "steps": tuple(
            AdvisedStep(f"{each}\n{words}", weights[place % len(weights)]) for place, each in enumerate(texts)
        ),
        "leases": tuple(InForce(each, words, "", own=True) for each in texts),
        "acts": tuple(replace(act, title=f"{act.title} {words}") for act in story.advice.acts * count),
    }
    if part in advice:
        return replace(story, advice=replace(story.advice, **{part: advice[part]}))
    return replace(story, **{part: bigger[part]})


PARTS = ("headline", "steps", "leases", "acts", "course", "reasons", "links", "warnings", "consequences")


@given(
    growing=st.dictionaries(
        st.sampled_from(PARTS), st.tuples(st.integers(0, 40), st.integers(1, 5_000)), min_size=1
    ),
    name=st.sampled_from(sorted(SAMPLES)),
    language=st.sampled_from(LANGUAGES),
)
@example(growing={"headline": (1, 5_000)}, name="acts", language="en")
@example(growing={"links": (1, 5_000), "steps": (9, 300)}, name="acts", language="ja")
def test_a_mail_fits_whatever_grows(growing: dict[str, tuple[int, int]], name: str, language: str) -> None:
    report = SAMPLES[name]
    story = story_of(report, language)
    for part, size in growing.items():
        story = grown(story, part, *size)
    mail = plain(report, language, story)
    lines = mail.splitlines()
    assert len(mail) <= LONGEST
    assert lines[0].rstrip("…") == story.advice.headline[: len(lines[0].rstrip("…"))]
    assert story.advice.stop in lines[-1]
    if report.open and report.answered:
        assert f"liveness-ops ack {report.incident} " in mail


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_that_was_cut_off_says_so(language: str) -> None:
    """With the command that shows everything, where the incident is on record."""
    warnings = tuple(f"{n} {'x' * 200}" for n in range(40))
    for report, key in ((ACTS, "report.shortened"), (replace(ACTS, open=False), "report.clipped")):
        story = replace(story_of(report, language), warnings=warnings)
        said = say(Text(key, {"command": story.advice.show}), language)
        assert plain(report, language, story).splitlines().count(said) == 1
    assert not any(key in plain(ACTS, language) for key in ("too long", "長すぎる"))


@all_rows("language", LANGUAGES)
@all_rows("longest", [1, 100, 400, 5_000])
def test_a_notice_fits_too_and_says_how_to_stop_everything(longest: int, language: str) -> None:
    """Machines get its lines whole."""
    lines = tuple(
        text("notice.setting", key=f"key{number}", before="x" * longest, after="y" * longest)
        for number in range(30)
    )
    now = datetime(2026, 2, 4, 10, 25, tzinfo=UTC)
    said = text("notice.settings", person="aiko" * longest)
    notice = Notice(
        "n", now, text("subject.document"), said, lines, "123456789012", "us-east-1", stack="responder"
    )
    sent = envelope(notice, language).bodies
    mail = sent["email"]
    assert len(mail) <= LONGEST
    shown = mail.count("- ") - 1
    assert shown >= 3
    assert f"- {say(text('report.more', count=30 - shown), language)}\n" in mail
    stop = stop_everything(Settings(stack="responder", region="us-east-1"))
    assert mail.splitlines()[-1] == say(text("report.stop_everything", command=stop), language)
    assert json.loads(sent["sqs"])["lines"][19][language] == say(lines[19], language)
