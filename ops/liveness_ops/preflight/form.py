"""The template's parameters as a deployment fills them in, and the names that follow from them. Pure.

And the resources of a deleted stack, with the command by which the next one imports them.
"""

import json
import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from difflib import get_close_matches
from typing import Any

from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.preflight.grammar import GRAMMARS, limits, problem
from liveness_ops.preflight.grammar import takes as accepted
from liveness_ops.template_tools.load import functions, resolve, resources
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.text import Strings, Text, text

# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
LONGEST_FUNCTION_NAME = 64
ON, OFF = "on", "off"
# EventBridge counts a pattern without white space.
_COMPACT: Json = {"separators": (",", ":"), "ensure_ascii": False}
# Resources that the template names: each name can exist only once.
_NAMED = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SSM::Parameter": "Name",
    "AWS::Serverless::Function": "FunctionName",
}
_FILTER = "AWS::Logs::MetricFilter"
# What CloudFormation can import, and by which property.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html
_IDENTIFIERS = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SQS::Queue": "QueueUrl",
}
# USD a month for each metric of an alarm: https://aws.amazon.com/cloudwatch/pricing/
ALARM_METRIC = 0.10
# Characters of a rule's pattern by default: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
LONGEST_PATTERN = 2048
_CHANGE_SET = "import-kept-resources"
# Characters of a wrong value.
_SHOWN = 100


# What a deleted stack has left: logical id -> names.
type Left = dict[str, list[str]]


@frozen
class Made:
    """Something that the deployment makes. `switch`: the on/off parameter that leaves it out, if any."""

    kind: str
    name: str
    switch: str = ""


