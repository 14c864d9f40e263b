"""How every alarm of the service and of this stack stands: the manual's daily look, all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from responder.checks.alarms.reading import OWN, alarms, tried
from responder.checks.base import unread
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckSection, CheckStatus
from responder.core import console_links
from responder.core.alarm_event import AlarmState
from responder.core.context import Context
from responder.core.deployed_alarm import DeployedAlarm
from responder.core.errors import AwsError
from responder.core.permissions import ANY, Permission
from responder.core.settings import Settings
from responder.core.text import Text, text

_CHAPTER = "2. CloudWatchアラーム確認"
_ANSWER = "アラート対応手順"


@dataclass(frozen=True, slots=True)
class AlarmStates:
    """Alarms in ALARM, without data, and OK, and since when.

    The manual's own command asks for `FaceAuth-Liveness…`, which misses four of its eight alarms.

    Attributes:
        names: alarm names by playbook slug, where they are not the template's defaults.
    """

    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Key of its section."""
        return "alarms"

    def needs(self) -> tuple[Permission, ...]:
        """Listing alarms."""
        return (Permission("cloudwatch:DescribeAlarms", ANY),)

    def run(self, context: Context) -> CheckSection:
        """One request for each prefix."""
        found = tried(lambda: alarms(context.aws, context.settings, self.names.values()))
        if isinstance(found, AwsError):
            return CheckSection(
                self.name,
                (unread(Checked.ALARM_STATES.of(), text("check.alarms.part.states"), found, _CHAPTER),),
            )
        return CheckSection(self.name, states(found, context.settings))


def states(found: Mapping[str, DeployedAlarm], settings: Settings) -> tuple[CheckItem, ...]:
    """One item for each in ALARM, one for all without data, and one that counts what is OK. Pure."""
    rows = sorted(found.values(), key=lambda each: each.name)
    ringing = [_ringing(each, settings) for each in rows if each.state == AlarmState.ALARM]
    silent = _silent([each for each in rows if each.state not in (AlarmState.ALARM, AlarmState.OK)], settings)
    none = [_none(settings)] if all(each.name.startswith(OWN) for each in rows) else []
    fine = [each for each in rows if each.state == AlarmState.OK]
    return (*none, *ringing, *silent, *([_counted(fine, rows)] if fine else []))


def _ringing(alarm: DeployedAlarm, settings: Settings) -> CheckItem:
    said = text("check.alarms.in_alarm", alarm=alarm.name, since=_since(alarm))
    return CheckItem(
        Checked.ALARM_STATE.of(alarm.name),
        CheckStatus.RED,
        said,
        (),
        _ANSWER,
        link=console_links.alarm(settings.region, alarm.name),
    )


def _silent(rows: list[DeployedAlarm], settings: Settings) -> list[CheckItem]:
    """After a deployment, or at night, it can be all of them: a page of that would hide the rest."""
    if not rows:
        return []
    if len(rows) == 1:
        (alarm,) = rows
        said = text("check.alarms.no_data", alarm=alarm.name, since=_since(alarm))
        return [
            CheckItem(
                Checked.ALARM_STATE.of(alarm.name),
                CheckStatus.AMBER,
                said,
                (),
                _CHAPTER,
                link=console_links.alarm(settings.region, alarm.name),
            )
        ]
    details = tuple(text("check.alarms.since", alarm=each.name, since=_since(each)) for each in rows)
    said = text("check.alarms.no_data_many", count=len(rows))
    return [
        CheckItem(
            Checked.ALARMS_SILENT.of(),
            CheckStatus.AMBER,
            said,
            details,
            _CHAPTER,
            link=console_links.alarms(settings.region),
        )
    ]


def _none(settings: Settings) -> CheckItem:
    said = text("check.alarms.none", prefix=settings.alarm_prefix, region=settings.region)
    return CheckItem(Checked.ALARMS.of(), CheckStatus.RED, said, (), _CHAPTER)


def _counted(fine: list[DeployedAlarm], rows: list[DeployedAlarm]) -> CheckItem:
    """How many stand how; never greener than what it counts, so it says only what is fine."""
    numbers = {state.value: float(sum(each.state == state for each in rows)) for state in AlarmState}
    said = text("check.alarms.counted", fine=len(fine), count=len(rows))
    details = tuple(text("check.alarms.fine", alarm=each.name, since=_since(each)) for each in fine)
    return CheckItem(Checked.ALARM_STATES.of(), CheckStatus.GREEN, said, details, _CHAPTER, numbers=numbers)


def _since(alarm: DeployedAlarm) -> Text | str:
    """In the form that the renderer shows in the reader's own time."""
    return f"{alarm.since:%Y-%m-%dT%H:%M:%SZ}" if alarm.since else text("check.alarms.unknown_time")
