"""Nothing that is sent without waiting for an answer can be lost, and on-call sees every end of it."""

import copy
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import pytest

from liveness_ops.template_tools.load import functions as all_functions
from liveness_ops.template_tools.load import resources
from responder.core.plain_data import Json
from responder.respond.playbook import PLAYBOOKS
from tests.rows import all_rows
from tests.template.dead_letters import listed, missing, paths, readable

type Break = Callable[[Json], object]


def events(template: Json, function: str) -> Any:
    """What calls it; there is one of each."""
    (event,) = template["Resources"][function]["Properties"]["Events"].values()
    return event["Properties"]


def properties(template: Json, name: str) -> Any:
    return template["Resources"][name]["Properties"]


def add(template: Json, name: str, kind: str, **reported: Any) -> None:
    template["Resources"][name] = {"Type": kind, "Properties": reported}


def onwards(template: Json, function: str, **reported: Any) -> None:
    config = properties(template, function).setdefault("EventInvokeConfig", {})
    config["DestinationConfig"] = {"OnFailure": reported}


def test_nothing_is_lost_and_every_end_is_listed(template: Json) -> None:
    assert missing(template) == []


def test_paths_of_every_kind_are_looked_at(template: Json) -> None:
    found = [path.kind for path in paths(template)]
    counted = {kind: found.count(kind) for kind in found}
    # Each alarm, the watchdog and ended follow-ups; each check and the backup; mail and Slack;
    # every function but the durable one.
    rules, functions = len(PLAYBOOKS) + 3, len(all_functions(template))
    assert counted == {
        "rule": rules,
        "schedule": 4,
        "subscription": 6,
        "invocation": functions - 1,
        "execution": 1,
    }


def test_a_mail_that_bounced_keeps_no_alarm_on_anything_else_from_going_off(template: Json) -> None:
    """It waits for days, and an alarm in ALARM does not report what comes into the same queue."""
    mails = set(resources(template, "AWS::SNS::Subscription"))
    assert {path.queue for path in paths(template) if path.name in mails} == {"Unmailed"}
    assert {path.name for path in paths(template) if path.queue == "Unmailed"} == mails


def generated(stack: str, name: str) -> str:
    """A name as CloudFormation makes it: 64 characters at most, of which its suffix takes 12."""
    suffix = "A" * 12
    return f"{stack[: 64 - len(name) - len(suffix) - 2]}-{name}-{suffix}"


@pytest.mark.parametrize("length", [18, 39, 120])
def test_every_rule_may_send_to_its_queue_however_long_the_stack_is_called(
    template: Json, length: int
) -> None:
    stack, start = "s" * length, "arn:aws:events:us-east-1:123456789012:rule/"
    (statement,) = properties(template, "UndeliveredPolicy")["PolicyDocument"]["Statement"]
    ((operator, condition),) = statement["Condition"].items()
    pseudo = {"StackName": stack, "Partition": "aws", "Region": "us-east-1", "AccountId": "123456789012"}

    def resolved(arn: Json) -> str:
        match arn:
            case {"Fn::GetAtt": [name, "Arn"]}:
                return start + generated(stack, name)
            case {"Fn::Sub": pattern}:
                return re.sub(r"\$\{AWS::(\w+)\}", lambda found: pseudo[found[1]], pattern)
        raise AssertionError(arn)

    allowed = condition["aws:SourceArn"]
    patterns = [resolved(each) for each in (allowed if isinstance(allowed, list) else [allowed])]
    matches = fnmatchcase if operator == "ArnLike" else str.__eq__
    for path in paths(template):
        if path.kind == "rule":
            rule = start + generated(stack, path.name.replace(".", ""))
            assert any(matches(rule, each) for each in patterns), path.name


def test_what_is_listed_can_be_read_and_the_other_way_round(template: Json) -> None:
    assert listed(template) == readable(template)


