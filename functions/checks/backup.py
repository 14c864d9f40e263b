"""On schedule (manual, バックアップとリカバリ): a backup of the sessions table, an end to our old ones."""

from responder.shell.checks import backup

handler = backup.handle
needs = backup.NEEDS
