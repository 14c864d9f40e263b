"""The alarm audit: what is deployed compared with what should be, and whether it can fire and be noticed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import partial

from responder.checks import commands
from responder.checks.alarms import event_rules, mute_rules, session_traffic
from responder.checks.alarms.can_fire import cannot_fire, ignores_outages, never, quiet, unjudged
from responder.checks.alarms.drift import differences
from responder.checks.alarms.event_rules import EventRule, unanswered
from responder.checks.alarms.fitting import unfit
from responder.checks.alarms.mute_rules import Mute, muted
from responder.checks.alarms.own_health import OWN_NEEDS, not_evaluated, own_alarms
from responder.checks.alarms.session_traffic import read_traffic
from responder.checks.alarms.states import NEED, alarms
from responder.checks.base import attempted
from responder.checks.commands import FixCommand
from responder.checks.finding import AMBER, RED, Checked, CheckItem, Items
from responder.checks.model import CheckSection
from responder.core.context import Context
from responder.core.deployed_alarm import DeployedAlarm
from responder.core.errors import AwsError
from responder.core.expected_alarms import LIST, AlarmOwner, Audited, ExpectedAlarm
from responder.core.frozen import frozen
from responder.core.metric_ranges import KnownLimits
from responder.core.modes import Severity
from responder.core.permissions import CREATE_FUNCTION, RESULT_FUNCTION, Permission, Permissions
from responder.core.settings import Settings
from responder.core.text import Strings, Text, text
from responder.detection.traffic import SessionTraffic
from responder.evidence.base import side_by_side

# Differences by which an alarm does not measure what it should.
_BLIND = frozenset(("kind", "metric", "dimensions", "unit", "queries"))


@frozen
class AlarmsRead:
    """What was read. `rules` is None where it could not be: then no alarm is called unanswered.

    `made`: of these kinds this stack has made at least one alarm, so its parameter is on.
    """

    settings: Settings
    alarms: Mapping[str, DeployedAlarm]
    known: KnownLimits
    corrections: Mapping[str, ExpectedAlarm] = field(default_factory=dict)
    made: frozenset[AlarmOwner] = frozenset()
    mutes: Mapping[str, tuple[Mute, ...]] = field(default_factory=dict)
    rules: tuple[EventRule, ...] | None = None

    def corrected(self, expected: ExpectedAlarm) -> bool:
        """The corrected version of an alarm is deployed in addition, and can fire."""
        better, found = self.corrections.get(expected.name), self.alarms.get(expected.corrected)
        if better is None or found is None or ignores_outages(found.watch, self.settings):
            return False
        return not never(better, found.watch, self.known)

    @property
    def deploy_again(self) -> Text:
        """What brings back an alarm of this stack."""
        return text("check.alarms.deploy_again", stack=self.settings.stack)


@frozen
class AlarmAudit:
    """Whether each expected alarm is missing, changed, unable to fire, switched off, muted or unanswered.

    Attributes:
        alarms: those that should be there.
        answering: slugs of the functions that answer alarms.
        names: alarm names by playbook slug, where they are not the template's defaults.
    """

    alarms: tuple[Audited, ...]
    answering: Strings
    names: Mapping[str, str] = field(default_factory=dict)
    name: str = "alarm_audit"

    def needs(self) -> Permissions:
        """Listing only."""
        return (
            NEED,
            Permission("lambda:GetFunctionConfiguration", CREATE_FUNCTION),
            Permission("lambda:GetFunctionConfiguration", RESULT_FUNCTION),
            *event_rules.needs(self.answering),
            *mute_rules.NEEDS,
            *OWN_NEEDS,
            *session_traffic.NEEDS,
        )

    def run(self, context: Context) -> CheckSection:
        """Run the audit. Without the alarms nothing can be judged; any other part that is refused is a
        separate line."""
        aws, settings = context.aws, context.settings
        found = attempted(alarms, aws, settings, self.names.values())
        if isinstance(found, AwsError):
            item = Checked.ALARMS.of(chapter=LIST).unread(text("check.alarms.part.alarms"), found)
            return CheckSection(self.name, (item,))
        rules = attempted(event_rules.rules, aws, settings, found.values(), self.answering)
        mutes = attempted(mute_rules.mutes, context, found)
        traffic = attempted(read_traffic, context)
        timeouts, lost = side_by_side({name: partial(timeout, context, name) for name in settings.functions})
        seen = AlarmsRead(
            settings,
            found,
            KnownLimits(settings.namespace, *settings.functions, timeouts),
            mutes={} if isinstance(mutes, AwsError) else mutes,
            rules=None if isinstance(rules, AwsError) else rules,
        )
        unread = [each.unread for each in seen.rules or () if each.unread]
        refused = (
            (Checked.ALARM_RULES, "check.alarms.part.rules", [rules]),
            (Checked.ALARM_TARGETS, "check.alarms.part.reach", unread),
            (Checked.ALARM_MUTES, "check.alarms.part.mutes", [mutes]),
            (Checked.ALARM_TIMEOUTS, "check.alarms.part.timeouts", [*lost.values()]),
            (Checked.ALARMS_FIT, "check.alarms.part.traffic", [traffic]),
        )
        lines = [
            about.of(chapter=LIST).unread(text(part), answers[0])
            for about, part, answers in refused
            if answers and isinstance(answers[0], AwsError)
        ]
        items = (*audit(seen, self.alarms, self.names), *own_alarms(context, found, seen.mutes))
        fitting = unfit(found, traffic, settings) if isinstance(traffic, SessionTraffic) else ()
        return CheckSection(self.name, (*items, *fitting, *lines))


def timeout(context: Context, function: str) -> float:
    """Seconds after which Lambda ends a run."""
    answer = context.aws.call("lambda", "get_function_configuration", FunctionName=function)
    # Absent in an answer means Lambda's own default.
    return float(answer.get("Timeout") or 3)


def audit(seen: AlarmsRead, wanted: Iterable[Audited], names: Mapping[str, str]) -> Items:
    """Every finding, the worst first; then what is correct. Pure."""
    deployed, corrections = [], {}
    for each in wanted:
        deployed.append(one := each.expected(seen.settings, names))
        if (better := each.corrected(seen.settings, names)) is not None:
            corrections[one.name] = better
    deployed.sort(key=lambda each: each.kind is AlarmOwner.OURS)
    expected = (*deployed, *corrections.values())
    there = [each for each in expected if each.name in seen.alarms]
    seen = replace(seen, corrections=corrections, made=frozenset(each.kind for each in there))
    per = {each.name: judged(each, seen) for each in expected}
    fine = [each for each in there if all(item.note for item in per[each.name])]
    items = sorted((one for items in per.values() for one in items), key=lambda one: one.light.rank)
    return (*items, *_fine(fine, seen))


def _fine(fine: list[ExpectedAlarm], seen: AlarmsRead) -> Iterator[CheckItem]:
    """The alarms without a fault, with notes about them."""
    watches = {each.name: seen.alarms[each.name].watch for each in fine}
    sure = sorted(each.name for each in fine if not unjudged(each, watches[each.name], seen.known))
    if sure:
        unknown = seen.rules is None or any(each.unread for each in seen.rules)
        key = "check.alarms.as_defined" if unknown else "check.alarms.as_expected"
        notes = (quiet(name, watches[name], seen.known) for name in sure)
        said = text(key, count=len(sure), names=", ".join(sure))
        yield Checked.ALARMS.of(chapter=LIST).green(said, *filter(None, notes))


def judged(expected: ExpectedAlarm, seen: AlarmsRead) -> Items:
    """The items of one alarm. Green ones are notes; without any item the alarm is correct."""
    found = seen.alarms.get(expected.name)
    if found is None:
        return _missing(expected, seen)
    settings, chapter = seen.settings, expected.chapter
    high = expected.severity is Severity.HIGH
    items = (
        *_drifted(expected, found, seen),
        cannot_fire(
            expected,
            found.watch,
            seen.known,
            settings,
            seen.corrected(expected),
            _mend(expected, found, seen),
        ),
        not_evaluated(found, settings, chapter, high=high),
        _disabled(found, settings, chapter, high=high),
        muted(found, seen.mutes.get(found.name, ()), settings, chapter, high=high),
        None if seen.rules is None else unanswered(found, seen.rules, settings, chapter),
        _extra(expected),
    )
    return tuple(each for each in items if each is not None)


def _mend(expected: ExpectedAlarm, found: DeployedAlarm, seen: AlarmsRead) -> FixCommand:
    """The fix: an alarm that was wrong from the start has a corrected version; anything else was broken by a
    change."""
    if not expected.correctable:
        return _restore(expected, found, seen.settings)
    if expected.corrected in seen.alarms:
        return FixCommand("")  # the corrected alarm has its own finding
    if AlarmOwner.CORRECTED in seen.made:
        return FixCommand("", (text("check.alarms.missing", alarm=expected.corrected), seen.deploy_again))
    return commands.deploy(seen.settings, CorrectedAlarms="on")


def _missing(expected: ExpectedAlarm, seen: AlarmsRead) -> Items:
    if expected.kind is AlarmOwner.CORRECTED:
        return ()  # reported with the alarm that it would correct
    corrected, ours = seen.corrected(expected), expected.kind is AlarmOwner.OURS
    notes = (text("check.alarms.stands", corrected=expected.corrected),) if corrected else ()
    off = ours and AlarmOwner.OURS not in seen.made
    mend = FixCommand("")
    if off:
        mend = commands.deploy(seen.settings, OurAlarms="on")
    # Metric math, and what is a parameter, is the template's.
    elif not expected.watch.queries and expected.watch.threshold is not None:
        mend = FixCommand(commands.put(expected.name, expected.watch, seen.settings))
    if ours and not off:
        notes = (seen.deploy_again,)
    red = expected.severity is Severity.HIGH and not corrected and not off
    this = Checked.ALARM_EXISTS.of(expected.name, chapter=expected.chapter)
    said = text("check.alarms.missing", alarm=expected.name)
    return (this.item(RED if red else AMBER, said, *notes).with_fix(mend),)


def _drifted(expected: ExpectedAlarm, found: DeployedAlarm, seen: AlarmsRead) -> Iterator[CheckItem]:
    """A broken alarm that has the corrected one's condition is fixed."""
    wrong = differences(expected.watch, found.watch)
    better = seen.corrections.get(expected.name)
    if not wrong or (better and not differences(better.watch, found.watch)):
        return
    # On another metric the alarm never fires for its purpose: as good as deleted.
    dead = expected.severity is Severity.HIGH and not _BLIND.isdisjoint(wrong)
    this = Checked.ALARM_DEFINITION.of(expected.name, chapter=expected.chapter)
    said = text("check.alarms.drifted", alarm=expected.name, count=len(wrong))
    mend = _restore(expected, found, seen.settings)
    yield this.item(RED if dead else AMBER, said, *wrong.values()).with_fix(mend)


