"""How every alarm of the service and of this stack stands: the manual's daily look, all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from responder.checks.alarms.reading import OWN, alarms, tried
from responder.checks.identity import Checked
from responder.checks.model import Item, Light, Section
from responder.checks.unread import unread
from responder.core import console_links
from responder.core.alarm_event import State
from responder.core.context import Context
from responder.core.deployed_alarm import Deployed
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

    def run(self, context: Context) -> Section:
        """One request for each prefix."""
        found = tried(lambda: alarms(context.aws, context.settings, self.names.values()))
        if isinstance(found, AwsError):
            return Section(
                self.name,
                (unread(Checked.ALARM_STATES.of(), text("check.alarms.part.states"), found, _CHAPTER),),
            )
        return Section(self.name, states(found, context.settings))


def states(found: Mapping[str, Deployed], settings: Settings) -> tuple[Item, ...]:
    """One item for each in ALARM, one for all without data, and one that counts what is OK. Pure."""
    rows = sorted(found.values(), key=lambda each: each.name)
    ringing = [_ringing(each, settings) for each in rows if each.state == State.ALARM]
    silent = _silent([each for each in rows if each.state not in (State.ALARM, State.OK)], settings)
    none = [_none(settings)] if all(each.name.startswith(OWN) for each in rows) else []
    fine = [each for each in rows if each.state == State.OK]
    return (*none, *ringing, *silent, *([_counted(fine, rows)] if fine else []))


def _ringing(alarm: Deployed, settings: Settings) -> Item:
    said = text("check.alarms.in_alarm", alarm=alarm.name, since=_since(alarm))
    return Item(
        Checked.ALARM_STATE.of(alarm.name),
        Light.RED,
        said,
        (),
        _ANSWER,
        link=console_links.alarm(settings.region, alarm.name),
    )


def _silent(rows: list[Deployed], settings: Settings) -> list[Item]:
    """After a deployment, or at night, it can be all of them: a page of that would hide the rest."""
    if not rows:
        return []
    if len(rows) == 1:
        (alarm,) = rows
        said = text("check.alarms.no_data", alarm=alarm.name, since=_since(alarm))
        return [
            Item(
                Checked.ALARM_STATE.of(alarm.name),
                Light.AMBER,
                said,
                (),
                _CHAPTER,
                link=console_links.alarm(settings.region, alarm.name),
            )
        ]
    details = tuple(text("check.alarms.since", alarm=each.name, since=_since(each)) for each in rows)
    said = text("check.alarms.no_data_many", count=len(rows))
    return [
        Item(
            Checked.ALARMS_SILENT.of(),
            Light.AMBER,
            said,
            details,
            _CHAPTER,
            link=console_links.alarms(settings.region),
        )
    ]


def _none(settings: Settings) -> Item:
    said = text("check.alarms.none", prefix=settings.alarm_prefix, region=settings.region)
    return Item(Checked.ALARMS.of(), Light.RED, said, (), _CHAPTER)


def _counted(fine: list[Deployed], rows: list[Deployed]) -> Item:
    """How many stand how; never greener than what it counts, so it says only what is fine."""
    numbers = {state.value: float(sum(each.state == state for each in rows)) for state in State}
    said = text("check.alarms.counted", fine=len(fine), count=len(rows))
    details = tuple(text("check.alarms.fine", alarm=each.name, since=_since(each)) for each in fine)
    return Item(Checked.ALARM_STATES.of(), Light.GREEN, said, details, _CHAPTER, numbers=numbers)


def _since(alarm: Deployed) -> Text | str:
    """In the form that the renderer shows in the reader's own time."""
    return f"{alarm.since:%Y-%m-%dT%H:%M:%SZ}" if alarm.since else text("check.alarms.unknown_time")
