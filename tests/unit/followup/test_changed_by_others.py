"""What a person or a deployment has changed is no longer in force: reported once, and no obstacle."""

import json

import pytest

from responder.core.errors import AwsError, Denied, Throttled
from responder.core.plain_data import Json
from responder.core.text import Strings
from tests.texts import piece
from tests.unit.followup.scenes import TABLE, beside, broken, cold, table
from tests.unit.followup.simulation import IncidentSimulation
from tests.unit.remedies.world import FOUR, ROLLOUT, percentages
from tests.unit.respond.scene import RESULT

WARM = (RESULT, "live")
DEPLOYMENT = "cdk-cfn-exec-role/AWSCloudFormation"


def switched_off(recovers: float = 12) -> IncidentSimulation:
    """Turned off immediately for all users."""
    simulation = IncidentSimulation(broken())
    return simulation.at(recovers, simulation.recovers)


def sets(simulation: IncidentSimulation, value: str, *names: str) -> None:
    """A deployment, and CloudTrail's events of it."""
    for name in names or FOUR:
        simulation.scene.aws.lambdas.person_sets(name, **{ROLLOUT: value})
    recorded(simulation, "UpdateFunctionConfiguration20150331v2", "functionName", names or FOUR)


def recorded(simulation: IncidentSimulation, operation: str, parameter: str, names: Strings) -> None:
    source = "dynamodb.amazonaws.com" if parameter == "tableName" else "lambda.amazonaws.com"
    role, session = DEPLOYMENT.split("/")
    events = [
        {
            "EventName": operation,
            "EventSource": source,
            "EventTime": simulation.scene.aws.now,
            "CloudTrailEvent": json.dumps(
                {
                    "userIdentity": {"arn": f"arn:aws:sts::123456789012:assumed-role/{role}/{session}"},
                    "requestParameters": {parameter: name},
                }
            ),
        }
        for name in names
    ]
    simulation.scene.aws.answer("cloudtrail", "lookup_events", {"Events": events})


def open_leases(simulation: IncidentSimulation) -> list[Json]:
    return [each for each in simulation.scene.leases() if each["state"] not in ("ended", "failed")]


def lowered(body: Json) -> bool:
    return "[SECURITY LOWERED]" in body["headlines"]["en"]


# --- the deployment that README describes ----------------------------------------------------------


def test_a_deployment_that_restores_it_is_reported_once_with_who_and_when_and_the_incident_closes() -> None:
    simulation = switched_off()
    simulation.scene.traffic(0, 300)
    simulation.at(30, lambda: sets(simulation, "100")).play(200)
    (minute,) = simulation.named("progress changed")
    assert 80 <= minute <= 84
    said = simulation.message("progress changed")["headlines"]["en"]
    assert DEPLOYMENT in said
    assert "10:55" in said
    assert "is now 100" in said
    assert simulation.closed
    assert set(simulation.scene.percentages()) == {"100"}
    after = [each.body for each in simulation.messages if each.minute >= minute]
    assert not any(map(lowered, after))


def test_no_question_shows_a_value_that_is_not_set() -> None:
    simulation = switched_off()
    simulation.at(15, lambda: sets(simulation, "100")).play(60)
    assert simulation.named("command asked") == []
    assert open_leases(simulation) == []


@pytest.fixture
def simulation() -> IncidentSimulation:
    return IncidentSimulation(broken())


def test_a_reminder_and_an_escalation_say_what_is_so(simulation: IncidentSimulation) -> None:
    simulation.at(20, lambda: sets(simulation, "100")).play(70)
    assert simulation.named("reminder remind") == []
    assert len(simulation.named("progress changed")) == 1
    escalated = simulation.message("escalation 2")
    assert simulation.named("escalation 2") == [30]
    assert not lowered(escalated)


def test_it_is_not_called_ineffective_where_others_undid_it(simulation: IncidentSimulation) -> None:
    simulation.at(10, lambda: sets(simulation, "100")).play(40)
    assert simulation.named("progress ineffective") == []


def test_while_the_alarm_lasts_it_is_asked_for_again_and_not_done_again(
    simulation: IncidentSimulation,
) -> None:
    simulation.at(20, lambda: sets(simulation, "100")).play(40)
    assert simulation.scene.aws.count("lambda", "update_function_configuration") == 4
    assert set(simulation.scene.percentages()) == {"100"}


def test_the_closing_message_compares_with_the_values_before_the_incident() -> None:
    simulation = switched_off()
    simulation.scene.traffic(0, 300)
    simulation.at(30, lambda: sets(simulation, "25")).play(200)
    assert simulation.closed
    said = simulation.message("closed close")["headlines"]["en"]
    assert f"{ROLLOUT} 50 → 25" in said
    assert piece("must.no_work") not in said


# --- half of it -----------------------------------------------------------------------------------


def test_half_changed_is_reported_target_by_target_and_the_question_is_about_the_rest() -> None:
    simulation = switched_off()
    simulation.at(15, lambda: sets(simulation, "100", *FOUR[:2])).at(24, simulation.approves).play(30)
    said = simulation.message("progress changed")["headlines"]["en"]
    assert all(name in said for name in FOUR)
    assert piece("followup.changed_left") in said
    asked = simulation.message("command asked")["outcomes"][0]["changes"]
    assert [(each["target"], each["before"], each["after"]) for each in asked] == [
        (name, "0", "10") for name in FOUR[2:]
    ]
    assert simulation.scene.percentages() == ["100", "100", "10", "10"]
    assert lowered(simulation.message("command stepped"))


