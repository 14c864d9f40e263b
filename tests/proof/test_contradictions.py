"""No message contradicts itself, whatever mixture of evidence it rests on; compared with a list of sentences
that exclude each other, and against the table by which the code classifies them."""

from datetime import timedelta

import pytest

from responder.core.cause import Cause
from responder.core.finding import Finding, Subject, Tone
from responder.core.text import text
from responder.core.verdict import RuledOut, Verdict, as_seen, coherent
from tests.fakes.gateway import NOW
from tests.proof.conftest import Note
from tests.proof.seeded_random import rounds
from tests.unit.alarms.contradicting import keys, pairs
from tests.unit.alarms.reported import STORIES
from tests.unit.alarms.test_coherence import VARIATIONS, contradictions, reported

PART = "contradictions"


@pytest.mark.parametrize("name", STORIES)
def test_no_mixture_of_evidence_contradicts_itself(name: str, note: Note) -> None:
    playbook, _ = STORIES[name]
    played = before = 0
    for rng in rounds(f"contradictions {name}", 60, 3_000):
        variations = tuple(rng.sample(VARIATIONS, rng.randint(0, 8)))
        verdict, found = reported(playbook, variations, NOW - timedelta(minutes=rng.randint(0, 100)))
        before += bool(list(pairs(keys(verdict, found))) or list(contradictions(verdict, found)))
        sent = coherent(verdict, found)
        shown = as_seen(sent, found)
        assert list(pairs(keys(sent, shown))) == []
        assert list(contradictions(sent, shown)) == []
        played += 1
    note(PART, mixtures=played, contradicting_before=before)


def test_the_list_notices_what_the_code_is_to_mend() -> None:
    calm = Finding("table_pressure", Tone.NORMAL, text("evidence.pressure.calm"), subject=Subject.TABLE)
    why = text("why.no_fault_seen")
    verdict = Verdict(Cause.TABLE_THROTTLED(), why, ruled_out=(RuledOut.TABLE(),))
    assert len(list(pairs(keys(verdict, (calm,))))) == 2
    sent = coherent(verdict, (calm,))
    assert list(pairs(keys(sent, as_seen(sent, (calm,))))) == []
