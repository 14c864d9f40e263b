"""The command `preflight`, as Typer sees it."""

from typing import Annotated

import typer

from liveness_ops.people.options import Common, with_common
from liveness_ops.world.build import World

EXITS = (
    "Exit status: 0 ready; 1 something will not work, as the report says; 2 something could not be looked at "
    "(a right, the network, the profile or the Region is missing), or the command line is not clear; "
    "8 an error of the program; 130 interrupted by Ctrl-C."
)
Values = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PARAMETER=VALUE]...",
        help="Parameters for the deployment, such as OnCallEmail=ops@company.example.",
    ),
]
Policy = Annotated[
    bool, typer.Option("--policy", help="Print the IAM policy that this takes, and nothing else.")
]
InWorld = Annotated[
    World | None,
    typer.Option("--world", help="With --local: start a local AWS that has the service like this."),
]


def register(app: typer.Typer) -> None:
    """Add it to the console."""
    app.command(name="preflight", epilog=EXITS)(with_common(preflight))


def preflight(common: Common, values: Values = None, policy: Policy = False, world: InWorld = None) -> None:
    """Look at the account before a deployment: what is there, what will not work and why, and the command
    that deploys. Nothing is changed. With --local and no local AWS running, one is started."""
    from liveness_ops.preflight.work import Wish, preflight

    preflight(common, Wish(tuple(values or ()), policy, world))
