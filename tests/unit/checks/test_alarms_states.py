"""The state of every alarm, whatever its name begins with, and since when."""

from dataclasses import replace

import pytest

from responder.checks.alarms.states import AlarmStates
from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN
from responder.core.errors import Denied
from responder.core.plain_data import Json
from responder.messages.language import say
from tests.rows import all_rows
from tests.texts import piece
from tests.unit.checks.alarms_world import (
    COMPOSITE,
    CORRECTED,
    DEPLOYED,
    LOG,
    OURS,
    OWN,
    World,
    reported,
    sayable,
    the,
)


@all_rows("name", [*DEPLOYED, *OURS, *OWN, *CORRECTED])
def test_an_alarm_in_alarm_is_red_whichever_it_is(name: str) -> None:
    section = World(DEPLOYED, OWN, OURS, CORRECTED).change(name, StateValue="ALARM").states()
    item = the(section, "in_alarm")
    assert item.light is RED
    assert say(item.said, "en") == f"{name} has been in ALARM since Feb 01 03:30 UTC."
    assert item.link and name in item.link


def test_an_alarm_without_data_is_amber_with_its_time() -> None:
    world = World(DEPLOYED, OWN).change("FaceAuth-Liveness-LowConfidence", StateValue="INSUFFICIENT_DATA")
    section = world.states()
    assert the(section, "no_data").light is AMBER
    assert section.light is AMBER
    sayable(section)


def test_many_alarms_without_data_are_one_finding_that_names_each() -> None:
    world = World(DEPLOYED, OWN)
    for name in DEPLOYED:
        world.change(name, StateValue="INSUFFICIENT_DATA")
    section = world.states()
    item = the(section, "no_data_many")
    assert item.light is AMBER
    assert [say(each, "en").partition(":")[0] for each in item.details] == sorted(DEPLOYED)
    assert item.link and "alarmsV2:" in item.link
    assert len(section.items) == 2
    sayable(section)


def test_none_that_is_ok_is_not_counted_as_something_fine() -> None:
    world = World(DEPLOYED)
    for name in DEPLOYED:
        world.change(name, StateValue="ALARM")
    section = world.states()
    assert {item.light for item in section.items} == {RED}


def test_all_ok_is_green_and_counts_them_with_their_times() -> None:
    section = World(DEPLOYED, OWN).states()
    assert section.light is GREEN
    (item,) = section.items
    count = len({**DEPLOYED, **OWN})
    assert item.numbers == {"ALARM": 0, "OK": count, "INSUFFICIENT_DATA": 0}
    # All of them since the same minute: every name, in fewer lines.
    names = [name for line in item.details for name in str(line.values["alarm"]).split(", ")]
    assert names == sorted({**DEPLOYED, **OWN})
    assert len(item.details) <= count / 4
    sayable(section)


@pytest.mark.parametrize("row", [LOG, COMPOSITE], ids=["log", "composite"])
def test_an_alarm_of_any_type_that_is_raised_is_reported(row: Json) -> None:
    name = "FaceAuth-Liveness-Refused"
    world = World(DEPLOYED, {name: reported({"AlarmName": name}, "ALARM", **row)})
    assert name in say(the(world.states(), "in_alarm").said, "en")


def test_an_account_without_alarms_is_red() -> None:
    section = World().states()
    assert section.light is RED
    sayable(section)


def test_another_stack_on_the_same_account_has_alarms_of_its_own() -> None:
    world = World(DEPLOYED)
    other = "LivenessResponder-Unfollowed-liveness-staging"
    world.alarms[other] = DEPLOYED["FaceAuth-Liveness-LowConfidence"] | {
        "AlarmName": other,
        "StateValue": "ALARM",
    }
    assert world.states().light is GREEN


def test_a_time_that_aws_does_not_return_is_reported_as_unknown() -> None:
    world = World(DEPLOYED).change("FaceAuth-Liveness-LowConfidence", StateValue="ALARM")
    del world.alarms["FaceAuth-Liveness-LowConfidence"]["StateTransitionedTimestamp"]
    assert piece("check.alarms.unknown_time") in say(the(world.states(), "in_alarm").said, "en")


def test_a_refusal_is_unknown_and_names_the_permission() -> None:
    world = World(DEPLOYED)
    world.aws.fail("cloudwatch", "describe_alarms", Denied)
    (item,) = world.states().items
    assert item.light is UNKNOWN
    assert "cloudwatch:DescribeAlarms" in say(item.said, "en")


def test_renamed_alarms_are_no_lack_of_alarms_and_are_reported() -> None:
    world = World(OWN)
    names = {"low-success-rate": "success"}
    row = DEPLOYED["FaceAuth-Liveness-LowSuccessRate"]
    for name in ("success", "success-Corrected"):
        world.alarms[name] = row | {"AlarmName": name, "StateValue": "ALARM"}
    section = AlarmStates(names).run(world.context)
    ringing = {each.said.values["alarm"] for each in section.items if each.light is RED}
    assert ringing == {"success", "success-Corrected"}


def test_alarms_under_another_prefix_of_the_owner_are_notified_too() -> None:
    world = World(DEPLOYED, OWN)
    world.settings = replace(world.settings, alarm_prefix="Prod-")
    world.alarms["Prod-New"] = DEPLOYED["FaceAuth-Liveness-LowConfidence"] | {
        "AlarmName": "Prod-New",
        "StateValue": "ALARM",
    }
    assert the(world.states(), "in_alarm").said.values["alarm"] == "Prod-New"
