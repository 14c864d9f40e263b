"""The alarm audit finds what is wrong with FaceAuth's alarms as deployed, exactly, and what people change."""

import pytest

from responder.check import Light
from responder.errors import Denied
from tests.unit.checks.alarms_world import (
    CORRECTED,
    DEPLOYED,
    LAST_RESORT,
    OURS,
    OWN,
    TOPIC,
    World,
    faults,
    sayable,
    subscription,
    the,
)

pytestmark = pytest.mark.unit

L, C, G = "FaceAuth-Liveness-", "FaceAuth-CreateLivenessSession-", "FaceAuth-GetLivenessResult-"
BROKEN = {
    (f"{L}LowSuccessRate", "never"),
    (f"{L}SlowVerification", "never"),
    (f"{L}HighErrorRate", "hardly"),
    (f"{C}Timeouts", "hardly"),
    (f"{G}Timeouts", "hardly"),
}
UNWATCHED = {
    (f"{L}SlowSessionCreation", "missing"),
    ("FaceAuth-LivenessSessions-Throttles", "missing"),
    (f"{C}Throttles", "missing"),
    (f"{G}Throttles", "missing"),
    ("FaceAuth-Images-AccessDenied", "missing"),
}


def corrected_world() -> World:
    return World(DEPLOYED, OWN, OURS, CORRECTED)


def test_of_the_alarms_as_deployed_exactly_the_known_faults_are_found() -> None:
    section = World(DEPLOYED, OWN).audit()
    assert faults(section) == BROKEN | UNWATCHED
    assert the(section, "extra").said.values["alarm"] == f"{L}SessionCreationErrors"
    sayable(section)


def test_without_this_stack_nobody_hears_any_of_the_nine() -> None:
    world = World(DEPLOYED, OWN, listening=False)
    assert faults(world.audit()) == BROKEN | UNWATCHED | {(name, "unheard") for name in DEPLOYED}


def test_on_a_corrected_system_nothing_is_wrong() -> None:
    section = corrected_world().audit()
    assert faults(section) == set()
    assert section.light is Light.GREEN
    assert sum(item.said.key == "check.alarms.corrected" for item in section.items) == len(BROKEN)
    sayable(section)


def test_what_cannot_go_off_is_not_counted_among_what_is_fine() -> None:
    fine = str(the(corrected_world().audit(), "as_expected").said.values["names"])
    assert f"{L}LowConfidence" in fine
    assert f"{L}LowSuccessRate-Corrected" in fine
    assert f"{L}LowSuccessRate," not in fine


def test_an_account_without_alarms_lacks_every_one_of_them() -> None:
    section = World().audit()
    missing = {name for name, kind in faults(section) if kind == "missing"}
    assert missing == {*DEPLOYED, *OURS, *OWN}
    assert section.light is Light.RED


def test_an_alarm_given_the_corrected_condition_by_hand_is_mended() -> None:
    better = dict(CORRECTED[f"{L}LowSuccessRate-Corrected"])
    name = f"{L}LowSuccessRate"
    world = corrected_world()
    world.alarms[name] = better | {"AlarmName": name, "AlarmArn": DEPLOYED[name]["AlarmArn"]}
    del world.alarms[f"{name}-Corrected"]
    assert faults(world.audit()) == set()


@pytest.mark.parametrize(
    ("field", "value", "differs"),
    [
        ("Threshold", 80.0, "threshold"),
        ("Statistic", "Minimum", "statistic"),
        ("Period", 60, "period"),
        ("EvaluationPeriods", 5, "datapoints"),
        ("DatapointsToAlarm", 1, "datapoints"),
        ("ComparisonOperator", "LessThanOrEqualToThreshold", "comparison"),
        ("MetricName", "Confidence", "metric"),
        ("Dimensions", [{"Name": "Status", "Value": "SUCCESS"}], "dimensions"),
        ("TreatMissingData", "breaching", "missing"),
    ],
)
def test_each_change_of_an_alarm_is_named(field: str, value: object, differs: str) -> None:
    section = corrected_world().change(f"{L}LowConfidence", **{field: value}).audit()
    details = the(section, "drifted").details
    assert f"check.alarms.field.{differs}" in [each.values["field"].key for each in details]  # type: ignore[union-attr]


