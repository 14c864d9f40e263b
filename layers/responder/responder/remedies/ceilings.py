"""The remedies that are deployed, and the highest mode that each can have."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from pkgutil import iter_modules

from responder import remedies
from responder.mode import Mode


def ceilings() -> Mapping[str, Mode]:
    """By the name of the remedy: its module's, and that of its mode."""
    found: dict[str, Mode] = {}
    for module in iter_modules(remedies.__path__):
        if module.name.startswith("_") or module.name in ("base", "ceilings"):
            continue
        for made in vars(import_module(f"{remedies.__name__}.{module.name}")).values():
            if not (isinstance(made, type) and is_dataclass(made)):
                continue
            known = {each.name: each.default for each in fields(made)}
            ceiling = known.get("ceiling")
            if isinstance(ceiling, Mode):
                found[module.name] = ceiling
    return found
