"""Whether the parameters of this stack's alarms fit the traffic: `detection.choice` chooses those that do.
Pure."""

from collections.abc import Iterator, Mapping

from responder.checks import commands
from responder.checks.finding import Checked, CheckItem
from responder.core.deployed_alarm import DeployedAlarm
from responder.core.expected_alarms import LIST
from responder.core.settings import Settings
from responder.core.text import text
from responder.detection.choice import AlarmParameters, fits, suited
from responder.detection.rules import AlarmRule, CountedFailures, rule_of
from responder.detection.traffic import SessionTraffic


def unfit(
    alarms: Mapping[str, DeployedAlarm], traffic: SessionTraffic, settings: Settings
) -> Iterator[CheckItem]:
    """At most one: what to deploy with other parameters. Nothing about an alarm that does not exist."""
    found = changes(alarms, traffic, settings)
    if not found:
        return
    changed = {name: better for name, (_, better) in found.items()}
    now = ", ".join(f"{name}={value}" for name, (value, _) in found.items())
    better = ", ".join(f"{name}={value}" for name, value in changed.items())
    said = text("check.alarms.unfit", sessions=round(traffic.a_day), now=now, better=better)
    this = Checked.ALARMS_FIT.of(chapter=LIST)
    yield this.amber(said, text("check.alarms.unfit.why")).with_fix(commands.deploy(settings, **changed))


def changes(
    alarms: Mapping[str, DeployedAlarm], traffic: SessionTraffic, settings: Settings
) -> dict[str, tuple[str, str]]:
    """The parameters to change: deployed and better value by name; none where they fit."""
    wanted = suited(traffic.a_day)
    found = deployed_parameters(alarms, wanted, settings)
    if fits(found, traffic.a_day):
        return {}
    now = found.overrides
    return {name: (now[name], value) for name, value in wanted.overrides.items() if now[name] != value}


def deployed_parameters(
    alarms: Mapping[str, DeployedAlarm], other: AlarmParameters, settings: Settings
) -> AlarmParameters:
    """The parameters of the deployed alarms; `other`: those of alarms that do not exist."""
    rules = [
        rule_of(each.watch, settings)
        for each in alarms.values()
        if each.watch.queries or each.watch.namespace == f"LivenessResponder/{settings.stack}"
    ]
    known = {each.failures: each for each in rules if isinstance(each, AlarmRule)}
    sure, rate = known.get(CountedFailures.SURE), known.get(CountedFailures.SERVICE)
    checks = known.get(CountedFailures.CHECK)
    return AlarmParameters(
        minimum_sure_faults=sure.least if sure else other.minimum_sure_faults,
        sure_faults_seconds=sure.minutes * 60 if sure else other.sure_faults_seconds,
        rate_seconds=rate.minutes * 60 if rate else other.rate_seconds,
        minimum_faults=rate.least if rate else other.minimum_faults,
        minimum_failed_checks=checks.least if checks else other.minimum_failed_checks,
    )