# Each takes something away or adds a path, and is reported by name.
BROKEN: dict[str, tuple[Break, str]] = {
    "a rule without a queue": (
        lambda broken: events(broken, "HighErrorRate").pop("DeadLetterConfig"),
        "rule HighErrorRate.Alarm: what fails is lost",
    ),
    "a round without a queue": (
        lambda broken: events(broken, "Watchdog").pop("DeadLetterConfig"),
        "rule Watchdog.Round: what fails is lost",
    ),
    "a schedule without a queue": (
        lambda broken: events(broken, "DailyCheck").pop("DeadLetterConfig"),
        "schedule DailyCheck.Due: what fails is lost",
    ),
    "a subscription of a function without a queue": (
        lambda broken: events(broken, "SlackPost").pop("RedrivePolicy"),
        "subscription SlackPost.Message: what fails is lost",
    ),
    "a mail without a queue": (
        lambda broken: properties(broken, "OnCallSubscription").pop("RedrivePolicy"),
        "subscription OnCallSubscription: what fails is lost",
    ),
    "a queue that does not let the rules in": (
        lambda broken: broken["Resources"].pop("UndeliveredPolicy"),
        "rule HighErrorRate.Alarm: Undelivered does not let it in",
    ),
    "a queue that lets all rules in but one": (
        lambda broken: properties(broken, "UndeliveredPolicy")["PolicyDocument"]["Statement"][0]["Condition"][
            "ArnEquals"
        ]["aws:SourceArn"].remove({"Fn::GetAtt": ["HighErrorRateAlarm", "Arn"]}),
        "rule HighErrorRate.Alarm: Undelivered does not let it in",
    ),
    "a queue that does not let the topic in": (
        lambda broken: broken["Resources"].pop("UnpostedPolicy"),
        "subscription SlackPost.Message: Unposted does not let it in",
    ),
    "a queue that does not let the mails in": (
        lambda broken: broken["Resources"].pop("UnmailedPolicy"),
        "subscription OnCallSubscription: Unmailed does not let it in",
    ),
    "a failure that ends in itself": (
        lambda broken: onwards(
            broken, "ResponseFailed", Destination={"Fn::GetAtt": ["ResponseFailed", "Arn"]}
        ),
        "invocation HighErrorRate: what fails is lost",
    ),
    "a failure of no destination": (
        lambda broken: onwards(broken, "ResponseFailed"),
        "invocation ResponseFailed: what fails is lost",
    ),
    "a function whose lost failures nobody hears of": (
        lambda broken: broken["Resources"].pop("UnsentAlarm"),
        "invocation HighErrorRate: no alarm says what it loses",
    ),
    "an execution without a queue": (
        lambda broken: properties(broken, "FollowUp").pop("DeadLetterQueue"),
        "execution FollowUp: what fails is lost",
    ),
    "a queue that nobody lists": (
        lambda broken: add(broken, "Forgotten", "AWS::SQS::Queue"),
        "Forgotten is not listed by the console",
    ),
    "a queue that nobody may read": (
        lambda broken: add(broken, "Forgotten", "AWS::SQS::Queue"),
        "Forgotten is not read by on-call",
    ),
    "a list of what is not there": (
        lambda broken: broken["Outputs"].pop("UnfollowedQueue"),
        "UnfollowedQueue is listed and is not there",
    ),
    "a queue that hands over to one that is none of ours": (
        lambda broken: properties(broken, "Failures").update(RedrivePolicy={"deadLetterTargetArn": "arn:…"}),
        "queue Failures: what fails is lost",
    ),
    "a rule written by hand": (
        lambda broken: add(broken, "ByHand", "AWS::Events::Rule", Targets=[{"Arn": "arn:…"}]),
        "rule ByHand: what fails is lost",
    ),
    "a schedule written by hand": (
        lambda broken: add(broken, "ByHand", "AWS::Scheduler::Schedule", Target={"Arn": "arn:…"}),
        "schedule ByHand: what fails is lost",
    ),
    "a kind of event that nobody thought of": (
        lambda broken: properties(broken, "HighErrorRate")["Events"].update(
            More={"Type": "SQS", "Properties": {}}
        ),
        "SQS HighErrorRate.More: what fails is lost",
    ),
}


@all_rows("name", BROKEN)
def test_a_missing_queue_or_alarm_is_named(template: Json, name: str) -> None:
    breaks, said = BROKEN[name]
    broken = copy.deepcopy(template)
    breaks(broken)
    assert said in missing(broken)
