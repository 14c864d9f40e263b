"""The command line as Typer reads it; its help and its errors are in the reader's language."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from liveness_ops import usage
from liveness_ops.help_page import about, page
from liveness_ops.people.exits import EarlyExit, Exit
from liveness_ops.people.options import LANGUAGE, language_of, spoken
from liveness_ops.people.screen import Screen, tolerate
from responder.core.text import text


class App(typer.Typer):
    """A Typer app of commands that explain themselves."""

    def command(self, name: str | None = None, **given: Any) -> Callable[[Any], Any]:
        """Add a command."""
        return super().command(name, **{"cls": Command, **given})


class _Helped:
    """What `-h` shows."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """As `page` has it."""
        formatter.write(page(self, ctx, language_of(ctx)))


class Command(_Helped, TyperCommand):
    """One command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Raises EarlyExit where they cannot be read."""
        ctx.allow_extra_args = True
        with _explained(ctx):
            rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise usage.wrong(text("usage.surplus", given=" ".join(rest)), ctx)
        return rest

    def get_short_help_str(self, limit: int = 45) -> str:
        """What a shell shows next to a completion."""
        return about(self, f"liveness-ops {self.name}", spoken((), os.environ))


class Commands(_Helped, TyperGroup):
    """A group of commands. The outermost one ends the program where the command line cannot be read."""

    line: Sequence[str] = ()

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The first to see what was typed."""
        if parent is not None:
            return super().make_context(info_name, args, parent=parent, **extra)
        self.line = tuple(args)
        tolerate()
        with self._ended():
            return super().make_context(info_name, args, **extra)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Raises EarlyExit where they cannot be read."""
        if ctx.parent is None:
            ctx.meta[LANGUAGE] = spoken(args, os.environ)
        with _explained(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Here the options of the command itself are read."""
        if ctx.parent is not None:
            return super().invoke(ctx)
        with self._ended(), _explained(ctx):
            return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Raises EarlyExit where there is no such command."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            raise usage.unknown_command(args[0], ctx, list(self.commands))
        return super().resolve_command(ctx, args)

    @contextmanager
    def _ended(self) -> Iterator[None]:
        try:
            yield
        except EarlyExit as early:
            Screen(spoken(self.line, os.environ), "--json" in self.line).stopped(early)
            raise typer.Exit(early.status) from None


@contextmanager
def _explained(ctx: Any) -> Iterator[None]:
    """A usage error of Typer, in the reader's words; while a shell asks what to offer, none is raised."""
    try:
        yield
    except Exception as error:
        known = hasattr(error, "format_message") and getattr(error, "exit_code", None) == Exit.USAGE
        if not known or ctx.resilient_parsing:
            raise
        raise usage.explained(error, getattr(error, "ctx", None) or ctx, language_of(ctx)) from None
