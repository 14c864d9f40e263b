"""Our own stack, as far as AWS's limits can meet it: how much there is of everything, largest first."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from liveness_ops.template_tools.load import parse
from local_aws.client import LocalAws
from responder.messages.mail import LIMIT
from responder.store.dead_letters import MOST

# How much, and of what.
type Most = tuple[int, str]
_HOUR = 3600


@dataclass(frozen=True)
class StackUsage:
    """A deployed stack: the local AWS it is in, its name, its template's text and the values it was given.

    Its public methods are the measures that limits.yaml names; the unit is that of the limit.
    """

    aws: LocalAws
    stack: str
    text: str
    values: Mapping[str, str]

    # --- read once --------------------------------------------------------------------------------

    def _pages(self, service: str, operation: str, key: str, **given: Any) -> list[Any]:
        pages = self.aws.client(service).get_paginator(operation).paginate(**given)
        return [each for page in pages for each in page[key]]

    def _own(self, kind: str, name: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The resources that the stack has made; `name`: the key of their physical id."""
        made = self._made.get(kind, [])
        return [each for each in found if each[name] in made]

    @cached_property
    def _template(self) -> dict[str, Any]:
        return parse(self.text)

    @cached_property
    def _made(self) -> dict[str, list[str]]:
        """Physical ids by type."""
        found: dict[str, list[str]] = {}
        for each in self._pages(
            "cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=self.stack
        ):
            found.setdefault(each["ResourceType"], []).append(each["PhysicalResourceId"])
        return found

    @cached_property
    def _functions(self) -> list[dict[str, Any]]:
        found = self._pages("lambda", "list_functions", "Functions")
        return self._own("AWS::Lambda::Function", "FunctionName", found)

    @cached_property
    def _roles(self) -> list[dict[str, Any]]:
        return self._own("AWS::IAM::Role", "RoleName", self._pages("iam", "list_roles", "Roles"))

    @cached_property
    def _alarms(self) -> list[dict[str, Any]]:
        found = self._pages("cloudwatch", "describe_alarms", "MetricAlarms")
        return self._own("AWS::CloudWatch::Alarm", "AlarmName", found)

    @cached_property
    def _rules(self) -> list[dict[str, Any]]:
        found = self._pages("events", "list_rules", "Rules")
        return [each for each in found if each["Name"].startswith(self.stack)]

    @cached_property
    def _filters(self) -> list[dict[str, Any]]:
        found = self._pages("logs", "describe_metric_filters", "metricFilters")
        return self._own("AWS::Logs::MetricFilter", "filterName", found)

    @cached_property
    def _policies(self) -> list[dict[str, list[str]]]:
        """Filter policies of the subscriptions."""
        sns, found = self.aws.client("sns"), []
        for each in self._made["AWS::SNS::Subscription"]:
            attributes = sns.get_subscription_attributes(SubscriptionArn=each)["Attributes"]
            found.append(json.loads(attributes.get("FilterPolicy") or "{}"))
        return found

    # --- Lambda and durable executions ------------------------------------------------------------

    def environment(self) -> Most:
        """The size of the environment as Lambda counts it: as JSON."""

        def size(function: dict[str, Any]) -> int:
            variables = function.get("Environment", {}).get("Variables", {})
            return len(json.dumps(variables, separators=(",", ":")))

        return _most(self._functions, "FunctionName", size)

    def function_name(self) -> Most:
        """The length of the longest."""
        return _longest(each["FunctionName"] for each in self._functions)

    def function_description(self) -> Most:
        """The length of the longest."""
        return _most(self._functions, "FunctionName", lambda each: len(each.get("Description", "")))

    def operations(self) -> Most:
        """The operations of one follow-up."""
        # The folder of the functions is on the path of tests and of a checkout alone.
        from follow_up import OPERATIONS

        return OPERATIONS, "hands over to the next execution then"

    # --- IAM --------------------------------------------------------------------------------------

    def inline_policies(self) -> Most:
        """The size of all inline policies of one role."""
        iam = self.aws.client("iam")

        def size(role: dict[str, Any]) -> int:
            name = role["RoleName"]
            names = iam.list_role_policies(RoleName=name)["PolicyNames"]
            found = [iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"] for each in names]
            return sum(_compact(each) for each in found)

        return _most(self._roles, "RoleName", size)

    def managed_policy(self) -> Most:
        """The largest."""
        iam = self.aws.client("iam")

        def size(policy: dict[str, Any]) -> int:
            version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
            return _compact(version["PolicyVersion"]["Document"])

        found = self._pages("iam", "list_policies", "Policies", Scope="Local")
        return _most(self._own("AWS::IAM::ManagedPolicy", "Arn", found), "PolicyName", size)

    def trust_policy(self) -> Most:
        """The largest."""
        return _most(self._roles, "RoleName", lambda each: _compact(each["AssumeRolePolicyDocument"]))

    def attached_policies(self) -> Most:
        """The number of attached policies of one role."""
        attached = self.aws.client("iam").list_attached_role_policies
        return _most(
            self._roles,
            "RoleName",
            lambda each: len(attached(RoleName=each["RoleName"])["AttachedPolicies"]),
        )

    # --- CloudFormation ---------------------------------------------------------------------------

    def template_size(self) -> Most:
        """The size of the larger one: as SAM CLI uploads it, or as the transform leaves it."""
        found = self.aws.client("cloudformation").get_template(
            StackName=self.stack, TemplateStage="Processed"
        )
        body = found["TemplateBody"]
        processed = body if isinstance(body, str) else json.dumps(body)
        return max((len(self.text.encode()), "as uploaded"), (len(processed.encode()), "processed"))

    def resources(self) -> Most:
        """After the transform."""
        return sum(len(each) for each in self._made.values()), "all conditions on"

    def parameters(self) -> Most:
        """The number of parameters of the template."""
        return len(self._template["Parameters"]), "template.yaml"

    def outputs(self) -> Most:
        """The number of outputs of the template."""
        return len(self._template["Outputs"]), "template.yaml"

    def parameter_value(self) -> Most:
        """The longest."""
        return max(((len(value.encode()), name) for name, value in self.values.items()), default=_NOTHING)

    def template_description(self) -> Most:
        """The length of the description of the template."""
        return len(self._template.get("Description", "").encode()), "template.yaml"

    # --- parameters and messages ------------------------------------------------------------------

    def parameter_of_ssm(self) -> Most:
        """The largest of the stack's parameters as they are deployed."""
        ssm = self.aws.client("ssm")
        found = [ssm.get_parameter(Name=each)["Parameter"] for each in self._made["AWS::SSM::Parameter"]]
        return _most(found, "Name", lambda each: len(each["Value"].encode()))

    def message(self) -> Most:
        """The size of an e-mail."""
        return LIMIT, "a longer message is cut there, and says so"

    def letter(self) -> Most:
        """The record of an invocation that failed."""
        return MOST, "a longer record is cut there"

    def filter_keys(self) -> Most:
        """The number of filter keys of one subscription."""
        return max(((len(each), "subscription") for each in self._policies), default=_NOTHING)

    def filter_values(self) -> Most:
        """Combinations of the values of one subscription."""
        combinations = (math.prod(len(values) for values in each.values()) for each in self._policies)
        return max(((each, "subscription") for each in combinations), default=_NOTHING)

    # --- EventBridge, Scheduler -------------------------------------------------------------------

    def event_pattern(self) -> Most:
        """The longest."""
        return _most(self._rules, "Name", lambda each: _compact(json.loads(each.get("EventPattern") or "{}")))

    def rule_targets(self) -> Most:
        """The number of targets of one rule."""
        targets = self.aws.client("events").list_targets_by_rule
        return _most(self._rules, "Name", lambda each: len(targets(Rule=each["Name"])["Targets"]))

    def rule_description(self) -> Most:
        """The longest."""
        return _most(self._rules, "Name", lambda each: len(each.get("Description", "")))

    def schedule_name(self) -> Most:
        """The longest."""
        return _longest(self._made.get("AWS::Scheduler::Schedule", []))

    # --- CloudWatch -------------------------------------------------------------------------------

    def alarm_name(self) -> Most:
        """The longest."""
        return _longest(each["AlarmName"] for each in self._alarms)

    def alarm_description(self) -> Most:
        """The longest."""
        return _most(self._alarms, "AlarmName", lambda each: len(each.get("AlarmDescription", "")))

    def alarm_actions(self) -> Most:
        """The number of actions for one state."""
        return _most(self._alarms, "AlarmName", lambda each: len(each.get("AlarmActions", [])))

    def alarm_metrics(self) -> Most:
        """Metrics, and not expressions, of an alarm on an expression."""
        return _most(
            self._alarms,
            "AlarmName",
            lambda each: sum("MetricStat" in one for one in each.get("Metrics", [])),
        )

    def alarm_minutes(self) -> Most:
        """The evaluation range of an alarm with a period under an hour."""
        return _most(self._alarms, "AlarmName", lambda each: _looks_back(each, short=True) // 60)

    def alarm_hours(self) -> Most:
        """The evaluation range of an alarm with a period of an hour or more."""
        return _most(self._alarms, "AlarmName", lambda each: _looks_back(each, short=False) // _HOUR)

    def widget_metrics(self) -> Most:
        """The number of metrics of one widget."""
        found = []
        for name in self._made.get("AWS::CloudWatch::Dashboard", []):
            body = self.aws.client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"]
            widgets = json.loads(body)["widgets"]
            found += [(len(each["properties"].get("metrics", [])), name) for each in widgets]
        return max(found, default=_NOTHING)

    def filter_pattern(self) -> Most:
        """The longest."""
        return _most(self._filters, "filterName", lambda each: len(each["filterPattern"]))

    def regular_expressions(self) -> Most:
        """Patterns with regular expressions of one log group."""
        return _often(each["logGroupName"] for each in self._filters if "%" in each["filterPattern"])

    def metric_filters(self) -> Most:
        """The number of metric filters of one log group."""
        return _often(each["logGroupName"] for each in self._filters)


_NOTHING: Most = (0, "none")


def _most(found: Iterable[dict[str, Any]], name: str, size: Callable[[dict[str, Any]], int]) -> Most:
    return max(((size(each), str(each[name])) for each in found), default=_NOTHING)


def _longest(names: Iterable[str]) -> Most:
    return max(((len(name), name) for name in names), default=_NOTHING)


def _often(names: Iterable[str]) -> Most:
    return max(((number, name) for name, number in Counter(names).items()), default=_NOTHING)


def _compact(document: Any) -> int:
    """Characters without white space: what IAM and EventBridge count."""
    return len(re.sub(r"\s", "", json.dumps(document, separators=(",", ":"), ensure_ascii=False)))


def _looks_back(alarm: dict[str, Any], short: bool) -> int:
    """Seconds, of alarms of that kind; 0 of the others."""
    inner = [each["MetricStat"]["Period"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
    period = int(max(inner) if inner else alarm.get("Period", 60))
    return period * int(alarm["EvaluationPeriods"]) if (period < _HOUR) == short else 0
