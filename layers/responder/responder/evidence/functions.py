"""What is known of the Lambda functions: how they are deployed, configured and started."""

import re
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime

from responder.core.errors import BadEvent
from responder.core.frozen import frozen
from responder.core.settings import Settings
from responder.core.text import Text

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
    expected_missing: tuple[str, ...] = ()
    expected_wrong: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    in_vpc: bool = False
    role: str = ""


@frozen
class FunctionConfigurations:
    """Configurations by function name. `unread`: why one could not be read."""

    functions: Mapping[str, FunctionState]
    unread: Mapping[str, Text] = field(default_factory=dict)
