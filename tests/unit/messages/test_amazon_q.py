import pytest
from syrupy.assertion import SnapshotAssertion

from responder.messages.amazon_q import DESCRIPTION
from tests.laid_out import amazon_q
from tests.rows import in_both_languages
from tests.unit.messages.samples import ACTS, HUGE, SAMPLES


@in_both_languages
def test_reads_well(language: str, snapshot: SnapshotAssertion) -> None:
    assert amazon_q(ACTS, language) == snapshot


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_follows_the_schema(name: str) -> None:
    sent = amazon_q(SAMPLES[name], "ja")
    assert set(sent) == {"version", "source", "id", "content", "metadata"}
    assert (sent["version"], sent["source"]) == ("1.0", "custom")
    assert sent["content"]["textType"] == "client-markdown"
    assert sent["content"]["description"]
    assert sent["metadata"]["threadId"] == SAMPLES[name].incident
    context = sent["metadata"]["additionalContext"]
    assert all(isinstance(value, str) for value in context.values())


def test_stays_within_what_slack_shows() -> None:
    assert len(amazon_q(HUGE, "ja")["content"]["description"]) <= DESCRIPTION
