"""Backups of the sessions table, the rehearsal of a restore, and whether the schedules ran."""
