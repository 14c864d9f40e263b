"""Every reason that logic decides by has a sentence in both languages, and is stored as what it is."""

from dataclasses import replace
from typing import Any

import pytest

from responder.core.cause import Cause
from responder.core.codec import dump, load
from responder.core.declined import DeclineReason
from responder.core.reasons import Caution, ExplainedReason, FailureKind, Obstacle, ReasonKind
from responder.core.refusals import Refusal
from responder.core.text import Strings, text
from responder.core.verdict import Verdict
from responder.evidence.faults import NORMAL, Fault
from responder.messages.headline import broken_by
from responder.slack.status import ReportedState, state_of
from tests.laid_out import headline, message_of
from tests.rows import all_rows
from tests.texts import catalogue, piece
from tests.unit.messages.samples import ACTS

# Each enum of reasons, and the groups of the catalogue that hold its sentences.
KINDS: dict[type[ReasonKind], Strings] = {
    Cause: ("cause",),
    Refusal: ("guard",),
    DeclineReason: ("denial",),
    Caution: ("caution",),
    Obstacle: ("obstacle",),
    FailureKind: ("change", "evidence.failed"),
}
# Sentences of these groups by which nothing is decided: remarks, parts of others, and answers to a click.
ONLY_WORDS = {
    Refusal: (
        "until_resumed",
        "until_schedule",
        "mute_rule",
        "no_answer",
        "switches_used",
        "switches_left",
        "unrecorded",
        "not_kept",
        "begun_before",
        "crashed_before",
    ),
    Caution: (
        "alias_provisioned",
        "other_aliases",
        "settings_go_back",
        "settings_same",
        "settings_unreadable",
        "version_age_unknown",
        "version_published",
    ),
    DeclineReason: ("broken_row",),
    FailureKind: ("drift",),
}
MEMBERS = [each for kinds in KINDS for each in kinds]


def test_each_reason_has_a_sentence_in_both_languages() -> None:
    assert [kind for kind in MEMBERS if not all(catalogue().get(kind.value, ("",)))] == []


def test_each_key_is_the_group_and_the_name_of_the_member() -> None:
    expected = {kind: [f"{group}.{kind.name.lower()}" for group in KINDS[type(kind)]] for kind in MEMBERS}
    assert {kind for kind, keys in expected.items() if kind.value not in keys} == set()


@pytest.mark.parametrize("kinds", KINDS)
def test_every_sentence_of_a_group_is_a_reason_or_known_to_decide_nothing(kinds: type[ReasonKind]) -> None:
    written = {key for key in catalogue() if key.rpartition(".")[0] in KINDS[kinds]}
    words = {f"{KINDS[kinds][0]}.{name}" for name in ONLY_WORDS.get(kinds, ())}
    assert written - words == {kind.value for kind in kinds}
    assert words <= written


def test_each_reason_is_read_back_as_it_was_stored() -> None:
    generic: Any = ExplainedReason
    for kind in MEMBERS:
        said = kind(what=text("why.network", percent=1.5), count=2)
        assert load(generic[type(kind)], dump(said)) == said, kind


@all_rows("cause", Cause)
def test_mail_and_slack_agree_on_what_needs_no_fixing(cause: Cause) -> None:
    report = replace(ACTS, verdict=Verdict(cause(), text("why.looks_failed")), outcomes=(), leases=())
    mail_normal = broken_by(report.alarm, report.slug, report.verdict.cause).key == "report.normal"
    slack_normal = state_of(message_of(report, "en")) is ReportedState.NORMAL
    assert (mail_normal, slack_normal) == (cause.normal, cause.normal)
    assert (piece("report.normal") in headline(report, "en")) == cause.normal


@all_rows("fault", sorted(set(Fault) - NORMAL))
def test_a_fault_that_leads_is_a_cause(fault: Fault) -> None:
    # A request that is killed at the time-out waited for something, which is the cause.
    wanted = {Fault.TIMEOUT: Cause.SLOW_DEPENDENCY.word}
    assert fault.cause.word == wanted.get(fault, fault.value)