def test_a_metric_that_nobody_puts_can_never_set_an_alarm_off() -> None:
    section = corrected_world().change(f"{L}LowConfidence", MetricName="Confidence").audit()
    assert (f"{L}LowConfidence", "never") in faults(section)


def test_a_changed_alarm_of_ours_is_found_its_parameters_are_not() -> None:
    world = corrected_world()
    rate = world.alarms[f"{L}HighErrorRate-Corrected"]
    rate["Threshold"] = 2.0
    rate["Metrics"][0]["Expression"] = rate["Metrics"][0]["Expression"].replace("20", "50")
    assert faults(world.audit()) == set()
    rate["Metrics"] = [
        each | {"Expression": "0 * asked"} if each["Id"] == "rate" else each for each in rate["Metrics"]
    ]
    assert faults(world.audit()) == {(f"{L}HighErrorRate-Corrected", "drifted")}


def test_a_changed_alarm_is_put_back_with_its_own_actions() -> None:
    world = corrected_world().change(
        f"{C}Errors", Threshold=50.0, AlarmActions=[TOPIC], AlarmDescription="it's ours"
    )
    assert the(world.audit(), "drifted").command == (
        "aws cloudwatch put-metric-alarm --region ap-northeast-1"
        " --alarm-name FaceAuth-CreateLivenessSession-Errors"
        """ --alarm-description 'it'"'"'s ours' --namespace AWS/Lambda --metric-name Errors"""
        " --dimensions Name=FunctionName,Value=FaceAuth-CreateLivenessSession --statistic Sum --period 300"
        " --evaluation-periods 1 --datapoints-to-alarm 1 --threshold 5"
        " --comparison-operator GreaterThanThreshold"
        f" --treat-missing-data notBreaching --alarm-actions {TOPIC}"
    )


def test_no_command_puts_a_condition_back_that_cannot_go_off() -> None:
    section = corrected_world().change(f"{L}SlowVerification", Threshold=12.0).audit()
    assert faults(section) == {(f"{L}SlowVerification", "drifted")}
    assert the(section, "drifted").command == ""


def test_what_cannot_go_off_is_mended_by_a_parameter() -> None:
    section = World(DEPLOYED, OWN, OURS).audit()
    mends = {item.command for item in section.items if item.light is not Light.GREEN}
    assert mends == {
        "sam deploy --region ap-northeast-1 --stack-name liveness-responder"
        " --parameter-overrides CorrectedAlarms=on"
    }


def test_what_was_made_unable_by_a_change_is_mended_by_taking_the_change_back() -> None:
    section = corrected_world().change(f"{G}Errors", Threshold=50.0).audit()
    assert faults(section) == {(f"{G}Errors", "drifted"), (f"{G}Errors", "hardly")}
    assert the(section, "hardly").command == the(section, "drifted").command
    assert "--threshold 5 " in the(section, "hardly").command


def test_a_longer_time_out_lets_slow_verification_go_off() -> None:
    world = World(DEPLOYED, OWN, OURS)
    world.limits["FaceAuth-GetLivenessResult"] = 60
    assert faults(world.audit()) == BROKEN - {(f"{L}SlowVerification", "never"), (f"{G}Timeouts", "hardly")}


def test_switched_off_actions_are_found() -> None:
    section = corrected_world().change(f"{L}LowConfidence", ActionsEnabled=False).audit()
    assert faults(section) == {(f"{L}LowConfidence", "disabled")}
    assert the(section, "disabled").command.endswith(
        f"enable-alarm-actions --region ap-northeast-1 --alarm-names {L}LowConfidence"
    )


def test_a_muted_alarm_is_found_with_the_rule_that_mutes_it() -> None:
    world = corrected_world()
    world.mutes = {"night": [f"{L}LowConfidence"]}
    assert faults(world.audit()) == {(f"{L}LowConfidence", "muted")}
    assert the(world.audit(), "muted").said.values["rules"] == "night"


