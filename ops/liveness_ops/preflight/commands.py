"""The command `preflight`, as Typer sees it."""

from typing import Annotated, Literal

import typer

from liveness_ops.people.options import Common, with_common

# The help of each is in `messages/locale/help.po`.
Values = Annotated[list[str] | None, typer.Argument(metavar="PARAMETER=VALUE")]
Policy = Annotated[bool, typer.Option("--policy")]
InWorld = Annotated[Literal["as-deployed", "rolled-out"] | None, typer.Option("--world")]


def register(app: typer.Typer) -> None:
    """Add it to the console."""
    app.command(name="preflight")(with_common(preflight, asks=False))


def preflight(common: Common, values: Values = None, policy: Policy = False, world: InWorld = None) -> None:
    """Check the account before a deployment: what is there, what will not work and why; prints the deploy
    command. Nothing is changed. With --local and no local AWS here, one is started."""
    from liveness_ops.preflight.work import PreflightRequest, preflight

    preflight(common, PreflightRequest(tuple(values or ()), policy, world))
