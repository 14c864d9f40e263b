"""The catalogue: one dictionary per room, key -> (Japanese, English)."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from responder.core.text import Text


@cache
def catalogue() -> Mapping[str, tuple[str, str]]:
    """`MESSAGES` of every module of this package, read when first needed."""
    merged: dict[str, tuple[str, str]] = {}
    for room in sorted(module.name for module in iter_modules(__path__)):
        merged.update(import_module(f"{__name__}.{room}").MESSAGES)
    return merged


def known(said: Text) -> bool:
    """The catalogue has this sentence: one that a newer version stored it may not have."""
    return said.key in catalogue()
