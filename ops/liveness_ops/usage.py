"""The console's errors for a command line that it cannot read: the texts `usage.*`."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from liveness_ops.help_page import describe, name_of
from liveness_ops.people.exits import EarlyExit, Exit
from responder.core.text import Text, text

# Typer keeps the classes of its errors to itself.
_OF_A_PARAMETER = {"MissingParameter": "usage.missing", "BadParameter": "usage.bad_value"}
# Of two names: 1 is the same, 0 has no letter in common.
_ALIKE, _FURTHER = 0.5, 0.2


def alike(typed: str, known: Iterable[str]) -> tuple[str, ...]:
    """Names of a similar spelling, in either case, the most similar first: three at most, none of them far
    less similar than the first."""
    names = {each.casefold(): each for each in known}
    found = get_close_matches(typed.casefold(), names, cutoff=_ALIKE)
    if found:
        nearest = SequenceMatcher(None, found[0], typed.casefold()).ratio()
        found = get_close_matches(typed.casefold(), found, cutoff=max(_ALIKE, nearest - _FURTHER))
    return tuple(names[each] for each in found)


def wrong(said: Text, ctx: Any = None, names: tuple[str, ...] = ()) -> EarlyExit:
    """A command line that cannot be carried out. `names`: suggestions."""
    more = [text("usage.maybe", names=", ".join(names))] if names else []
    if ctx is not None:
        more.append(text("usage.help", command=ctx.command_path))
    return EarlyExit(Exit.USAGE, said, {"error": "usage"}, more)


def unknown_command(typed: str, ctx: Any, known: list[str]) -> EarlyExit:
    """The error, with the commands of a similar spelling."""
    return wrong(text("usage.no_command", name=typed), ctx, alike(typed, known))


def explained(error: Any, ctx: Any, language: str) -> EarlyExit:
    """A usage error of Typer."""
    param, path, kind = getattr(error, "param", None), ctx.command_path, type(error).__name__
    if param is not None and kind in _OF_A_PARAMETER:
        about = describe(param, path, language)
        return wrong(text(_OF_A_PARAMETER[kind], name=name_of(param), about=about), ctx)
    option = getattr(error, "option_name", "")
    if kind == "NoSuchOption":
        options = [name for each in ctx.command.get_params(ctx) for name in each.opts]
        return wrong(text("usage.no_option", name=option), ctx, alike(option, options))
    if kind == "BadOptionUsage":
        found = [each for each in ctx.command.get_params(ctx) if option in (*each.opts, *each.secondary_opts)]
        if not found or found[0].is_flag:
            return wrong(text("usage.no_value", name=option), ctx)
        about = describe(found[0], path, language)
        return wrong(text("usage.needs_value", name=option, about=about), ctx)
    return wrong(text("usage.other", said=error.message), ctx)


def empty(name: str, ctx: Any, language: str) -> EarlyExit:
    """The argument of this name is there, and empty."""
    param = next(each for each in ctx.command.params if each.name == name)
    about = describe(param, ctx.command_path, language)
    return wrong(text("usage.empty", name=name_of(param), about=about), ctx)