@frozen
class Form:
    """A stack to be deployed, or deployed again.

    Attributes:
        template: `template.yaml` as plain data.
        given: parameters by the person who asks. They are never overruled.
        deployed: values of the deployed stack; empty where there is none.
        found: what preflight found out.
        profile: of the AWS configuration; commands that are shown must not reach another account.
    """

    template: Data
    stack: str
    region: str
    account: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    deployed: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)
    profile: str = ""

    def default(self, parameter: str) -> str:
        """The value that applies if the command does not give one."""
        return self.deployed.get(parameter, self.usual(parameter))

    def usual(self, parameter: str) -> str:
        """The template's own default; empty where it has none."""
        return str(self.template["Parameters"].get(parameter, {}).get("Default", ""))

    def chosen(self, parameter: str) -> bool:
        """A person gave the value, now or at an earlier deployment."""
        return parameter in self.given or self.default(parameter) != self.usual(parameter)

    def value(self, parameter: str) -> str:
        """What the deployment is going to have."""
        found = self.found.get(parameter, self.default(parameter))
        return self.given.get(parameter, found)

    def allowed(self, parameter: str) -> Strings:
        """Its AllowedValues."""
        return tuple(map(str, self.template["Parameters"].get(parameter, {}).get("AllowedValues", ())))

    def takes(self, parameter: str, value: str) -> bool:
        """Whether CloudFormation accepts this value."""
        return accepted(self.template["Parameters"][parameter], value)

    @property
    def where(self) -> str:
        """Options of a command on this account and Region, for a shell."""
        profile = f" --profile {shlex.quote(self.profile)}" if self.profile else ""
        return f"--region {self.region}{profile}"

    @property
    def required(self) -> Strings:
        """Parameters without a default that the stack does not have yet."""
        about = self.template["Parameters"].items()
        return tuple(name for name, each in about if "Default" not in each and name not in self.deployed)

    @property
    def overrides(self) -> dict[str, str]:
        """The parameters that the command has to give, in the template's order: also values of the deployed
        stack that differ from the template's defaults, so that the command alone makes the same stack."""
        values = {name: self.value(name) for name in self.template["Parameters"]}
        return {
            name: value
            for name, value in values.items()
            if name in self.required or value != self.usual(name) or value != self.deployed.get(name, value)
        }

    @property
    def new(self) -> Strings:
        """Parameters that the deployed stack does not know yet; none where there is no such stack."""
        return tuple(
            each for each in self.template["Parameters"] if self.deployed and each not in self.deployed
        )

    @property
    def names(self) -> dict[str, str]:
        """The values of parameters and pseudo parameters by name."""
        pseudo = {
            "AWS::StackName": self.stack,
            "AWS::Region": self.region,
            "AWS::AccountId": self.account,
            "AWS::Partition": partition(self.region),
        }
        return pseudo | {name: self.value(name) for name in self.template["Parameters"]}

    def made(self) -> Iterator[Made]:
        """Every resource with a name of its own, also those that are switched off."""
        names = self.names
        for kind, key in _NAMED.items():
            for logical, properties in resources(self.template, kind).items():
                if key in properties:
                    yield Made(kind, str(resolve(properties[key], names)), self._switch(logical))

    def filtered(self) -> dict[str, Strings]:
        """Log groups that metric filters need, each with the switches of those filters."""
        names, found = self.names, dict[str, dict[str, None]]()
        for logical, properties in resources(self.template, _FILTER).items():
            group = str(resolve(properties["LogGroupName"], names))
            if switch := self._switch(logical):
                found.setdefault(group, {})[switch] = None
        return {group: tuple(switches) for group, switches in found.items()}

    def alarms_cost(self, switch: str) -> float:
        """USD a month of the alarms that this parameter leaves out, in us-east-1."""
        made = resources(self.template, "AWS::CloudWatch::Alarm").items()
        return ALARM_METRIC * sum(
            sum("MetricStat" in each for each in about.get("Metrics", ())) or 1
            for logical, about in made
            if self._switch(logical) == switch
        )

    def alarms(self) -> dict[str, str]:
        """The service's own alarms: parameter -> name."""
        ours = {each.name for each in self.made() if each.kind == "AWS::CloudWatch::Alarm"}
        named = (name for name in self.template["Parameters"] if name.endswith("AlarmName"))
        return {name: self.value(name) for name in named if self.value(name) not in ours}

    def kept(self) -> dict[str, str]:
        """What a deleted stack leaves behind: beginning of the name -> logical id."""
        return {
            (f"{self.stack}-{logical}-".lower() if "Bucket" in kind else f"{self.stack}-{logical}-"): logical
            for kind in _IDENTIFIERS
            for logical in resources(self.template, kind)
            if "Retain" in str(self.template["Resources"][logical].get("DeletionPolicy", ""))
        }

    def patterns(self) -> dict[str, int]:
        """Characters of the pattern of each rule, by the logical ids of function and event."""
        names = self.names
        return {
            f"{logical}{event}": len(json.dumps(resolve(about["Properties"]["Pattern"], names), **_COMPACT))
            for logical, each in functions(self.template).items()
            for event, about in each.get("Events", {}).items()
            if "Pattern" in about.get("Properties", {})
        }

    def reserving(self) -> int:
        """How many executions the functions of this stack reserve."""
        return sum(
            self._number(each.get("ReservedConcurrentExecutions"))
            for logical, each in functions(self.template).items()
            if self._holds(self.template["Resources"][logical].get("Condition"))
        )

    def _number(self, value: Any) -> int:
        match value:
            case {"Fn::If": [str(condition), yes, no]}:
                return self._number(yes if self._holds(condition) else no)
        return value if isinstance(value, int) else 0

    def _holds(self, condition: Any) -> bool:
        """A condition of the template, by its name or as it is written; None holds always."""
        match condition:
            case None:
                return True
            case str() | {"Condition": str()}:
                name = condition if isinstance(condition, str) else condition["Condition"]
                return self._holds(self.template["Conditions"][name])
            case {"Fn::Not": [one]}:
                return not self._holds(one)
            case {"Fn::And": parts}:
                return all(map(self._holds, parts))
            case {"Fn::Or": parts}:
                return any(map(self._holds, parts))
            case {"Fn::Equals": [one, other]}:
                return str(resolve(one, self.names)) == str(resolve(other, self.names))
        raise ValueError(f"no condition: {condition}")

    def _switch(self, logical: str) -> str:
        condition = self.template["Resources"][logical].get("Condition", "")
        match self.template["Conditions"].get(condition):
            case {"Fn::Equals": [{"Ref": str(parameter)}, "on"]}:
                return parameter
        return ""


def partition(region: str) -> str:
    """The partition of a Region; https://docs.aws.amazon.com/general/latest/gr/rande.html."""
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(region.rpartition("-")[0].rpartition("-")[0], "aws")


