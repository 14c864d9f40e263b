"""Our own stack, as far as AWS's limits can meet it: how much there is of everything, largest first."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from liveness_ops.local_aws import LocalAws
from liveness_ops.template_tools.load import parse
from responder.messages.mail import LIMIT
from responder.store.dead_letters import MOST

type Most = tuple[int, str]
_HOUR = 3600


@dataclass(frozen=True)
class Ours:
    """A deployed stack: the local AWS it is in, its name, its template's text and the values it was given."""

    aws: LocalAws
    stack: str
    text: str
    values: Mapping[str, str]

    # --- read once --------------------------------------------------------------------------------

    def _pages(self, service: str, operation: str, key: str, **given: Any) -> list[Any]:
        pages = self.aws.client(service).get_paginator(operation).paginate(**given)
        return [each for page in pages for each in page[key]]

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
        made = self._made["AWS::Lambda::Function"]
        return [
            each
            for each in self._pages("lambda", "list_functions", "Functions")
            if each["FunctionName"] in made
        ]

    @cached_property
    def _roles(self) -> list[dict[str, Any]]:
        made = self._made["AWS::IAM::Role"]
        return [each for each in self._pages("iam", "list_roles", "Roles") if each["RoleName"] in made]

    @cached_property
    def _alarms(self) -> list[dict[str, Any]]:
        made = self._made["AWS::CloudWatch::Alarm"]
        found = self._pages("cloudwatch", "describe_alarms", "MetricAlarms")
        return [each for each in found if each["AlarmName"] in made]

    @cached_property
    def _rules(self) -> list[dict[str, Any]]:
        return [
            each
            for each in self._pages("events", "list_rules", "Rules")
            if each["Name"].startswith(self.stack)
        ]

    @cached_property
    def _filters(self) -> list[dict[str, Any]]:
        made = self._made["AWS::Logs::MetricFilter"]
        found = self._pages("logs", "describe_metric_filters", "metricFilters")
        return [each for each in found if each["filterName"] in made]

    @cached_property
    def _policies(self) -> list[dict[str, list[str]]]:
        """Filter policies of the subscriptions."""
        sns, found = self.aws.client("sns"), []
        for each in self._made["AWS::SNS::Subscription"]:
            attributes = sns.get_subscription_attributes(SubscriptionArn=each)["Attributes"]
            found.append(json.loads(attributes.get("FilterPolicy") or "{}"))
        return found

    # --- Lambda -----------------------------------------------------------------------------------

    def environment(self) -> Most:
        """Bytes, as Lambda counts them."""
        return _most(
            (
                len(json.dumps(each.get("Environment", {}).get("Variables", {}), separators=(",", ":"))),
                each["FunctionName"],
            )
            for each in self._functions
        )

    def function_name(self) -> Most:
        """Characters."""
        return _longest(each["FunctionName"] for each in self._functions)

    def function_description(self) -> Most:
        """Characters."""
        return _most((len(each.get("Description", "")), each["FunctionName"]) for each in self._functions)

    # --- IAM --------------------------------------------------------------------------------------

    def inline_policies(self) -> Most:
        """Characters of all inline policies of one role."""
        iam = self.aws.client("iam")

        def size(role: str) -> int:
            names = iam.list_role_policies(RoleName=role)["PolicyNames"]
            found = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names]
            return sum(_compact(each) for each in found)

        return _most((size(each["RoleName"]), each["RoleName"]) for each in self._roles)

    def managed_policy(self) -> Most:
        """Characters."""
        iam = self.aws.client("iam")

        def size(policy: dict[str, Any]) -> int:
            version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
            return _compact(version["PolicyVersion"]["Document"])

        made = self._made.get("AWS::IAM::ManagedPolicy", [])
        found = self._pages("iam", "list_policies", "Policies", Scope="Local")
        return _most((size(each), each["PolicyName"]) for each in found if each["Arn"] in made)

    def trust_policy(self) -> Most:
        """Characters."""
        return _most((_compact(each["AssumeRolePolicyDocument"]), each["RoleName"]) for each in self._roles)

    def attached_policies(self) -> Most:
        """Managed policies of one role."""
        iam = self.aws.client("iam")
        return _most(
            (
                len(iam.list_attached_role_policies(RoleName=each["RoleName"])["AttachedPolicies"]),
                each["RoleName"],
            )
            for each in self._roles
        )

    # --- CloudFormation ---------------------------------------------------------------------------

    def template_size(self) -> Most:
        """Bytes of the larger one: as SAM CLI uploads it, or as the transform leaves it."""
        found = self.aws.client("cloudformation").get_template(
            StackName=self.stack, TemplateStage="Processed"
        )
        body = found["TemplateBody"]
        processed = body if isinstance(body, str) else json.dumps(body)
        return _most([(len(self.text.encode()), "as uploaded"), (len(processed.encode()), "processed")])

    def resources(self) -> Most:
        """Resources after the transform."""
        return sum(len(each) for each in self._made.values()), "all conditions on"

    def parameters(self) -> Most:
        """Parameters."""
        return len(self._template["Parameters"]), "template.yaml"

    def outputs(self) -> Most:
        """Outputs."""
        return len(self._template["Outputs"]), "template.yaml"

    def parameter_value(self) -> Most:
        """Bytes."""
        return _most((len(value.encode()), name) for name, value in self.values.items())

    def template_description(self) -> Most:
        """Bytes."""
        return len(self._template.get("Description", "").encode()), "template.yaml"

    # --- messages ---------------------------------------------------------------------------------

    def parameter_of_ssm(self) -> Most:
        """Bytes of the stack's parameters as they are deployed."""
        made = self._made.get("AWS::SSM::Parameter", [])
        ssm = self.aws.client("ssm")
        return _most(
            (len(ssm.get_parameter(Name=each)["Parameter"]["Value"].encode()), each) for each in made
        )

    def message(self) -> Most:
        """Bytes: a longer message is cut, and says so."""
        return LIMIT, "a longer message is cut there, and says so"

    def letter(self) -> Most:
        """Bytes of the record of an invocation that failed."""
        return MOST, "a longer record is cut there"

    def filter_keys(self) -> Most:
        """Keys of a filter policy."""
        return _most((len(each), "subscription") for each in self._policies)

    def filter_values(self) -> Most:
        """Combinations of a filter policy's values."""

        def combinations(policy: dict[str, list[str]]) -> int:
            product = 1
            for values in policy.values():
                product *= len(values)
            return product

        return _most((combinations(each), "subscription") for each in self._policies)

    # --- EventBridge, Scheduler -------------------------------------------------------------------

    def event_pattern(self) -> Most:
        """Characters."""
        return _most(
            (_compact(json.loads(each.get("EventPattern") or "{}")), each["Name"]) for each in self._rules
        )

    def rule_targets(self) -> Most:
        """Targets of a rule."""
        events = self.aws.client("events")
        return _most(
            (len(events.list_targets_by_rule(Rule=each["Name"])["Targets"]), each["Name"])
            for each in self._rules
        )

    def rule_description(self) -> Most:
        """Characters."""
        return _most((len(each.get("Description", "")), each["Name"]) for each in self._rules)

    def schedule_name(self) -> Most:
        """Characters."""
        return _longest(self._made.get("AWS::Scheduler::Schedule", []))

    # --- CloudWatch -------------------------------------------------------------------------------

    def alarm_name(self) -> Most:
        """Characters."""
        return _longest(each["AlarmName"] for each in self._alarms)

    def alarm_description(self) -> Most:
        """Characters."""
        return self._of_alarms(lambda each: len(each.get("AlarmDescription", "")))

    def alarm_actions(self) -> Most:
        """Actions for one state."""
        return self._of_alarms(lambda each: len(each.get("AlarmActions", [])))

    def alarm_metrics(self) -> Most:
        """Metrics, and not expressions, of an alarm on an expression."""
        return self._of_alarms(lambda each: sum("MetricStat" in one for one in each.get("Metrics", [])))

    def alarm_minutes(self) -> Most:
        """Minutes of an alarm with a period under an hour."""
        return self._of_alarms(lambda each: _looked_back(each, short=True) // 60)

    def alarm_hours(self) -> Most:
        """Hours of an alarm with a period of an hour or more."""
        return self._of_alarms(lambda each: _looked_back(each, short=False) // _HOUR)

    def _of_alarms(self, count: Callable[[dict[str, Any]], int]) -> Most:
        return _most((count(each), each["AlarmName"]) for each in self._alarms)

    def widget_metrics(self) -> Most:
        """Metrics of one widget."""

        def widgets() -> Iterator[Most]:
            for name in self._made.get("AWS::CloudWatch::Dashboard", []):
                body = self.aws.client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"]
                for each in json.loads(body)["widgets"]:
                    yield len(each["properties"].get("metrics", [])), name

        return _most(widgets())

    def filter_pattern(self) -> Most:
        """Characters."""
        return _most((len(each["filterPattern"]), each["filterName"]) for each in self._filters)

    def regular_expressions(self) -> Most:
        """Patterns with regular expressions of one log group."""
        return _often(each["logGroupName"] for each in self._filters if "%" in each["filterPattern"])

    def metric_filters(self) -> Most:
        """Filters of one log group."""
        return _often(each["logGroupName"] for each in self._filters)


def _most(found: Iterable[Most]) -> Most:
    return max(found, default=(0, "none"))


def _longest(names: Iterable[str]) -> Most:
    return _most((len(name), name) for name in names)


def _often(names: Iterable[str]) -> Most:
    counted: dict[str, int] = {}
    for name in names:
        counted[name] = counted.get(name, 0) + 1
    return _most((number, name) for name, number in counted.items())


def _compact(document: Any) -> int:
    """Characters without white space: what IAM and EventBridge count."""
    return len(re.sub(r"\s", "", json.dumps(document, separators=(",", ":"), ensure_ascii=False)))


def _looked_back(alarm: dict[str, Any], short: bool) -> int:
    """Seconds, of alarms of that kind; 0 of the others."""
    inner = [each["MetricStat"]["Period"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
    period = int(max(inner) if inner else alarm.get("Period", 60))
    return period * int(alarm["EvaluationPeriods"]) if (period < _HOUR) == short else 0
