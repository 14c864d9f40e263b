"""Does it reach anybody: actions, mute rules, EventBridge rules. Pure."""

from collections.abc import Mapping

from responder.check import Item, Light
from responder.checks import alarms_command as command
from responder.checks.alarms_deployed import Deployed
from responder.checks.alarms_read import Rule
from responder.settings import Settings
from responder.text import text


def disabled(alarm: Deployed, settings: Settings, chapter: str) -> Item | None:
    """Its own actions are switched off. EventBridge hears it all the same."""
    if alarm.enabled:
        return None
    detail = text("check.alarms.actions", count=len(alarm.actions))
    mend = command.enable_actions(alarm.name, settings)
    return Item(Light.AMBER, text("check.alarms.disabled", alarm=alarm.name), (detail,), chapter, mend)


def muted(
    alarm: Deployed, mutes: Mapping[str, tuple[str, ...]], settings: Settings, chapter: str
) -> Item | None:
    """A mute rule is active: no action of its own, and no remedy of ours."""
    rules = mutes.get(alarm.name, ())
    if not rules:
        return None
    said = text("check.alarms.muted", alarm=alarm.name, rules=", ".join(rules))
    detail = text("check.alarms.muted.effect")
    mend = " && ".join(command.unmute(rule, settings) for rule in rules)
    return Item(Light.AMBER, said, (detail,), chapter, mend)


def unheard(alarm: Deployed, rules: tuple[Rule, ...], settings: Settings, chapter: str) -> Item | None:
    """No rule of ours hears it: amber where it acts by itself, red where nobody listens at all."""
    hearing = [each for each in rules if each.ours and each.hears(alarm)]
    if any(each.enabled for each in hearing):
        return None
    details = tuple(text("check.alarms.rule_disabled", rule=each.name) for each in hearing)
    details = details or (text("check.alarms.no_rule", stack=settings.stack),)
    mend = command.enable_rule(hearing[0].name, settings) if hearing else ""
    if alarm.enabled and alarm.actions:
        said = text("check.alarms.unanswered", alarm=alarm.name, count=len(alarm.actions))
        return Item(Light.AMBER, said, details, chapter, mend)
    details += (text("check.alarms.actions", count=len(alarm.actions)),)
    return Item(Light.RED, text("check.alarms.unheard", alarm=alarm.name), details, chapter, mend)


def voiceless(alarm: Deployed, settings: Settings) -> Item | None:
    """An alarm on this automation itself speaks by its own action alone."""
    if alarm.enabled and alarm.actions:
        return None
    mend = "" if alarm.enabled else command.enable_actions(alarm.name, settings)
    detail = text("check.alarms.actions", count=len(alarm.actions))
    return Item(Light.RED, text("check.alarms.voiceless", alarm=alarm.name), (detail,), "", mend)
