"""On schedule (manual, バックアップとリカバリ): a backup of the sessions table, an end to our old ones."""

from responder.checks.backups import making

handler = making.handle
needs = making.NEEDS
