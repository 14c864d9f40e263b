"""Whatever the clock sends to a check, through its function's own handler: it checks and reports, as of when
it was due, and never says what was sent."""

import importlib
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.plain_data import Json
from responder.core.settings import Settings
from tests.fakes import FakeAws
from tests.fakes.gateway import NOW
from tests.proof.conftest import Note
from tests.proof.fuzz.answers import READS, Junk, ReportingJunkGateway
from tests.proof.fuzz.case_counts import examples, seeds
from tests.proof.fuzz.secret_mutator import PASTED, SecretMutator, secrets_in
from tests.proof.fuzz.strategies import JSON, MOMENTS, TIMES
from tests.proof.fuzz.worlds import logged
from tests.rows import all_rows

RHYTHMS = ("daily", "weekly", "monthly")
EVENTS = Path(__file__).parents[3] / "events"
ENVIRONMENT = {
    "ACCOUNT": "123456789012",
    "REGION": "us-east-1",
    "TOPIC": "arn:aws:sns:us-east-1:123456789012:t",
    "REPORTS_BUCKET": "reports",
}
_WRITES = {("s3", "put_object"), ("sns", "publish")}
_ON_TIME = timedelta(minutes=15)


class Called:
    """A function as Lambda runs it: its module's `handler`, its environment, and the fakes for AWS."""

    def __init__(self, rhythm: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.handler = importlib.import_module(f"checks.{rhythm}").handler
        self.aws = FakeAws(NOW)
        self.seed = 0
        for name, value in ENVIRONMENT.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("responder.aws.boto.Boto", self._gateway)

    def _gateway(self, *_: Any, **__: Any) -> ReportingJunkGateway:
        settings = Settings.read(ENVIRONMENT)
        known = (*settings.functions, settings.sessions_table, settings.stack, settings.service_role)
        return ReportingJunkGateway(self.aws, Junk(self.seed, known), ())

    def wrong(self, event: Any, seed: int) -> list[str]:
        """Send it, and say what does not hold."""
        self.seed, self.aws = seed, FakeAws(NOW)
        self.aws.answer("s3", "put_object", {})
        with logged() as lines:
            answer = self.handler(event, None)
        (sent,) = self.aws.sns.published
        put = self.aws.sent("s3", "put_object")
        found = [f"leaks {each}" for each in secrets_in(answer, sent, put, lines.lines)]
        found += [
            f"does {each}" for each in self.aws.writes if each[1][:4] not in READS and each not in _WRITES
        ]
        whole = next(json.loads(each["Body"]) for each in put if each["Key"].endswith(".json"))
        at = datetime.fromisoformat(whole["at"])
        return found if at == due(event) else [*found, f"as of {at}, not of {due(event)}"]


def due(event: Any) -> datetime:
    """Judged by code of the test: a time of the last quarter of an hour counts, otherwise it is now."""
    try:
        said = datetime.fromisoformat(event["time"])
        # Lambda's own clock is UTC's.
        said = said if said.tzinfo else said.replace(tzinfo=UTC)
        return said if timedelta() <= NOW - said <= _ON_TIME else NOW
    except (KeyError, OverflowError, TypeError, ValueError):
        return NOW


def sent(rhythm: str) -> Json:
    """As EventBridge Scheduler sends it."""
    stored: Json = json.loads((EVENTS / f"{rhythm}-check" / "scheduled.json").read_text())
    return {**stored, "time": (NOW - timedelta(minutes=2)).isoformat()}


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_an_event_with_something_broken_in_it(
    rhythm: str, note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    called, good, tried = Called(rhythm, monkeypatch), sent(rhythm), 0
    for seed in seeds(8):
        planter = SecretMutator(seed)
        assert called.wrong(planter.damaged(good), seed) == [], planter.reported
        tried += 1
    note("bad input, what the clock sends to checks", broken=tried)


@all_rows("odd", [*TIMES, *PASTED, "2026-02-04T10:20:00Z", "2026-02-04T10:09:59Z", "2026-02-04T10:25:01Z"])
def test_an_odd_time_counts_only_where_it_can_be_that_of_this_order(
    odd: Any, note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All rhythms have the one handler; the shortest of them."""
    assert Called("weekly", monkeypatch).wrong({**sent("weekly"), "time": odd}, 0) == []
    note("bad input, what the clock sends to checks", odd_times=1)


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_an_event_of_any_content_breaks_no_scheduled_function(
    rhythm: str, note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    called, counted, good = Called(rhythm, monkeypatch), Counter[str](), sent(rhythm)

    @given(st.builds(lambda at: {**good, "time": at}, MOMENTS | JSON) | st.sampled_from(PASTED) | JSON)
    @examples(8)
    def one(event: Any) -> None:
        assert called.wrong(event, counted["anything"]) == []
        counted["anything"] += 1

    one()
    note("bad input, what the clock sends to checks", **counted)
