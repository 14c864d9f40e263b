"""The console command `liveness-ops`. Other parts add commands through an entry point of its group."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from typing import Any

import typer
from typer.core import TyperGroup

from liveness_ops.backups import commands as backups
from liveness_ops.checks import commands as checks
from liveness_ops.console import commands as console
from liveness_ops.people import commands as people
from liveness_ops.preflight import commands as preflight

_STATUS = 2


class Commands(TyperGroup):
    """All of ours. Typer explains a command line that it cannot understand; `--json` has it in an object."""

    machine = False

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> Any:
        """The first to see what was typed."""
        self.machine = "--json" in args
        with self._told():
            return super().make_context(info_name, args, *rest, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Here the options of the command itself are read."""
        with self._told():
            return super().invoke(ctx)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            # Typer keeps the class of its usage errors to itself; each has this status.
            message = getattr(error, "format_message", None)
            if self.machine and message is not None and getattr(error, "exit_code", None) == _STATUS:
                typer.echo(json.dumps({"exit": _STATUS, "error": "usage", "message": message()}))
            raise


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=True)
people.register(app)
console.register(app)
checks.register(app)
backups.register(app)
preflight.register(app)
for part in entry_points(group="liveness_ops.commands"):
    part.load()(app)

if __name__ == "__main__":
    app()
