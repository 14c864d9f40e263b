"""Auto scaling, alarms and the billing mode of a restored table: as the old one's, and never over others."""

from datetime import datetime, timedelta

import pytest

from responder.core.plain_data import Json
from tests.unit.backups.tables_world import INDEX, NEW, OF_INDEX, RESTORE, TABLE, Tables, about, alarm
from tests.unit.people.terminal import Terminal

SUSPENDED = {"DynamicScalingInSuspended": True}
ON_DEMAND = {"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}


@pytest.fixture
def world(here: Terminal) -> Tables:
    return Tables(here.fake)


def scaling(world: Tables, kind: str) -> list[Json]:
    found: list[Json] = getattr(world.aws.autoscaling, kind)
    return [each for each in found if each["ResourceId"].partition("/index/")[0] == f"table/{NEW}"]


def test_a_suspended_scaling_target_is_restored_as_suspended(here: Terminal, world: Tables) -> None:
    world.aws.autoscaling.targets[0]["SuspendedState"] = SUSPENDED
    here.machine(RESTORE)
    assert scaling(world, "targets")[0]["SuspendedState"] == SUSPENDED


def test_scheduled_actions_come_again_on_table_and_index(here: Terminal, world: Tables) -> None:
    capacity = {"MinCapacity": 20, "MaxCapacity": 90}
    index = f"table/{TABLE}/index/{INDEX}"
    world.aws.autoscaling.targets.append(
        {**OF_INDEX, "ResourceId": index, "MinCapacity": 1, "MaxCapacity": 9}
    )
    world.act("evening", Timezone="Asia/Tokyo", ScalableTargetAction=capacity)
    world.act(f"{TABLE}-index", **OF_INDEX, ResourceId=index)
    world.act("other", ResourceId=f"table/{TABLE}-other")
    here.machine(RESTORE)
    evening, of_index = scaling(world, "actions")
    assert (evening["ScheduledActionName"], evening["Timezone"]) == ("evening", "Asia/Tokyo")
    assert (evening["Schedule"], evening["ScalableTargetAction"]) == ("cron(0 18 * * ? *)", capacity)
    assert (of_index["ResourceId"], of_index["ScheduledActionName"]) == (
        f"table/{NEW}/index/{INDEX}", f"{NEW}-index",
    )  # fmt: skip


def test_a_schedule_that_is_over_is_not_put_and_a_beginning_that_is_past_is_left_out(
    here: Terminal, world: Tables
) -> None:
    now: datetime = here.fake.now
    day = timedelta(days=1)
    world.act("ended", EndTime=now)
    world.act("once", Schedule=f"at({now - day:%Y-%m-%dT%H:%M:%S})")
    world.act("tonight", Schedule=f"at({now + day:%Y-%m-%dT%H:%M:%S})")
    # 19:30 in Tokyo is five minutes away, 19:20 was five minutes ago.
    world.act("soon", Schedule="at(2026-02-04T19:30:00)", Timezone="Asia/Tokyo")
    world.act("just", Schedule="at(2026-02-04T19:20:00)", Timezone="Asia/Tokyo")
    world.act("running", StartTime=now - day, EndTime=now + day)
    world.act("waiting", StartTime=now + day)
    here.machine(RESTORE)
    found = {each["ScheduledActionName"]: each for each in scaling(world, "actions")}
    assert set(found) == {"tonight", "soon", "running", "waiting"}
    assert "StartTime" not in found["running"]
    assert found["running"]["EndTime"] == now + day
    assert found["waiting"]["StartTime"] == now + day


def test_an_index_that_the_backup_has_not_gets_no_scaling_and_is_said(here: Terminal, world: Tables) -> None:
    for name in (INDEX, "Later"):
        resource = f"table/{TABLE}/index/{name}"
        world.aws.autoscaling.targets.append(
            {**OF_INDEX, "ResourceId": resource, "MinCapacity": 1, "MaxCapacity": 9}
        )
    done = here.run(RESTORE)
    assert done.exit_code == 0
    assert {each["ResourceId"] for each in scaling(world, "targets")} == {
        f"table/{NEW}", f"table/{NEW}/index/{INDEX}",
    }  # fmt: skip
    assert "auto scaling for them: Later" in done.output


def test_a_name_that_becomes_too_long_is_cut(here: Terminal, world: Tables) -> None:
    long = "n" * 255
    here.machine(f"restore-table --to {long} --yes")
    (policy,) = [e for e in world.aws.autoscaling.policies if e["ResourceId"] == f"table/{long}"]
    assert len(policy["PolicyName"]) <= 256
    assert len(max((each["AlarmName"] for each in world.alarms), key=len)) <= 255


@pytest.mark.parametrize("length", [2, 256])
def test_a_name_that_no_table_can_have_is_refused(here: Terminal, world: Tables, length: int) -> None:
    assert here.machine(f"restore-table --to {'n' * length} --yes")["error"] == "ops.table_name"
    # What the function is reported, and the settings document; nothing of the table.
    assert {service for service, *_ in here.fake.calls[-2:]} <= {"lambda", "ssm"}


# --- billing ---------------------------------------------------------------------------------------


def test_what_is_on_demand_today_comes_back_on_demand(here: Terminal, world: Tables) -> None:
    """The capacity at the time of the backup is what the table was throttled at."""
    world.tables[TABLE].update(ON_DEMAND)
    done = here.run(RESTORE)
    assert done.exit_code == 0
    (sent,) = here.fake.sent("dynamodb", "restore_table_from_backup")
    assert sent["BillingModeOverride"] == "PAY_PER_REQUEST"
    assert scaling(world, "targets") == scaling(world, "policies") == []
    assert f"{NEW} is on demand" in done.output


def test_a_backup_of_on_demand_stays_so_and_what_is_left_is_reported(here: Terminal, world: Tables) -> None:
    world.billing = "PAY_PER_REQUEST"
    done = here.run(RESTORE)
    assert done.exit_code == 0
    (sent,) = here.fake.sent("dynamodb", "restore_table_from_backup")
    assert "BillingModeOverride" not in sent
    assert scaling(world, "targets") == []
    assert f"{NEW} is on demand" in done.output


def test_where_both_are_on_demand_nothing_is_reported_of_capacity(here: Terminal, world: Tables) -> None:
    world.tables[TABLE].update(ON_DEMAND)
    world.billing = "PAY_PER_REQUEST"
    world.aws.autoscaling.targets = []
    world.aws.autoscaling.policies = []
    assert "on demand" not in here.run(f"restore-table --to {NEW}").output


# --- alarms ----------------------------------------------------------------------------------------


def test_alarms_come_again_for_the_new_table_and_the_old_ones_stay(here: Terminal, world: Tables) -> None:
    before = list(world.alarms)
    here.machine(RESTORE)
    assert world.alarms[: len(before)] == before
    made = {each["AlarmName"]: each for each in world.alarms[len(before) :]}
    assert set(made) == {f"Throttles-{NEW}", f"{NEW}-Math"}
    one = made[f"Throttles-{NEW}"]
    assert (one["Dimensions"], one["Threshold"], one["ActionsEnabled"]) == (about(NEW), 0.0, False)
    assert one["AlarmActions"] == ["arn:aws:sns:us-east-1:1:ops"]
    math = made[f"{NEW}-Math"]["Metrics"]
    assert math[0]["MetricStat"]["Metric"]["Dimensions"] == about(NEW)
    assert math[1]["Expression"] == "a * 2"


def test_an_alarm_that_exists_is_not_written_over_but_named(here: Terminal, world: Tables) -> None:
    mine = alarm(f"Throttles-{NEW}", "Another", Threshold=7.0)
    world.alarms.append(mine)
    done = here.run(RESTORE)
    assert done.exit_code == 0
    assert mine in world.alarms
    assert "cannot be created automatically: Throttles" in done.output


def test_two_alarms_never_become_one(here: Terminal, world: Tables) -> None:
    world.alarms = [alarm("Throttles", TABLE), alarm(f"Throttles-{TABLE}", TABLE, Threshold=2.0)]
    answer = here.machine(RESTORE)
    assert answer["alarms"] == [f"Throttles-{TABLE}"]
    assert [each["Threshold"] for each in world.alarms if each["Dimensions"] == about(NEW)] == [0.0]


@pytest.mark.parametrize("more", [{}, {"ScheduledQueryConfiguration": {}}], ids=["metric", "log"])
def test_an_alarm_that_a_person_makes_meanwhile_stays(here: Terminal, world: Tables, more: Json) -> None:
    mine = {**alarm(f"Throttles-{NEW}", "Another"), **more}
    here.fake.between("dynamodb", "tag_resource", lambda: world.alarms.append(mine))
    assert here.refused(RESTORE) == (7, "ops.alarm_exists")
    assert mine in world.alarms


def test_an_expression_that_names_the_table_is_left_to_a_person(here: Terminal, world: Tables) -> None:
    query = f"SELECT SUM(ReadThrottleEvents) FROM \"AWS/DynamoDB\" WHERE TableName = '{TABLE}'"
    world.alarms = [{"AlarmName": "Query", "Metrics": [{"Id": "q", "Expression": query}]}]
    assert here.machine(f"restore-table --to {NEW}")["alarms"] == ["Query"]


def test_a_table_that_takes_its_own_name_again_has_its_alarms_and_rights(
    here: Terminal, world: Tables
) -> None:
    world.lose(TABLE)
    done = here.run(f"restore-table --to {TABLE} --yes")
    assert done.exit_code == 0
    assert here.fake.count("cloudwatch", "put_metric_alarm") == 0
    assert "point the functions" not in done.output
