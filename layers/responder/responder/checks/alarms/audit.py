"""The alarm audit: what is deployed against what should be, and whether it can go off and be heard."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from responder.checks.alarms import event_rules, mute_rules, reading
from responder.checks.alarms.can_fire import quiet, unjudged
from responder.checks.alarms.judge import AlarmsRead, judged
from responder.checks.alarms.own_health import OWN_NEEDS, own_alarms
from responder.checks.alarms.reading import tried
from responder.checks.base import unread
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckSection, CheckStatus
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.expected_alarms import LIST, AlarmOwner, Audited, ExpectedAlarm
from responder.core.metric_ranges import KnownLimits
from responder.core.permissions import Permission
from responder.core.text import text


@dataclass(frozen=True, slots=True)
class AlarmAudit:
    """Missing, changed, unable to go off, switched off, muted, unheard: each alarm that should be there.

    Attributes:
        alarms: those that should be there.
        answering: slugs of the functions that answer alarms.
        names: alarm names by playbook slug, where they are not the template's defaults.
    """

    alarms: tuple[Audited, ...]
    answering: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Key of its section."""
        return "alarm_audit"

    def needs(self) -> tuple[Permission, ...]:
        """Listing only."""
        return (*reading.NEEDS, *event_rules.needs(self.answering), *mute_rules.NEEDS, *OWN_NEEDS)

    def run(self, context: Context) -> CheckSection:
        """Without the alarms nothing can be said; any other part that is refused is a line of its own."""
        aws, settings = context.aws, context.settings
        found = tried(lambda: reading.alarms(aws, settings, self.names.values()))
        if isinstance(found, AwsError):
            return CheckSection(
                self.name, (unread(Checked.ALARMS.of(), text("check.alarms.part.alarms"), found, LIST),)
            )
        rules = tried(lambda: event_rules.rules(aws, settings, found.values(), self.answering))
        mutes = tried(lambda: mute_rules.mutes(context, found))
        limits = reading.timeouts(aws, settings)
        timeouts = {name: one for name, one in limits.items() if not isinstance(one, AwsError)}
        seen = AlarmsRead(
            settings,
            found,
            KnownLimits(settings.namespace, *settings.functions, timeouts),
            mutes={} if isinstance(mutes, AwsError) else mutes,
            rules=None if isinstance(rules, AwsError) else rules,
        )
        refused = _refused(rules, mutes, *(one for one in limits.values() if isinstance(one, AwsError)))
        return CheckSection(
            self.name,
            (*audit(seen, self.alarms, self.names), *own_alarms(context, found, seen.mutes), *refused),
        )


def audit(seen: AlarmsRead, alarms: Iterable[Audited], names: Mapping[str, str]) -> tuple[CheckItem, ...]:
    """Every finding, the worst first; then what is as it should be. Pure."""
    deployed, corrections = [], {}
    for each in alarms:
        deployed.append(one := each.expected(seen.settings, names))
        if (better := each.corrected(seen.settings, names)) is not None:
            corrections[one.name] = better
    seen = replace(seen, corrections=corrections)
    deployed.sort(key=lambda each: each.kind is AlarmOwner.OURS)
    expected = (*deployed, *corrections.values())
    there = [each for each in expected if each.name in seen.alarms]
    seen = replace(seen, made=frozenset(each.kind for each in there))
    per = {each.name: judged(each, seen) for each in expected}
    fine = [each for each in there if all(item.note for item in per[each.name])]
    items = sorted((one for items in per.values() for one in items), key=lambda one: one.light.rank)
    return (*items, *_fine(fine, seen))


def _fine(fine: list[ExpectedAlarm], seen: AlarmsRead) -> Iterator[CheckItem]:
    """Those without a fault that was looked for, with what is worth knowing of them all the same."""
    watches = {each.name: (each, seen.alarms[each.name].watch) for each in fine}
    sure = sorted(name for name, pair in watches.items() if not unjudged(*pair, seen.known))
    if not sure:
        return
    notes = (quiet(name, watches[name][1], seen.known) for name in sure)
    unheard = seen.rules is None or any(each.unread for each in seen.rules)
    said = text(
        "check.alarms.as_defined" if unheard else "check.alarms.as_expected",
        count=len(sure),
        names=", ".join(sure),
    )
    yield CheckItem(Checked.ALARMS.of(), CheckStatus.GREEN, said, tuple(each for each in notes if each), LIST)


def _refused(
    rules: AwsError | tuple[event_rules.EventRule, ...], mutes: object, *timeouts: AwsError
) -> Iterator[CheckItem]:
    if isinstance(rules, AwsError):
        yield unread(Checked.ALARM_RULES.of(), text("check.alarms.part.rules"), rules, LIST)
    else:
        for error in [each.unread for each in rules if each.unread][:1]:
            yield unread(Checked.ALARM_TARGETS.of(), text("check.alarms.part.reach"), error, LIST)
    if isinstance(mutes, AwsError):
        yield unread(Checked.ALARM_MUTES.of(), text("check.alarms.part.mutes"), mutes, LIST)
    for error in timeouts[:1]:
        yield unread(Checked.ALARM_TIMEOUTS.of(), text("check.alarms.part.timeouts"), error, LIST)
