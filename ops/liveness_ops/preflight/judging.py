"""From what was found to the lines about it, and to the deployment that works. Pure."""

import re
import shlex
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import field, replace
from datetime import date, timedelta

from liveness_ops.preflight.facts import (
    BUCKET,
    FUNCTIONS,
    INDEX,
    LIVENESS,
    ROLE,
    ROLLOUT,
    STACK,
    TABLE,
    Found,
    Function,
    Secret,
    expected,
    missing,
)
from liveness_ops.preflight.form import (
    LONGEST_FUNCTION_NAME,
    LONGEST_PATTERN,
    OFF,
    ON,
    Form,
    Left,
    adoption,
    left_behind,
    partition,
    twice,
)
from liveness_ops.preflight.grammar import elsewhere
from liveness_ops.preflight.lines import Blocker, Line, Note, Shortfall, Unread, Weight, line
from liveness_ops.preflight.looking import SLACK_KEYS
from responder.checks.alarms import session_traffic
from responder.core import lambda_runtimes
from responder.core.frozen import frozen
from responder.core.plain_data import Data, Json
from responder.core.settings import CORRECTED, Settings
from responder.core.text import Strings, Text, text
from responder.detection.choice import PARAMETERS, AlarmParameters, fits, suited
from responder.evidence.base import reason
from responder.evidence.configuration import deployed as as_deployed

_FUNCTION, _LOG_GROUP = "AWS::Serverless::Function", "AWS::Logs::LogGroup"
_APPROVER, _RESERVED = "FirstApprover", "ReservedConcurrency"
SWITCHES = ("OurAlarms", "CorrectedAlarms")
# Below this Lambda lets nothing be reserved: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
UNRESERVED = 100
# Requests per second and operation of Face Liveness: https://docs.aws.amazon.com/general/latest/gr/rekognition.html
_QUOTAS = {"us-east-1": 25.0}
_OTHER_QUOTA = 5.0
_SOON = timedelta(days=180)
# Statuses in which CloudFormation takes an update.
_SETTLED = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
)
# Those in which there is no stack yet, or no more.
_NONE = ("", "REVIEW_IN_PROGRESS", "DELETE_COMPLETE")
_MISSING = {TABLE: Shortfall.TABLE, BUCKET: Shortfall.BUCKET, STACK: Shortfall.STACK}


