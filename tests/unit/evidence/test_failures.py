"""The reading of failures: two log groups, limits, and the sentences."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat

import pytest

from local_aws.patches.logs import filter_patterns
from responder.aws.gateway import Retry, through
from responder.core.errors import Denied, Missing, Throttled
from responder.core.finding import Tone
from responder.evidence import logs as reading
from responder.evidence.classify import KNOWN, KnownLine
from responder.evidence.failures import PATTERN, Failures
from responder.evidence.faults import Fault
from responder.messages.language import say
from tests.fakes import FakeAws
from tests.rows import all_rows
from tests.unit.evidence import callers
from tests.unit.evidence.worlds import CREATE, ID, NOW, RESULT, Logs, ago, context, keys

DENIED = "Liveness service error: An error occurred (AccessDenied) when calling the PutItem operation: no"


@pytest.fixture(autouse=True)
def functions(aws: FakeAws) -> None:
    for name in (CREATE, RESULT):
        aws.lambdas.add(name)


def line(number: int, said: str = DENIED, level: str = "ERROR") -> str:
    return f"[{level}]\t2026-02-04T10:25:00.123Z\t{ID.format(number)}\t{said}"


def test_failures_of_both_functions_are_counted(aws: FakeAws, logs: Logs) -> None:
    logs.put(CREATE, ago(minutes=5), line(1))
    logs.put(RESULT, ago(minutes=90), line(2))
    tally = Failures().look(context(aws))
    assert [(each.function, each.fault) for each in tally.failures] == [
        (RESULT, Fault.ACCESS_DENIED),
        (CREATE, Fault.ACCESS_DENIED),
    ]
    assert not tally.capped
    assert tally.complete_since == {CREATE: ago(hours=3), RESULT: ago(hours=3)}


@all_rows("form", [callers.text, callers.in_json])
@all_rows("known", KNOWN)
def test_every_line_that_is_known_is_asked_for(known: KnownLine, form: callers.Form) -> None:
    said = form(known.level, known.begins.replace("METRIC", "SuccessCount") + callers.DENIED)
    assert filter_patterns.read(PATTERN).matches(said)
    assert not filter_patterns.read(PATTERN).matches(form("INFO", "Liveness session created: 1"))


def starts(aws: FakeAws) -> list[datetime]:
    """Of each request for one of the logs, its further pages aside."""
    asked = [each for each in aws.sent("logs", "filter_log_events") if each["logGroupName"].endswith(CREATE)]
    firsts = [each for each in asked if "nextToken" not in each]
    return [datetime.fromtimestamp(each["startTime"] / 1000, UTC) for each in firsts]


def test_a_log_of_one_page_is_read_in_one_request(aws: FakeAws, logs: Logs) -> None:
    for number, minutes in enumerate((0, 15, 60, 180)):
        logs.put(CREATE, ago(minutes=minutes), line(number))
    tally = Failures().look(context(aws))
    assert (len(tally.failures), tally.complete_since[CREATE]) == (4, ago(hours=3))
    assert starts(aws) == [ago(hours=3)]


def test_of_a_longer_one_the_newest_quarter_of_an_hour_is_read_first(aws: FakeAws, logs: Logs) -> None:
    long(logs)
    Failures().look(context(aws))
    assert starts(aws)[1:] == [ago(minutes=15), ago(hours=1), ago(hours=3)]


def long(logs: Logs) -> None:
    """Neither log fits on a page."""
    logs.page = 1
    for function in (CREATE, RESULT):
        for number, minutes in enumerate((1, 20, 25)):
            logs.put(function, ago(minutes=minutes), line(number))


def test_no_event_falls_into_two_segments_or_between_them(aws: FakeAws, logs: Logs) -> None:
    logs.page = 1
    for number, minutes in enumerate((0, 15, 60, 180)):
        logs.put(CREATE, ago(minutes=minutes), line(number))
    tally = Failures().look(context(aws))
    assert (len(tally.failures), tally.lines) == (4, 4)


def test_a_log_that_is_too_long_says_from_when_it_is_complete(
    aws: FakeAws, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGES", 2)
    logs.page = 1
    for number, minutes in enumerate((5, 20, 25, 30)):
        logs.put(CREATE, ago(minutes=minutes), line(number))
    tally = Failures().look(context(aws))
    assert tally.capped
    assert tally.complete_since[CREATE] == ago(minutes=15)
    (finding,) = Failures().findings(tally, context(aws))
    assert "evidence.failures.capped" in keys(*finding.details)


def test_a_log_that_takes_too_long_is_left_in_time(
    aws: FakeAws, logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SECONDS", -1.0)
    long(logs)
    tally = Failures().look(context(aws))
    assert tally.complete_since == {CREATE: ago(minutes=15), RESULT: ago(minutes=15)}


def test_one_unreadable_log_does_not_hide_the_other(aws: FakeAws, logs: Logs) -> None:
    logs.put(RESULT, ago(minutes=1), line(1))
    group = {"logGroupName": f"/aws/lambda/{CREATE}"}
    aws.fail("logs", "filter_log_events", Denied, code="AccessDeniedException", times=9, where=group)
    tally = Failures().look(context(aws))
    assert len(tally.failures) == 1
    assert set(tally.unread) == {CREATE}
    unread = Failures().findings(tally, context(aws))[-1]
    assert unread.tone is Tone.UNKNOWN
    assert "evidence.failed.denied" in keys(unread.said)


@pytest.mark.parametrize(("turned_away", "since"), [(False, {"minutes": 15}), (True, {"hours": 3})])
def test_a_log_may_take_longer_where_aws_turned_requests_away_for_their_rate(
    aws: FakeAws, logs: Logs, monkeypatch: pytest.MonkeyPatch, turned_away: bool, since: dict[str, float]
) -> None:
    """Else the time that was spent on asking again would be missing for reading, and no fault could count."""
    long(logs)
    # The log is begun at 0; three seconds have passed by its first page.
    moments = chain([0.0], repeat(3.0))
    monkeypatch.setattr(reading, "monotonic", lambda: next(moments))
    door = replace(context(aws), aws=through(aws, Retry(8.0, turned_away=turned_away)))
    assert reading.read(door, reading.group_of(CREATE), PATTERN).complete_since == ago(**since)


def test_two_unreadable_logs_are_an_error(aws: FakeAws, logs: Logs) -> None:
    aws.fail("logs", "filter_log_events", Missing, times=9)
    with pytest.raises(Missing):
        Failures().look(context(aws))


def test_what_was_read_before_aws_throttled_us_still_counts(aws: FakeAws, logs: Logs) -> None:
    long(logs)
    group = {"logGroupName": f"/aws/lambda/{CREATE}"}
    aws.fail("logs", "filter_log_events", Throttled, call=3, times=9, where=group)
    tally = Failures().look(context(aws))
    assert [each.function for each in tally.failures if each.at == ago(minutes=1)] == [CREATE, RESULT]
    assert tally.complete_since[CREATE] == ago(minutes=15)


def test_recent_faults_are_red_and_counted_per_window(aws: FakeAws, logs: Logs) -> None:
    for number, minutes in enumerate((1, 2, 30, 100)):
        logs.put(CREATE, ago(minutes=minutes), line(number))
    (finding,) = findings(aws)
    assert finding.tone is Tone.RED
    assert finding.samples == 4
    assert (finding.numbers["15m"], finding.numbers["1h"], finding.numbers["3h"]) == (2, 3, 4)
    group = finding.details[0].values
    assert (group["code"], group["operation"], group["all"]) == ("AccessDenied", "PutItem", 4)


def test_without_the_log_format_failures_count_and_none_is_sure(aws: FakeAws, logs: Logs) -> None:
    said = DENIED.replace("service error:", "service error: Failed to create liveness session:")
    logs.put(CREATE, ago(minutes=1), line(1, said))
    assert [each.sure for each in Failures().look(context(aws)).failures] == [True]
    aws.fail("lambda", "get_function_configuration", Denied, where={"FunctionName": CREATE})
    tally = Failures().look(context(aws))
    assert [each.sure for each in tally.failures] == [False]
    assert "evidence.failures.uncertain" in {
        each.said.key for each in Failures().findings(tally, context(aws))
    }


def test_three_equal_counts_are_reported_as_one(aws: FakeAws, logs: Logs) -> None:
    for number in range(3):
        logs.put(CREATE, ago(minutes=5), line(number))
    evidence = Failures()
    (found,) = evidence.findings(evidence.look(context(aws)), context(aws))
    assert say(found.said, "en").startswith("Failed requests: 3, all in the last 15 min")
    assert say(found.said, "ja").startswith("失敗したリクエスト: 3 件、すべて直近 15 分以内")
    logs.put(CREATE, ago(minutes=90), line(9))
    (found,) = evidence.findings(evidence.look(context(aws)), context(aws))
    assert say(found.said, "en").startswith("Failed requests: 3 in 15 min, 3 in 1 h, 4 in 3 h")


def test_what_users_cause_is_named_as_normal(aws: FakeAws, logs: Logs) -> None:
    logs.put(RESULT, ago(minutes=1), line(1, "Session expired: 1", "WARNING"))
    faults, normal = findings(aws)
    assert (faults.tone, faults.samples) == (Tone.NORMAL, 0)
    assert (normal.tone, normal.samples) == (Tone.NORMAL, 1)


def test_nothing_seen_in_half_a_log_is_not_called_normal(aws: FakeAws, logs: Logs) -> None:
    aws.fail("logs", "filter_log_events", Denied, times=9, where={"logGroupName": f"/aws/lambda/{CREATE}"})
    assert findings(aws)[0].tone is Tone.INFO


def test_no_free_log_text_leaves_the_look(aws: FakeAws, logs: Logs) -> None:
    logs.put(
        CREATE, ago(minutes=1), line(1, "Unexpected error: employee E123456 of liveness-audit/secret.jpg")
    )
    tally = Failures().look(context(aws))
    shown = repr(tally) + repr(Failures().findings(tally, context(aws)))
    assert "E123456" not in shown
    assert "secret" not in shown
    assert ID.format(1) not in shown


def test_the_link_opens_the_same_three_hours(aws: FakeAws, logs: Logs) -> None:
    link = findings(aws)[0].link
    assert link
    assert "2026-02-04T07*3a25*3a30" in link
    assert (NOW - timedelta(hours=3)) == ago(hours=3)


def findings(aws: FakeAws) -> tuple:  # type: ignore[type-arg]
    return Failures().findings(Failures().look(context(aws)), context(aws))
