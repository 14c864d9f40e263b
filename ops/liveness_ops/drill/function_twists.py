"""What somebody may have done to the FaceAuth functions before the alarm."""

from dataclasses import dataclass
from datetime import datetime

from liveness_ops.drill.scenario import Aws
from liveness_ops.world.functions import package
from liveness_ops.world.names import ALIAS, LOGINS, ROLLOUT


@dataclass(frozen=True, slots=True)
class Released:
    """Somebody put other code on `$LATEST`; an alias goes on serving the old one."""

    function: str
    days_ago: float = 0

    def apply(self, aws: Aws, now: datetime) -> None:
        """Update the code, as a deployment does."""
        aws.client("lambda").update_function_code(
            FunctionName=self.function, ZipFile=package(f"{self.function} 2")
        )
        aws.function_state(self.function, last_update_status="Successful")
        aws.age(self.days_ago)


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody changed another variable of a function just now."""

    function: str
    name: str = "AD_TIMEOUT"
    value: str = "12"

    def apply(self, aws: Aws, now: datetime) -> None:
        """Read, merge, write: the careful way."""
        set_variables(aws, self.function, {self.name: self.value})


@dataclass(frozen=True, slots=True)
class Without:
    """A variable is missing from these functions; `released`: also behind the alias."""

    name: str
    functions: tuple[str, ...]
    released: bool = False

    def apply(self, aws: Aws, now: datetime) -> None:
        """Write the configuration without it, long enough ago to be no fresh change."""
        for function in self.functions:
            set_variables(aws, function, {}, self.name)
            if self.released:
                release(aws, function)
        aws.age(1)


@dataclass(frozen=True, slots=True)
class InProgress:
    """An update of somebody else is under way, and stays so."""

    function: str

    def apply(self, aws: Aws, now: datetime) -> None:
        """Set it."""
        aws.function_state(self.function, last_update_status="InProgress")


@dataclass(frozen=True, slots=True)
class RolledBack:
    """Somebody already set the rollout to 0 on these functions."""

    functions: tuple[str, ...] = LOGINS

    def apply(self, aws: Aws, now: datetime) -> None:
        """Write it, a day ago."""
        for function in self.functions:
            set_variables(aws, function, {ROLLOUT: "0"})
        aws.age(1)


@dataclass(frozen=True, slots=True)
class NoAlias:
    """The traffic goes to the unqualified functions."""

    functions: tuple[str, ...] = LOGINS

    def apply(self, aws: Aws, now: datetime) -> None:
        """Delete the aliases."""
        for function in self.functions:
            aws.client("lambda").delete_alias(FunctionName=function, Name=ALIAS)


@dataclass(frozen=True, slots=True)
class RolloutVariable:
    """The functions have the rollout's variables, and nobody declared that they read them."""

    functions: tuple[str, ...] = LOGINS

    def apply(self, aws: Aws, now: datetime) -> None:
        """Write them, long ago."""
        for function in self.functions:
            set_variables(aws, function, {"ENABLE_LIVENESS_API": "true", ROLLOUT: "50"})
        aws.age(1)


@dataclass(frozen=True, slots=True)
class ForEverybody:
    """The rollout had reached everybody, also behind the alias."""

    functions: tuple[str, ...] = LOGINS

    def apply(self, aws: Aws, now: datetime) -> None:
        """Write, publish, move the alias, long ago."""
        for function in self.functions:
            set_variables(aws, function, {ROLLOUT: "100"})
            release(aws, function)
        aws.age(1)


def release(aws: Aws, function: str) -> None:
    """Publish what is in `$LATEST` and move the alias to it."""
    lam = aws.client("lambda")
    version = lam.publish_version(FunctionName=function)["Version"]
    lam.update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=version)


def set_variables(aws: Aws, function: str, put: dict[str, str], drop: str = "") -> None:
    """Put some variables of a function, and drop one; the others stay."""
    lam = aws.client("lambda")
    found = lam.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    kept = {name: value for name, value in found.items() if name != drop}
    lam.update_function_configuration(FunctionName=function, Environment={"Variables": {**kept, **put}})
    aws.function_state(function, last_update_status="Successful")