@frozen
class Report:
    """`form`: filled in. `settings`: what belongs into the settings document; empty where nothing differs."""

    form: Form
    found: Found
    lines: tuple[Line, ...]
    settings: Data = field(default_factory=dict)

    @property
    def nowhere(self) -> bool:
        """There is nothing here to deploy for."""
        return any(each.kind in (Blocker.NOWHERE, Blocker.ELSEWHERE) for each in self.lines)

    @property
    def adoption(self) -> str:
        """Takes over what a deleted stack has left, before the deployment; empty where there is none."""
        exists = _status(self.found) not in _NONE
        return "" if exists or self.nowhere else adoption(self.form, _left(self.form, self.found))

    def command(self) -> str:
        """Builds and deploys, asking nothing; empty where there is nothing to deploy for."""
        if self.nowhere:
            return ""
        words = ["sam", "deploy", "--stack-name", self.form.stack, *shlex.split(self.form.where)]
        words += ["--resolve-s3", "--capabilities", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
        words += ["--no-confirm-changeset", "--no-fail-on-empty-changeset"]
        given = [f"{name}={_value(value)}" for name, value in self.form.overrides.items()]
        words += ["--parameter-overrides", *given] if given else []
        # Not quoted, so that a shell refuses to run it as it is.
        quoted = (each if each == _PLACEHOLDER else shlex.quote(each) for each in words)
        return f"sam build && {' '.join(quoted)}"


_PLACEHOLDER = "OnCallEmail=<address>"


def judge(form: Form, found: Found, today: date) -> Report:
    """Everything that has to be said, the weightiest first."""
    lines = [*_deployment(form, found), *_unread(form, found)]
    if found.functions is not None and found.alarms is not None and _nowhere(form, found):
        kind, subject = (
            (Blocker.ELSEWHERE, found.elsewhere) if found.elsewhere else (Blocker.NOWHERE, form.region)
        )
        here = {"region": form.region} if found.elsewhere else {}
        return Report(form, found, (line(kind, subject, account=form.account, **here), *lines))
    filled, switched = _switched(form, found)
    filled, fitted = _fitted(filled, found)
    settings: Json = {}
    lines += [
        *_service(filled, found),
        *switched,
        *fitted,
        *_remedies(filled, found, today, settings),
        *_account(filled, found, settings),
    ]
    if not _fits(filled, found):
        # Lambda would refuse the reservations.
        filled = replace(filled, found={**filled.found, _RESERVED: "none"})
    # What has to be said and has no default gets its first value: the most careful mode.
    first = {each: (*filled.allowed(each), "")[0] for each in filled.required if not filled.value(each)}
    filled = replace(filled, found={**filled.found, **first})
    if filled.new:
        named = [f"{each}={filled.value(each)}" for each in filled.new]
        lines.append(line(Note.NEW_PARAMETERS, form.stack, names=named))
    if not filled.value("OnCallEmail") and any(each.kind is Blocker.NO_ADDRESS for each in lines):
        filled = replace(filled, found={**filled.found, "OnCallEmail": "<address>"})
    ranked = sorted(lines, key=lambda each: tuple(Weight).index(each.kind.weight))
    return Report(filled, found, tuple(ranked), settings)


def _status(found: Found) -> str:
    """The stack's; empty where there is none."""
    return found.stack.status if found.stack else ""


def _value(value: str) -> str:
    """SAM CLI splits at blanks that are not quoted, and takes quotes away."""
    if re.fullmatch(r"[^\s\"']+", value):
        return value
    return '"' + value.replace('"', '\\"') + '"'


def _nowhere(form: Form, found: Found) -> bool:
    named = {expected(form, each) for each in (*FUNCTIONS, *form.alarms(), TABLE)}
    there = {*(found.functions or ()), *(found.alarms or ()), *(found.tables or ())}
    alike = (names for parameter, names in missing(form, found) if parameter in (*FUNCTIONS, *form.alarms()))
    return not named & there and not any(alike)


# --- the deployment ------------------------------------------------------------------------------


def _deployment(form: Form, found: Found) -> Iterator[Line]:
    yield from _addresses(form, found)
    if found.lacking:
        yield line(Blocker.REGION_LACKS, ", ".join(found.lacking), region=form.region)
    # Until a person is in the settings document no one can approve, or write it. A stack of imported tables
    # alone has no parameters yet.
    status = _status(found)
    exists = status in _SETTLED and not status.startswith("IMPORT_")
    if not exists and not form.value(_APPROVER):
        who = found.principal if form.takes(_APPROVER, found.principal) else "ARN"
        yield line(Note.NO_APPROVER, _APPROVER, who=who)
    longest = max((each.name for each in form.made() if each.kind == _FUNCTION), key=len, default="")
    if len(longest) > LONGEST_FUNCTION_NAME:
        most = len(form.stack) - (len(longest) - LONGEST_FUNCTION_NAME)
        yield line(Blocker.LONG_NAME, form.stack, name=longest, most=most, limit=LONGEST_FUNCTION_NAME)
    yield from _long_pattern(form)
    yield from _there_already(form, found)
    yield from (line(Shortfall.SECOND_STACK, other, stack=form.stack) for other in _others(form, found))
    yield from _left_behind(form, found)


def _addresses(form: Form, found: Found) -> Iterator[Line]:
    """The template's Rules, and the secret that they do not see."""
    slack = form.value("SlackSecretArn")
    for parameter in (_APPROVER, "SlackSecretArn"):
        arn = form.value(parameter)
        if arn and elsewhere(arn, partition(form.region), form.region, form.account):
            here = {"account": form.account, "region": form.region}
            yield line(Blocker.FOREIGN_ARN, arn, parameter=parameter, **here)
    if not form.value("OnCallEmail") and not (slack and form.value("LastResortEmail")):
        yield line(Blocker.NO_ADDRESS, "OnCallEmail")
    if slack and not form.value("SlackChannel"):
        yield line(Blocker.NO_CHANNEL, "SlackChannel")
    match found.secret:
        case Secret(there=False):
            yield line(Blocker.NO_SECRET, slack, keys=SLACK_KEYS)
        case Secret(arn=arn) if arn != slack:
            # Secrets Manager finds a secret by a part of its ARN, too.
            yield line(Blocker.PART_OF_ARN, slack, arn=arn)
        case Secret(missing=(_, *_) as missing):
            yield line(Blocker.SECRET_KEYS, slack, keys=missing)


def _there_already(form: Form, found: Found) -> Iterator[Line]:
    """The stack, or resources that have its names."""
    status = _status(found)
    if status.endswith("_IN_PROGRESS") and status not in _NONE:
        yield line(Blocker.BUSY_STACK, form.stack, status=status)
    elif status not in _NONE and status not in _SETTLED:
        yield line(Blocker.BROKEN_STACK, form.stack, status=status, where=form.where)
    elif (
        found.stack
        and status in _SETTLED
        and not set(form.kept().values()) & set(found.stack.resources.values())
    ):
        yield line(Blocker.FOREIGN_STACK, form.stack)
    elif status in _SETTLED:
        yield line(Note.STACK_EXISTS, form.stack, status=status)
    elif found.stack_known:
        yield from _names_taken(form, found)


def _names_taken(form: Form, found: Found) -> Iterator[Line]:
    made = [each for each in form.made() if not each.switch and _taken(each.name, found)]
    taken = sorted(each.name for each in made if each.kind != _LOG_GROUP)
    if taken:
        yield line(Blocker.TAKEN, taken[0], count=len(taken), names=taken[:5], stack=form.stack)
        return
    # Lambda makes a log group again where a function still writes after its stack's deletion.
    logs = sorted(each.name for each in made)
    if logs:
        start = f"/aws/lambda/{form.stack}-"
        ends = ",".join(each.removeprefix(start) for each in logs)
        each = f"{start}{{{ends}}}" if len(logs) > 1 else logs[0]
        delete = f'aws logs delete-log-group {form.where} --log-group-name "$GROUP"'
        command = f"for GROUP in {each}; do {delete}; done"
        yield line(Blocker.OLD_LOGS, form.stack, names=logs, count=len(logs), command=command)


def _long_pattern(form: Form) -> Iterator[Line]:
    """The pattern of a rule that names all alarms is too long; the longest name is the first to shorten."""
    longest = max(form.patterns().values(), default=0)
    if longest > LONGEST_PATTERN:
        named = [each for each in form.template["Parameters"] if each.endswith("AlarmName")]
        parameter = max(named, key=lambda each: len(form.value(each)))
        most = {"length": longest, "limit": LONGEST_PATTERN, "over": longest - LONGEST_PATTERN}
        yield line(Blocker.LONG_PATTERN, parameter, name=form.value(parameter), **most)


def _others(form: Form, found: Found) -> list[str]:
    """Other stacks of this responder, by the names of their functions."""
    ends = [each.name.removeprefix(form.stack) for each in form.made() if each.kind == _FUNCTION]
    names = found.functions or {}
    stacks = {name.removesuffix(end) for end in ends for name in names if name.endswith(end)} - {
        form.stack,
        "",
    }
    return sorted(each for each in stacks if sum(f"{each}{end}" in names for end in ends) * 2 > len(ends))


def _taken(name: str, found: Found) -> bool:
    """Something of that name is there, and is not the stack's."""
    there = (found.functions, found.alarms, found.log_groups, found.parameters)
    own = found.stack.resources if found.stack else {}
    return name not in own and any(name in each for each in there if each is not None)


def _left_behind(form: Form, found: Found) -> Iterator[Line]:
    left = _left(form, found)
    names = [each for many in left.values() for each in many]
    if twice(left):
        yield line(Note.OLD_TWICE, form.stack, names=twice(left))
    elif left:
        yield line(Note.OLD_RESOURCES, form.stack, names=names, count=len(names))
    kept = sorted((found.parameters or frozenset()) - {each.name for each in form.made()})
    if kept and found.stack_known and _status(found) in _NONE:
        yield line(Note.OLD_PARAMETERS, form.stack, names=kept, where=form.where)


def _left(form: Form, found: Found) -> Left:
    """Resources that an earlier stack of this name left; nothing if it is unknown what the current one
    has."""
    own = found.stack.resources if found.stack else {}
    there = {*(found.tables or ()), *(found.buckets or ()), *(found.queues or ())} - set(own)
    return left_behind(form, there) if found.stack_known else {}


def _unread(form: Form, found: Found) -> Iterator[Line]:
    for named, error in sorted(found.unread.items()):
        yield line(Unread.UNREAD, named, reason=reason(error))
    sealed = [each.name for each in found.functions_of(form) if each.variables is None]
    if sealed:
        yield line(Unread.UNREAD_VARIABLES, sealed[0], names=sealed)


def _switched(form: Form, found: Found) -> tuple[Form, list[Line]]:
    """Alarms of this stack that can be created are; one line for each obstacle."""
    lines: list[Line] = []
    off: set[str] = {*SWITCHES} if found.log_groups is None or found.alarms is None else set()
    there = found.functions
    gone = [form.value(each) for each in LIVENESS if there is not None and form.value(each) not in there]
    for group, switches in form.filtered().items():
        if found.log_groups is not None and group not in found.log_groups:
            off |= set(switches)
            # A function that is missing has its own line.
            if not group.endswith(tuple(f"/{each}" for each in gone)):
                lines.append(line(Shortfall.LOG_GROUP, group, switches=switches))
    for switch in SWITCHES:
        taken = sorted(e.name for e in form.made() if e.switch == switch and _taken(e.name, found))
        if taken and form.deployed.get(switch) != ON:
            off.add(switch)
            if found.stack_known:
                lines.append(line(Shortfall.ALARMS_TAKEN, taken[0], names=taken, switch=switch))
    # A deployed stack keeps what it has: whether a person has chosen it is unknown.
    values = {each: OFF if each in off else ON for each in SWITCHES if each not in form.deployed}
    filled = replace(form, found={**form.found, **values})
    could = [each for each in SWITCHES if each not in off and filled.value(each) == OFF]
    lines += [line(Note.SWITCHED_OFF, each) for each in could if each not in form.given]
    return filled, lines


def _fitted(form: Form, found: Found) -> tuple[Form, list[Line]]:
    """The alarms' parameters for the sessions a day, where the present ones are for another traffic."""
    if found.sessions is None:
        unread = session_traffic.NEEDS[0].action in found.unread
        return form, [] if unread else [line(Note.NO_TRAFFIC, form.value("MetricNamespace"))]
    if form.deployed and fits(AlarmParameters.of(form.value), found.sessions):
        return form, []
    changed = {
        name: value
        for name, value in suited(found.sessions).overrides.items()
        if name not in form.given and value != form.value(name)
    }
    if not changed:
        return form, []
    named = ", ".join(f"{name}={value}" for name, value in changed.items())
    said = line(Note.TRAFFIC, named, sessions=round(found.sessions))
    return replace(form, found={**form.found, **changed}), [said]


# --- the service ---------------------------------------------------------------------------------


def _service(form: Form, found: Found) -> Iterator[Line]:
    for parameter, value in form.found.items():
        if parameter not in (*SWITCHES, *PARAMETERS):
            usual = expected(replace(form, found={}), parameter)
            yield line(Note.ADOPTED, usual, like=value, parameter=parameter)
    yield from (_gone(form, *each) for each in missing(form, found))
    if found.indexes is not None and form.value(INDEX) not in found.indexes:
        yield line(Shortfall.INDEX, form.value(INDEX), table=form.value(TABLE), parameter=INDEX)
    if found.policies is None and "iam:ListRolePolicies" not in found.unread:
        yield line(Shortfall.ROLE, form.value(ROLE), parameter=ROLE)
    if found.metrics is not None and not found.metrics:
        yield line(Shortfall.NO_METRICS, form.value("MetricNamespace"), parameter="MetricNamespace")
    for each in found.functions_of(form):
        here = each.log_group == f"/aws/lambda/{each.name}"
        if not here and each.name in map(form.value, LIVENESS):
            yield line(Shortfall.OTHER_LOG_GROUP, each.name, group=each.log_group)


def _gone(form: Form, parameter: str, alike: Strings) -> Line:
    name = expected(form, parameter)
    if alike:
        return line(Shortfall.ALIKE, name, alike=alike, parameter=parameter)
    if parameter in FUNCTIONS:
        return line(Shortfall.FUNCTION, name, parameter=parameter)
    kind = _MISSING.get(parameter, Shortfall.ALARM)
    corrected = {each.name for each in form.made() if each.switch and form.value(each.switch) == ON}
    instead = f"{name}{CORRECTED}" if f"{name}{CORRECTED}" in corrected else "–"
    return line(kind, name, parameter=parameter, instead=instead)


# --- what remedies need --------------------------------------------------------------------------


def _remedies(form: Form, found: Found, today: date, settings: Json) -> Iterator[Line]:
    known = found.functions_of(form)
    yield from _variable(form, known, settings)
    served = found.served or {}
    bare = [each.name for each in known if each.name in served and not served[each.name].aliases]
    if bare:
        yield line(Shortfall.NO_ALIAS, bare[0], names=_names(bare))
    yield from _runtimes(known, today)
    inside = [each.name for each in known if each.vpc]
    if inside:
        yield line(Note.VPC, inside[0], names=_names(inside))
    different = _different(form, known)
    if different:
        settings["deployed_functions"] = different
        yield line(Note.DIFFERENT, next(iter(different)), names=[*different])
    wanted = Settings().service_policy
    if found.policies is not None and wanted not in found.policies:
        if len(found.policies) == 1:
            (settings["service_policy"],) = found.policies
        else:
            yield line(Shortfall.POLICY, wanted, role=form.value(ROLE), there=found.policies or "–")


def _names(functions: list[str]) -> Text | list[str]:
    """The names of the functions; one word for all of them."""
    if len(functions) == len(FUNCTIONS):
        return text("preflight.all_functions", count=len(functions))
    return functions


def _variable(form: Form, known: list[Function], settings: Json) -> Iterator[Line]:
    variable = Settings().rollout_variable
    readers = [each for each in known if each.name in map(form.value, ROLLOUT)]
    has = {each.name: variable in each.variables for each in readers if each.variables is not None}
    without = [name for name, there in has.items() if not there]
    if without:
        yield line(Shortfall.NO_VARIABLE, variable, names=without)
    elif len(has) == len(ROLLOUT):
        settings["rollout_readers"] = [*has]
        yield line(Note.READERS, variable)


def _runtimes(known: list[Function], today: date) -> Iterator[Line]:
    used: dict[str, list[str]] = defaultdict(list)
    for each in known:
        # A container image brings its own.
        if each.runtime:
            used[each.runtime].append(each.name)
    for runtime, names in sorted(used.items()):
        end = lambda_runtimes.updates_refused_from(runtime)
        said = {"names": _names(names), "end": end.isoformat() if end else "–"}
        refused = Shortfall.UPDATES_REFUSED if end and end <= today else Note.UPDATES_UNTIL
        yield line(refused if end else Shortfall.UPDATES_UNKNOWN, runtime, **said)


def _different(form: Form, known: list[Function]) -> dict[str, Json]:
    """The values for the settings document: only those that differ from FaceAuth's own."""
    create, result = (form.value(each) for each in LIVENESS)
    wanted = as_deployed(
        Settings(
            create_function=create, result_function=result, rollout_functions=tuple(map(form.value, ROLLOUT))
        )
    )
    found = {
        each.name: {
            key: value
            for key in ("memory", "timeout", "vpc")
            if (value := getattr(each, key)) != getattr(wanted[each.name], key)
        }
        for each in known
    }
    return {name: each for name, each in found.items() if each}


# --- the account ---------------------------------------------------------------------------------


def _account(form: Form, found: Found, settings: Json) -> Iterator[Line]:
    limits = found.limits
    if limits is not None and limits.free < UNRESERVED + Settings().provisioned_concurrency:
        yield line(Shortfall.SMALL_ACCOUNT, str(limits.concurrent), free=limits.free, where=form.where)
    if not _fits(form, found):
        kind = Blocker.TOO_MANY_RESERVED if _RESERVED in form.given else Note.NO_RESERVE
        yield line(kind, _RESERVED, most=UNRESERVED + form.reserving())
    usual = _QUOTAS.get(form.region, _OTHER_QUOTA)
    quota = min(found.quotas or (usual,))
    if found.quotas is not None and not found.quotas:
        yield line(Note.QUOTA_UNKNOWN, form.region, quota=usual)
    if quota != Settings().quota_per_second:
        settings["quota_per_second"] = int(quota) if quota == int(quota) else quota
        if found.quotas:
            yield line(Note.QUOTA, form.region, quota=quota, usual=Settings().quota_per_second)


def _fits(form: Form, found: Found) -> bool:
    """Lambda has as many executions as this stack reserves, besides those that it has already."""
    has = replace(form, given={}, found={}).reserving() if form.deployed else 0
    reserved = form.reserving() - has
    return found.limits is None or reserved <= 0 or found.limits.free - reserved >= UNRESERVED
