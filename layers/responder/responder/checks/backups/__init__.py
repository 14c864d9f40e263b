"""Backups of the sessions table, the last test of a restore, and whether the schedules ran."""
