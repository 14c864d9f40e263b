"""How the functions are configured now, against what the service needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from responder.core.context import Context
from responder.core.errors import AwsError
from responder.core.finding import Finding
from responder.core.liveness_function import LivenessFunction
from responder.core.permissions import Permission
from responder.core.settings import Settings
from responder.evidence import tell_configuration
from responder.evidence.facts import FunctionConfigurations, FunctionState
from responder.evidence.facts.expected import expected
from responder.evidence.failed import reason


@dataclass(frozen=True, slots=True)
class Config:
    """GetFunctionConfiguration of the given functions. Variables by name only."""

    whichs: tuple[LivenessFunction, ...] = (LivenessFunction.CREATE, LivenessFunction.RESULT)

    @property
    def name(self) -> str:
        """Its key."""
        return "configuration"

    def needs(self) -> tuple[Permission, ...]:
        """Reading each function's configuration."""
        return tuple(Permission("lambda:GetFunctionConfiguration", which.arn) for which in self.whichs)

    def look(self, context: Context) -> FunctionConfigurations:
        """One request per function; one that cannot be read does not hide the other."""
        found: dict[str, FunctionState] = {}
        errors: dict[str, AwsError] = {}
        for name in (which.function(context.settings) for which in self.whichs):
            try:
                answer = context.aws.call("lambda", "get_function_configuration", FunctionName=name)
                found[name] = state(name, answer, context.settings)
            except AwsError as error:
                errors[name] = error
        if not found:
            raise next(iter(errors.values()))
        return FunctionConfigurations(found, {name: reason(error) for name, error in errors.items()})

    def tell(self, fact: FunctionConfigurations, context: Context) -> tuple[Finding, ...]:
        """One finding per function."""
        return tell_configuration.tell(self.name, fact, context)


def state(name: str, answer: Mapping[str, Any], settings: Settings) -> FunctionState:
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
