"""The commands `local up`, `alarm`, `status` and `down`, as Typer sees them."""

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from liveness_ops.command_line import App, Commands
from liveness_ops.people.options import Command, Common, with_common
from responder.core.plain_data import Json

if TYPE_CHECKING:
    from liveness_ops.people.screen import Screen

# The help of each is in `messages/locale/help.po`.
InWorld = Annotated[Literal["rolled-out", "as-deployed"], typer.Option("--world")]
Alarm = Annotated[str, typer.Argument()]
Scenario = Annotated[str, typer.Option()]
Ok = Annotated[bool, typer.Option("--ok")]


def register(app: typer.Typer) -> None:
    """Add them to the console."""
    local = App(cls=Commands)
    local.callback(invoke_without_command=True)(explain)
    commands: tuple[Command, ...] = (up, alarm, status, down)
    for command in commands:
        local.command(name=command.__name__)(with_common(command, asks=False, aws=False))
    app.add_typer(local, name="local")


def explain(ctx: typer.Context) -> None:
    """A local AWS to try every command on."""
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def up(common: Common, world: InWorld = "rolled-out") -> None:
    """Start it, with the service and the stack."""
    _carry_out(common, "up", world)


def alarm(common: Common, alarm: Alarm = "", scenario: Scenario = "", ok: Ok = False) -> None:
    """Break the service so that an alarm goes off; or set it back to OK."""
    _carry_out(common, "over" if ok and alarm else "alarm", alarm, *(() if ok and alarm else (scenario,)))


def status(common: Common) -> None:
    """Whether it runs."""
    _carry_out(common, "status")


def down(common: Common) -> None:
    """Stop it."""
    _carry_out(common, "down")


def _carry_out(common: Common, name: str, *given: str) -> None:
    from liveness_ops.people.command_runner import finish
    from liveness_ops.people.exits import EarlyExit, Exit
    from responder.core.text import text

    def work(screen: "Screen") -> Json:
        try:
            return _part(name)(screen, *given)
        except KeyboardInterrupt:
            raise EarlyExit(Exit.INTERRUPTED, text("local.interrupted")) from None

    finish(common, work)


def _part(name: str) -> Callable[..., Json]:
    from liveness_ops.people.exits import EarlyExit, Exit
    from responder.core.text import text

    found = next(iter(entry_points(group="liveness_ops.local", name=name)), None)
    if found is None:
        raise EarlyExit(Exit.AWS, text("local.not_installed"))
    part: Callable[..., Json] = found.load()
    return part
