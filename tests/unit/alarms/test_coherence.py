"""No message contradicts itself, whatever mixture of evidence it rests on."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responder.cause import Cause
from responder.coherence import SAYS, WITHOUT_EVIDENCE, as_seen, coherent, contradictions
from responder.context import Context
from responder.evidence import Facts
from responder.excluded import Excluded
from responder.finding import Finding, Polarity, Subject, Tone
from responder.playbook import Playbook
from responder.render.messages import catalogue
from responder.text import text
from responder.verdict import Verdict
from tests.fakes import FakeAws
from tests.unit.alarms.told import STORIES
from tests.unit.alarms.world import NOW, SETTINGS, Twist, healthy

pytestmark = pytest.mark.unit
CONTEXT = Context(FakeAws(), SETTINGS, NOW, NOW)
TWISTS: tuple[Twist, ...] = tuple(
    twist for _, cases in STORIES.values() for case in cases.values() for twist in case.twists
)
EACH = pytest.mark.parametrize("name", STORIES)


def facts(playbook: Playbook, twists: tuple[Twist, ...]) -> Facts:
    known: dict[str, Any] = healthy()
    for twist in twists:
        twist(known)
    asked = {each.name for each in playbook.evidence}
    return Facts({name: fact for name, fact in known.items() if name in asked}, NOW, SETTINGS)


def told(playbook: Playbook, twists: tuple[Twist, ...]) -> tuple[Verdict, tuple[Finding, ...]]:
    known = facts(playbook, twists)
    return playbook.decide(known), tuple(findings(playbook, known))


def findings(playbook: Playbook, known: Facts) -> Iterator[Finding]:
    for evidence in playbook.evidence:
        fact = known.of(evidence)
        if fact is not None:
            yield from evidence.tell(fact, CONTEXT)


def as_sent(verdict: Verdict, found: tuple[Finding, ...]) -> tuple[Verdict, tuple[Finding, ...]]:
    """What the response makes of them."""
    verdict = coherent(verdict, found)
    return verdict, as_seen(verdict, found)


def test_every_cause_is_classified() -> None:
    """A further cause fails here until the table says what it excludes."""
    assert set(SAYS) | WITHOUT_EVIDENCE == set(Cause)
    assert not set(SAYS) & WITHOUT_EVIDENCE
    assert {cause for cause, says in SAYS.items() if says.fine} <= {each for each in Cause if each.normal}


def test_every_subject_has_its_words() -> None:
    assert {f"say.subject.{subject}" for subject in Subject} <= catalogue().keys()
    assert all(isinstance(each.subject, Subject) for each in Excluded)


@EACH
def test_no_story_of_a_playbook_contradicts_itself(name: str) -> None:
    playbook, cases = STORIES[name]
    for case in cases.values():
        assert list(contradictions(*as_sent(*told(playbook, case.twists)))) == []


@EACH
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_mixture_of_evidence_contradicts_itself(name: str, data: st.DataObject) -> None:
    playbook, _ = STORIES[name]
    twists = tuple(data.draw(st.lists(st.sampled_from(TWISTS), max_size=6), label="twists"))
    verdict, found = told(playbook, twists)
    sent, shown = as_sent(verdict, found)
    assert list(contradictions(sent, shown)) == []
    # Nothing is hidden on the way: what was proposed, and each finding, are still there.
    assert (sent.proposals, len(shown)) == (verdict.proposals, len(found))
    assert [each for each in shown if each.polarity is Polarity.WRONG] == [
        each for each in found if each.polarity is Polarity.WRONG
    ]


CALM = Finding("table_pressure", Tone.NORMAL, text("evidence.pressure.calm"), subject=Subject.TABLE)
THROTTLED = Finding("table_pressure", Tone.RED, text("evidence.pressure.calm"), subject=Subject.TABLE)
WHY = text("why.no_fault_seen")


def test_a_source_that_does_not_show_the_cause_yet_is_told_as_that() -> None:
    verdict = Verdict(Cause.TABLE_THROTTLED(), WHY, ruled_out=(Excluded.TABLE(),))
    assert [subject for subject, _ in contradictions(verdict, (CALM,))] == [Subject.TABLE] * 2
    sent, (shown,) = as_sent(verdict, (CALM,))
    assert (sent.ruled_out, shown.polarity) == ((), Polarity.OPEN)
    assert shown.said.values["said"] == CALM.said


def test_nothing_is_called_normal_while_its_evidence_is_red() -> None:
    verdict = Verdict(Cause.SESSIONS_ENDED(), WHY, steps=(text("step.wait_and_watch"),))
    sent, _ = as_sent(verdict, (THROTTLED,))
    assert sent.cause.kind is Cause.UNKNOWN
    assert text("step.wait_and_watch") not in sent.steps


def test_a_finding_about_something_else_changes_nothing() -> None:
    verdict = Verdict(Cause.INTERNAL(), WHY, ruled_out=(Excluded.TABLE(),))
    assert as_sent(verdict, (CALM,)) == (verdict, (CALM,))
