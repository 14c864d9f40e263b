"""A verdict as on-call reads it, and every case of every playbook."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from alarms import (
    create_session_errors,
    create_session_timeouts,
    get_result_throttles,
    get_result_timeouts,
    high_error_rate,
    images_access_denied,
    low_confidence,
    low_success_rate,
    session_creation_errors,
    sessions_table_throttles,
    slow_session_creation,
    sure_faults,
)
from responder.core.settings import Settings
from responder.core.text import Texts
from responder.core.verdict import Proposal, Verdict
from responder.messages.language import say
from responder.messages.steps import filled
from responder.respond.playbook import Playbook
from responder.slack.blocks.report import diff
from tests.unit.alarms import (
    test_absent,
    test_errors,
    test_high_error_rate,
    test_images_access_denied,
    test_low_confidence,
    test_low_success_rate,
    test_session_creation_errors,
    test_slow,
    test_slow_session_creation,
    test_sure_faults,
    test_table_throttles,
    test_throttles,
)
from tests.unit.alarms.world import CREATE, RESULT, Case

STORIES: Mapping[str, tuple[Playbook, Mapping[str, Case]]] = MappingProxyType(
    {
        "absent": (high_error_rate.playbook, test_absent.CASES),
        "absent_and_slow": (get_result_timeouts.playbook, test_absent.slow_cases(RESULT)),
        "absent_table": (sessions_table_throttles.playbook, test_absent.TABLE_CASES),
        "create_session_errors": (create_session_errors.playbook, test_errors.cases(CREATE)),
        "get_result_throttles": (get_result_throttles.playbook, test_throttles.cases("result", RESULT)),
        "create_session_timeouts": (create_session_timeouts.playbook, test_slow.cases("create", CREATE)),
        "high_error_rate": (high_error_rate.playbook, test_high_error_rate.CASES),
        "images_access_denied": (images_access_denied.playbook, test_images_access_denied.CASES),
        "low_confidence": (low_confidence.playbook, test_low_confidence.CASES),
        "low_success_rate": (low_success_rate.playbook, test_low_success_rate.CASES),
        "session_creation_errors": (session_creation_errors.playbook, test_session_creation_errors.CASES),
        "sessions_table_throttles": (sessions_table_throttles.playbook, test_table_throttles.CASES),
        "slow_session_creation": (slow_session_creation.playbook, test_slow_session_creation.CASES),
        "sure_faults": (sure_faults.playbook, test_sure_faults.CASES),
    }
)


def reported(verdict: Verdict, language: str) -> Iterator[str]:
    """Line by line."""
    yield f"cause: {say(verdict.cause.text, language)}"
    yield f"why: {say(verdict.why, language)}"
    yield from _each("also", tuple(each.text for each in verdict.others), language)
    yield from _each("not", tuple(each.text for each in verdict.ruled_out), language)
    for proposal in verdict.proposals:
        yield from _proposal(proposal, language)
    known = {"contact": Settings().level_2_contact}
    steps = tuple(filled(each.key, {**known, **each.values}) or each for each in verdict.steps)
    yield from _each("step", steps, language)


def _each(mark: str, texts: Texts, language: str) -> Iterator[str]:
    yield from (f"{mark}: {say(each, language)}" for each in texts)


def _proposal(proposal: Proposal, language: str) -> Iterator[str]:
    of = f" ({proposal.scope})" if proposal.scope else ""
    yield f"{proposal.at_most}: {proposal.remedy}{of}: {say(proposal.reason, language)}"
    if proposal.samples_short is not None:
        yield f"   but {say(proposal.samples_short, language)}"
    for one in proposal.proposed:
        yield f"   {one.target}: {say(one.what, language)}"
        yield from (f"   {line}" for line in diff(one.document, None))
        yield f"   $ {one.command}"
