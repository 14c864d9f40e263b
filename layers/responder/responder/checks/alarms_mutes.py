"""CloudWatch's own mute rules: which alarms are silent now, and which will be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from responder.check import Item, Light
from responder.checks import commands
from responder.checks.alarms_deployed import Deployed
from responder.gateway import Gateway
from responder.permissions import MUTE_RULES, Permission
from responder.settings import Settings
from responder.text import text

NEED = Permission("cloudwatch:ListAlarmMuteRules", MUTE_RULES)
# A rule that is over is told of no more.
_STATUSES = ("ACTIVE", "SCHEDULED")


@dataclass(frozen=True, slots=True)
class Mute:
    """One rule, for one alarm. `active`: right now; `recurring`: by a schedule, again and again."""

    name: str
    active: bool
    recurring: bool


def mutes(aws: Gateway, names: Iterable[str]) -> dict[str, tuple[Mute, ...]]:
    """The rules of each alarm that has any; one request where there is none at all.

    Raises:
        AwsError: they could not be listed.
    """
    if not any(True for _ in _rows(aws)):
        return {}
    found = {name: tuple(_rows(aws, AlarmName=name)) for name in names}
    return {name: rules for name, rules in found.items() if rules}


def muted(alarm: Deployed, rules: tuple[Mute, ...], settings: Settings, chapter: str) -> Item | None:
    """Silent now, or every so often: neither its own actions nor our remedies. Once, later, is only noted."""
    for key, these, note in (
        ("check.alarms.muted", [each for each in rules if each.active], False),
        ("check.alarms.muted_often", [each for each in rules if each.recurring], False),
        ("check.alarms.mute_ahead", list(rules), True),
    ):
        if these:
            said = text(key, alarm=alarm.name, rules=", ".join(each.name for each in these))
            light = Light.GREEN if note else Light.AMBER
            details = (text("check.alarms.muted.effect"),)
            # To delete a rule ends it for every alarm that it names: whose it is, is looked at first.
            shown = "" if note else commands.show_mute(these[0].name, settings)
            return Item(light, said, details, chapter, shown, note=note)
    return None


def _rows(aws: Gateway, **asked: str) -> Iterator[Mute]:
    for page in aws.pages("cloudwatch", "list_alarm_mute_rules", Statuses=list(_STATUSES), **asked):
        for each in page.get("AlarmMuteRuleSummaries", []):
            name = str(each.get("AlarmMuteRuleArn", "")).rsplit(":", 1)[-1]
            # Without a word on either it is taken for the worse.
            active, once = each.get("Status") != "SCHEDULED", each.get("MuteType") == "ONE_TIME"
            yield Mute(name, active, not once)