def test_half_changed_through_the_aliases_leaves_the_revert_of_the_rest_open() -> None:
    simulation = switched_off()
    lambdas = simulation.scene.aws.lambdas
    for name in FOUR:
        lambdas.release(name, "live")

    def deploys() -> None:
        sets(simulation, "100", *FOUR[:2])
        for name in FOUR[:2]:
            lambdas.release(name, "live")

    simulation.at(15, deploys).at(24, simulation.approves).play(30)
    assert percentages(simulation.scene.aws, "live") == ["100", "100", "10", "10"]
    message = simulation.message("command stepped")["outcomes"][0]["changes"]
    assert {each["target"] for each in message} == set(FOUR[2:])


def test_what_others_set_to_the_very_step_stays_theirs() -> None:
    simulation = switched_off()
    simulation.at(15, lambda: sets(simulation, "10", *FOUR[:2])).at(24, simulation.approves)
    simulation.play(28)
    (lease,) = open_leases(simulation)
    assert [each["status"] for each in lease["changes"]] == ["kept", "kept", "applied", "applied"]


# --- the next fault ---------------------------------------------------------------------------------


def test_the_next_fault_is_mitigated_automatically_after_a_stale_lease() -> None:
    first = IncidentSimulation(broken())
    first.at(12, first.recovers).at(30, lambda: sets(first, "100")).play(45)
    assert len(open_leases(first)) == 1
    other = beside(first.scene)
    other.faults(15)
    other.deliver(other.event("ALARM", other.aws.now))
    assert set(other.percentages()) == {"0"}
    message = other.reported[-1]
    assert message["outcomes"][0]["result"] == "applied"
    first.knows(other)
    first.follow(until=70)
    assert len(first.named("progress changed")) == 1


def test_the_next_fault_of_the_same_alarm_is_another_incident_and_mitigated() -> None:
    simulation = switched_off()
    simulation.at(30, lambda: sets(simulation, "100")).play(45)
    before = simulation.incident
    simulation.scene.faults(15)
    simulation.becomes("ALARM")
    assert simulation.incident != before
    assert set(simulation.scene.percentages()) == {"0"}


def test_what_was_undone_during_a_fault_is_asked_by_the_other_alarm_of_that_fault() -> None:
    first = IncidentSimulation(broken())
    other = beside(first.scene)
    first.at(1, lambda: other.deliver(other.event("ALARM", other.aws.now)))
    first.at(20, lambda: sets(first, "100")).play(22)
    other.aws.tick(minutes=12)
    other.faults(15)
    other.command("re-evaluate")
    assert set(other.percentages()) == {"100"}


# --- every remedy that has a lease -----------------------------------------------------------------


def test_provisioned_concurrency_that_a_person_removed_ends() -> None:
    simulation = IncidentSimulation(cold())
    simulation.scene.traffic(0, 300)
    simulation.at(30, simulation.scene.aws.lambdas.provisioned.clear).at(12, simulation.recovers)
    simulation.play(60 * 3)
    assert simulation.closed
    assert open_leases(simulation) == []


def test_a_table_that_a_person_switched_back_is_not_asked_about() -> None:
    simulation = IncidentSimulation(table())
    simulation.scene.traffic(0, 400)

    def provisioned() -> None:
        units = {"ReadCapacityUnits": 10, "WriteCapacityUnits": 20}
        index = {"IndexName": "EmployeeIdIndex", "ProvisionedThroughput": units}
        simulation.scene.aws.dynamo.update_table(
            TableName=TABLE,
            BillingMode="PROVISIONED",
            ProvisionedThroughput=units,
            GlobalSecondaryIndexUpdates=[{"Update": index}],
        )
        recorded(simulation, "UpdateTable", "tableName", (TABLE,))

    simulation.at(12, simulation.recovers).at(40, provisioned).play(130)
    assert simulation.named("command asked") == []
    assert len(simulation.named("progress changed")) == 1
    assert simulation.closed


def test_a_function_that_was_deleted_no_longer_holds_anything() -> None:
    simulation = switched_off()
    simulation.at(15, lambda: [simulation.scene.aws.lambdas.functions.pop(name) for name in FOUR]).play(60)
    assert open_leases(simulation) == []
    assert "is now deleted" in simulation.message("progress changed")["headlines"]["en"]


# --- a look that fails ----------------------------------------------------------------------------


@pytest.mark.parametrize("error", [Denied, Throttled])
def test_a_look_that_fails_proves_nothing_and_is_reported(
    simulation: IncidentSimulation, error: type[AwsError]
) -> None:
    simulation.at(
        40, lambda: simulation.scene.aws.fail("lambda", "get_function_configuration", error, times=999)
    )
    simulation.play(62)
    assert len(open_leases(simulation)) == 1
    assert simulation.named("progress changed") == []
    message = simulation.message("escalation 3")
    assert lowered(message)
    (lease,) = message["leases"]
    assert lease["unread"]["key"].startswith("evidence.failed.")
    assert lease["seen"][11:16] < "11:05"


def test_a_function_that_does_not_answer_holds_no_escalation_back(simulation: IncidentSimulation) -> None:
    simulation.at(25, lambda: setattr(simulation, "alarm_function_down", True)).play(62)
    assert simulation.named("escalation 2") == [30]
    assert simulation.named("escalation 3") == [60]
    (lease,) = simulation.message("escalation 3")["leases"]
    assert lease["seen"][11:16] == "10:45"


def test_one_look_serves_a_message_and_no_more_are_made(simulation: IncidentSimulation) -> None:
    simulation.play(65)
    reported = simulation.named("escalation 2") + simulation.named("escalation 3")
    reported += simulation.named("reminder remind") + simulation.named("progress ineffective")
    assert len(simulation.sent("check-leases")) <= len(reported)
