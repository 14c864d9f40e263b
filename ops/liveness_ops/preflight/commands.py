"""The command `preflight`, as Typer sees it."""

from typing import Annotated, Literal

import typer

from liveness_ops.people.options import Common, with_common

EXITS = (
    "Exit status: 0 ready; 1 something will not work, as the report says; 2 something could not be checked "
    "(permission, network, profile or Region), or the command line is wrong; 8 program error; "
    "130 interrupted by Ctrl-C."
)
Values = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PARAMETER=VALUE]...",
        help="Parameters for the deployment, such as OnCallEmail=ops@company.example.",
    ),
]
Policy = Annotated[bool, typer.Option("--policy", help="Only print the IAM policy that preflight needs.")]
InWorld = Annotated[
    Literal["as-deployed", "rolled-out"] | None,
    typer.Option("--world", help="With --local: the state of the service in the local AWS that is started."),
]


def register(app: typer.Typer) -> None:
    """Add it to the console."""
    app.command(name="preflight", epilog=EXITS)(with_common(preflight))


def preflight(common: Common, values: Values = None, policy: Policy = False, world: InWorld = None) -> None:
    """Check the account before a deployment: what is there, what will not work and why; prints the deploy
    command. Nothing is changed. With --local and no local AWS running, one is started."""
    from liveness_ops.preflight.work import Wish, preflight

    preflight(common, Wish(tuple(values or ()), policy, world))
