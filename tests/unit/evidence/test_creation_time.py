"""How long session creation takes: by the slowest tenth, and only of enough sessions."""

import pytest

from responder.core.finding import Finding, Tone
from responder.core.settings import Settings
from responder.evidence.creation_time import CreationTime, slow
from responder.evidence.metrics import Spread
from tests.fakes import FakeAws
from tests.unit.evidence.worlds import Figures, ago, context, keys

OWN = "FaceAuth/Liveness"


def created(aws: FakeAws, figures: Figures, *seconds: float, minutes: float = 5) -> Finding:
    figures.put(OWN, "SessionCreationTime", [(ago(minutes=minutes), each) for each in seconds])
    (finding,) = CreationTime().findings(CreationTime().look(context(aws)), context(aws))
    return finding


def test_the_p90_is_red_above_5_seconds_and_says_how_many_it_counts(aws: FakeAws, figures: Figures) -> None:
    finding = created(aws, figures, *[0.8] * 15, *[6.4] * 5)
    assert (finding.tone, finding.samples, finding.numbers["p90"]) == (Tone.RED, 20, 6.4)
    values = finding.said.values
    assert values["average"] == pytest.approx(2.2)
    assert values["maximum"] == 6.4


def test_a_few_slow_ones_are_in_the_tail_and_not_at_the_p90(aws: FakeAws, figures: Figures) -> None:
    assert created(aws, figures, *[0.8] * 29, 9.0).tone is Tone.NORMAL


@pytest.mark.parametrize(("seconds", "tone"), [(5.0, Tone.NORMAL), (5.1, Tone.RED)])
def test_exactly_5_seconds_is_within_the_limit(
    aws: FakeAws, figures: Figures, seconds: float, tone: Tone
) -> None:
    assert created(aws, figures, *[seconds] * 20).tone is tone


def test_19_sessions_are_too_few_for_a_p90(aws: FakeAws, figures: Figures) -> None:
    finding = created(aws, figures, *[8.0] * 19)
    assert finding.tone is Tone.INFO
    assert "evidence.creation_time.few" in keys(*finding.details)
    assert slow(Spread(19, 8.0, maximum=8.0, p90=8.0), Settings()) is None


def test_the_limit_is_that_of_the_owners_alarm() -> None:
    strict = Settings(slow_session_creation_seconds=3)
    assert slow(Spread(20, 2.0, maximum=4.0, p90=3.5), strict) is True
    assert slow(Spread(20, 2.0, maximum=4.0, p90=3.0), strict) is False


def test_the_last_quarter_of_an_hour_is_shown_with_the_hour(aws: FakeAws, figures: Figures) -> None:
    created(aws, figures, *[0.5] * 40, minutes=40)
    finding = created(aws, figures, *[7.0] * 20)
    fact = CreationTime().look(context(aws))
    assert (fact.whole.samples, fact.recent.samples, fact.recent.average) == (60, 20, 7.0)
    assert "evidence.creation_time.recent" in keys(*finding.details)
    assert finding.tone is Tone.RED


def test_no_session_is_no_time(aws: FakeAws, figures: Figures) -> None:
    finding = created(aws, figures)
    assert (finding.said.key, finding.samples) == ("evidence.creation_time.nothing", 0)
    old = created(aws, figures, *[1.0] * 20, minutes=40)
    assert "evidence.creation_time.nothing_recent" in keys(*old.details)


def test_where_an_hour_holds_too_few_sessions_three_are_judged(aws: FakeAws, figures: Figures) -> None:
    finding = created(aws, figures, *[8.0] * 12, minutes=100)
    assert finding.samples == 12
    finding = created(aws, figures, *[8.0] * 12)
    assert (finding.tone, finding.samples, finding.said.values["hours"]) == (Tone.RED, 24, 3)
    assert created(aws, figures, *[0.5] * 40).said.values["hours"] == 1
