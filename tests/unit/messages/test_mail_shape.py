"""Every mail keeps to the same order and length: of each cause with each result, of the follow-up, in both
languages.

The drill holds its own mails to the same rules (`rehearsal.drill.mail_shape`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from statistics import median

import pytest

from rehearsal.drill.mail_shape import LONGEST, faults, past, twice
from responder.core.change import Change, Leases, Status
from responder.core.refusals import Refusal
from responder.core.remedy import RemedyName, spec_of
from responder.core.report import Report
from responder.core.text import Text, text
from responder.core.timestamps import stamp
from responder.core.verdict import Outcome, Proposal, Result, Verdict
from responder.messages.advice import InForce
from responder.messages.language import say
from responder.messages.next_steps import next_steps
from responder.messages.plain_text import SHORT
from responder.messages.requests import name as name_of
from responder.messages.steps import by_hand, with_commands
from responder.respond.playbook import PLAYBOOKS, Playbook
from tests.laid_out import machine, plain, story_of, subject
from tests.proof.summary import WHOLE
from tests.unit.alarms.reported import STORIES
from tests.unit.alarms.world import decided
from tests.unit.followup.report_samples import REPORTS
from tests.unit.messages.samples import ACTS, LEASE, SAMPLES, SETTINGS

LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])
RESULTS = (Result.APPLIED, Result.ASKED, Result.REFUSED, Result.OBSERVED)
BECAUSE = {
    Result.ASKED: Refusal.MODE_APPROVE(),
    Result.REFUSED: Refusal.TOO_MANY_CHANGES(count=5),
    Result.OBSERVED: Refusal.MODE_OBSERVE(),
}


def outcome(proposal: Proposal, result: Result) -> Outcome:
    spec = spec_of(proposal.remedy)
    if not spec.applied:
        return Outcome(
            proposal.remedy,
            proposal.scope,
            Result.OBSERVED,
            proposal.reason,
            Refusal.NEVER_APPLIED(),
            proposed=proposal.proposed,
        )
    status = Status.APPLIED if result is Result.APPLIED else Status.PLANNED
    return Outcome(
        proposal.remedy,
        proposal.scope,
        result,
        proposal.reason,
        BECAUSE.get(result),
        changes=(Change("FaceAuth-GetLivenessResult", "Setting", "50", "0", status),),
        approval="9f2c1b7a00112233" if result is Result.ASKED else None,
        lowers_security=spec.lowers_security,
    )


def report_of(playbook: Playbook, verdict: Verdict, result: Result) -> Report:
    outcomes = tuple(outcome(each, result) for each in verdict.proposals)
    steps = next_steps(outcomes, verdict.steps, SETTINGS)
    return replace(
        ACTS,
        incident=f"{playbook.alarm}-20261123T180700Z",
        alarm=playbook.alarm,
        slug=playbook.slug,
        severity=playbook.severity,
        verdict=replace(verdict, steps=with_commands(steps, playbook.manual, SETTINGS)),
        outcomes=outcomes,
        leases=(),
    )


@cache
def responses() -> Mapping[str, Report]:
    """Of each playbook, the first verdict with a cause and remedies has every result, and the others have one
    by turns; with PROOF=1 each has all."""
    found = dict[str, Report]()
    for playbook, cases in STORIES.values():
        seen = set[object]()
        for turn, (name, case) in enumerate(cases.items()):
            verdict = decided(playbook, *case.variations)
            results = RESULTS if verdict.proposals else RESULTS[:1]
            kind = verdict.cause.kind, tuple((each.remedy, each.scope) for each in verdict.proposals)
            if kind in seen and not WHOLE:
                results = (results[turn % len(results)],)
            seen.add(kind)
            found |= {
                f"{playbook.slug} {name} {each}": report_of(playbook, verdict, each) for each in results
            }
    return found


def every() -> Iterator[tuple[str, Report]]:
    yield from responses().items()
    yield from SAMPLES.items()
    yield from REPORTS.items()


@cache
def mails(language: str) -> Mapping[str, tuple[Report, str]]:
    """Each report, and the mail that it becomes."""
    return {name: (report, plain(report, language)) for name, report in every()}


def late(report: Report, minutes: int) -> Report:
    """The same, sent so much later."""
    return replace(report, at=report.at + timedelta(minutes=minutes))


@LANGUAGES
def test_no_mail_names_a_time_to_act_by_that_has_passed(language: str) -> None:
    """Also where it is sent hours after what it is about."""
    sent = {(name, 0): mail for name, (_, mail) in mails(language).items()} | {
        (name, minutes): plain(late(SAMPLES[name], minutes), language)
        for name in SAMPLES
        for minutes in (31, 300)
    }
    broken = {
        (name, minutes): found
        for (name, minutes), mail in sent.items()
        if (found := [*past(mail, late(mails(language)[name][0], minutes).at)])
    }
    assert broken == {}


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("Respond by Nov 23 18:06 UTC.", ["by Nov 23 18:06 UTC"]),
        ("Respond by Nov 23 18:07 UTC.", []),
        ("11/24 03:06 JST までに対応", ["11/24 03:06 JST までに"]),
        ("Level 2 at Nov 23 18:00 UTC, unless resolved", ["at Nov 23 18:00 UTC, unless"]),
        ("Approve by Jan 02 10:00 UTC; changed at Nov 23 18:00 UTC", []),
    ],
)
def test_a_time_to_act_by_is_recognized(message: str, found: list[str]) -> None:
    assert list(past(message, datetime(2026, 11, 23, 18, 7, 40, tzinfo=UTC))) == found


@pytest.mark.parametrize(
    ("named", "sent", "over"),
    [
        ("Dec 31 23:50 UTC", datetime(2027, 1, 1, 0, 5, tzinfo=UTC), True),
        ("Jan 01 00:05 UTC", datetime(2026, 12, 31, 23, 50, tzinfo=UTC), False),
        ("Feb 29 10:00 UTC", datetime(2028, 3, 1, tzinfo=UTC), True),
    ],
)
def test_a_time_without_its_year_is_the_nearest_one(named: str, sent: datetime, over: bool) -> None:
    assert list(past(f"Approve by {named}.", sent)) == [f"by {named}"] * over


@LANGUAGES
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_the_time_of_every_next_level_is_recognized(level: int, language: str) -> None:
    until = datetime(2026, 11, 23, 18, 6, tzinfo=UTC)
    said = say(text("course.next_level", until=stamp(until), level=Text(f"level.{level}")), language)
    assert len(list(past(said, until + timedelta(minutes=1)))) == 1
    assert list(past(said, until)) == []


@LANGUAGES
def test_every_mail_keeps_to_the_rules(language: str) -> None:
    broken = {
        name: found
        for name, (report, mail) in mails(language).items()
        if (found := list(faults(subject(report), mail, machine(report, language))))
    }
    assert broken == {}


@LANGUAGES
def test_no_mail_has_a_placeholder_left(language: str) -> None:
    found = {name: re.findall(r"<[a-z_]+>", mail) for name, (_, mail) in mails(language).items()}
    assert {name: left for name, left in found.items() if left} == {}


@LANGUAGES
def test_a_suggested_change_always_has_the_step_that_says_who_reviews_it(language: str) -> None:
    review = say(text("step.review_written"), language)
    without = [
        name
        for name, report in responses().items()
        if any(act.proposed for act in report.outcomes) and review not in mails(language)[name][1]
    ]
    assert without == []


INCIDENTS = ("high-error-rate", "slow-session-creation", "sessions-table-throttles", "slow-verification")


def in_force(count: int) -> Leases:
    """Changes of several incidents; what lowers security comes last."""
    applied = (each for each in RemedyName if each.spec.applied)
    remedies = sorted(applied, key=lambda each: each.spec.lowers_security)
    return tuple(
        replace(
            LEASE,
            remedy=each.value,
            scope="FaceAuth-CreateLivenessSession",
            incident=f"{INCIDENTS[place % len(INCIDENTS)]}-20261123T150700Z",
        )
        for place, each in enumerate(remedies[-count:])
    )


@LANGUAGES
@pytest.mark.parametrize("asked", [1, 2, 4])
@pytest.mark.parametrize("count", [1, 3, 5])
def test_no_mail_is_too_long_whatever_is_in_force(count: int, asked: int, language: str) -> None:
    remedies = ("provisioned_concurrency", "memory_increase", "on_demand_billing", "repair_environment")
    one = replace(SAMPLES["asks"].outcomes[0], lowers_security=False, also=ACTS.outcomes[0].also)
    report = replace(
        SAMPLES["asks"],
        incident=f"{INCIDENTS[0]}-20261123T180700Z",
        verdict=replace(ACTS.verdict, steps=by_hand(PLAYBOOKS.manual("slow-verification"), SETTINGS)),
        outcomes=tuple(replace(one, remedy=each, changes=one.changes[:1]) for each in remedies[:asked]),
        leases=in_force(count),
    )
    mail = plain(report, language)
    assert list(faults(subject(report), mail, machine(report, language))) == []
    first = next(line for line in mail.splitlines() if line.startswith("- "))
    lowering = (name_of(each.remedy) for each in report.leases if each.lowers_security)
    assert any(say(each, language) in first for each in lowering)


@LANGUAGES
def test_changes_in_force_that_do_not_fit_are_counted(language: str) -> None:
    leases = tuple(InForce(f"change {number} " * 60, "", "", own=True) for number in range(9))
    story = story_of(ACTS, language)
    story = replace(story, advice=replace(story.advice, leases=leases))
    mail = plain(ACTS, language, story)
    assert len(mail) <= LONGEST
    count = 9 - sum(line.startswith("- change ") for line in mail.splitlines())
    assert 0 < count < 9
    assert say(text("report.more_leases", count=count, command=story.advice.all_leases), language) in mail
    assert "liveness-ops leases" in mail


@LANGUAGES
def test_half_of_them_are_short(language: str) -> None:
    lengths = [len(mail) for _, mail in mails(language).values()]
    assert median(lengths) <= SHORT
    assert max(lengths) <= LONGEST


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("■ Next steps", "■ Later"), "shape.order"),
        (("liveness-ops ack ", "liveness-ops acknowledge "), "shape.ack"),
        (("Fix the root cause soon.", "Run liveness-ops close X."), "shape.first_line"),
        (("Fix the root cause soon.", "No action needed."), "shape.no_action"),
        (("--region us-east-1 --name", "--name"), "shape.stop"),
        (
            ("Alarm: https", "https://a.example https://b.example https://c.example Alarm: https"),
            "shape.links",
        ),
        (("Severity: ", "x" * LONGEST), "shape.long"),
    ],
)
def test_each_rule_is_seen_broken(change: tuple[str, str], rule: str) -> None:
    report = SAMPLES["acts"]
    mail = plain(report, "en")
    assert change[0] in mail
    found = faults(subject(report), mail.replace(*change), machine(report, "en"))
    assert rule in {each.key for each in found}


def test_a_subject_that_hides_the_outcome_is_seen() -> None:
    report, long = SAMPLES["acts"], "[HIGH L2, SECURITY LOWERED BY SOMETHING LONG] Done"
    (found,) = faults(long, plain(report, "en"), machine(report, "en"))
    assert long in str(found)


def test_a_sentence_that_is_there_twice_is_seen() -> None:
    said = "a sentence of more than thirty characters."
    assert twice([f"First. {said}", f"Why: {said}"])
    assert twice([f"First. If approved: {said}", f"If approved: {said}"])
    assert twice([f"次です。承認すると: {said}", f"承認すると: {said}"])
    assert not twice(["   aws a-command of more than thirty characters"] * 2)
