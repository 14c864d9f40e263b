"""The alarm audit: what is deployed against what should be, and whether it can go off and be noticed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from responder.checks.alarms import event_rules, mute_rules
from responder.checks.alarms.can_fire import quiet, unjudged
from responder.checks.alarms.judge import AlarmsRead, judged
from responder.checks.alarms.own_health import OWN_NEEDS, own_alarms
from responder.checks.alarms.states import NEED, alarms, tried
from responder.checks.base import CheckSubject, unread
from responder.checks.identity import Checked
from responder.checks.model import CheckItem, CheckSection
from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.expected_alarms import LIST, AlarmOwner, Audited, ExpectedAlarm
from responder.core.metric_ranges import KnownLimits
from responder.core.permissions import CREATE_FUNCTION, RESULT_FUNCTION, Permission
from responder.core.text import text


@dataclass(frozen=True, slots=True)
class AlarmAudit:
    """Missing, changed, unable to go off, switched off, muted, unanswered: each alarm that should be there.

    Attributes:
        alarms: those that should be there.
        answering: slugs of the functions that answer alarms.
        names: alarm names by playbook slug, where they are not the template's defaults.
    """

    alarms: tuple[Audited, ...]
    answering: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    name: str = "alarm_audit"

    def needs(self) -> tuple[Permission, ...]:
        """Listing only."""
        return (
            NEED,
            Permission("lambda:GetFunctionConfiguration", CREATE_FUNCTION),
            Permission("lambda:GetFunctionConfiguration", RESULT_FUNCTION),
            *event_rules.needs(self.answering),
            *mute_rules.NEEDS,
            *OWN_NEEDS,
        )

    def run(self, context: Context) -> CheckSection:
        """Without the alarms nothing can be said; any other part that is refused is a line of its own."""
        aws, settings = context.aws, context.settings
        found = tried(lambda: alarms(aws, settings, self.names.values()))
        if isinstance(found, AwsError):
            part = text("check.alarms.part.alarms")
            return CheckSection(self.name, (unread(Checked.ALARMS.of(), part, found, LIST),))
        rules = tried(lambda: event_rules.rules(aws, settings, found.values(), self.answering))
        mutes = tried(lambda: mute_rules.mutes(context, found))
        limits = {name: tried(partial(_timeout, context, name)) for name in settings.functions}
        timeouts = {name: one for name, one in limits.items() if not isinstance(one, AwsError)}
        seen = AlarmsRead(
            settings,
            found,
            KnownLimits(settings.namespace, *settings.functions, timeouts),
            mutes={} if isinstance(mutes, AwsError) else mutes,
            rules=None if isinstance(rules, AwsError) else rules,
        )
        shut = [each.unread for each in seen.rules or () if each.unread]
        lost = [one for one in limits.values() if isinstance(one, AwsError)]
        refused = (
            (Checked.ALARM_RULES, "check.alarms.part.rules", [rules]),
            (Checked.ALARM_TARGETS, "check.alarms.part.reach", shut),
            (Checked.ALARM_MUTES, "check.alarms.part.mutes", [mutes]),
            (Checked.ALARM_TIMEOUTS, "check.alarms.part.timeouts", lost),
        )
        lines = [
            unread(about.of(), text(part), answers[0], LIST)
            for about, part, answers in refused
            if answers and isinstance(answers[0], AwsError)
        ]
        items = (*audit(seen, self.alarms, self.names), *own_alarms(context, found, seen.mutes))
        return CheckSection(self.name, (*items, *lines))


def _timeout(context: Context, function: str) -> float:
    """Seconds after which Lambda ends a run."""
    answer = context.aws.call("lambda", "get_function_configuration", FunctionName=function)
    # Absent in an answer means Lambda's own default.
    return float(answer.get("Timeout") or 3)


def audit(seen: AlarmsRead, wanted: Iterable[Audited], names: Mapping[str, str]) -> tuple[CheckItem, ...]:
    """Every finding, the worst first; then what is as it should be. Pure."""
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
    """Those without a fault that was looked for, with what is worth knowing of them all the same."""
    watches = {each.name: seen.alarms[each.name].watch for each in fine}
    sure = sorted(each.name for each in fine if not unjudged(each, watches[each.name], seen.known))
    if sure:
        unheard = seen.rules is None or any(each.unread for each in seen.rules)
        key = "check.alarms.as_defined" if unheard else "check.alarms.as_expected"
        notes = (quiet(name, watches[name], seen.known) for name in sure)
        said = text(key, count=len(sure), names=", ".join(sure))
        yield CheckSubject(Checked.ALARMS.of(), LIST).green(said, *filter(None, notes))
