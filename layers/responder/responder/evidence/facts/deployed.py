"""How FaceAuth's own stack deploys its functions (target system, Lambda functions), or as the owner says."""

import re
from dataclasses import dataclass, replace

from responder.core.errors import BadEvent
from responder.core.settings import Settings

_SETTING = "DEPLOYED_FUNCTIONS"
_PART = re.compile(r"(?:(?P<name>memory|timeout|reserved)=(?P<number>\d{1,5})|vpc=(?P<vpc>yes|no))")


@dataclass(frozen=True, slots=True)
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
