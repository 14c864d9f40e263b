"""The console command `liveness-ops`. Other parts add commands through an entry point of its group."""

from importlib import metadata
from typing import Annotated

import typer

from liveness_ops import commands
from liveness_ops.command_line import App, Commands
from liveness_ops.detection import commands as detection
from liveness_ops.local import commands as local
from liveness_ops.people import commands as people
from liveness_ops.people.options import Words

Version = Annotated[bool, typer.Option("--version")]

app = App(cls=Commands, add_completion=True)


@app.callback(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
def liveness_ops(ctx: typer.Context, version: Version = False, language: Words = None) -> None:
    """The console for people on call."""
    if version:
        typer.echo(metadata.version("liveness-ops"))
    elif ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())
    else:
        return
    raise typer.Exit


people.register(app)
commands.register(app)
detection.register(app)
local.register(app)
for part in metadata.entry_points(group="liveness_ops.commands"):
    part.load()(app)

if __name__ == "__main__":
    app()
