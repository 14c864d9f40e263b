"""The command: a line per alarm, a page, JSON; interrupted it continues; what is missing is reported."""

import copy
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from liveness_ops.backtest import page, results, work
from liveness_ops.backtest.paced import ALLOWED
from liveness_ops.backtest.state import StateFile
from liveness_ops.backtest.work import Asked, backtest
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.operator_session import Caller, OperatorSession
from liveness_ops.people.screen import Screen
from responder.core.errors import Denied
from responder.core.plain_data import Json
from responder.core.settings import Settings
from responder.evidence.base import action
from tests.rows import in_both_languages
from tests.unit.backtest.past_world import PastWorld
from tests.unit.respond.scene import ALARM

DOCS = Path(__file__).parents[3] / "docs"


@cache
def past() -> PastWorld:
    world = PastWorld()
    world.scene.faults(12)
    now = world.fake.now
    for hours in (30, 20):
        world.change("ALARM", now - timedelta(hours=hours))
        world.change("OK", now - timedelta(hours=hours - 1), old="ALARM")
    world.raised()
    world.fake.tick(hours=1)
    return world


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PastWorld:
    monkeypatch.chdir(tmp_path)
    return copy.deepcopy(past(), past().scene.shared())


def session(world: PastWorld, language: str = "en", *, machine: bool = True) -> OperatorSession:
    settings = Settings(stack="responder", incidents_table="Incidents", approvals_table="Approvals")
    me = Caller("aiko", "arn:aws:iam::123456789012:user/aiko")
    return OperatorSession(world.fake, settings, Screen(language, machine), me, lambda: world.fake.now)


def run(world: PastWorld, **asked: Any) -> Json:
    return backtest(session(world), Asked(show=False, pause=lambda _: None, **asked))


