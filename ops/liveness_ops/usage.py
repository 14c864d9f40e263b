"""The console's errors for a command line that it cannot read: the texts `usage.*`."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from liveness_ops.help_page import describe, name_of
from liveness_ops.people.exits import EarlyExit, Exit
from responder.core.text import Strings, Text, text

# Typer keeps the classes of its errors to itself.
_OF_A_PARAMETER = {"MissingParameter": "usage.missing", "BadParameter": "usage.bad_value"}
# Of two names: 1 is the same, 0 has no letter in common.
_ALIKE, _FURTHER = 0.5, 0.2


def alike(typed: str, known: Iterable[str]) -> Strings:
    """Names of a similar spelling, in either case, the most similar first: three at most, none of them far
    less similar than the first."""
    names = {each.casefold(): each for each in known}
    found = get_close_matches(typed.casefold(), names, cutoff=_ALIKE)
    if found:
        nearest = SequenceMatcher(None, found[0], typed.casefold()).ratio()
        found = get_close_matches(typed.casefold(), found, cutoff=max(_ALIKE, nearest - _FURTHER))
    return tuple(names[each] for each in found)


def wrong(said: Text, ctx: Any = None, names: Strings = (), about: Text | None = None) -> EarlyExit:
    """A command line that cannot be carried out. `names`: suggestions; `about`: what it had to have."""
    more = [] if about is None else [about]
    if names:
        more.append(text("usage.maybe", names=", ".join(names)))
    if ctx is not None:
        more.append(text("usage.help", command=ctx.command_path))
    return EarlyExit(Exit.USAGE, said, {"error": "usage"}, more)


def unknown_command(typed: str, ctx: Any, known: list[str]) -> EarlyExit:
    """The error, with the commands of a similar spelling."""
    return wrong(text("usage.no_command", name=typed), ctx, alike(typed, known))


def explained(error: Any, ctx: Any, language: str) -> EarlyExit:
    """A usage error of Typer."""
    param, kind = getattr(error, "param", None), type(error).__name__
    if param is not None and kind in _OF_A_PARAMETER:
        return _of_parameter(_OF_A_PARAMETER[kind], param, ctx, language)
    option = getattr(error, "option_name", "")
    if kind == "NoSuchOption":
        options = [name for each in ctx.command.get_params(ctx) for name in each.opts]
        return wrong(text("usage.no_option", name=option), ctx, alike(option, options))
    if kind == "BadOptionUsage":
        found = [each for each in ctx.command.get_params(ctx) if option in (*each.opts, *each.secondary_opts)]
        if not found or found[0].is_flag:
            return wrong(text("usage.no_value", name=option), ctx)
        return _of_parameter("usage.needs_value", found[0], ctx, language)
    return wrong(text("usage.other", said=error.message), ctx)


def empty(name: str, ctx: Any, language: str) -> EarlyExit:
    """The argument of this name is there, and empty."""
    param = next(each for each in ctx.command.params if each.name == name)
    return _of_parameter("usage.empty", param, ctx, language)


def _of_parameter(key: str, param: Any, ctx: Any, language: str) -> EarlyExit:
    """The error, and below it the parameter as the help has it."""
    name, meant = name_of(param), describe(param, ctx.command_path, language)
    return wrong(Text(key, {"name": name}), ctx, about=text("usage.about", name=name, about=meant))
