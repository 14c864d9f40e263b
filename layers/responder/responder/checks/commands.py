"""Commands that mend, or show, what is wrong here: one line each, exact and complete. Pure."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from responder.core.deployed_alarm import WatchedMetric
from responder.core.settings import Settings
from responder.core.text import Text, text

# PutMetricAlarm replaces the whole alarm: what is to stay has to be said again.
_KEPT = (
    ("AlarmActions", "--alarm-actions"),
    ("OKActions", "--ok-actions"),
    ("InsufficientDataActions", "--insufficient-data-actions"),
)
# What PutMetricAlarm overwrites.
_ALARM = (
    "AlarmDescription",
    "Namespace",
    "MetricName",
    "Dimensions",
    "Statistic",
    "ExtendedStatistic",
    "Unit",
    "Period",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
    "ActionsEnabled",
    "AlarmActions",
    "OKActions",
    "InsufficientDataActions",
)


@dataclass(frozen=True, slots=True)
class FixCommand:
    """A command ("": there is none), what to know about it, and what it takes away (None: nothing)."""

    command: str
    details: tuple[Text, ...] = ()
    caution: Text | None = None


def put(name: str, watch: WatchedMetric, settings: Settings, kept: Mapping[str, Any] | None = None) -> str:
    """`aws cloudwatch put-metric-alarm …` for an alarm on one metric.

    `kept`: the alarm as deployed; its description, actions and whether they are enabled stay as they are.
    None where there is no such alarm. Nothing is done once that has changed.
    """
    row = kept or {}
    words = ["aws", "cloudwatch", "put-metric-alarm", "--region", settings.region, "--alarm-name", name]
    words += ["--alarm-description", str(row.get("AlarmDescription") or f"FaceAuth: {watch.metric}")]
    words += ["--namespace", watch.namespace, "--metric-name", watch.metric]
    if watch.dimensions:
        words += ["--dimensions", *(f"Name={key},Value={value}" for key, value in watch.dimensions)]
    words += ["--statistic", watch.statistic, "--period", str(watch.period)]
    words += ["--evaluation-periods", str(watch.evaluated), "--datapoints-to-alarm", str(watch.datapoints)]
    words += ["--threshold", f"{watch.threshold or 0:g}", "--comparison-operator", watch.comparison]
    words += ["--treat-missing-data", watch.missing]
    for key, option in _KEPT:
        words += [option, *row[key]] if row.get(key) else []
    words += ["--no-actions-enabled"] if row.get("ActionsEnabled") is False else []
    show = ["aws", "cloudwatch", "describe-alarms", "--region", settings.region, "--alarm-names", name]
    query = f"to_string(MetricAlarms[0].[{','.join(_ALARM)}])"
    read = shlex.join([*show, "--query", query, "--output", "text"])
    said = written(None if kept is None else [kept.get(each) for each in _ALARM])
    return unchanged(read, said, shlex.join(words))


def deploy(settings: Settings, **parameters: str) -> FixCommand:
    """This stack again, with some parameters changed; the others keep their values.

    Built first: what `sam deploy` finds unbuilt it deploys without the packages that the layers need.
    """
    given = [f"{name}={value}" for name, value in parameters.items()]
    words = ["sam", "deploy", "--region", settings.region, "--stack-name", settings.stack]
    words += ["--parameter-overrides", *given] if given else []
    caution = text("check.deploy.caution", stack=settings.stack)
    return FixCommand(f"sam build && {shlex.join(words)}", (text("check.deploy.where"),), caution)


def detect_drift(settings: Settings) -> str:
    """What was changed or deleted by hand; another deployment would not put it back."""
    where = ["--region", settings.region, "--stack-name", settings.stack]
    return shlex.join(["aws", "cloudformation", "detect-stack-drift", *where])


def enable_actions(name: str, settings: Settings) -> str:
    """Its actions run again."""
    words = ["aws", "cloudwatch", "enable-alarm-actions", "--region", settings.region, "--alarm-names", name]
    return shlex.join(words)


def show_mute(rule: str, settings: Settings) -> str:
    """What a mute rule silences, when and until when; nothing is changed."""
    what = ["--alarm-mute-rule-name", rule]
    return shlex.join(["aws", "cloudwatch", "get-alarm-mute-rule", "--region", settings.region, *what])


def show_reason(name: str, settings: Settings) -> str:
    """What CloudWatch says of an alarm's state; nothing is changed."""
    words = ["aws", "cloudwatch", "describe-alarms", "--region", settings.region, "--alarm-names", name]
    return shlex.join([*words, "--query", "MetricAlarms[].[EvaluationState,StateReason]"])


def enable_rule(rule: str, settings: Settings) -> str:
    """The EventBridge rule hears again."""
    return shlex.join(["aws", "events", "enable-rule", "--region", settings.region, "--name", rule])


def let_in(function: str, rule: str, settings: Settings) -> str:
    """The EventBridge rule (an ARN) may call the function."""
    words = ["aws", "lambda", "add-permission", "--region", settings.region, "--function-name", function]
    words += ["--statement-id", f"events-{rule.rpartition('/')[2]}"[:100], "--source-arn", rule]
    return shlex.join([*words, "--action", "lambda:InvokeFunction", "--principal", "events.amazonaws.com"])


def unchanged(read: str, said: str, command: str) -> str:
    """The command, carried out only while AWS still answers `read` with what it said when it was judged."""
    otherwise = "echo 'Changed since the check: nothing was done'; false"
    return f'if [ "$({read})" = {shlex.quote(said)} ]; then {command}; else {otherwise}; fi'


def written(value: Any) -> str:
    """As the AWS CLI writes a part of an answer by JMESPath's `to_string` with `--output text`."""
    return json.dumps(value, default=str, separators=(",", ":"))


def refused(read: str, code: str) -> str:
    """For `unchanged`: asks whether AWS answers `read` with this error, and with no other one."""
    return f"{read} 2>&1 | grep -o {code}"