def stack_name(typed: str) -> str:
    """A name that CloudFormation takes. Raises EarlyExit for another one."""
    if GRAMMARS["ServiceStackName"](typed):
        raise EarlyExit(Exit.USAGE, text("preflight.bad_stack", stack=typed), {"stack": typed})
    return typed


def parameters(typed: Iterable[str], template: Data) -> dict[str, str]:
    """`OnCallEmail=ops@company.example` and the like, compared with the template.

    Raises:
        EarlyExit: some are no parameters of the template, or have values that it, or the service that gets
            them, does not take; one line for each.
    """
    found: dict[str, str] = {}
    wrong: list[tuple[str, Text]] = []
    for each in typed:
        name, sign, value = each.partition("=")
        about = template["Parameters"].get(name)
        if not (name and sign):
            wrong.append((name, text("preflight.bad_pair", typed=_shown(each))))
        elif about is None:
            (like,) = get_close_matches(name, template["Parameters"], 1, 0) or ("",)
            wrong.append((name, text("preflight.bad_parameter", parameter=_shown(name), like=like)))
        elif takes := problem(name, value, about) or ("" if accepted(about, value) else _what(about)):
            said = text("preflight.bad_value", parameter=name, value=_shown(value), takes=takes)
            wrong.append((name, said))
        found[name] = value
    if wrong:
        (name, said), *others = wrong
        raise EarlyExit(Exit.USAGE, said, {"parameter": name}, [each for _, each in others])
    return found


def _shown(typed: str) -> str:
    """In one line, and short enough for it; in quotes, with a code for what no screen shows as it is."""
    return repr(typed if len(typed) <= _SHOWN else f"{typed[:_SHOWN]}…")


def _what(about: Data) -> Text | str:
    allowed = "|".join(map(str, about.get("AllowedValues", ()))) or str(about.get("AllowedPattern", ""))
    return allowed or text(f"preflight.takes_{'range' if 'MaxValue' in about else 'least'}", **limits(about))


# --- what a deleted stack has left ---------------------------------------------------------------


def left_behind(form: Form, names: Iterable[str]) -> Left:
    """Those of the given names that a deleted stack of this name left: logical id -> names. A queue's name is
    its URL."""
    found: Left = defaultdict(list)
    for name in sorted(names):
        last = name.rpartition("/")[2]
        logical = next((kept for start, kept in form.kept().items() if last.startswith(start)), "")
        if logical:
            found[logical].append(name)
    return dict(found)


def adoption(form: Form, left: Left) -> str:
    """The command; empty where nothing is left, or several of a kind: a person has to choose then.

    A stack is made of these resources alone by importing them; the deployment then adds everything else (AWS
    CloudFormation User Guide, "Create a stack from existing resources").
    """
    if not left or twice(left):
        return ""
    # An import that is rolled back must not delete what it imported.
    known = {each: form.template["Resources"][each] for each in left}
    kept = {
        each: {"Type": about["Type"], "Properties": about["Properties"], "DeletionPolicy": "Retain"}
        for each, about in known.items()
    }
    asked = {
        "StackName": form.stack,
        "ChangeSetName": _CHANGE_SET,
        "ChangeSetType": "IMPORT",
        "TemplateBody": json.dumps({"Resources": kept}, separators=(",", ":")),
        "ResourcesToImport": [
            {
                "ResourceType": known[each]["Type"],
                "LogicalResourceId": each,
                "ResourceIdentifier": {_IDENTIFIERS[known[each]["Type"]]: name},
            }
            for each, (name,) in left.items()
        ],
    }
    where = f"{form.where} --stack-name {form.stack}"
    change_set = f"{where} --change-set-name {_CHANGE_SET}"
    return " && ".join(
        (
            f"aws cloudformation create-change-set {form.where} "
            f"--cli-input-json {shlex.quote(json.dumps(asked, separators=(',', ':')))}",
            f"aws cloudformation wait change-set-create-complete {change_set}",
            f"aws cloudformation execute-change-set {change_set}",
            f"aws cloudformation wait stack-import-complete {where}",
        )
    )


def twice(left: Left) -> list[str]:
    """Names of which only one can be taken over."""
    return [name for names in left.values() if len(names) > 1 for name in names]
