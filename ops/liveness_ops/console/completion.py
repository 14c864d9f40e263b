"""What the shell offers after Tab. It never raises, and never waits for long."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import typer

from liveness_ops.listing import listed
from liveness_ops.people.options import Common
from responder.core.context import Gateway
from responder.core.plain_data import Json

_PATIENCE = 2.0


def incidents(ctx: typer.Context, incomplete: str) -> list[str]:
    """Ids of open incidents."""

    def read(aws: Gateway, common: Common) -> Iterable[str]:
        from liveness_ops.people.command_runner import read_stack
        from responder.store import Incidents

        settings, _ = read_stack(aws, common.stack, "")
        found = Incidents(aws, settings.incidents_table).newest()
        return (each.id for each in found if not each.closed)

    return _offered(ctx, incomplete, read)


def pauses(ctx: typer.Context, incomplete: str) -> list[str]:
    """Names of pauses that are not over."""

    def read(aws: Gateway, common: Common) -> Iterable[str]:
        from responder.core.switches import switches

        path = f"/{common.stack}"
        of = ("ssm", "get_parameters_by_path", "Parameters")
        found = {each["Name"]: each["Value"] for each in listed(aws, *of, Path=path, Recursive=True)}
        now = datetime.now(UTC)
        return (each.name for each in switches(path, found, ()).stops if not each.over(now))

    return _offered(ctx, incomplete, read)


def remedies_and_modes(incomplete: str) -> list[str]:
    """The first word of `mode`."""
    return [*remedies(incomplete), *modes(incomplete)]


def remedies(incomplete: str) -> list[str]:
    """Names of remedies."""
    from responder.core.remedy import REMEDIES

    return [each for each in sorted(REMEDIES) if each.startswith(incomplete)]


def modes(incomplete: str) -> list[str]:
    """The three of them."""
    return [each for each in ("observe", "approve", "auto") if each.startswith(incomplete)]


def _offered(
    ctx: typer.Context, incomplete: str, read: Callable[[Gateway, Common], Iterable[str]]
) -> list[str]:
    from liveness_ops.people import command_runner

    try:
        common = _common(ctx.params)
        if _asks(common):
            return []
        aws, _ = command_runner.open_aws(common, _PATIENCE)
        return sorted(each for each in read(aws, common) if each.startswith(incomplete))
    except Exception:
        # Whatever is wrong, the command itself says it.
        return []


def _asks(common: Common) -> bool:
    """The profile wants a code from a person, who would not know why the terminal waits."""
    from botocore.session import Session

    return "mfa_serial" in Session(profile=common.profile or None).get_scoped_config()


def _common(given: Json) -> Common:
    def of(name: str, default: Any = "") -> Any:
        return given.get(name) or default

    where = (of("profile"), of("region"), of("stack", "liveness-responder"), of("endpoint_url"))
    return Common(*where, yes=False, language="en", machine=False, local=bool(given.get("local")))
