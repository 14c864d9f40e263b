"""Does it reach anybody: evaluation, actions, EventBridge rules. Pure."""

from responder.checks import commands
from responder.checks.alarms.event_rules import EventRule
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckStatus
from responder.core.deployed_alarm import DeployedAlarm
from responder.core.settings import Settings
from responder.core.text import Text, text


def disabled(alarm: DeployedAlarm, settings: Settings, chapter: str, *, high: bool) -> CheckItem | None:
    """Its own actions are switched off, so no remedy runs either. EventBridge hears it all the same."""
    if alarm.enabled:
        return None
    details = (text("check.alarms.disabled.effect"), text("check.alarms.actions", count=len(alarm.actions)))
    mend = commands.enable_actions(alarm.name, settings)
    light = CheckStatus.RED if high else CheckStatus.AMBER
    return CheckItem(
        Checked.ALARM_ACTIONS.of(alarm.name),
        light,
        text("check.alarms.disabled", alarm=alarm.name),
        details,
        chapter,
        mend,
    )


def unheard(
    alarm: DeployedAlarm, rules: tuple[EventRule, ...], settings: Settings, chapter: str
) -> CheckItem | None:
    """No rule of ours hands it on: amber where it acts by itself, red where nobody listens at all."""
    hearing = [each for each in rules if each.hears(alarm) and _ours(each, settings)]
    if any(each.answered for each in hearing):
        return None
    details = tuple(_why(each) for each in hearing)
    details = details or (text("check.alarms.no_rule", stack=settings.stack),)
    mend = _mend(hearing[0], settings) if hearing else ""
    if alarm.enabled and alarm.actions:
        said = text("check.alarms.unanswered", alarm=alarm.name, count=len(alarm.actions))
        return CheckItem(
            Checked.ALARM_ANSWERED.of(alarm.name), CheckStatus.AMBER, said, details, chapter, mend
        )
    details += (text("check.alarms.actions", count=len(alarm.actions)),)
    return CheckItem(
        Checked.ALARM_ANSWERED.of(alarm.name),
        CheckStatus.RED,
        text("check.alarms.unheard", alarm=alarm.name),
        details,
        chapter,
        mend,
    )


def _ours(rule: EventRule, settings: Settings) -> bool:
    """By its targets; by its name where somebody took them away."""
    return bool(rule.functions) or rule.name.startswith(f"{settings.stack}-")


def _why(rule: EventRule) -> Text:
    if not rule.functions:
        return text("check.alarms.no_target", rule=rule.name)
    if not rule.enabled:
        return text("check.alarms.rule_disabled", rule=rule.name)
    return text("check.alarms.shut", rule=rule.name, function=rule.shut[0])


def _mend(rule: EventRule, settings: Settings) -> str:
    if not rule.functions:
        return ""
    if not rule.enabled:
        return commands.enable_rule(rule.name, settings)
    return commands.let_in(rule.shut[0], rule.arn, settings)


def untested(alarm: DeployedAlarm, settings: Settings, chapter: str, *, high: bool) -> CheckItem | None:
    """CloudWatch cannot evaluate it, or not with all of its data: its state says nothing."""
    if not alarm.trouble:
        return None
    light = CheckStatus.RED if high and alarm.trouble != "PARTIAL_DATA" else CheckStatus.AMBER
    said = text("check.alarms.trouble", alarm=alarm.name, state=alarm.trouble)
    return CheckItem(
        Checked.ALARM_EVALUATED.of(alarm.name),
        light,
        said,
        (),
        chapter,
        commands.show_reason(alarm.name, settings),
    )


def voiceless(alarm: DeployedAlarm, settings: Settings) -> CheckItem | None:
    """An alarm on this automation itself speaks by its own action alone."""
    if alarm.enabled and alarm.actions:
        return None
    mend = "" if alarm.enabled else commands.enable_actions(alarm.name, settings)
    detail = text("check.alarms.actions", count=len(alarm.actions))
    return CheckItem(
        Checked.ALARM_ACTIONS.of(alarm.name),
        CheckStatus.RED,
        text("check.alarms.voiceless", alarm=alarm.name),
        (detail,),
        "",
        mend,
    )
