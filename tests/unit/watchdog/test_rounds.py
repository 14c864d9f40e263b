"""Whole rounds of the watchdog against the store."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import watchdog

from responder.aws.items import to_item
from responder.core.errors import Denied, Throttled, Unreachable
from responder.core.modes import Severity
from responder.core.plain_data import Json
from responder.followup_rules import FollowUpMemory
from responder.watchdog.reading import due
from tests.texts import piece
from tests.unit.respond.scene import Scene
from tests.unit.watchdog.world import FOLLOW_UP, SETTINGS, TABLE, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def metrics(capsys: pytest.CaptureFixture[str]) -> Any:
    def read() -> dict[str, float]:
        found: dict[str, float] = {}
        for line in capsys.readouterr().out.splitlines():
            written = json.loads(line)
            for sheet in written.get("_aws", {}).get("CloudWatchMetrics", []):
                found |= {each["Name"]: written[each["Name"]][0] for each in sheet["Metrics"]}
        return found

    return read


def denied(world: World, pk: str) -> None:
    """This partition of the incidents table cannot be read."""
    query = world.aws.dynamo.query

    def asked(**arguments: Any) -> Json:
        if arguments["ExpressionAttributeValues"][":pk"] == {"S": pk}:
            raise Denied("dynamodb", "Query", "AccessDeniedException")
        return query(**arguments)

    world.aws.answer("dynamodb", "query", asked)


# --- nothing to say --------------------------------------------------------------------------------------


def test_a_quiet_stack_gets_no_message_only_the_heartbeat(world: World, metrics: Any) -> None:
    world.round()
    assert world.messages == []
    assert metrics() == {"OpenIncidents": 0}


def test_an_incident_that_is_followed_gets_no_message_and_is_counted(world: World, metrics: Any) -> None:
    head = world.reported(looks=-1)
    world.holds(head.incident, minutes=30, until=-60)
    world.round()
    assert (world.messages, world.started, world.notes) == ([], [], {})
    assert metrics() == {"OpenIncidents": 1}


# --- failed events that Lambda could not send on


def lost(world: World, name: str, count: float, *more: dict[str, str]) -> None:
    """Of this function, ten minutes ago; with more dimensions of a version of it."""
    dimensions = [{"Name": "FunctionName", "Value": name}, *more]
    world.aws.answer("cloudwatch", "list_metrics", {"Metrics": [{"Dimensions": dimensions}]})

    def data(**asked: Any) -> Json:
        (one,) = asked["MetricDataQueries"]
        assert one["MetricStat"]["Metric"]["Dimensions"] == dimensions
        at = world.aws.now - timedelta(minutes=10)
        return {"MetricDataResults": [{"Id": one["Id"], "Timestamps": [at], "Values": [count]}]}

    world.aws.answer("cloudwatch", "get_metric_data", data)


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("responder-high-error-rate", 2.0),
        ("responder-watchdog", 2.0),
        ("someone-elses", None),
        ("responder-trial-high-error-rate", None),
    ],
)
def test_what_lambda_could_not_send_on_is_counted(
    world: World, metrics: Any, name: str, counted: float | None
) -> None:
    lost(world, name, 2)
    world.round()
    assert metrics().get("Unsent") == counted


@pytest.mark.parametrize(
    ("time", "expected"),
    [("01:00:00", 1), ("01:34:59", 1), ("01:35:00", 0), ("01:29:00", 0), ("soon", 1)],
)
def test_they_are_counted_once_in_half_an_hour(time: str, expected: int) -> None:
    assert due({"time": f"2026-02-04T{time}Z"}) == expected


def test_where_it_cannot_be_counted_on_call_is_notified(world: World) -> None:
    denied = Denied("cloudwatch", "ListMetrics", "AccessDenied")

    def refuse(**_: Any) -> Json:
        raise denied

    world.aws.answer("cloudwatch", "list_metrics", refuse)
    world.round()
    (messages,) = world.messages
    assert piece("watchdog.unsent") in str(messages)


def test_a_closed_incident_is_not_watched(world: World, metrics: Any) -> None:
    head = world.reported(looks=300)
    incident = world.store.find(head.incident)
    assert incident is not None
    assert world.store.close(incident)
    world.round()
    assert (world.messages, world.started) == ([], [])
    assert metrics()["OpenIncidents"] == 0


def test_what_is_not_closed_is_watched_whatever_its_age(world: World) -> None:
    world.reported(minutes=30 * 24 * 60, looks=300)
    world.round()
    assert len(world.started) == 1


# --- bringing back ---------------------------------------------------------------------------------------


def test_a_silent_follow_up_is_brought_back_in_the_next_generation_and_reported(world: World) -> None:
    head = world.reported(looks=30, severity=Severity.MEDIUM)
    world.round()
    assert world.generation(head.incident) == 2
    (call,) = world.aws.lambdas.invocations
    assert call == {
        "FunctionName": FOLLOW_UP,
        "InvocationType": "Event",
        "DurableExecutionName": f"{head.incident}-g2",
        "Payload": json.dumps({"incident": head.incident}).encode(),
    }
    (messages,) = world.messages
    assert (messages["kind"], messages["level"], messages["severity"]) == ("watchdog", 1, "medium")
    assert (messages["incident"], messages["alarm"], messages["slug"]) == (
        head.incident,
        head.alarm,
        head.slug,
    )
    assert (messages["outcomes"], messages["steps"]) == ([], [])
    assert messages["since"] == "2026-02-04T09:25:00Z"
    assert f"{head.incident}-g2" in world.mail


def test_the_new_execution_gets_ten_minutes_and_ten_more_for_its_first_look(world: World) -> None:
    head = world.reported(looks=30)
    world.round()
    for _ in range(4):
        world.aws.tick(minutes=5)
        world.round()
    assert world.started == [f"{head.incident}-g2"]
    world.aws.tick(minutes=5)
    world.round()
    assert world.started == [f"{head.incident}-g2", f"{head.incident}-g3"]


def test_a_follow_up_that_wakes_up_late_finds_itself_replaced(world: World) -> None:
    head = world.reported(looks=30)
    world.round()
    assert not world.looks_at(head)


def test_a_follow_up_that_looks_just_before_the_restart_is_replaced_by_exactly_one(world: World) -> None:
    head = world.reported(looks=30)
    world.aws.between("lambda", "invoke", lambda: world.looks_at(head))
    world.round()
    assert world.started == [f"{head.incident}-g2"]
    assert not world.looks_at(head)


def test_where_another_person_brought_it_back_first_nothing_is_started_or_reported(world: World) -> None:
    head = world.reported(looks=30)
    later = world.aws.now
    world.aws.between("dynamodb", "update_item", lambda: world.store.next_generation(head, later))
    world.round()
    assert (world.started, world.messages) == ([], [])
    world.aws.tick(minutes=5)
    world.round()
    assert (world.started, world.messages) == ([], [])


def test_the_fourth_restart_within_two_hours_is_a_persons_affair(world: World) -> None:
    head = world.reported(looks=30)
    for _ in range(20):
        world.round()
        world.aws.tick(minutes=5)
    assert world.started == [f"{head.incident}-g{number}" for number in (2, 3, 4)]
    causes = [messages["cause"]["key"] for messages in world.messages]
    assert causes == ["cause.watchdog_silent"] * 3 + ["cause.watchdog_dying"]
    assert "/aws/lambda/responder-follow-up" in world.mail


def test_a_follow_up_that_cannot_be_started_is_tried_each_round_and_reported_each_hour(world: World) -> None:
    head = world.reported(looks=30)
    world.aws.fail("lambda", "invoke", Denied, times=6)
    for _ in range(6):
        world.round()
        world.aws.tick(minutes=5)
    assert len(world.messages) == 1
    assert "lambda:Invoke" in world.mail
    assert world.messages[0]["steps"]
    world.round()
    assert world.started == [f"{head.incident}-g2"]
    assert world.generation(head.incident) == 2
    assert len(world.messages) == 2
    assert "restarted" in world.messages[-1]["headline"]


def test_without_a_follow_up_nothing_is_reported_to_be_restarted(world: World) -> None:
    head = world.reported(looks=30)
    world.settings = replace(SETTINGS, follow_up="")
    world.round()
    assert world.generation(head.incident) == 1
    assert world.messages[0]["steps"]


# --- reporting ---------------------------------------------------------------------------------------------


def test_an_incident_whose_response_died_is_reported_and_nothing_is_started(world: World) -> None:
    incident = world.opened(minutes=6)
    world.round()
    assert world.started == []
    assert world.messages[0]["cause"]["key"] == "cause.watchdog_headless"
    assert world.messages[0]["severity"] == "high"
    assert f"--alarm-names {incident.alarm}" in world.mail


def test_everything_of_a_round_is_one_message_and_lowered_security_comes_first(world: World) -> None:
    silent = world.reported("FaceAuth-One", looks=30)
    world.opened("FaceAuth-Two", minutes=20)
    world.holds(silent.incident, until=30)
    world.holds("gone-20260204T092500Z", remedy="rollout_to_zero", scope="liveness-rollout")
    world.round()
    (messages,) = world.messages
    assert sorted(world.said) == [
        "cause.watchdog_headless",
        "cause.watchdog_orphan",
        "cause.watchdog_overdue",
        "cause.watchdog_silent",
    ]
    assert messages["cause"] == messages["cause"] | {"key": "cause.watchdog_many", "values": {"count": 4}}
    assert messages["security_lowered_by"] == "rollout_to_zero"
    assert world.mail.startswith("[SECURITY LOWERED]")
    assert (messages["alarm"], messages["slug"]) == ("responder-watchdog", "watchdog")
    # Both changes are reverted by one step, each with its own command.
    assert len(messages["steps"]) == 2


def test_the_first_line_says_what_was_restarted_and_where_a_person_has_steps(world: World) -> None:
    world.reported(looks=30)
    world.round()
    assert piece("watchdog.restarted_only") in world.mail.splitlines()[0]
    world.opened("FaceAuth-Two", minutes=20)
    world.round()
    assert "Next steps" in world.mail.splitlines()[0]


def test_the_same_trouble_is_reported_again_after_an_hour_not_before(world: World) -> None:
    world.opened(minutes=6)
    for _ in range(12):
        world.round()
        world.aws.tick(minutes=5)
    assert len(world.messages) == 1
    world.round()
    assert len(world.messages) == 2
    assert world.messages[0]["id"] != world.messages[1]["id"]


def test_a_new_trouble_does_not_wait_for_the_hour_of_another(world: World) -> None:
    world.opened("FaceAuth-One", minutes=6)
    world.round()
    world.opened("FaceAuth-Two", minutes=6)
    world.round()
    assert [messages["alarm"] for messages in world.messages] == ["FaceAuth-One", "FaceAuth-Two"]


@pytest.mark.parametrize(("decision", "count"), [("approve", 1), ("reject", 0)])
def test_an_approval_that_no_one_carried_out_is_notified(world: World, decision: str, count: int) -> None:
    head = world.reported(looks=-1)
    asked = world.asks(head.incident)
    world.approves(asked, decision=decision)
    world.round()
    assert len(world.messages) == count
    assert not count or world.said == ["cause.watchdog_approved"]


def test_an_approval_that_was_carried_out_is_not_reported(world: World) -> None:
    head = world.reported(looks=-1)
    asked = world.asks(head.incident)
    world.approves(asked)
    world.store.spend(head.incident, asked.id, world.ago(5))
    world.round()
    assert world.messages == []


# --- what cannot be read or written ----------------------------------------------------------------------


@pytest.mark.parametrize("part", ["ALARMS", "STACK"])
def test_a_blind_round_is_reported_once_an_hour_and_gives_no_heartbeat(
    world: World, metrics: Any, part: str
) -> None:
    world.reported(looks=-1)
    denied(world, part)
    for _ in range(3):
        world.round()
        world.aws.tick(minutes=5)
    assert metrics() == {}
    assert [messages["cause"]["key"] for messages in world.messages] == ["cause.watchdog_unread"]
    assert "dynamodb:Query" in world.mail


def test_a_settings_document_that_cannot_be_used_is_reported_once_a_day(world: World) -> None:
    """Each incident says it in its own messages."""
    world.aws.ssm.parameters["/responder/settings"] = '{"soak_minute": 1}'
    for _ in range(4):
        world.round()
        world.aws.tick(minutes=61)
    assert [each["answered"] for each in world.messages] == [False]
    assert "soak_minute" in world.mail
    # Nothing is wrong with rights or tables.
    assert "liveness-ops settings show" in world.mail
    assert "aws logs tail" not in world.mail
    world.aws.tick(hours=22)
    world.round()
    assert len(world.messages) == 2


def test_whether_security_is_lowered_is_not_left_open_in_silence(world: World) -> None:
    denied(world, "STACK")
    world.round()
    assert [each["key"] for each in world.messages[0]["warnings"]] == ["watchdog.leases_unread"]


def test_a_table_that_is_gone_is_reported_every_round_and_gives_no_heartbeat(
    world: World, metrics: Any
) -> None:
    for operation in ("query", "get_item", "put_item", "update_item"):
        world.aws.fail("dynamodb", operation, Unreachable, times=1000)
    world.round()
    world.aws.tick(minutes=5)
    world.round()
    assert len(world.messages) == 2
    assert metrics() == {}


def test_one_broken_incident_hides_no_other(world: World, metrics: Any) -> None:
    world.breaks("ALARMS", "faceauth-broken")
    world.breaks("STACK", "LEASE#broken")
    first, second = world.reported("FaceAuth-One", looks=30), world.reported("FaceAuth-Two", looks=30)
    world.breaks(f"INCIDENT#{first.incident}", "HEAD")
    world.breaks(f"INCIDENT#{second.incident}", "PROPOSAL#broken")
    world.round()
    assert world.started == [f"{second.incident}-g2"]
    assert world.said.count("cause.watchdog_unread") == 4
    assert metrics()["OpenIncidents"] == 2


@pytest.mark.parametrize(
    "note",
    [
        {},
        {"reported": True},
        {"at": "2026-02-04T10:25:00.000000+00:00"},
        {"reported": "yes", "at": "2026-02-04T10:25:00.000000+00:00"},
        {"reported": True, "at": 7},
        {"reported": True, "at": "2126-02-04T10:25:00.000000+00:00"},
        {"reported": False, "at": "soon"},
    ],
)
def test_a_broken_note_of_an_earlier_round_silences_no_trouble(world: World, note: Json) -> None:
    incident = world.opened(minutes=6)
    row = {"pk": "WATCHDOG", "sk": f"headless#{incident.id}", **note}
    world.aws.dynamo.put_item(TableName=TABLE, Item=to_item(row))
    world.round()
    assert "cause.watchdog_headless" in world.said_of_all


def test_where_no_head_can_be_read_there_is_no_heartbeat(world: World, metrics: Any) -> None:
    world.reported(looks=-1)
    world.aws.fail("dynamodb", "get_item", Throttled, times=99)
    world.round()
    assert metrics() == {}
    assert world.said == ["cause.watchdog_unread"]


def test_an_approval_that_cannot_be_read_is_reported(world: World) -> None:
    head = world.reported(looks=-1)
    world.asks(head.incident)
    denied(world, "0123456789abcdef")
    world.round()
    assert world.said == ["cause.watchdog_unread"]


def test_without_its_memory_the_watchdog_still_restarts_and_reports(world: World) -> None:
    head = world.reported("FaceAuth-One", looks=30)
    world.opened("FaceAuth-Two", minutes=20)
    world.aws.fail("dynamodb", "put_item", Denied, times=1000)
    denied(world, "WATCHDOG")
    world.round()
    assert world.started == [f"{head.incident}-g2"]
    assert len(world.said) == 3
    (warning,) = [each for each in world.messages[-1]["warnings"] if each["key"] == "watchdog.not_noted"]
    assert warning["values"]["detail"]["values"] == {"action": "dynamodb:PutItem"}


def test_where_no_message_could_be_sent_the_round_fails_and_the_next_one_reports(
    world: World, metrics: Any
) -> None:
    world.opened(minutes=6)
    world.aws.fail("sns", "publish", Unreachable)
    with pytest.raises(Unreachable):
        world.round()
    assert metrics() == {}
    world.aws.tick(minutes=5)
    world.round()
    assert len(world.messages) == 1


# --- with the real response, and the rights --------------------------------------------------------------


def test_what_a_real_response_left_behind_is_brought_back() -> None:
    scene = Scene().faults(15)
    scene.environment |= {"FOLLOW_UP": FOLLOW_UP}
    scene.alarm()
    world = World.__new__(World)
    world.aws, world.settings = scene.aws, SETTINGS
    scene.aws.tick(minutes=9)
    world.round()
    assert len(world.started) == 1
    scene.aws.tick(minutes=2)
    world.round()
    assert [name[-2:] for name in world.started] == ["g1", "g2"]
    assert scene.mail.startswith("[SECURITY LOWERED]")


def test_the_watchdog_can_change_nothing_of_the_service(world: World) -> None:
    world.reported("FaceAuth-One", looks=30)
    asked = world.asks(world.reported("FaceAuth-Two", looks=-1).incident)
    world.approves(asked)
    world.stops("over", world.ago(61))
    world.aws.now = world.aws.now.replace(minute=0) + timedelta(hours=1)
    lost(world, "responder-high-error-rate", 1)
    first = len(world.aws.calls)
    world.round()
    operations = {
        f"{service}:{operation.title().replace('_', '')}" for service, operation, _ in world.aws.calls[first:]
    }
    needed = {need.action.replace("InvokeFunction", "Invoke") for need in watchdog.needs}
    # Only where the settings document cannot be used.
    assert operations == needed - {"ssm:GetParameterHistory"}


def test_every_row_of_its_memory_expires(world: World) -> None:
    world.opened(minutes=6)
    world.round()
    rows = [row for row in world.aws.dynamo.rows(TABLE) if row["pk"] == {"S": "WATCHDOG"}]
    assert len(rows) == 1
    assert all(int(row["expires"]["N"]) > world.aws.now.timestamp() for row in rows)


def test_a_message_about_an_incident_whose_alarm_was_deleted_reports_it(world: World) -> None:
    head = world.reported(looks=30)
    assert head.next_look is not None
    assert world.store.remember(head, FollowUpMemory(gone=world.ago(60)), head.next_look)
    world.round()
    (messages,) = world.messages
    assert messages["alarm_absent"]["over"] is False
    assert piece("absence.lasts") in messages["headline"]
    assert piece("watchdog.restarted_only") in messages["headline"]
    assert "Follow-up restarted automatically" in world.aws.sns.published[0]["Subject"]
