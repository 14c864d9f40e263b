from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion

from responder.core.finding import Finding, Subject, Tone
from responder.core.report import Report, ReportKind
from responder.core.text import Text
from responder.messages.plain_text import LONGEST, SHORT, plain
from responder.messages.story import story_of
from tests.unit.messages.samples import ACTS, ASKS, HUGE, LEASE, NOTHING, REVERTED, SAMPLES, UNKNOWN

pytestmark = pytest.mark.unit

LANGUAGES = ("ja", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_reads_well(name: str, language: str, readable: SnapshotAssertion) -> None:
    assert plain(SAMPLES[name], language) == readable


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("report", [*SAMPLES.values(), HUGE])
def test_is_short(report: Report, language: str) -> None:
    assert len(plain(report, language)) <= LONGEST


@pytest.mark.parametrize("language", LANGUAGES)
def test_evidence_is_left_out_before_anything_else(language: str) -> None:
    many = replace(ACTS, findings=ACTS.findings * 20)
    assert len(plain(many, language)) <= max(SHORT, len(plain(ACTS, language)) + 2)


@pytest.mark.parametrize("name", ["acts", "partly"])
def test_lowered_security_comes_first(name: str) -> None:
    assert plain(SAMPLES[name], "ja").startswith("【セキュリティ低下中】")
    assert plain(SAMPLES[name], "en").startswith("[SECURITY LOWERED]")


@pytest.mark.parametrize("kind", list(ReportKind))
def test_an_open_lease_of_any_incident_lowers_security(kind: ReportKind) -> None:
    report = replace(NOTHING, kind=kind, leases=(LEASE,))
    assert plain(report, "en").startswith("[SECURITY LOWERED]")


def test_what_is_only_asked_for_lowers_nothing() -> None:
    assert not plain(ASKS, "en").startswith("[SECURITY")
    assert not plain(REVERTED, "en").startswith("[SECURITY")


def test_red_comes_first_and_tells_its_sample() -> None:
    lines = plain(ACTS, "en").splitlines()
    assert lines[lines.index("■ Findings") + 1].startswith("[critical]")
    assert story_of(ACTS, "en").points[0].said.endswith("(n=114)")


def test_a_reason_that_names_its_end_does_not_name_it_twice() -> None:
    assert plain(SAMPLES["refuses"], "ja").count("11/24 04:00 JST") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_cause_was_found_what_could_not_be_read_is_named(language: str) -> None:
    """Two long critical findings do not push it out."""
    long = (
        Finding("x", Tone.RED, Text(f"red.{number}{'x' * 900}"), subject=Subject.REQUESTS)
        for number in range(2)
    )
    unread = Finding("x", Tone.UNKNOWN, Text("unread.logs"), subject=Subject.REQUESTS)
    assert "unread.logs" in plain(replace(UNKNOWN, findings=(*long, unread)), language)


def test_left_out_lines_are_counted() -> None:
    assert "more omitted." in plain(replace(ACTS, findings=ACTS.findings * 20), "en")