def test_without_active_mute_rules_one_question_is_enough() -> None:
    world = corrected_world()
    world.audit()
    assert world.aws.count("cloudwatch", "list_alarm_mute_rules") == 1


def test_a_disabled_rule_leaves_an_alarm_and_its_corrected_version_unheard() -> None:
    world = corrected_world()
    (rule,) = [each for each in world.rules if "LowSuccessRate" in each["Name"]]
    rule["State"] = "DISABLED"
    section = world.audit()
    assert faults(section) == {(f"{L}LowSuccessRate", "unheard"), (f"{L}LowSuccessRate-Corrected", "unheard")}
    commands = {item.command for item in section.items if item.said.key == "check.alarms.unheard"}
    assert commands == {f"aws events enable-rule --region ap-northeast-1 --name {rule['Name']}"}


def test_a_rule_of_somebody_else_is_no_playbook_of_ours() -> None:
    world = corrected_world()
    for rule in world.rules:
        rule["Name"] = rule["Name"].replace("liveness-responder", "theirs")
    assert (f"{L}LowConfidence", "unheard") in faults(world.audit())


def test_an_alarm_with_an_action_but_no_rule_is_unanswered_not_unheard() -> None:
    world = World(DEPLOYED, OWN, OURS, CORRECTED, listening=False).change(
        f"{L}LowConfidence", AlarmActions=[TOPIC]
    )
    found = faults(world.audit())
    assert (f"{L}LowConfidence", "unanswered") in found
    assert (f"{L}LowConfidence", "unheard") not in found


def test_alarms_on_the_automation_itself_must_have_a_voice_and_a_reader() -> None:
    world = corrected_world()
    silent = next(iter(OWN))
    world.change(silent, AlarmActions=[])
    world.subscriptions[LAST_RESORT] = [subscription("last", confirmed=False)]
    assert faults(world.audit()) == {(silent, "voiceless"), ("", "last_resort")}


def test_nobody_confirmed_means_nobody_hears_of_an_alarm() -> None:
    world = corrected_world()
    world.subscriptions[TOPIC] = [subscription("on-call", confirmed=False)]
    assert ("", "nobody") in faults(world.audit())


def test_renamed_alarms_are_looked_for_by_their_names() -> None:
    world = corrected_world()
    row = world.alarms.pop(f"{L}LowConfidence")
    world.alarms["scores"] = row | {"AlarmName": "scores"}
    found = faults(world.audit(**{"low-confidence": "scores"}))
    assert ("scores", "missing") not in found
    assert (f"{L}LowConfidence", "missing") not in found


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("events", "list_rules"),
        ("events", "list_targets_by_rule"),
        ("cloudwatch", "list_alarm_mute_rules"),
        ("lambda", "get_function_configuration"),
        ("sns", "list_subscriptions_by_topic"),
    ],
)
def test_what_aws_refuses_is_a_line_and_no_fault_of_an_alarm(service: str, operation: str) -> None:
    world = corrected_world()
    world.aws.fail(service, operation, Denied, times=99)
    section = world.audit()
    assert {item.light for item in section.items} == {Light.GREEN, Light.UNKNOWN}
    assert section.light is Light.UNKNOWN
    sayable(section)


def test_without_the_time_out_nothing_is_said_about_durations() -> None:
    world = corrected_world()
    world.aws.fail("lambda", "get_function_configuration", Denied, times=99)
    fine = str(the(world.audit(), "as_expected").said.values["names"]).split(", ")
    assert f"{G}Timeouts" not in fine
    assert f"{G}Errors" in fine


def test_without_the_alarms_the_audit_says_only_that() -> None:
    world = corrected_world()
    world.aws.fail("cloudwatch", "describe_alarms", Denied)
    (item,) = world.audit().items
    assert item.light is Light.UNKNOWN


def test_the_audit_only_reads() -> None:
    world = corrected_world()
    world.audit()
    assert world.aws.writes == []
