"""The commands, as Typer sees them."""

from functools import partial
from typing import Annotated

import typer

from liveness_ops.people.options import Common, with_common

# The help of each is in `messages/locale/help.po`.
Backup = Annotated[str, typer.Option(metavar="ARN")]
To = Annotated[str, typer.Option("--to", metavar="TABLE")]
Dry = Annotated[bool, typer.Option("--dry-run")]
Minutes = Annotated[int, typer.Option(min=1, max=720)]
Key = Annotated[str, typer.Argument()]
Version = Annotated[str, typer.Option("--version", metavar="ID")]


def register(app: typer.Typer) -> None:
    """Add them to the console."""
    for command in (backup_table, restore_table, restore_object, enable_versioning):
        name = command.__name__.replace("_", "-")
        app.command(name=name)(with_common(command))


def backup_table(common: Common, dry_run: Dry = False) -> None:
    """List the backups of the sessions table; --yes makes one more, as the schedule does."""
    from liveness_ops.backups.backup_table import back_up
    from liveness_ops.people.command_runner import carry_out

    carry_out(common, partial(back_up, do=common.yes and not dry_run))


def restore_table(
    common: Common, to: To, backup: Backup = "newest", dry_run: Dry = False, minutes: Minutes = 60
) -> None:
    """Restore a backup of the sessions table to a new table; shows the steps, --yes carries them out."""
    from liveness_ops.backups.restore_table import restore
    from liveness_ops.people.command_runner import carry_out

    do = common.yes and not dry_run
    carry_out(common, partial(restore, backup=backup, to=to, do=do, wait_seconds=minutes * 60.0))


def restore_object(common: Common, key: Key, version: Version = "", dry_run: Dry = False) -> None:
    """List the versions of one object of the images bucket; --version and --yes bring one back."""
    from liveness_ops.backups.restore_object import restore
    from liveness_ops.people.command_runner import carry_out

    carry_out(common, partial(restore, key=key, version=version, do=common.yes and not dry_run))


def enable_versioning(common: Common, dry_run: Dry = False) -> None:
    """Versions for the images bucket, with an end for old ones; shows the steps, --yes carries them out."""
    from liveness_ops.backups.versioning import enable
    from liveness_ops.people.command_runner import carry_out

    carry_out(common, partial(enable, do=common.yes and not dry_run))
