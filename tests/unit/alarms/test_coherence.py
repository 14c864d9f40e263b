"""No message contradicts itself, whatever mixture of evidence it rests on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alarms import high_error_rate
from responder.core.cause import Cause
from responder.core.context import Context
from responder.core.finding import Finding, Findings, Polarity, Subject, Tone
from responder.core.plain_data import Json
from responder.core.text import text
from responder.core.verdict import SAYS, RuledOut, Verdict, as_seen, coherent
from responder.evidence import Facts
from responder.evidence.faults import Fault
from responder.respond.playbook import Playbook
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW
from tests.proof.summary import WHOLE
from tests.rows import all_rows
from tests.texts import catalogue
from tests.unit.alarms.contradicting import OF_CAUSES, UNCONTRADICTED, keys, pairs
from tests.unit.alarms.reported import STORIES
from tests.unit.alarms.world import SETTINGS, Variation, changed, failing, healthy

# They call nothing wrong: not known, a suspicion that rests on all else being well, users who left.
SAYS_NOTHING = frozenset({Cause.UNKNOWN, Cause.NETWORK, Cause.UNFINISHED})
# Of messages that answer no alarm: they come without evidence about the service.
WITHOUT_EVIDENCE = frozenset(
    {
        Cause.COMMAND,
        Cause.AUTOMATION_FAILED,
        Cause.FOLLOW_UP_FAILED,
        Cause.BACKUP_FAILED,
        Cause.CHECK_FAILED,
        Cause.SLACK_POST_FAILED,
        Cause.SLACK_ACTION_FAILED,
        Cause.SLACK_CHECK_FAILED,
        Cause.WATCHDOG_HEADLESS,
        Cause.WATCHDOG_SILENT,
        Cause.WATCHDOG_DYING,
        Cause.WATCHDOG_OVERDUE,
        Cause.WATCHDOG_ORPHAN,
        Cause.WATCHDOG_APPROVED,
        Cause.WATCHDOG_UNREAD,
        Cause.WATCHDOG_MANY,
    }
)

BEGAN = st.integers(0, 100).map(lambda minutes: NOW - timedelta(minutes=minutes))
VARIATIONS: tuple[Variation, ...] = tuple(
    variation for _, cases in STORIES.values() for case in cases.values() for variation in case.variations
) + tuple(changed(minutes=minutes) for minutes in range(0, 180, 10))
WHY = text("why.no_fault_seen")
EACH = pytest.mark.parametrize("name", STORIES)


def contradictions(verdict: Verdict, findings: Findings) -> Iterator[tuple[Subject, str]]:
    """Each subject about which the message contradicts itself, and where the other statement is."""
    wrong = {subject for each in (verdict.cause, *verdict.others) for subject in SAYS.get(each.kind, ())}
    red = [each for each in findings if each.polarity is Polarity.WRONG]
    amiss = wrong | {each.subject for each in red}
    if verdict.cause.kind.normal:
        yield from ((subject, "causes") for subject in amiss)
    for fine in (each for each in findings if each.polarity is Polarity.FINE):
        others = (each.over or timedelta(0) for each in red if each.subject is fine.subject)
        if fine.subject in wrong or any(over <= (fine.over or timedelta(0)) for over in others):
            yield fine.subject, fine.look
    for out in verdict.ruled_out:
        if out.kind.subject in amiss:
            yield out.kind.subject, out.kind.value


def facts(playbook: Playbook, variations: tuple[Variation, ...], since: datetime = NOW) -> Facts:
    known: Json = healthy()
    for variation in variations:
        variation(known)
    asked = {each.name for each in playbook.evidence}
    return Facts({name: fact for name, fact in known.items() if name in asked}, NOW, SETTINGS, since)


def reported(
    playbook: Playbook, variations: tuple[Variation, ...], since: datetime = NOW
) -> tuple[Verdict, Findings]:
    """`since`: when the alarm began."""
    known = facts(playbook, variations, since)
    return playbook.decide(known), tuple(findings(playbook, known))


def findings(playbook: Playbook, known: Facts) -> Iterator[Finding]:
    context = Context(FakeAws(), SETTINGS, NOW, known.since)
    for evidence in playbook.evidence:
        fact = known.of(evidence)
        if fact is not None:
            yield from evidence.findings(fact, context)


def as_sent(verdict: Verdict, found: Findings) -> tuple[Verdict, Findings]:
    """What the response makes of them."""
    verdict = coherent(verdict, found)
    return verdict, as_seen(verdict, found)


def test_every_cause_is_classified() -> None:
    """A further cause fails here until the table says what it calls wrong, or that it calls nothing wrong."""
    normal = {each for each in Cause if each.normal}
    kinds = (set(SAYS), set(SAYS_NOTHING), normal, set(WITHOUT_EVIDENCE))
    assert set.union(*kinds) == set(Cause)
    assert sum(map(len, kinds)) == len(Cause)
    assert all(SAYS.values())


def test_the_list_of_contradictions_covers_every_cause() -> None:
    """It is written without looking at the table of the code, and so that no row is empty by oversight."""
    reported = {each.value for each in Cause if each not in WITHOUT_EVIDENCE}
    assert OF_CAUSES.keys() | UNCONTRADICTED == reported
    assert not OF_CAUSES.keys() & UNCONTRADICTED
    assert all(OF_CAUSES.values())


@cache
def as_the_evidence_shows() -> dict[str, Finding]:
    """Each sentence of a look, as some story brings it about."""
    stories = ((book, case.variations) for book, cases in STORIES.values() for case in cases.values())
    everything = [(book, ()) for book, _ in STORIES.values()]
    return {
        each.said.key: each
        for book, variations in (*everything, *stories)
        for each in reported(book, variations)[1]
    }


MARKS = {"normal": Tone.NORMAL, "red": Tone.RED}


@all_rows("value", OF_CAUSES)
def test_no_sentence_of_the_list_is_shown_with_its_cause(value: str) -> None:
    excluded, found = OF_CAUSES[value], as_the_evidence_shows()
    shown = tuple(
        replace(found[key], tone=MARKS[mark]) if mark else found[key]
        for mark, _, key in (each.rpartition(" ") for each in excluded)
        if key in found
    )
    out = tuple(each() for each in RuledOut if each.value in excluded)
    verdict = Verdict(Cause(value)(), WHY, ruled_out=out)
    assert list(pairs(keys(verdict, shown)))
    for finding in shown:
        assert list(pairs(keys(*as_sent(verdict, (finding,))))) == []
    others = Verdict(Cause.OTHER(), WHY, ruled_out=out, others=(verdict.cause,))
    assert list(pairs(keys(*as_sent(others, shown)))) == []


def test_every_subject_has_its_words() -> None:
    assert {f"say.subject.{subject}" for subject in Subject} <= catalogue().keys()
    assert all(isinstance(each.subject, Subject) for each in RuledOut)


@EACH
def test_no_story_of_a_playbook_contradicts_itself(name: str) -> None:
    playbook, cases = STORIES[name]
    for case in cases.values():
        assert list(contradictions(*as_sent(*reported(playbook, case.variations)))) == []


# A policy of today lacks a right, or denies one: whether all is well is unknown.
STILL_RED = {"quiet since, attached policies allow it", "quiet under load, the bucket denies something else"}


@EACH
def test_what_a_playbook_finds_normal_is_reported_as_that(name: str) -> None:
    """The findings of its evidence are red only about the present."""
    playbook, cases = STORIES[name]
    for title, case in cases.items():
        verdict, found = reported(playbook, case.variations)
        if verdict.cause.kind.normal and title not in STILL_RED:
            assert as_sent(verdict, found)[0].cause == verdict.cause, title


@EACH
@settings(max_examples=250 if WHOLE else 25, deadline=None)
@given(data=st.data())
def test_no_mixture_of_evidence_contradicts_itself(name: str, data: st.DataObject) -> None:
    playbook, _ = STORIES[name]
    variations = tuple(data.draw(st.lists(st.sampled_from(VARIATIONS), max_size=6), label="variations"))
    verdict, found = reported(playbook, variations, data.draw(BEGAN, label="since"))
    sent, shown = as_sent(verdict, found)
    assert list(contradictions(sent, shown)) == []
    assert list(pairs(keys(sent, shown))) == []
    # Nothing is hidden on the way: what was proposed, and each finding, are still there.
    assert (sent.proposals, len(shown)) == (verdict.proposals, len(found))
    assert [each for each in shown if each.polarity is Polarity.WRONG] == [
        each for each in found if each.polarity is Polarity.WRONG
    ]


CALM = Finding("table_pressure", Tone.NORMAL, text("evidence.pressure.calm"), subject=Subject.TABLE)
THROTTLED = Finding("table_pressure", Tone.RED, text("evidence.pressure.calm"), subject=Subject.TABLE)


def test_a_source_that_does_not_show_the_cause_yet_is_reported_as_that() -> None:
    verdict = Verdict(Cause.TABLE_THROTTLED(), WHY, ruled_out=(RuledOut.TABLE(),))
    assert [subject for subject, _ in contradictions(verdict, (CALM,))] == [Subject.TABLE] * 2
    sent, (shown,) = as_sent(verdict, (CALM,))
    assert (sent.ruled_out, shown.polarity) == ((), Polarity.OPEN)
    assert shown.said.values["said"] == CALM.said


def test_nothing_is_called_normal_while_its_evidence_is_red() -> None:
    verdict = Verdict(Cause.SESSIONS_ENDED(), WHY, steps=(text("step.wait_and_watch"),))
    sent, _ = as_sent(verdict, (THROTTLED,))
    assert sent.cause.kind is Cause.UNKNOWN
    assert text("step.wait_and_watch") not in sent.steps


def test_where_something_else_is_wrong_too_nothing_is_called_normal() -> None:
    verdict = Verdict(Cause.RATE_NORMAL(), WHY, others=(Cause.TABLE_ABSENT(table="T"),))
    assert list(contradictions(verdict, ())) != []
    assert as_sent(verdict, ())[0].cause.kind is Cause.UNKNOWN


def test_findings_about_different_times_do_not_contradict_each_other() -> None:
    verdict = Verdict(Cause.UNKNOWN(), WHY)
    for hours, contradicts in ((1, True), (3, False)):
        fine = replace(CALM, look="one", over=timedelta(hours=1))
        wrong = replace(THROTTLED, look="other", over=timedelta(hours=hours))
        assert bool(list(contradictions(verdict, (fine, wrong)))) is contradicts
        _, (shown, red) = as_sent(verdict, (fine, wrong))
        assert (shown.polarity is Polarity.OPEN, red) == (contradicts, wrong)


RED = pytest.mark.parametrize("subject", [each for each in Subject if each is not Subject.OURS])


@RED
@all_rows("cause", [each for each in Cause if each.normal])
def test_nothing_is_normal_beside_a_red_finding_of_any_kind(cause: Cause, subject: Subject) -> None:
    red = Finding("look", Tone.RED, text("evidence.pressure.throttled"), subject=subject)
    verdict = Verdict(cause(), WHY, steps=(text("step.wait_and_watch"),))
    sent, _ = as_sent(verdict, (red,))
    assert sent.cause.kind is Cause.UNKNOWN
    assert text("step.wait_and_watch") not in sent.steps
    assert list(contradictions(verdict, (red,))) != []


def test_a_further_cause_is_never_that_nothing_is_wrong() -> None:
    verdict = Verdict(Cause.INTERNAL(), WHY, others=tuple(each() for each in Cause if each.normal))
    assert as_sent(verdict, ())[0].others == ()


@given(began=BEGAN, minutes=st.integers(0, 200))
@settings(max_examples=250 if WHOLE else 50, deadline=None)
def test_a_change_is_reported_or_ruled_out_and_not_both(began: datetime, minutes: int) -> None:
    variations = (failing(Fault.INTERNAL), changed(minutes=minutes))
    verdict, found = reported(high_error_rate.playbook, variations, began)
    suspected = "evidence.changes.suspect" in {each.said.key for each in found}
    assert suspected is (RuledOut.CHANGES not in {each.kind for each in verdict.ruled_out})


def test_that_nothing_was_changed_is_reported_only_up_to_what_cloudtrail_shows() -> None:
    def known(since: datetime) -> object:
        verdict, _ = reported(high_error_rate.playbook, (failing(Fault.INTERNAL),), since)
        return next(each for each in verdict.ruled_out if each.kind is RuledOut.CHANGES).values["until"]

    assert known(NOW) == known(NOW - timedelta(minutes=15)) == "2026-02-04T10:10:00Z"
    assert known(NOW - timedelta(minutes=40)) == "2026-02-04T09:45:00Z"


def test_a_finding_about_something_else_changes_nothing() -> None:
    verdict = Verdict(Cause.INTERNAL(), WHY, ruled_out=(RuledOut.TABLE(),))
    assert as_sent(verdict, (CALM,)) == (verdict, (CALM,))
