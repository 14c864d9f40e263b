"""Whatever the checks find, it is filed and reported: no name, number or chart keeps a report back."""

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from responder.checks.finding import Checked, CheckItem, CheckStatus, Identity
from responder.checks.model import Better, Cadence, Chart, CheckSection, KeyFigure, Since
from responder.checks.run.handler import ScheduledCheck
from responder.core.log import log
from responder.core.settings import Settings
from responder.core.text import Text, text
from responder.slack.outbound.notices import check_post
from tests.unit.checks.reports import NOW, SETTINGS, StubCheck, World

SNS_BYTES, SUBJECT = 262_144, 100
NAMES = st.text(st.characters(), max_size=200) | st.sampled_from(
    ("<!channel> `x` *y*", "\ud800", "x" * 300_000)
)
VALUES = st.one_of(NAMES, st.integers(), st.floats(), st.just((text("checks.none"),) * 40))
TEXTS = st.builds(
    Text,
    st.sampled_from(("checks.failed", "checks.share", "check.schedules.late", "no.such.key")),
    st.dictionaries(st.sampled_from(("name", "reason", "percent", "samples", "check", "days")), VALUES),
)
ITEMS = st.builds(
    CheckItem,
    st.builds(Identity, st.sampled_from(Checked), NAMES),
    st.sampled_from(CheckStatus),
    TEXTS,
    st.lists(TEXTS, max_size=2).map(tuple),
    NAMES,
    NAMES,
    st.dictionaries(NAMES, st.floats(), max_size=2),
    st.none() | NAMES,
)
POINTS = st.dictionaries(st.integers(0, 400), st.none() | st.floats(), max_size=5).map(
    lambda found: tuple((NOW - timedelta(days=each), found[each]) for each in sorted(found, reverse=True))
)
RANGE = st.none() | st.floats()
CHARTS = st.builds(Chart, TEXTS, NAMES, POINTS, RANGE, RANGE)
FIGURES = st.builds(
    KeyFigure,
    CHARTS,
    RANGE,
    st.sampled_from(CheckStatus),
    st.dictionaries(st.sampled_from(Since), RANGE),
    st.none() | st.sampled_from(Better),
)
SECTIONS = st.lists(
    st.builds(
        CheckSection,
        st.sampled_from(("figures", "cost", "x<y")),
        st.lists(ITEMS, max_size=4).map(tuple),
        st.lists(CHARTS, max_size=2).map(tuple),
        key_figures=st.lists(FIGURES, max_size=2).map(tuple),
    ),
    max_size=3,
    unique_by=lambda each: each.name,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SECTIONS, st.sampled_from(("ja", "en")))
def test_any_findings_are_filed_and_reported(sections: list[CheckSection], language: str) -> None:
    log().setLevel("CRITICAL")
    world = World(replace(SETTINGS, language=language))

    def checks(_: Settings) -> list[StubCheck]:
        return [StubCheck(each.name, lambda each=each: each) for each in sections]  # type: ignore[misc]

    ScheduledCheck(Cadence.DAILY, checks).answer(world.context)
    (sent,) = world.aws.sns.published
    assert len(world.files) == 3
    assert len(sent["Message"].encode()) < SNS_BYTES
    assert sent["Subject"].isascii() and len(sent["Subject"]) < SUBJECT
    answer = json.loads(json.loads(sent["Message"])["lambda"])
    assert check_post(answer, language).text
