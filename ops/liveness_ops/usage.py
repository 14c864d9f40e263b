"""A command line that cannot be understood: said to people by Typer, and to machines in their own shape."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

_STATUS = 2


class Commands(TyperGroup):
    """All of ours. With `--json` standard output holds an object also where the options were wrong."""

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
