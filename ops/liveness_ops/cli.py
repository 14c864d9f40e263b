"""The console command `liveness-ops`."""

import typer

from liveness_ops.backups import commands as backups
from liveness_ops.checks import commands as checks
from liveness_ops.console import commands as console
from liveness_ops.people import commands as people
from liveness_ops.preflight import commands as preflight
from liveness_ops.template_tools.load import INSTALLED
from liveness_ops.usage import Commands

app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=True)
people.register(app)
console.register(app)
checks.register(app)
backups.register(app)
preflight.register(app)
if not INSTALLED:
    from liveness_ops import rehearsal

    rehearsal.register(app)

if __name__ == "__main__":
    app()
