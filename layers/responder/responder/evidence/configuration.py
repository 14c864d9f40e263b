"""How the functions are deployed, configured and started now, against what the service needs."""

import re
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, datetime
from typing import Any

from responder.core import console_links, lambda_runtimes
from responder.core.context import Context
from responder.core.errors import AwsError, BadEvent
from responder.core.finding import Finding, Findings, Subject, Tone
from responder.core.frozen import frozen
from responder.core.liveness_function import LivenessFunction
from responder.core.permissions import Permission, Permissions
from responder.core.plain_data import Data
from responder.core.settings import Settings
from responder.core.text import Strings, Text, Texts, text
from responder.core.timestamps import stamp
from responder.evidence.base import Look, reason

# The variables that the two liveness functions cannot do without (target system, Lambda functions).
TABLE, BUCKET = "LIVENESS_SESSIONS_TABLE", "FACE_AUTH_BUCKET"


def reads(settings: Settings, function: str, variable: str) -> bool:
    """This liveness function's code uses the variable: of the two, the one that creates sessions reads the
    threshold, and the one that judges them does not, unless the owner lists it."""
    if variable != settings.threshold_variable:
        return True
    return function == settings.create_function or function in settings.threshold_readers


def expected(settings: Settings) -> dict[str, str]:
    """The values that the stack's parameters require, by name; "" where any value is right."""
    return {
        TABLE: settings.sessions_table,
        BUCKET: settings.bucket,
        settings.threshold_variable: "",
    }


_SETTING = "DEPLOYED_FUNCTIONS"
_PART = re.compile(r"(?:(?P<name>memory|timeout|reserved)=(?P<number>\d{1,5})|vpc=(?P<vpc>yes|no))")


@frozen
class DeployedFunction:
    """One function. `memory` in MB, `timeout` in seconds; `reserved`: None where nothing is reserved."""

    memory: int
    timeout: int
    vpc: bool = True
    reserved: int | None = None


def deployed(settings: Settings) -> dict[str, DeployedFunction]:
    """By function, what it should be: `Settings.deployed_functions` over FaceAuth's own values.

    Raises:
        BadEvent: an entry of the setting cannot be read, or names a function that is not looked after.
    """
    found = {
        **dict.fromkeys(settings.rollout_functions, DeployedFunction(512, 30)),
        settings.create_function: DeployedFunction(256, 10),
        settings.result_function: DeployedFunction(256, 15),
    }
    for entry in settings.deployed_functions:
        name, *parts = entry.split()
        if name not in found or not parts:
            raise BadEvent(_SETTING)
        for part in parts:
            found[name] = _with(found[name], part)
    return found


def _with(known: DeployedFunction, part: str) -> DeployedFunction:
    match = _PART.fullmatch(part)
    if match is None:
        raise BadEvent(_SETTING)
    if match["vpc"]:
        return replace(known, vpc=match["vpc"] == "yes")
    number = int(match["number"])
    return DeployedFunction(
        number if match["name"] == "memory" else known.memory,
        number if match["name"] == "timeout" else known.timeout,
        known.vpc,
        number if match["name"] == "reserved" else known.reserved,
    )


@frozen
class Starts:
    """Runs of one function over 1 h that came to their end: cold starts and memory. Seconds and MB.

    A run that Lambda cut short proves nothing about cold starts, and what it used says nothing about memory
    unless that is what it was killed for.

    Attributes:
        reports: runs that ended; `cold` of them initialised their environment first.
        cold_average, warm_average: duration without the initialisation; `warm_high` is the p90 of warm runs.
        memory_used: the most that a run used which ended or was killed for its memory.
        timed_out, out_of_memory: runs that were killed at the time-out, and for their memory.
    """

    function: str
    since: datetime
    reports: int
    cold: int
    init_average: float | None
    init_maximum: float | None
    cold_average: float | None
    warm_average: float | None
    memory_size: int | None
    memory_used: int | None
    complete_since: datetime
    warm_high: float | None = None
    timed_out: int = 0
    out_of_memory: int = 0

    @property
    def cold_share(self) -> float:
        """Cold starts ÷ all runs that ended; 0.0 of nothing."""
        return self.cold / self.reports if self.reports else 0.0


@frozen
class FunctionState:
    """Configuration of one function: names of variables, never their values.

    `expected_missing` / `expected_wrong`: variables that differ from what this stack expects.
    `role`: the name of its execution role; "" where AWS names none.
    """

    name: str
    runtime: str
    memory: int
    timeout: int
    state: str
    update_status: str
    modified: datetime
    code: str
    variables: frozenset[str]
    variables_readable: bool
    expected_missing: Strings = ()
    expected_wrong: Strings = ()
    layers: Strings = ()
    in_vpc: bool = False
    role: str = ""


@frozen
class FunctionConfigurations:
    """Configurations by function name. `unread`: why one could not be read."""

    functions: Mapping[str, FunctionState]
    unread: Mapping[str, Text] = field(default_factory=dict)


