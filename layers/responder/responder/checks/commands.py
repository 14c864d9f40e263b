"""Commands that fix or show what is wrong here: one line each, exact and complete. Pure."""

import json
import shlex
from collections.abc import Iterable
from typing import Any

from responder.core.deployed_alarm import WatchedMetric
from responder.core.frozen import frozen
from responder.core.plain_data import Data
from responder.core.settings import Settings
from responder.core.text import Text, Texts, text

# PutMetricAlarm replaces the whole alarm: parts that stay have to be given again.
_KEPT = ("AlarmActions", "OKActions", "InsufficientDataActions")
# What PutMetricAlarm overwrites.
_ALARM = (
    "AlarmDescription,Namespace,MetricName,Dimensions,Statistic,ExtendedStatistic,Unit,Period,"
    "EvaluationPeriods,DatapointsToAlarm,Threshold,ComparisonOperator,TreatMissingData,ActionsEnabled,"
    "AlarmActions,OKActions,InsufficientDataActions"
)
# Characters of a line that can still be pasted, with the state that it was made for.
LONGEST = 3_000


@frozen
class FixCommand:
    """A command ("": there is none), what to know about it, and what it removes (None: nothing)."""

    command: str
    details: Texts = ()
    caution: Text | None = None


def aws(call: str, region: str = "", /, **options: str | Iterable[str]) -> str:
    """`aws s3api get-bucket-acl --region … --bucket …` for a shell. An option is written as in Python
    (`role_name=`), with one value or several; `region` is left out for services that have none."""
    words = ["aws", *call.split(), *(["--region", region] if region else [])]
    for name, value in options.items():
        words += [f"--{name.replace('_', '-')}", *((value,) if isinstance(value, str) else value)]
    return shlex.join(words)


def invoke(function: str, settings: Settings, **options: str) -> str:
    """Call a function of this stack (`daily-check`) once."""
    name = f"{settings.stack}-{function}"
    return f"{aws('lambda invoke', settings.region, function_name=name, **options)} /dev/stdout"


def put(name: str, watch: WatchedMetric, settings: Settings, kept: Data | None = None) -> str:
    """`aws cloudwatch put-metric-alarm …` for an alarm on one metric.

    `kept`: the alarm as deployed; its description, actions and whether they are enabled stay as they are.
    None where there is no such alarm. Nothing is done once that has changed.
    """
    row, options = kept or {}, dict[str, str | Iterable[str]]()
    if watch.dimensions:
        options["dimensions"] = [f"Name={key},Value={value}" for key, value in watch.dimensions]
    options |= {"statistic": watch.statistic, "period": str(watch.period)}
    options |= {"evaluation_periods": str(watch.evaluated), "datapoints_to_alarm": str(watch.datapoints)}
    options |= {"threshold": f"{watch.threshold or 0:g}", "comparison_operator": watch.comparison}
    options["treat_missing_data"] = watch.missing
    names = ("alarm_actions", "ok_actions", "insufficient_data_actions")
    options |= {option: row[key] for key, option in zip(_KEPT, names, strict=True) if row.get(key)}
    if row.get("ActionsEnabled") is False:
        options["no_actions_enabled"] = ()
    command = aws(
        "cloudwatch put-metric-alarm",
        settings.region,
        alarm_name=name,
        alarm_description=str(row.get("AlarmDescription") or f"FaceAuth: {watch.metric}"),
        namespace=watch.namespace,
        metric_name=watch.metric,
        **options,
    )
    read = _alarm(name, settings, query=f"to_string(MetricAlarms[0].[{_ALARM}])", output="text")
    said = written(None if kept is None else [kept.get(each) for each in _ALARM.split(",")])
    return unchanged(read, said, command)


def deploy(settings: Settings, **parameters: str) -> FixCommand:
    """This stack again, with some parameters changed; the others keep their values.

    Built first: `sam deploy` would deploy an unbuilt template without the packages of the layers.
    """
    given = [f"{name}={value}" for name, value in parameters.items()]
    words = ["sam", "deploy", "--region", settings.region, "--stack-name", settings.stack]
    words += ["--parameter-overrides", *given] if given else []
    caution = text("check.deploy.caution", stack=settings.stack)
    return FixCommand(f"sam build && {shlex.join(words)}", (text("check.deploy.where"),), caution)


def detect_drift(settings: Settings) -> str:
    """What was changed or deleted manually; another deployment would not restore it."""
    return aws("cloudformation detect-stack-drift", settings.region, stack_name=settings.stack)


def enable_actions(name: str, settings: Settings) -> str:
    """An alarm's actions run again."""
    return aws("cloudwatch enable-alarm-actions", settings.region, alarm_names=name)


def show_mute(rule: str, settings: Settings) -> str:
    """What a mute rule silences, when and until when; nothing is changed."""
    return aws("cloudwatch get-alarm-mute-rule", settings.region, alarm_mute_rule_name=rule)


def show_reason(name: str, settings: Settings) -> str:
    """CloudWatch's view of an alarm's state; nothing is changed."""
    return _alarm(name, settings, query="MetricAlarms[].[EvaluationState,StateReason]")


def enable_rule(rule: str, settings: Settings) -> str:
    """The EventBridge rule matches events again."""
    return aws("events enable-rule", settings.region, name=rule)


def let_in(function: str, rule: str, settings: Settings) -> str:
    """The EventBridge rule (an ARN) may call the function."""
    return aws(
        "lambda add-permission",
        settings.region,
        function_name=function,
        statement_id=f"events-{rule.rpartition('/')[2]}"[:100],
        source_arn=rule,
        action="lambda:InvokeFunction",
        principal="events.amazonaws.com",
    )


def _alarm(name: str, settings: Settings, **options: str) -> str:
    return aws("cloudwatch describe-alarms", settings.region, alarm_names=name, **options)


def unchanged(read: str, said: str, command: str) -> str:
    """The command, which runs only if AWS still returns for `read` what it returned when the finding was
    made."""
    otherwise = "echo 'Changed since the check: no changes were made'; false"
    return f'if [ "$({read})" = {shlex.quote(said)} ]; then {command}; else {otherwise}; fi'


def written(value: Any) -> str:
    """A part of an answer as the AWS CLI writes it with JMESPath's `to_string` and `--output text`."""
    return json.dumps(value, default=str, separators=(",", ":"))


def refused(read: str, code: str) -> tuple[str, str]:
    """The read for `unchanged` that tests whether AWS answers `read` with this error, and with no other
    one."""
    return f"{read} 2>&1 | grep -o {code}", code
