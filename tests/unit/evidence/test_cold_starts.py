"""REPORT lines in both formats."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.core.finding import Tone
from responder.core.liveness_function import LivenessFunction
from responder.core.text import Strings
from responder.evidence import logs as reading
from responder.evidence.cold_starts import ColdStarts
from responder.evidence.cold_starts import report_of as parse
from tests.fakes import FakeAws
from tests.unit.evidence.worlds import CREATE, ID, Logs, ago, context, keys

type Reporter = Callable[..., str]
LOOK = ColdStarts(LivenessFunction.CREATE)


def text_report(number: int, duration: float, init: float | None = None, used: int = 90) -> str:
    cold = "" if init is None else f"Init Duration: {init:.2f} ms\t"
    return (
        f"REPORT RequestId: {ID.format(number)}\tDuration: {duration:.2f} ms\t"
        f"Billed Duration: {duration + 1:.0f} ms\t"
        f"Memory Size: 256 MB\tMax Memory Used: {used} MB\t{cold}\n"
    )


def json_report(number: int, duration: float, init: float | None = None, used: int = 90) -> str:
    metrics = {
        "durationMs": duration,
        "billedDurationMs": duration + 1,
        "memorySizeMB": 256,
        "maxMemoryUsedMB": used,
    }
    if init is not None:
        metrics["initDurationMs"] = init
    record = {"requestId": ID.format(number), "status": "success", "metrics": metrics}
    return json.dumps({"time": "2026-02-04T10:25:00.000Z", "type": "platform.report", "record": record})


def test_both_formats_say_the_same() -> None:
    for cold in (850.25, None):
        one, other = parse(text_report(1, 120.5, cold)), parse(json_report(1, 120.5, cold))
        assert one is not None
        assert other is not None
        assert replace(one, status=other.status) == other


@pytest.mark.parametrize("report", [text_report, json_report])
def test_cold_starts_have_a_share_and_a_cost(aws: FakeAws, logs: Logs, report: Reporter) -> None:
    logs.put(CREATE, ago(minutes=1), report(1, 3000, 2000))
    for number in (2, 3, 4):
        logs.put(CREATE, ago(minutes=number), report(number, 300))
    fact = LOOK.look(context(aws))
    assert (fact.reports, fact.cold, fact.cold_share) == (4, 1, 0.25)
    assert (fact.init_average, fact.cold_average, fact.warm_average) == (2.0, 3.0, 0.3)
    assert (fact.memory_size, fact.memory_used) == (256, 90)
    (finding,) = LOOK.findings(fact, context(aws))
    assert (finding.tone, finding.samples) == (Tone.AMBER, 4)


def timed_out(number: int, init: float | None = None, *, says: bool = True) -> Strings:
    """`says`: the REPORT line names the status, as it does since 2024; before, only a separate line."""
    report = text_report(number, 10_000, init, used=250).rstrip("\n")
    late = f"2026-02-04T10:20:00.000Z {ID.format(number)} Task timed out after 10.01 seconds\n\n"
    return (f"{report}Status: timeout\t\n",) if says else (f"{report}\n", late)


def out_of_memory(number: int) -> Strings:
    said = "Error: Runtime exited with error: signal: killed\nRuntime.ExitError\n"
    report = text_report(number, 4000, used=256).rstrip("\n")
    return (
        f"RequestId: {ID.format(number)} {said}",
        f"{report}Status: error\tError Type: Runtime.ExitError\t\n",
    )


@pytest.mark.parametrize("says", [True, False])
def test_a_run_that_was_killed_at_the_time_out_proves_nothing(aws: FakeAws, logs: Logs, says: bool) -> None:
    logs.put(CREATE, ago(minutes=1), text_report(1, 300))
    for number in (2, 3):
        for line in timed_out(number, init=5000, says=says):
            logs.put(CREATE, ago(minutes=number), line)
    fact = LOOK.look(context(aws))
    assert (fact.reports, fact.cold, fact.init_average, fact.timed_out) == (1, 0, None, 2)
    assert fact.memory_used == 90
    (finding,) = LOOK.findings(fact, context(aws))
    assert "evidence.cold_starts.cut_short" in keys(*finding.details)


def test_a_run_that_was_killed_for_its_memory_shows_that_it_was_full(aws: FakeAws, logs: Logs) -> None:
    logs.put(CREATE, ago(minutes=1), text_report(1, 300))
    for line in out_of_memory(2):
        logs.put(CREATE, ago(minutes=2), line)
    fact = LOOK.look(context(aws))
    assert (fact.reports, fact.warm_average, fact.out_of_memory) == (1, 0.3, 1)
    assert (fact.memory_used, fact.memory_size) == (256, 256)


def test_where_nothing_ended_it_says_what_was_killed(aws: FakeAws, logs: Logs) -> None:
    for line in timed_out(1):
        logs.put(CREATE, ago(minutes=1), line)
    (finding,) = LOOK.findings(LOOK.look(context(aws)), context(aws))
    assert "evidence.cold_starts.cut_short" in keys(*finding.details)


def test_nine_in_ten_warm_runs_stay_below_their_p90(aws: FakeAws, logs: Logs) -> None:
    for number in range(10):
        logs.put(CREATE, ago(minutes=number), text_report(number, 100 * (number + 1)))
    logs.put(CREATE, ago(minutes=11), text_report(11, 9000, init=1000))
    assert LOOK.look(context(aws)).warm_high == 0.9


def test_memory_that_is_nearly_full_is_reported(aws: FakeAws, logs: Logs) -> None:
    logs.put(CREATE, ago(minutes=1), text_report(1, 300, used=250))
    (finding,) = LOOK.findings(LOOK.look(context(aws)), context(aws))
    assert finding.tone is Tone.AMBER
    assert "evidence.cold_starts.memory_full" in keys(*finding.details)


def test_a_report_is_counted_once(aws: FakeAws, logs: Logs) -> None:
    for _ in range(2):
        logs.put(CREATE, ago(minutes=1), text_report(1, 300))
    assert LOOK.look(context(aws)).reports == 1


def test_an_hour_without_reports_has_no_share(aws: FakeAws, logs: Logs) -> None:
    (finding,) = LOOK.findings(LOOK.look(context(aws)), context(aws))
    assert (finding.tone, finding.samples) == (Tone.INFO, 0)


def test_a_capped_hour_reports_it(aws: FakeAws, logs: Logs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", -1.0)
    logs.page = 1
    for _ in range(2):
        logs.put(CREATE, ago(minutes=1), "nothing of ours")
    (finding,) = LOOK.findings(LOOK.look(context(aws)), context(aws))
    assert "evidence.failures.capped" in keys(*finding.details)


@given(st.text(max_size=200) | st.builds(lambda rest: f"REPORT RequestId: a {rest}", st.text()))
def test_no_line_breaks_the_report_parser(message: str) -> None:
    parse(message)


@given(
    st.dictionaries(
        st.sampled_from(["requestId", "metrics"]),
        st.none()
        | st.dictionaries(
            st.sampled_from(["durationMs", "initDurationMs", "memorySizeMB"]),
            st.none() | st.booleans() | st.floats() | st.text(),
        ),
    )
)
def test_no_record_breaks_the_report_parser(record: dict[str, object]) -> None:
    parse(json.dumps({"type": "platform.report", "record": record}))