@in_both_languages
def test_where_its_output_is_piped_an_alarm_is_a_line_of_columns(
    world: PastWorld, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    backtest(session(world, language, machine=False), Asked(show=False, pause=lambda _: None))
    out = capsys.readouterr()
    head, *lines = (line.split("\t") for line in out.out.splitlines() if "\t" in line)
    assert len(lines) == 3
    assert {len(each) for each in (head, *lines)} == {7}
    assert lines[-1][2] == {"en": "would have acted", "ja": "実行していた"}[language]
    assert "reads of AWS" in out.err or "読み取り" in out.err


def test_the_page_opens_offline_and_names_each_alarm_and_reason(world: PastWorld) -> None:
    found = run(world)
    written = Path(found["page"]).read_text()
    assert written.count("FaceAuth-Liveness-HighErrorRate</strong>") == 3
    assert re.findall(r"(?:src|href)=.http", written) == []
    assert "would have acted" in page.drawn(found, "en")
    assert "実行していた" in page.drawn(found, "ja")


@pytest.fixture
def interrupted(world: PastWorld, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A back-test that was interrupted at the third alarm; all that is judged from its beginning on."""
    judge, judged = results.of_transition, list[Any]()

    def once(*given: Any) -> Any:
        judged.append(given)
        if len(judged) == 3:
            raise KeyboardInterrupt
        return judge(*given)

    monkeypatch.setattr(results, "of_transition", once)
    with pytest.raises(EarlyExit) as stopped:
        run(world)
    state = Path(stopped.value.data["state"])
    assert (stopped.value.status, state.stat().st_mode & 0o777) == (Exit.INTERRUPTED, 0o600)
    return judged


def test_interrupted_it_continues_where_it_was(world: PastWorld, interrupted: list[Any]) -> None:
    again = run(world)
    assert len(interrupted) == 4
    assert list(Path().glob("*.state.json")) == []
    assert again["transitions"] == run(world)["transitions"]


def test_interrupted_while_the_trail_is_read_it_reads_only_the_rest(world: PastWorld) -> None:
    aws = world.fake
    for number in range(180):
        at = aws.now - timedelta(minutes=90, seconds=number // 3)
        world.wrote("UpdateFunctionConfiguration20150331v2", at, functionName=f"FaceAuth-{number}")
    whole = run(world)
    aws.fail("cloudtrail", "lookup_events", KeyboardInterrupt(), call=3)
    with pytest.raises(EarlyExit) as stopped:
        run(world)
    assert (stopped.value.status, Path(stopped.value.data["state"]).exists()) == (Exit.INTERRUPTED, True)
    before = len(aws.sent("cloudtrail", "lookup_events"))
    assert run(world)["transitions"] == whole["transitions"]
    # Two pages had been read: the first question is for what is older, the next for what came meanwhile.
    first, *_ = aws.sent("cloudtrail", "lookup_events")[before:]
    assert aws.now - timedelta(minutes=93) < first["EndTime"] < aws.now - timedelta(minutes=90)


def test_going_on_it_reads_of_the_trail_only_what_came_since(
    world: PastWorld, interrupted: list[Any]
) -> None:
    began = world.fake.now
    world.fake.tick(minutes=30)
    world.wrote("UpdateFunctionConfiguration20150331v2", world.fake.now, functionName="FaceAuth-FaceLogin")
    before = len(world.fake.sent("cloudtrail", "lookup_events"))
    *_, last = run(world)["transitions"]
    asked = world.fake.sent("cloudtrail", "lookup_events")[before:]
    assert {each["StartTime"] for each in asked if "StartTime" in each} == {began - timedelta(minutes=15)}
    assert "FaceAuth-FaceLogin" in last["unknown"][0]["en"]


@pytest.mark.parametrize("done", [False, True], ids=["interrupted", "finished"])
def test_a_state_file_that_cannot_be_written_or_removed_costs_no_result(
    world: PastWorld, monkeypatch: pytest.MonkeyPatch, done: bool
) -> None:
    monkeypatch.setattr(StateFile, "save", full_disk)
    monkeypatch.setattr(StateFile, "remove", full_disk)
    if done:
        assert len(run(world)["transitions"]) == 3
        return
    monkeypatch.setattr(work, "_judge", interrupt)
    with pytest.raises(EarlyExit) as stopped:
        run(world)
    assert stopped.value.data == {"error": "backtest.interrupted_unsaved"}


def full_disk(*_: Any) -> None:
    raise OSError("No space left on device")


@pytest.mark.parametrize("content", ["notes", "[]", '{"version": 1}', '{"version": ', "[" * 100_000])
def test_a_file_of_another_kind_is_neither_written_over_nor_removed(world: PastWorld, content: str) -> None:
    other = Path("notes.txt")
    other.write_text(content)
    with pytest.raises(EarlyExit) as stopped:
        run(world, state=other)
    assert (stopped.value.status, stopped.value.data["error"]) == (Exit.USAGE, "backtest.other_file")
    assert other.read_text() == content


def test_an_empty_file_is_taken_for_the_state(world: PastWorld) -> None:
    Path("state.json").touch()
    assert run(world, state=Path("state.json"))["transitions"]


def test_the_state_is_readable_by_its_owner_alone_and_touches_no_file_beside_it(tmp_path: Path) -> None:
    state, other = tmp_path / "state.json", tmp_path / "state.json.new"
    other.write_text("notes")
    StateFile(state, "asked", datetime.now(UTC)).save()
    assert state.stat().st_mode & 0o777 == 0o600
    assert other.read_text() == "notes"
    assert set(tmp_path.iterdir()) == {state, other}


def test_a_state_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        StateFile(tmp_path / "state.json", "asked", datetime.now(UTC)).save()
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_file_is_neither_replaced_nor_removed(tmp_path: Path) -> None:
    # Never the device itself, which root could lose.
    null = tmp_path / "null"
    null.symlink_to("/dev/null")
    state = StateFile(null, "asked", datetime.now(UTC))
    state.save()
    state.remove()
    assert null.is_char_device()


@pytest.mark.parametrize(
    "asked",
    [
        {"page": "one", "state": "./one"},
        {"page": "one", "state": "ONE"},
        {"page": "settings.json", "settings": "settings.json"},
        {"page": "hard-link", "settings": "settings.json"},
        {"page": "soft-link", "settings": "settings.json"},
        {"page": "backtest-responder-us-east-1.state.json"},
        {"state": "backtest-2026-02-04.html"},
    ],
    ids=str,
)
def test_one_file_for_two_options_is_refused_before_anything_is_read(
    world: PastWorld, asked: dict[str, str]
) -> None:
    settings = Path("settings.json")
    settings.write_text("{}")
    Path("hard-link").hardlink_to(settings)
    Path("soft-link").symlink_to(settings)
    before = len(world.fake.calls)
    with pytest.raises(EarlyExit) as stopped:
        run(world, **{name: Path(path) for name, path in asked.items()})
    assert (stopped.value.status, stopped.value.data["error"]) == (Exit.USAGE, "backtest.same_file")
    assert (len(world.fake.calls), settings.read_text()) == (before, "{}")


def test_a_path_that_no_file_can_have_is_refused_beside_settings_as_well(world: PastWorld) -> None:
    Path("settings.json").write_text("{}")
    with pytest.raises(EarlyExit) as stopped:
        run(world, settings=Path("settings.json"), page=Path("x" * 300))
    assert (stopped.value.status, stopped.value.data["error"]) == (Exit.USAGE, "ops.check_not_written")


def test_an_alarm_that_is_given_twice_is_judged_once(world: PastWorld) -> None:
    assert run(world, alarms=(ALARM, ALARM))["transitions"] == run(world, alarms=(ALARM,))["transitions"]


def test_an_alarm_that_does_not_exist_is_named_before_the_trail_is_read(world: PastWorld) -> None:
    before = world.fake.count("cloudtrail", "lookup_events")
    with pytest.raises(EarlyExit) as stopped:
        run(world, alarms=("FaceAuth-Liveness-HighErorRate",))
    assert stopped.value.status is Exit.USAGE
    assert stopped.value.data["alarms"] == ["FaceAuth-Liveness-HighErorRate"]
    assert world.fake.count("cloudtrail", "lookup_events") == before


def test_an_alarm_that_no_playbook_answers_is_named_and_no_success(world: PastWorld) -> None:
    world.change("ALARM", world.fake.now - timedelta(hours=2))
    world.items[-1]["AlarmName"] = "Billing"
    with pytest.raises(EarlyExit) as stopped:
        run(world, alarms=("Billing",))
    assert stopped.value.status is Exit.USAGE
    assert stopped.value.data == {"error": "backtest.no_playbook", "alarms": ["Billing"]}


@pytest.mark.parametrize("after", [timedelta(hours=1), -timedelta(minutes=1)])
def test_an_interrupted_one_is_begun_anew_after_an_hour_or_when_the_clock_was_wrong(
    world: PastWorld, interrupted: list[Any], after: timedelta
) -> None:
    world.fake.tick(seconds=after.total_seconds())
    run(world)
    assert len(interrupted) == 6


@pytest.mark.parametrize("other", ["account", "endpoint"])
def test_in_another_account_an_interrupted_one_is_not_continued(
    world: PastWorld, interrupted: list[Any], other: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = session(world)
    if other == "account":
        here = replace(here, me=Caller("aiko", "arn:aws:iam::210987654321:user/aiko"))
    else:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    backtest(here, Asked(show=False, pause=lambda _: None))
    assert len(interrupted) == 6


def test_with_other_options_an_interrupted_one_is_not_continued(
    world: PastWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as once, pytest.raises(EarlyExit):
        once.setattr(work, "_judge", interrupt)
        run(world)
    assert len(run(world, days=1)["transitions"]) == 2


def interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def test_days_of_which_no_item_is_kept_are_reported(world: PastWorld) -> None:
    found = run(world, days=60)
    assert (found["days_not_kept"], found["oldest"][:10]) == (58, "2026-02-03")


def test_without_any_alarm_it_reports_it(world: PastWorld) -> None:
    world.items.clear()
    found = run(world)
    assert (found["transitions"], found["oldest"], found["days_not_kept"]) == ([], None, 30)
    assert "No alarm" in page.drawn(found, "en")


def test_an_item_dated_in_the_future_is_left_out_and_counted(world: PastWorld) -> None:
    world.change("ALARM", world.fake.now + timedelta(hours=3))
    found = run(world)
    assert (found["items_ahead"], len(found["transitions"])) == (1, 3)


@pytest.mark.parametrize(("minutes", "wrong"), [(1, 0), (-60, 60), (60, 60)])
def test_a_clock_that_is_wrong_is_reported_and_changes_nothing(
    world: PastWorld, time_machine: TimeMachineFixture, minutes: int, wrong: int
) -> None:
    time_machine.move_to(world.fake.now, tick=False)
    right = run(world)
    time_machine.move_to(world.fake.now + timedelta(minutes=minutes), tick=False)
    found = run(world)
    assert found == {**right, "clock_minutes": wrong}
    assert ("detect.clock" in [each.key for each in page.notes(found)]) is bool(wrong)


def test_an_item_that_cannot_be_read_is_counted_and_hides_no_other(world: PastWorld) -> None:
    world.change("ALARM", world.fake.now, HistoryData="{", HistorySummary="?")
    found = run(world)
    assert (found["items_broken"], len(found["transitions"])) == (1, 3)


def test_data_that_aws_has_cut_off_are_made_up_for_by_its_summary(world: PastWorld) -> None:
    world.change("ALARM", world.fake.now - timedelta(minutes=20), HistoryData='{"oldState":{"st')
    assert len(run(world)["transitions"]) == 4


def test_each_type_of_alarm_is_asked_for_and_one_that_is_refused_is_named(world: PastWorld) -> None:
    world.fake.fail(
        "cloudwatch", "describe_alarm_history", Denied, code="AccessDenied",
        times=9, where={"AlarmTypes": ["LogAlarm"]},
    )  # fmt: skip
    found = run(world)
    types = [asked["AlarmTypes"] for asked in world.fake.sent("cloudwatch", "describe_alarm_history")]
    assert {each for (each,) in types} == {"MetricAlarm", "CompositeAlarm", "LogAlarm"}
    assert list(found["unread"]) == ["LogAlarm"]
    assert len(found["transitions"]) == 3


def test_where_no_history_can_be_read_it_ends_with_the_call(world: PastWorld) -> None:
    world.fake.fail("cloudwatch", "describe_alarm_history", Denied, code="AccessDenied", times=99)
    with pytest.raises(EarlyExit) as stopped:
        run(world)
    assert stopped.value.status is Exit.AWS
    assert "DescribeAlarmHistory" in str(stopped.value.said)


@pytest.mark.parametrize("written", ["{", '{"unheard_of": 1}', None])
def test_a_settings_file_that_cannot_be_used_is_refused_before_anything_is_read(
    world: PastWorld, written: str | None
) -> None:
    path = Path("settings.json")
    if written is not None:
        path.write_text(written)
    before = len(world.fake.calls)
    with pytest.raises(EarlyExit) as stopped:
        run(world, settings=path)
    assert (stopped.value.status, len(world.fake.calls)) == (Exit.USAGE, before)


def test_with_a_settings_file_a_column_shows_its_outcomes(
    world: PastWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path("settings.json")
    path.write_text(json.dumps({**json.loads(world.scene.document), "rollout_readers": []}))
    asked = Asked(show=False, pause=lambda _: None, settings=path)
    found = backtest(replace(session(world), screen=Screen("en", False)), asked)
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines() if "\t" in line]
    assert {len(each) for each in rows} == {8}
    assert found["flips"] == 1
    assert rows[-1][4] == "would have refused"


@pytest.mark.parametrize("name", ["backtest.md", "backtest.ja.md"])
def test_the_documented_permissions_are_those_of_the_calls(name: str) -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", (DOCS / name).read_text(), re.MULTILINE)
    written = {(service, each) for service, listed in rows for each in re.findall(r"`(\w+)`", listed)}
    needed = {
        tuple(action(Denied(service, operation, "")).split(":"))
        for service, operations in ALLOWED.items()
        for operation in operations
    }
    assert written == needed