def _restore(expected: ExpectedAlarm, found: DeployedAlarm, settings: Settings) -> FixCommand:
    """The command that restores the condition; none if it was wrong from the start, or if the alarm is of
    another kind."""
    ours = expected.watch.queries or expected.watch.threshold is None
    if expected.correctable or ours or not found.watch.measures:
        return FixCommand("")
    command = commands.put(expected.name, expected.watch, settings, found.raw)
    return FixCommand(command, (), text("check.alarms.caution.put", alarm=expected.name))


def _disabled(alarm: DeployedAlarm, settings: Settings, chapter: str, *, high: bool) -> CheckItem | None:
    """Its own actions are switched off, so no remedy runs either. EventBridge gets its event all the same."""
    if alarm.enabled:
        return None
    this = Checked.ALARM_ACTIONS.of(alarm.name, chapter=chapter)
    return this.item(
        RED if high else AMBER,
        text("check.alarms.disabled", alarm=alarm.name),
        text("check.alarms.disabled.effect"),
        text("check.alarms.actions", count=len(alarm.actions)),
        command=commands.enable_actions(alarm.name, settings),
    )


def _extra(expected: ExpectedAlarm) -> CheckItem | None:
    if expected.kind is not AlarmOwner.EXTRA:
        return None
    this = Checked.ALARM_EXTRA.of(expected.name, chapter=expected.chapter)
    return this.green(text("check.alarms.extra", alarm=expected.name), note=True)
