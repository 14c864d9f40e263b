"""Everything that a back-test reads once: history, configuration, CloudTrail, our own rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from liveness_ops.backtest import history, parameters, records, writes
from liveness_ops.backtest.configuration import Configuration
from liveness_ops.backtest.judging import BacktestInputs
from liveness_ops.backtest.past import Present, alarms_now
from liveness_ops.backtest.transitions import (
    ByPlaybook,
    Transition,
    answering,
    incident_ids,
    raised,
    transitions,
)
from liveness_ops.backtest.writes import Writes
from liveness_ops.listing import listed
from liveness_ops.people.exits import EarlyExit, Exit
from responder.core.context import Gateway
from responder.core.errors import AwsError, Missing
from responder.core.frozen import frozen
from responder.core.plain_data import Data
from responder.core.settings import Settings
from responder.core.text import text
from responder.evidence import trail
from responder.respond.playbook import PLAYBOOKS
from responder.store import Incidents

# Before the first change of the period a response looks back for so long.
_BEFORE = trail.BEFORE + timedelta(hours=1)
# CloudTrail shows a call within about so long (user guide, "How CloudTrail works").
_DELAYED = timedelta(minutes=15)


@frozen
class Period:
    """What there is to judge, and all that is needed for it."""

    inputs: BacktestInputs
    transitions: tuple[Transition, ...]
    history: history.History

    @property
    def writes(self) -> Mapping[str, Writes]:
        """CloudTrail's, by service."""
        return self.inputs.present.configuration.writes


@frozen
class Known:
    """CloudTrail's writes, by service, as an interrupted back-test read them, perhaps not all of them; it
    continues at `at` (UTC)."""

    writes: Mapping[str, Writes]
    at: datetime


def base_settings(aws: Gateway, stack: str) -> dict[str, Settings]:
    """The settings in the environment of each deployed function, by playbook.

    Raises our errors.
    """
    found: dict[str, Settings] = {}
    for slug in PLAYBOOKS:
        try:
            answer = aws.call("lambda", "get_function_configuration", FunctionName=f"{stack}-{slug}")
        except Missing:
            continue
        found[slug] = Settings.read((answer.get("Environment") or {}).get("Variables") or {})
    return found


def read(  # noqa: PLR0913 - what it is of
    aws: Gateway,
    incidents: Incidents,
    base: ByPlaybook,
    since: datetime,
    now: datetime,
    alarms: Sequence[str] = (),
    known: Known | None = None,
    say: Callable[[str], None] = lambda _: None,
    keep: Callable[[str, Writes], None] = lambda _, __: None,
) -> Period:
    """`alarms`: of these alone. `known`: what an interrupted back-test had read of CloudTrail; only
    what is missing is read. `say` is called with the name of each part before it is read, `keep` with what
    was read of CloudTrail so far, by service.

    Raises our errors where what everything rests on cannot be read, and EarlyExit where an alarm is unknown
    or has no playbook.
    """
    one = next(iter(base.values()))
    say("history")
    kept = history.read(aws, since, now, alarms)
    there = alarms_now(aws)
    _refuse_unknown(alarms, kept, there)
    _refuse_unanswered(alarms, base)
    items = list(raised(kept, base))
    say("records")
    ids = incident_ids(items, lambda alarm: _arn(one, there, alarm))
    rows = records.read(incidents, ids)
    say("trail")
    first = min((each.at for each in items), default=now) - _BEFORE
    trails = _continued(aws, one, known or Known({}, now), first, now, keep)
    say("parameters")
    past = parameters.read(aws, one, trails["cloudtrail"])
    configuration = Configuration(aws, one, trails, rows)
    inputs = BacktestInputs(Present(aws, now, kept, configuration, there), past, rows, base)
    found = transitions(kept, base, rows, lambda alarm: _arn(one, there, alarm), there)
    return Period(inputs, tuple(found), kept)


def _refuse_unknown(alarms: Iterable[str], kept: history.History, there: Data) -> None:
    """Raises EarlyExit where one of these neither exists nor is in the history. One of a type that could
    not be read may be."""
    known = {*there, *(each.alarm for each in kept.states), *(each.alarm for each in kept.updates)}
    unknown = sorted({*alarms} - known)
    if unknown and not kept.unread:
        raise EarlyExit(Exit.USAGE, text("backtest.no_alarm", names=", ".join(unknown)), {"alarms": unknown})


def _refuse_unanswered(alarms: Iterable[str], base: ByPlaybook) -> None:
    """Raises EarlyExit where no function of the stack answers one of these."""
    of = answering(base)
    others = sorted(each for each in set(alarms) if of(each) is None)
    if others:
        raise EarlyExit(Exit.USAGE, text("backtest.no_playbook", names=", ".join(others)), {"alarms": others})


def _arn(settings: Settings, there: Mapping[str, Data], alarm: str) -> str:
    """The ARN of an alarm; of a deleted one, what it was."""
    partition = "aws-cn" if settings.region.startswith("cn-") else "aws"
    partition = "aws-us-gov" if settings.region.startswith("us-gov-") else partition
    other = f"arn:{partition}:cloudwatch:{settings.region}:{settings.account}:alarm:{alarm}"
    arn: str = there.get(alarm, {}).get("AlarmArn", other)
    return arn


def _continued(  # noqa: PLR0913 - what it is of
    aws: Gateway,
    settings: Settings,
    known: Known,
    since: datetime,
    began: datetime,
    keep: Callable[[str, Writes], None],
) -> dict[str, Writes]:
    """Of the Region, and of the one where CloudTrail keeps the events of IAM: what was not read before, and
    the writes until today, because the configuration is read as it is today."""
    names = list(_concerned(aws, settings))
    since, start = max(since, began - writes.KEPT), began - _DELAYED
    home = trail.iam_region(settings.region)
    found: dict[str, Writes] = {}
    for each in ("cloudtrail", *([f"cloudtrail@{home}"] if home != settings.region else [])):
        earlier = known.writes.get(each)
        if earlier is None:
            found[each] = writes.read(aws, each, since, known.at, names, partial(keep, each))
        else:
            if not earlier.unread and earlier.since > since:
                rest = partial(_keep_older, partial(keep, each), earlier)
                until = earlier.since - writes.SECOND
                earlier = writes.extended(earlier, writes.read(aws, each, since, until, names, rest))
            found[each] = writes.joined(earlier, writes.read(aws, each, start, known.at, names), start)
        keep(each, found[each])
    return found


def _keep_older(keep: Callable[[Writes], None], newer: Writes, older: Writes) -> None:
    keep(writes.extended(newer, older))


def _concerned(aws: Gateway, settings: Settings) -> Iterable[str]:
    """Names of all that a response reads the configuration of."""
    yield from (*settings.functions, *settings.rollout_functions)
    yield from (settings.sessions_table, settings.bucket, settings.service_role, settings.service_policy)
    yield from (settings.service_stack, f"/{settings.stack}/", f"{settings.stack}-", "muterule")
    try:
        of = ("iam", "list_attached_role_policies", "AttachedPolicies")
        yield from (each["PolicyArn"] for each in listed(aws, *of, RoleName=settings.service_role))
    except AwsError:
        # Changes of its policies are then not distinguished from those of others.
        pass
    for name in settings.functions:
        try:
            found = aws.call("lambda", "get_function_configuration", FunctionName=name)
        except AwsError:
            continue
        yield (found.get("KMSKeyArn") or "").rpartition("/")[2]