@frozen
class Config(Look):
    """GetFunctionConfiguration of the given functions. Variables by name only."""

    KEY, SUBJECT = "configuration", Subject.CONFIGURATION
    functions: tuple[LivenessFunction, ...] = (LivenessFunction.CREATE, LivenessFunction.RESULT)

    def needs(self) -> Permissions:
        """Reading each function's configuration."""
        return tuple(
            Permission("lambda:GetFunctionConfiguration", function.arn) for function in self.functions
        )

    def look(self, context: Context) -> FunctionConfigurations:
        """One request per function; one that cannot be read does not hide the other."""
        found: dict[str, FunctionState] = {}
        errors: dict[str, AwsError] = {}
        for name in (function.deployed_name(context.settings) for function in self.functions):
            try:
                answer = context.aws.call("lambda", "get_function_configuration", FunctionName=name)
                found[name] = state(name, answer, context.settings)
            except AwsError as error:
                errors[name] = error
        if not found:
            raise next(iter(errors.values()))
        return FunctionConfigurations(found, {name: reason(error) for name, error in errors.items()})

    def findings(self, fact: FunctionConfigurations, context: Context) -> Findings:
        """One finding per function."""
        found = [self._one(state, context) for state in fact.functions.values()]
        for name, why in fact.unread.items():
            said = text("evidence.configuration.unread", function=name, reason=why)
            link = console_links.function(context.settings.region, name)
            found.append(self.finding(Tone.UNKNOWN, said, link=link))
        return tuple(found)

    def _one(self, state: FunctionState, context: Context) -> Finding:
        broken, doubtful = _broken(state), _doubtful(state, context)
        tone = Tone.RED if broken else Tone.AMBER if doubtful else Tone.NORMAL
        known = text(
            "evidence.configuration",
            function=state.name,
            runtime=state.runtime,
            memory=state.memory,
            timeout=state.timeout,
            modified=stamp(state.modified),
        )
        # A mail shows only the sentence: what is wrong, where something is.
        wrong = (*broken, *doubtful)
        because = "evidence.configuration.because"
        first = (text(because, function=state.name, reason=each) for each in wrong[:1])
        said, *details = (*first, known)
        details += wrong[1:]
        if state.in_vpc:
            details.append(text("evidence.configuration.vpc"))
        if lambda_runtimes.table_is_old(context.now.date()):
            checked = lambda_runtimes.CHECKED.isoformat()
            details.append(text("evidence.configuration.old_table", checked=checked))
        numbers = {"memory": float(state.memory), "timeout": float(state.timeout)}
        link = console_links.function(context.settings.region, state.name)
        return self.finding(tone, said, None, details, numbers, link)


def _broken(state: FunctionState) -> Texts:
    found: list[Text] = []
    if state.state not in ("Active", "Inactive"):
        found.append(text("evidence.configuration.state", state=state.state))
    if state.update_status == "Failed":
        found.append(text("evidence.configuration.update", status=state.update_status))
    if state.expected_missing:
        found.append(text("evidence.configuration.missing", names=", ".join(state.expected_missing)))
    if state.expected_wrong:
        found.append(text("evidence.configuration.wrong", names=", ".join(state.expected_wrong)))
    if not state.variables_readable:
        found.append(text("evidence.configuration.unreadable"))
    return tuple(found)


def _doubtful(state: FunctionState, context: Context) -> Texts:
    found: list[Text] = []
    if state.update_status == "InProgress":
        found.append(text("evidence.configuration.update", status=state.update_status))
    today = context.now.date()
    ends, refused = (
        lambda_runtimes.supported_until(state.runtime),
        lambda_runtimes.updates_refused_from(state.runtime),
    )
    if refused and today >= refused:
        found.append(text("evidence.configuration.refused", runtime=state.runtime, since=refused.isoformat()))
    elif ends and refused and today > ends:
        values = {"runtime": state.runtime, "ended": ends.isoformat(), "refused": refused.isoformat()}
        found.append(text("evidence.configuration.ended", **values))
    elif state.runtime and refused is None:
        found.append(text("evidence.configuration.unknown_runtime", runtime=state.runtime))
    return tuple(found)


def state(name: str, answer: Data, settings: Settings) -> FunctionState:
    """The fact of one function; values of variables are compared here and go no further."""
    environment = answer.get("Environment") or {}
    readable = not environment.get("Error")
    variables: Mapping[str, str] = environment.get("Variables") or {}
    wanted = expected(settings)
    missing = tuple(sorted(key for key in wanted if readable and key not in variables))
    wrong = tuple(
        sorted(key for key, value in wanted.items() if value and variables.get(key, value) != value)
    )
    return FunctionState(
        name=name,
        runtime=answer.get("Runtime", ""),
        memory=int(answer.get("MemorySize", 0)),
        timeout=int(answer.get("Timeout", 0)),
        state=answer.get("State", "Active"),
        update_status=answer.get("LastUpdateStatus", "Successful"),
        modified=moment(answer.get("LastModified")),
        code=answer.get("CodeSha256", ""),
        variables=frozenset(variables),
        variables_readable=readable,
        expected_missing=missing,
        expected_wrong=wrong,
        layers=tuple(layer["Arn"] for layer in answer.get("Layers") or ()),
        role=str(answer.get("Role", "")).rpartition("/")[2],
        in_vpc=any((answer.get("VpcConfig") or {}).get(each) for each in ("VpcId", "SubnetIds")),
    )


def moment(value: Any) -> datetime:
    """LastModified: `2026-02-04T10:25:00.000+0000`; the epoch where AWS gave none."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
