"""Where each asynchronous path of a template ends when its target takes nothing."""

from collections.abc import Iterator
from typing import Any

from liveness_ops.console.letters import QUEUES
from liveness_ops.template_tools.load import functions, resources
from responder.core.frozen import frozen
from responder.core.plain_data import Json

_RULES = ("EventBridgeRule", "CloudWatchEvent", "Schedule")
_CALLED_AND_ANSWERED = ("Api", "HttpApi")
# A rule and a subscription are delivered by the service itself, which the queue has to let in.
_COUNTED = ("LivenessResponder", "Unsent")
_SENDERS = {"rule": "events.amazonaws.com", "subscription": "sns.amazonaws.com"}


@frozen
class Path:
    """`name`: what carries; `queue`: the logical id where it ends, empty where it is lost."""

    kind: str
    name: str
    queue: str


def paths(template: Json) -> list[Path]:
    """Of rules, schedules, subscriptions, functions and queues that redrive."""
    return [
        *_events(template),
        *_invocations(template),
        *_targets(template),
        *_subscriptions(template),
        *_redriving(template),
    ]


def missing(template: Json) -> list[str]:
    """What is lost, or not seen by who looks for it; empty where all is well."""
    queues = set(resources(template, "AWS::SQS::Queue"))
    found = paths(template)
    ends = {path.queue for path in found if path.queue} | queues
    return [
        *(f"{path.kind} {path.name}: what fails is lost" for path in found if path.queue not in queues),
        *(
            f"{path.kind} {path.name}: {path.queue} does not let it in"
            for path in found
            if _shut(path, template)
        ),
        *(f"invocation {name}: no alarm says what it loses" for name in sorted(_unheard(template))),
        *(f"{queue} is not listed by the console" for queue in sorted(ends - listed(template))),
        *(f"{queue} is not read by on-call" for queue in sorted(ends - readable(template))),
        *(f"{queue} is listed and is not there" for queue in sorted(listed(template) - queues)),
    ]


def _unheard(template: Json) -> set[str]:
    """Functions of which Lambda may fail to send on a failure, without a message: it needs the right and
    the destination (of a durable function, the queue), and calls no further code of the stack."""
    alarms = [
        each
        for each in resources(template, "AWS::CloudWatch::Alarm").values()
        if each.get("AlarmActions") == [{"Ref": "LastResort"}]
    ]
    lost = {
        str(each["Dimensions"][0]["Value"]["Ref"])
        for each in alarms
        if each.get("MetricName") == "DeadLetterErrors"
    }
    # The watchdog counts them of every function that has a destination.
    counted = any((each.get("Namespace"), each.get("MetricName")) == _COUNTED for each in alarms)
    return {
        name
        for name, function in functions(template).items()
        if not (name in lost if "DurableConfig" in function else counted)
    }


def listed(template: Json) -> set[str]:
    """The queues that `liveness-ops failures` reads, which it finds by the stack's outputs."""
    outputs = template["Outputs"]
    return {str(outputs[name]["Value"]["Ref"]) if name in outputs else name for name in QUEUES.values()}


def readable(template: Json) -> set[str]:
    """The queues that the policy of people on call lets them read."""
    statements = template["Resources"]["OperatorPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    return {
        _queue(one)
        for each in statements
        if "sqs:ReceiveMessage" in each["Action"]
        for one in each["Resource"]
    }


def _events(template: Json) -> Iterator[Path]:
    for name, function in functions(template).items():
        for event, given in function.get("Events", {}).items():
            kind, properties = given["Type"], given["Properties"]
            if kind in _RULES:
                yield Path("rule", f"{name}.{event}", _dead(properties.get("DeadLetterConfig")))
            elif kind == "ScheduleV2":
                yield Path("schedule", f"{name}.{event}", _dead(properties.get("DeadLetterConfig")))
            elif kind == "SNS":
                yield Path("subscription", f"{name}.{event}", _redrive(properties))
            elif kind not in _CALLED_AND_ANSWERED:
                yield Path(kind, f"{name}.{event}", "")


def _invocations(template: Json) -> Iterator[Path]:
    """Any function can be invoked asynchronously. A function that is reported must have its own end."""
    known = functions(template)
    for name, function in known.items():
        dead = _queue(function.get("DeadLetterQueue", {}).get("TargetArn"))
        if "DurableConfig" in function:  # Lambda has no destination for it
            yield Path("execution", name, dead)
        else:
            yield Path("invocation", name, _end(function, known))


def _end(function: Json, known: dict[str, Json]) -> str:
    for _ in known:
        given = function.get("EventInvokeConfig", {}).get("DestinationConfig", {}).get("OnFailure", {})
        end = _queue(given.get("Destination"))
        if end not in known:
            return end
        function = known[end]
    return ""


def _targets(template: Json) -> Iterator[Path]:
    """Written without SAM's help."""
    for name, rule in resources(template, "AWS::Events::Rule").items():
        for target in rule["Targets"]:
            yield Path("rule", name, _dead(target.get("DeadLetterConfig")))
    for name, schedule in resources(template, "AWS::Scheduler::Schedule").items():
        yield Path("schedule", name, _dead(schedule["Target"].get("DeadLetterConfig")))


def _subscriptions(template: Json) -> Iterator[Path]:
    for name, subscription in resources(template, "AWS::SNS::Subscription").items():
        yield Path("subscription", name, _redrive(subscription))


def _redriving(template: Json) -> Iterator[Path]:
    for name, queue in resources(template, "AWS::SQS::Queue").items():
        if "RedrivePolicy" in queue:
            yield Path("queue", name, _redrive(queue))


def _shut(path: Path, template: Json) -> bool:
    sender = _SENDERS.get(path.kind)
    if not sender or not path.queue:
        return False
    stated = [
        statement
        for policy in resources(template, "AWS::SQS::QueuePolicy").values()
        if {"Ref": path.queue} in policy["Queues"]
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow" and statement["Action"] == "sqs:SendMessage"
    ]
    return not any(_lets_in(path, each) for each in stated if each["Principal"]["Service"] == sender)


def _lets_in(path: Path, statement: Json) -> bool:
    """A rule by its own ARN: its name is CloudFormation's, which shortens what a pattern would begin with."""
    if path.kind != "rule":
        return True
    return {"Fn::GetAtt": [path.name.replace(".", ""), "Arn"]} in statement["Condition"]["ArnEquals"][
        "aws:SourceArn"
    ]


def _dead(config: Json | None) -> str:
    return _queue(config["Arn"]) if config else ""


def _redrive(properties: Json) -> str:
    return _queue(properties.get("RedrivePolicy", {}).get("deadLetterTargetArn"))


def _queue(arn: Any) -> str:
    match arn:
        case {"Fn::GetAtt": [str(name), "Arn"]}:
            return name
        case {"Fn::If": [_, found, _]}:
            return _queue(found)
    return ""
