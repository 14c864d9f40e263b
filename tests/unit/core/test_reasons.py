"""Every reason that logic decides by has a sentence in both languages, and is stored as what it is."""

from dataclasses import replace

import pytest

from responder.cause import Cause
from responder.explained import ReasonKind
from responder.facts import Fault
from responder.facts.failures import NORMAL
from responder.render.headline import broken, headline
from responder.render.machine import machine
from responder.render.messages import catalogue
from responder.standing.data import State
from responder.standing.state import state_of
from responder.text import text
from responder.verdict import Verdict
from tests.unit.render.samples import ACTS

pytestmark = pytest.mark.unit
KINDS: dict[type[ReasonKind], str] = {Cause: "cause"}
# Keys of the same group that decide nothing: parts of other sentences.
ONLY_WORDS: frozenset[str] = frozenset()
MEMBERS = [each for kinds in KINDS for each in kinds]
EACH = pytest.mark.parametrize("kind", MEMBERS, ids=lambda kind: kind.value)


@EACH
def test_a_reason_has_a_sentence_in_both_languages(kind: ReasonKind) -> None:
    assert all(catalogue()[kind.value])


@EACH
def test_a_key_is_the_group_and_the_name_of_the_member(kind: ReasonKind) -> None:
    assert kind.value == f"{KINDS[type(kind)]}.{kind.name.lower()}"


@pytest.mark.parametrize("kinds", KINDS)
def test_no_sentence_of_a_reason_is_left_that_logic_does_not_know(kinds: type[ReasonKind]) -> None:
    written = {key for key in catalogue() if key.startswith(f"{KINDS[kinds]}.")}
    assert written - ONLY_WORDS == {kind.value for kind in kinds}


@EACH
def test_a_reason_is_read_back_as_it_was_stored(kind: ReasonKind) -> None:
    said = kind(what=text("why.network", percent=1.5), count=2)
    assert type(kind).read(said.to_json()) == said


@pytest.mark.parametrize("cause", Cause, ids=lambda cause: cause.value)
def test_mail_and_slack_agree_on_what_needs_no_fixing(cause: Cause) -> None:
    report = replace(ACTS, verdict=Verdict(cause(), text("why.looks_failed")), outcomes=(), leases=())
    mail_normal = broken(report).key == "report.normal"
    slack_normal = state_of(machine(report, "en")) is State.NORMAL
    assert (mail_normal, slack_normal) == (cause.normal, cause.normal)
    assert ("nothing that needs fixing" in headline(report, "en")) == cause.normal


@pytest.mark.parametrize("fault", sorted(set(Fault) - NORMAL))
def test_a_fault_that_leads_is_a_cause(fault: Fault) -> None:
    assert fault.cause.word == fault.value
