"""The alarms as CloudWatch describes them, and the state of each: the manual's daily look, all of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from itertools import batched

from responder.checks.base import attempted
from responder.checks.finding import Checked, CheckItem
from responder.checks.model import CheckSection
from responder.core import console_links
from responder.core.alarm_event import AlarmState
from responder.core.context import Context, Gateway
from responder.core.deployed_alarm import DeployedAlarm, deployed, describe_all
from responder.core.errors import AwsError
from responder.core.frozen import frozen
from responder.core.permissions import ANY, Permission, Permissions
from responder.core.plain_data import Json
from responder.core.settings import CORRECTED, Settings
from responder.core.text import Text, text

OWN = "LivenessResponder-"
NEED = Permission("cloudwatch:DescribeAlarms", ANY)
_CHAPTER = "2. CloudWatchアラーム確認"
# Names of alarms.
_A_LINE = 5
_ANSWER = "アラート対応手順"


def alarms(aws: Gateway, settings: Settings, names: Iterable[str] = ()) -> dict[str, DeployedAlarm]:
    """Every alarm of the service and of this stack by its name; `names` and their corrected versions, too.

    Raises:
        AwsError: they could not be listed.
    """
    begin = (settings.alarm_prefix, OWN)
    asked: list[Json] = [{"AlarmNamePrefix": prefix} for prefix in begin]
    others = sorted({name for name in names if not name.startswith(begin)})
    both = [f"{name}{end}" for name in others for end in ("", CORRECTED)]
    asked += [{"AlarmNames": both}] if both else []
    found = (deployed(row) for each in asked for row in describe_all(aws, **each))
    return {each.name: each for each in found if _wanted(each.name, settings)}


def _wanted(name: str, settings: Settings) -> bool:
    """Another stack in the same account has its own alarms about itself."""
    kind = name.removeprefix(OWN).partition("-")[0]
    return not name.startswith(OWN) or name == f"{OWN}{kind}-{settings.stack}"


@frozen
class AlarmStates:
    """Alarms in ALARM, without data, and OK, and since when.

    The manual's own command asks for `FaceAuth-Liveness…`, which misses four of its eight alarms.

    Attributes:
        names: alarm names by playbook slug, where they are not the template's defaults.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    name: str = "alarms"

    def needs(self) -> Permissions:
        """Listing alarms."""
        return (NEED,)

    def run(self, context: Context) -> CheckSection:
        """One request for each prefix."""
        found = attempted(alarms, context.aws, context.settings, self.names.values())
        if isinstance(found, AwsError):
            this = Checked.ALARM_STATES.of(chapter=_CHAPTER)
            return CheckSection(self.name, (this.unread(text("check.alarms.part.states"), found),))
        return CheckSection(self.name, tuple(_states(found, context.settings)))


def _states(found: Mapping[str, DeployedAlarm], settings: Settings) -> Iterator[CheckItem]:
    """One item for each in ALARM, one for all without data, and one that counts what is OK."""
    rows = sorted(found.values(), key=lambda each: each.name)
    if all(each.name.startswith(OWN) for each in rows):
        said = text("check.alarms.none", prefix=settings.alarm_prefix, region=settings.region)
        yield Checked.ALARMS.of(chapter=_CHAPTER).red(said)
    for alarm in rows:
        if alarm.state == AlarmState.ALARM:
            this = Checked.ALARM_STATE.of(alarm.name, chapter=_ANSWER)
            said = text("check.alarms.in_alarm", alarm=alarm.name, since=_since(alarm))
            yield this.red(said, link=console_links.alarm(settings.region, alarm.name))
    yield from _silent(
        [each for each in rows if each.state not in (AlarmState.ALARM, AlarmState.OK)], settings
    )
    fine = [each for each in rows if each.state == AlarmState.OK]
    if fine:
        numbers = {state.value: float(sum(each.state == state for each in rows)) for state in AlarmState}
        said = text("check.alarms.counted", fine=len(fine), count=len(rows))
        # Most of them have been so since the same minute, which is all that is shown.
        since: dict[str, list[DeployedAlarm]] = {}
        for each in fine:
            since.setdefault(f"{each.since:%Y-%m-%dT%H:%M}" if each.since else "", []).append(each)
        details = (
            text("check.alarms.fine", alarm=", ".join(each.name for each in some), since=_since(some[0]))
            for same in since.values()
            for some in batched(same, _A_LINE, strict=False)
        )
        yield Checked.ALARM_STATES.of(chapter=_CHAPTER).green(said, *details, numbers=numbers)


def _silent(rows: list[DeployedAlarm], settings: Settings) -> Iterator[CheckItem]:
    """After a deployment, or at night, it can be all of them: a page of that would hide the rest."""
    if len(rows) == 1:
        (alarm,) = rows
        said = text("check.alarms.no_data", alarm=alarm.name, since=_since(alarm))
        link = console_links.alarm(settings.region, alarm.name)
        yield Checked.ALARM_STATE.of(alarm.name, chapter=_CHAPTER).amber(said, link=link)
    elif rows:
        details = (text("check.alarms.since", alarm=each.name, since=_since(each)) for each in rows)
        said = text("check.alarms.no_data_many", count=len(rows))
        link = console_links.alarms(settings.region)
        yield Checked.ALARMS_SILENT.of(chapter=_CHAPTER).amber(said, *details, link=link)


def _since(alarm: DeployedAlarm) -> Text | str:
    """In the form that the renderer shows in the reader's own time."""
    return f"{alarm.since:%Y-%m-%dT%H:%M:%SZ}" if alarm.since else text("check.alarms.unknown_time")
