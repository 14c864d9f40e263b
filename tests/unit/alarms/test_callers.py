"""A message says that callers may cause something only where they can."""

from collections.abc import Iterator

import pytest

from alarms import high_error_rate
from responder.core.refusals import Refusal
from responder.core.verdict import Verdict
from responder.evidence.faults import Fault
from responder.messages.language import say
from responder.respond.playbook import Playbook
from tests.rows import all_rows
from tests.unit.alarms.reported import reported
from tests.unit.alarms.test_playbooks import ALL
from tests.unit.alarms.world import CREATE, RESULT, checks, decided, failing

CALLERS = {"ja": ("呼び出し元", "外部"), "en": ("caller", "outside")}


def words(verdict: Verdict, language: str) -> Iterator[str]:
    yield from reported(verdict, language)
    yield say(Refusal.CAPPED_BY_EVIDENCE().text, language)
    yield from (say(each.asks.text, language) for each in verdict.proposals if each.asks)


@all_rows("playbook", ALL.values())
def test_callers_are_never_said_to_cause_what_they_cannot(playbook: Playbook) -> None:
    for fault in (fault for fault in Fault if not fault.provokable):
        verdict = decided(playbook, checks(60, 40), *(failing(fault, function=n) for n in (CREATE, RESULT)))
        for language, callers in CALLERS.items():
            said = "\n".join(words(verdict, language))
            assert [word for word in callers if word in said] == [], (fault, language)


@pytest.mark.parametrize("language", CALLERS)
def test_callers_are_named_where_they_can_cause_it(language: str) -> None:
    said = "\n".join(words(decided(high_error_rate.playbook, failing(Fault.THROTTLING)), language))
    assert CALLERS[language][0] in said


def test_what_is_sure_is_never_provokable() -> None:
    assert not [fault for fault in Fault if fault.sure and fault.provokable]
