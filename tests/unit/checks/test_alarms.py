"""The alarm audit finds what is wrong with FaceAuth's alarms as deployed, exactly, and what people change."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from responder.checks.finding import AMBER, GREEN, RED, UNKNOWN, CheckItem, CheckStatus
from responder.checks.run.alarm_names import audited
from responder.core.errors import Denied
from responder.core.expected_alarms import AlarmOwner
from responder.core.plain_data import Json
from responder.core.text import text
from responder.messages.language import say
from responder.respond.playbook import PLAYBOOKS
from tests.fakes.lines import asked as asking
from tests.texts import piece
from tests.unit.checks.alarms_world import (
    COMPOSITE,
    CORRECTED,
    DEPLOYED,
    LAST_RESORT,
    LOG,
    NAMES,
    NOW,
    OURS,
    OWN,
    TOPIC,
    World,
    faults,
    reported,
    sayable,
    subscription,
    the,
)

pytestmark = pytest.mark.unit

L, C, G = "FaceAuth-Liveness-", "FaceAuth-CreateLivenessSession-", "FaceAuth-GetLivenessResult-"
LOW_CONFIDENCE = f"{L}LowConfidence"
CREATE_ERRORS = f"{C}Errors"
RESULT_ERRORS = f"{G}Errors"
SLOW = f"{L}SlowVerification"
LOW_SUCCESS_CORRECTED = f"{L}LowSuccessRate-Corrected"
LOW_SUCCESS = f"{L}LowSuccessRate"
BROKEN = {
    (LOW_SUCCESS, "never"),
    (SLOW, "never"),
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
    (f"{L}SureFaults", "missing"),
}


def corrected_world() -> World:
    return World(DEPLOYED, OWN, OURS, CORRECTED)


def test_of_the_alarms_as_deployed_exactly_the_known_faults_are_found() -> None:
    section = World(DEPLOYED, OWN).audit()
    assert faults(section) == BROKEN | UNWATCHED
    beside = {each.said.values["alarm"] for each in section.items if each.said.key == "check.alarms.extra"}
    assert beside == {each.name for each in audited(PLAYBOOKS) if each.definition.kind is AlarmOwner.EXTRA}
    sayable(section)


def test_without_this_stack_no_one_is_notified_of_any_of_the_nine() -> None:
    world = World(DEPLOYED, OWN, listening=False)
    assert faults(world.audit()) == BROKEN | UNWATCHED | {(name, "unheard") for name in DEPLOYED}


def test_on_a_corrected_system_nothing_is_wrong() -> None:
    section = corrected_world().audit()
    assert faults(section) == set()
    assert section.light is GREEN
    assert sum(item.said.key == "check.alarms.corrected" for item in section.items) == len(BROKEN)
    sayable(section)


def test_what_cannot_go_off_is_not_counted_among_what_is_fine() -> None:
    fine = str(the(corrected_world().audit(), "as_expected").said.values["names"])
    assert LOW_CONFIDENCE in fine
    assert LOW_SUCCESS_CORRECTED in fine
    assert f"{L}LowSuccessRate," not in fine


def test_an_account_without_alarms_lacks_every_one_of_them() -> None:
    section = World().audit()
    missing = {name for name, kind in faults(section) if kind == "missing"}
    assert missing == {*DEPLOYED, *OURS, *OWN}
    assert section.light is RED


def test_an_alarm_given_the_corrected_condition_by_hand_is_mended() -> None:
    better = dict(CORRECTED[LOW_SUCCESS_CORRECTED])
    name = LOW_SUCCESS
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
    section = corrected_world().change(LOW_CONFIDENCE, **{field: value}).audit()
    details = the(section, "drifted").details
    assert f"check.alarms.field.{differs}" in [each.values["field"].key for each in details]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        # Nothing puts such a metric.
        (LOW_CONFIDENCE, {"MetricName": "Confidence"}, {(LOW_CONFIDENCE, "never")}),
        # A corrected version that cannot go off watches nothing.
        (
            f"{L}SlowVerification-Corrected",
            {"Threshold": 100.0},
            {(SLOW, "never"), (f"{L}SlowVerification-Corrected", "never")},
        ),
        # Nor does one that an outage has to wait for.
        (LOW_SUCCESS_CORRECTED, {"Threshold": 10.0}, {(LOW_SUCCESS, "never")}),
        # An absurd threshold is judged immediately.
        (RESULT_ERRORS, {"Threshold": 1e15}, {(RESULT_ERRORS, "hardly")}),
    ],
)
def test_a_change_that_keeps_an_alarm_from_going_off_is_found(
    name: str, change: Json, expected: set[tuple[str, str]]
) -> None:
    assert faults(corrected_world().change(name, **change).audit()) >= expected


def test_a_changed_alarm_of_the_stack_is_found_its_parameters_are_not() -> None:
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
        CREATE_ERRORS, Threshold=50.0, AlarmActions=[TOPIC], AlarmDescription="it's ours"
    )
    found = the(world.audit(), "drifted")
    assert found.caution is not None
    assert piece("check.alarms.caution.put") in say(found.caution, "en")
    (asked,) = asking(found.command)
    assert asked.holds({"MetricAlarms": [world.alarms[CREATE_ERRORS]]})
    assert not asked.holds({"MetricAlarms": [{**world.alarms[CREATE_ERRORS], "Threshold": 60.0}]})
    assert not asked.holds({"MetricAlarms": []})
    assert (
        "then aws cloudwatch put-metric-alarm --region ap-northeast-1"
        " --alarm-name FaceAuth-CreateLivenessSession-Errors"
        """ --alarm-description 'it'"'"'s ours' --namespace AWS/Lambda --metric-name Errors"""
        " --dimensions Name=FunctionName,Value=FaceAuth-CreateLivenessSession --statistic Sum --period 300"
        " --evaluation-periods 1 --datapoints-to-alarm 1 --threshold 5"
        " --comparison-operator GreaterThanThreshold"
        f" --treat-missing-data notBreaching --alarm-actions {TOPIC}; else "
    ) in found.command


def test_no_command_puts_a_condition_back_that_cannot_go_off() -> None:
    section = corrected_world().change(SLOW, Threshold=12.0).audit()
    assert faults(section) == {(SLOW, "drifted")}
    assert the(section, "drifted").command == ""


def test_what_cannot_go_off_is_mended_by_a_parameter() -> None:
    section = World(DEPLOYED, OWN, OURS).audit()
    mends = {item.command for item in section.items if item.light is not GREEN}
    assert mends == {
        "sam build && sam deploy --region ap-northeast-1 --stack-name liveness-responder"
        " --parameter-overrides CorrectedAlarms=on"
    }


def test_what_was_made_unable_by_a_change_is_mended_by_taking_the_change_back() -> None:
    section = corrected_world().change(RESULT_ERRORS, Threshold=50.0).audit()
    assert faults(section) == {(RESULT_ERRORS, "drifted"), (RESULT_ERRORS, "hardly")}
    assert the(section, "hardly").command == the(section, "drifted").command
    assert "--threshold 5 " in the(section, "hardly").command


def test_a_longer_time_out_lets_slow_verification_go_off() -> None:
    world = World(DEPLOYED, OWN, OURS)
    world.limits["FaceAuth-GetLivenessResult"] = 60
    assert faults(world.audit()) == BROKEN - {(SLOW, "never"), (f"{G}Timeouts", "hardly")}


def test_switched_off_actions_are_found() -> None:
    section = corrected_world().change(LOW_CONFIDENCE, ActionsEnabled=False).audit()
    assert faults(section) == {(LOW_CONFIDENCE, "disabled")}
    assert the(section, "disabled").command.endswith(
        f"enable-alarm-actions --region ap-northeast-1 --alarm-names {L}LowConfidence"
    )


def test_a_muted_alarm_is_found_with_the_rule_that_mutes_it() -> None:
    world = corrected_world()
    world.mutes = {"night": [LOW_CONFIDENCE]}
    assert faults(world.audit()) == {(LOW_CONFIDENCE, "muted")}
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
    assert faults(section) == {(LOW_SUCCESS, "unheard"), (LOW_SUCCESS_CORRECTED, "unheard")}
    commands = {item.command for item in section.items if item.said.key == "check.alarms.unheard"}
    assert commands == {f"aws events enable-rule --region ap-northeast-1 --name {rule['Name']}"}


def test_a_rule_of_another_person_is_no_playbook_of_the_stack() -> None:
    world = corrected_world()
    for rule in world.rules:
        rule["Name"] = rule["Name"].replace("liveness-responder", "theirs")
    assert (LOW_CONFIDENCE, "unheard") in faults(world.audit())


def test_an_alarm_with_an_action_but_no_rule_is_unanswered_not_unheard() -> None:
    world = World(DEPLOYED, OWN, OURS, CORRECTED, listening=False).change(
        LOW_CONFIDENCE, AlarmActions=[TOPIC]
    )
    found = faults(world.audit())
    assert (LOW_CONFIDENCE, "unanswered") in found
    assert (LOW_CONFIDENCE, "unheard") not in found


def test_alarms_on_the_automation_need_an_action_and_a_confirmed_address() -> None:
    world = corrected_world()
    silent = next(iter(OWN))
    world.change(silent, AlarmActions=[])
    world.subscriptions[LAST_RESORT] = [subscription("last", confirmed=False)]
    assert faults(world.audit()) == {(silent, "voiceless"), ("", "last_resort")}


def test_every_alarm_on_the_automation_itself_is_looked_for() -> None:
    for name in OWN:
        world = corrected_world()
        del world.alarms[name]
        assert faults(world.audit()) == {(name, "missing")}


def test_without_a_confirmed_address_no_one_is_notified_of_an_alarm() -> None:
    world = corrected_world()
    world.subscriptions[TOPIC] = [subscription("on-call", confirmed=False)]
    assert ("", "nobody") in faults(world.audit())


def test_renamed_alarms_are_looked_for_by_their_names() -> None:
    world = corrected_world()
    row = world.alarms.pop(LOW_CONFIDENCE)
    world.alarms["scores"] = row | {"AlarmName": "scores"}
    found = faults(world.audit(**{"low-confidence": "scores"}))
    assert ("scores", "missing") not in found
    assert (LOW_CONFIDENCE, "missing") not in found


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("events", "list_rules"),
        ("events", "list_targets_by_rule"),
        ("cloudwatch", "list_alarm_mute_rules"),
        ("lambda", "get_function_configuration"),
        ("lambda", "get_policy"),
        ("sns", "list_subscriptions_by_topic"),
        ("sns", "get_subscription_attributes"),
    ],
)
def test_what_aws_refuses_is_a_line_and_no_fault_of_an_alarm(service: str, operation: str) -> None:
    world = corrected_world()
    world.aws.fail(service, operation, Denied, times=99)
    section = world.audit()
    assert {item.light for item in section.items} == {GREEN, UNKNOWN}
    assert section.light is UNKNOWN
    sayable(section)


def test_without_the_time_out_nothing_is_reported_about_durations() -> None:
    world = corrected_world()
    world.aws.fail("lambda", "get_function_configuration", Denied, times=99)
    fine = str(the(world.audit(), "as_expected").said.values["names"]).split(", ")
    assert f"{G}Timeouts" not in fine
    assert RESULT_ERRORS in fine


def test_without_the_alarms_the_audit_says_only_that() -> None:
    world = corrected_world()
    world.aws.fail("cloudwatch", "describe_alarms", Denied)
    (item,) = world.audit().items
    assert item.light is UNKNOWN


def test_the_audit_only_reads() -> None:
    world = corrected_world()
    world.audit()
    assert world.aws.writes == []


# --- what else an alarm can be


def test_an_alarm_of_another_kind_is_reported_so_and_no_command_writes_over_it() -> None:
    world = corrected_world()
    name = LOW_CONFIDENCE
    kept = {key: world.alarms[name][key] for key in ("AlarmName", "AlarmArn", "StateValue")}
    world.alarms[name] = {**kept, "AlarmRule": 'ALARM("x")', "ActionsEnabled": True}
    drifted = the(world.audit(), "drifted")
    assert [each.values["found"] for each in drifted.details] == [text("check.alarms.kind.other")]
    assert drifted.command == ""


@pytest.mark.parametrize(
    ("threshold", "comparison", "same"),
    [
        (6.0, "GreaterThanOrEqualToThreshold", True),
        (5.5, "GreaterThanThreshold", True),
        (5.0, "GreaterThanOrEqualToThreshold", False),
        (6.0, "GreaterThanThreshold", False),
    ],
)
def test_a_count_that_goes_off_for_the_same_numbers_has_not_changed(
    threshold: float, comparison: str, same: bool
) -> None:
    world = corrected_world().change(CREATE_ERRORS, Threshold=threshold, ComparisonOperator=comparison)
    assert ((CREATE_ERRORS, "drifted") not in faults(world.audit())) is same


def test_a_unit_that_no_one_puts_is_a_change() -> None:
    section = corrected_world().change(LOW_CONFIDENCE, Unit="Percent").audit()
    assert [each.values["found"] for each in the(section, "drifted").details] == ["Percent"]


@pytest.mark.parametrize("field", ["watched", "constant", "unit"])
def test_each_change_of_metric_math_that_is_no_parameter_is_found(field: str) -> None:
    world = corrected_world()
    name = "FaceAuth-LivenessSessions-Throttles"
    for query in world.alarms[name]["Metrics"]:
        if field == "watched":
            query["ReturnData"] = query["Id"] == "r"
        elif "Expression" in query and field == "constant":
            query["Expression"] = query["Expression"].replace("FILL(r, 0)", "FILL(r, 5)")
        elif "MetricStat" in query and field == "unit":
            query["MetricStat"] |= {"Unit": "Seconds"}
    assert faults(world.audit()) == {(name, "drifted")}


def test_of_metric_math_only_what_differs_is_shown() -> None:
    world = corrected_world()
    name = "FaceAuth-LivenessSessions-Throttles"
    (total,) = [each for each in world.alarms[name]["Metrics"] if "Expression" in each]
    total["Expression"] = "SUM([r, w])"
    (difference,) = the(world.audit(), "drifted").details
    assert difference.values["found"] == "ReturnData throttled=SUM([r, w])"
    assert "TableName" not in str(difference.values["expected"])


@pytest.mark.parametrize(
    ("name", "threshold", "parameter"),
    [
        (LOW_SUCCESS_CORRECTED, 0.0, "SuccessRatePercent"),
        (f"{L}HighErrorRate-Corrected", 100.0, "ErrorRatePercent"),
    ],
)
def test_a_parameter_that_silences_an_alarm_of_the_stack_is_found(
    name: str, threshold: float, parameter: str
) -> None:
    section = corrected_world().change(name, Threshold=threshold).audit()
    (never,) = [one for one in section.items if one.said.values.get("alarm") == name]
    assert never.said.key == "check.alarms.never"
    assert never.details[-1].values == {"parameter": parameter}
    assert name not in str(the(section, "as_expected").said.values["names"])
    sayable(section)


IGNORED = [
    (LOW_SUCCESS_CORRECTED, {"Threshold": 10.0}),
    (f"{L}HighErrorRate-Corrected", {"Threshold": 99.0}),
    (f"{L}HighErrorRate-Corrected", {"Threshold": 30.0}),
    (f"{L}SureFaults", {"Threshold": 4000.0}),
    ("FaceAuth-Images-AccessDenied", {"Threshold": 4000.0}),
]


@pytest.mark.parametrize(("name", "change"), IGNORED)
def test_an_alarm_that_waits_for_more_than_an_outage_is_red_and_stands_for_no_other(
    name: str, change: Json
) -> None:
    before = faults(corrected_world().audit())
    section = corrected_world().change(name, **change).audit()
    assert (name, "ignores") in faults(section) - before
    found = the(section, "ignores")
    assert found.light is RED
    assert "detect-stack-drift" in found.command
    assert name not in str(the(section, "as_expected").said.values["names"])
    sayable(section)


def test_least_numbers_that_no_day_reaches_are_red() -> None:
    world = corrected_world()
    rate = world.alarms[f"{L}HighErrorRate-Corrected"]
    queries = rate["Metrics"]
    least = str(NAMES["MinimumFaults"])
    queries[0]["Expression"] = queries[0]["Expression"].replace(f">= {least},", ">= 100000,")
    assert (f"{L}HighErrorRate-Corrected", "ignores") in faults(world.audit())


@pytest.mark.parametrize(
    ("name", "rank", "parameter"),
    [
        (f"{L}SlowVerification-Corrected", "PR(30000:900000)", "SlowResultSeconds"),  # the manual's figure
        (f"{L}SlowSessionCreation", "PR(11:900)", "SlowSessionCreationSeconds"),
    ],
)
def test_seconds_that_no_run_can_take_are_found(name: str, rank: str, parameter: str) -> None:
    world = corrected_world()
    (asked,) = [each["MetricStat"] for each in world.alarms[name]["Metrics"] if each["Id"] == "share"]
    asked["Stat"] = rank
    section = world.audit()
    (never,) = [one for one in section.items if one.said.values.get("alarm") == name]
    assert never.said.key == "check.alarms.never"
    assert never.details[-1].values == {"parameter": parameter}
    sayable(section)


@pytest.mark.parametrize(
    ("name", "trouble", "light"),
    [
        (CREATE_ERRORS, "EVALUATION_ERROR", RED),
        (LOW_CONFIDENCE, "EVALUATION_FAILURE", AMBER),
        (CREATE_ERRORS, "PARTIAL_DATA", AMBER),
        ("LivenessResponder-Unfollowed-liveness-responder", "EVALUATION_ERROR", RED),
    ],
)
def test_an_alarm_that_cloudwatch_cannot_evaluate_is_found(
    name: str, trouble: str, light: CheckStatus
) -> None:
    section = corrected_world().change(name, EvaluationState=trouble).audit()
    assert faults(section) == {(name, "trouble")}
    assert the(section, "trouble").light is light
    sayable(section)


# --- what was not created, and what was deleted


def test_our_alarms_that_no_one_switched_on_wait_for_a_parameter() -> None:
    section = World(DEPLOYED, OWN).audit()
    missing = [each for each in section.items if each.said.key == "check.alarms.missing"]
    assert {each.light for each in missing} == {AMBER}
    assert all(each.command.endswith(" --parameter-overrides OurAlarms=on") for each in missing)


def test_a_stack_alarm_that_a_person_deleted_is_no_matter_of_the_parameter() -> None:
    world = corrected_world()
    del world.alarms[f"{C}Throttles"]
    missing = the(world.audit(), "missing")
    assert missing.light is RED
    assert missing.command == ""
    assert [each.key for each in missing.details] == ["check.alarms.deploy_again"]


def test_a_corrected_version_that_a_person_deleted_is_no_matter_of_the_parameter() -> None:
    world = corrected_world()
    del world.alarms[LOW_SUCCESS_CORRECTED]
    never = the(world.audit(), "never")
    assert never.command == ""
    assert [each.key for each in never.details][-2:] == ["check.alarms.missing", "check.alarms.deploy_again"]


def test_with_slack_the_alarm_on_what_it_loses_is_missed_too() -> None:
    world = corrected_world()
    world.settings = replace(world.settings, slack_secret="arn")
    names = {f"LivenessResponder-{kind}-liveness-responder" for kind in ("Unposted",)}
    assert faults(world.audit()) == {(name, "missing") for name in names}
    like = OWN["LivenessResponder-Unfollowed-liveness-responder"]
    world.alarms.update({name: like | {"AlarmName": name} for name in names})
    assert faults(world.audit()) == set()


def test_another_stack_whose_name_ends_alike_answers_for_itself() -> None:
    world = corrected_world()
    theirs = "LivenessResponder-Unfollowed-other-liveness-responder"
    world.alarms[theirs] = OWN["LivenessResponder-Unfollowed-liveness-responder"] | {
        "AlarmName": theirs,
        "AlarmActions": [],
    }
    assert faults(world.audit()) == set()


def test_a_renamed_alarm_takes_its_corrected_version_along() -> None:
    world = corrected_world()
    for end in ("", "-Corrected"):
        row = world.alarms.pop(f"{L}LowSuccessRate{end}")
        world.alarms[f"success{end}"] = row | {"AlarmName": f"success{end}"}
    for rule in world.rules:
        rule["EventPattern"] = rule.get("EventPattern", "{}").replace(LOW_SUCCESS, "success")
    assert faults(world.audit(**{"low-success-rate": "success"})) == set()


# --- who is notified


def test_a_function_that_the_rule_may_not_call_answers_nothing() -> None:
    world = corrected_world()
    world.shut = {"liveness-responder-low-confidence"}
    unheard = the(world.audit(), "unheard")
    assert (unheard.light, unheard.details[0].key) == (RED, "check.alarms.shut")
    assert unheard.command == (
        "aws lambda add-permission --region ap-northeast-1 --function-name liveness-responder-low-confidence"
        " --statement-id events-liveness-responder-LowConfidenceAlarm"
        " --source-arn arn:aws:events:ap-northeast-1:123456789012:rule/liveness-responder-LowConfidenceAlarm"
        " --action lambda:InvokeFunction --principal events.amazonaws.com"
    )


def test_a_rule_without_its_target_answers_nothing() -> None:
    world = corrected_world()
    world.targets["liveness-responder-LowConfidenceAlarm"] = []
    section = world.audit()
    assert faults(section) == {(LOW_CONFIDENCE, "unheard")}
    assert the(section, "unheard").details[0].key == "check.alarms.no_target"
    sayable(section)


def test_a_function_of_a_stack_whose_name_begins_alike_is_not_ours() -> None:
    world = corrected_world()
    (mine,) = world.targets["liveness-responder-LowConfidenceAlarm"]
    mine["Arn"] = mine["Arn"].replace("liveness-responder-", "liveness-responder-staging-")
    assert faults(world.audit()) == {(LOW_CONFIDENCE, "unheard")}


def test_without_the_functions_policies_it_is_unknown_whether_rules_invoke_them() -> None:
    world = corrected_world()
    world.aws.fail("lambda", "get_policy", Denied, times=99)
    section = world.audit()
    assert {each.light for each in section.items} == {GREEN, UNKNOWN}
    assert the(section, "as_defined").light is GREEN


def test_a_mute_rule_is_looked_at_before_anyone_deletes_it() -> None:
    world = corrected_world()
    world.mutes = {"night": [LOW_CONFIDENCE, CREATE_ERRORS]}
    commands = {each.command for each in world.audit().items if each.said.key == "check.alarms.muted"}
    assert commands == {
        "aws cloudwatch get-alarm-mute-rule --region ap-northeast-1 --alarm-mute-rule-name night"
    }


def muted_until(end: datetime | None, alarm: str, *, recurring: bool = False) -> CheckItem:
    world = corrected_world()
    world.mutes = {"quiet": [alarm]}
    world.recurring = {"quiet"} if recurring else set()
    world.ends = {} if end is None else {"quiet": end}
    section = world.audit()
    sayable(section)
    return the(section, "muted")


@pytest.mark.parametrize(("hours", "light"), [(1, AMBER), (20, AMBER), (48, RED), (24 * 365, RED)])
@pytest.mark.parametrize("recurring", [True, False])
def test_a_mute_says_when_it_ends_and_a_year_is_worse_than_an_hour(
    hours: int, light: CheckStatus, recurring: bool
) -> None:
    item = muted_until(NOW + timedelta(hours=hours), CREATE_ERRORS, recurring=recurring)
    assert item.light is light
    assert f"{NOW + timedelta(hours=hours):%Y-%m-%dT%H:%M:%S}" in str(item.said.values)
    # A date of next year is never shown as one of today.
    assert ("2027" in say(item.said, "en")) is ("2027" in say(item.said, "ja")) is (hours > 24 * 180)


def test_a_mute_without_an_end_is_as_bad_as_one_of_a_year() -> None:
    item = muted_until(None, CREATE_ERRORS, recurring=True)
    assert item.light is RED
    assert piece("check.alarms.mute_endless") in say(item.said, "en")


def test_an_alarm_of_medium_severity_that_is_muted_for_long_is_amber() -> None:
    assert muted_until(NOW + timedelta(days=365), LOW_CONFIDENCE).light is AMBER


@pytest.mark.parametrize(
    ("expression", "duration", "zone", "end"),
    [
        ("at(2026-02-04T10:00)", "PT2H30M", "UTC", "2026-02-04T12:30:00Z"),
        ("at(2026-02-04T10:00)", "P10D", "Asia/Tokyo", "2026-02-14T01:00:00Z"),
        ("at(2026-02-04T10:00)", "forever", "UTC", "its schedule has an unknown form, so its end is unknown"),
        ("at(2026-02-31T10:00)", "PT1H", "UTC", "its schedule has an unknown form, so its end is unknown"),
        (
            "at(2026-02-04T10:00)",
            "PT1H",
            "Mars/Olympus",
            "its schedule has an unknown form, so its end is unknown",
        ),
    ],
)
def test_the_end_of_a_mute_that_holds_once_is_its_start_and_its_length(
    expression: str, duration: str, zone: str, end: str
) -> None:
    world = corrected_world()
    world.mutes = {"quiet": [LOW_CONFIDENCE]}
    world.schedules["quiet"] = {"Expression": expression, "Duration": duration, "Timezone": zone}
    section = world.audit()
    said = the(section, "muted").said
    assert end in (say(said, "en") if "end" in end else str(said.values))


def test_a_mute_that_holds_once_and_whose_end_cannot_be_read_is_as_bad_as_one_without_an_end() -> None:
    world = corrected_world()
    world.mutes = {"quiet": [CREATE_ERRORS]}
    world.schedules["quiet"] = {"Expression": "at(2026-02-04T10:00)", "Duration": "PT2H", "Timezone": "UTC"}
    world.aws.fail("cloudwatch", "get_alarm_mute_rule", Denied, times=99)
    item = the(world.audit(), "muted")
    assert item.light is RED
    assert "cloudwatch:GetAlarmMuteRule" in say(item.said, "en")


@pytest.mark.parametrize(
    "change",
    [
        {"ActionsEnabled": False},
        {"Threshold": 500.0},
        {"Dimensions": [{"Name": "FunctionName", "Value": "Other"}]},
        {"MetricName": "Errorz"},
        {"Unit": "Bytes"},
    ],
)
def test_an_alarm_of_high_severity_that_is_dead_is_as_red_as_one_that_was_deleted(
    change: Json,
) -> None:
    section = corrected_world().change(CREATE_ERRORS, **change).audit()
    assert section.light is RED
    medium = corrected_world().change(LOW_CONFIDENCE, **{**change, "Threshold": 50.0}).audit()
    assert medium.light is AMBER


@pytest.mark.parametrize("change", [{"Threshold": 6.0}, {"Period": 120}, {"TreatMissingData": "ignore"}])
def test_an_alarm_that_is_changed_and_still_goes_off_is_amber(change: Json) -> None:
    assert corrected_world().change(CREATE_ERRORS, **change).audit().light is AMBER


def test_a_mute_that_comes_again_every_night_is_found_by_day() -> None:
    world = corrected_world()
    world.planned = {"night": ("RECURRING", [LOW_CONFIDENCE])}
    section = world.audit()
    assert faults(section) == {(LOW_CONFIDENCE, "muted_often")}
    sayable(section)


def test_a_mute_that_is_planned_once_is_only_noted() -> None:
    world = corrected_world()
    world.planned = {"release": ("ONE_TIME", [LOW_CONFIDENCE])}
    section = world.audit()
    assert faults(section) == set()
    assert the(section, "mute_ahead").said.values["rules"] == "release"
    assert LOW_CONFIDENCE in str(the(section, "as_expected").said.values["names"])


def test_a_queue_or_a_filter_keeps_the_last_resort_from_people() -> None:
    world = corrected_world()
    world.subscriptions[LAST_RESORT] = [{**subscription("last"), "Protocol": "sqs"}]
    assert faults(world.audit()) == {("", "last_resort")}
    world.subscriptions[LAST_RESORT] = [subscription("level2")]
    assert faults(world.audit()) == {("", "last_resort")}


def test_who_gets_messages_is_unknown_where_it_cannot_be_read() -> None:
    world = corrected_world()
    world.aws.fail("sns", "list_subscriptions_by_topic", Denied, times=9, where={"TopicArn": TOPIC})
    assert the(world.audit(), "recipients_unknown").light is UNKNOWN


def test_every_playbook_says_how_its_alarm_is_defined_but_that_of_all_others() -> None:
    assert {each.slug for each in audited(PLAYBOOKS)} == set(PLAYBOOKS) - {"unknown-alarm"}


@pytest.mark.parametrize("row", [LOG, COMPOSITE], ids=["log", "composite"])
def test_an_alarm_of_another_type_under_the_name_is_there_and_differs(row: Json) -> None:
    name = f"{L}HighErrorRate"
    section = World(DEPLOYED, OWN, OURS, CORRECTED, {name: reported({"AlarmName": name}, **row)}).audit()
    assert {fault for alarm, fault in faults(section) if alarm == name} == {"drifted"}
    details = [say(each, "en") for item in section.items for each in item.details]
    assert any(piece("check.alarms.kind.other") in each for each in details)
