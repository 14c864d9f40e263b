"""Immutable data classes that cost little to define.

`dataclass(frozen=True, slots=True)` generates and compiles six methods and makes each class twice: 0.4 ms of
CPU. The modules of a response define 165 of them before its first call to AWS; here the methods exist once.
"""

from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, dataclass_transform


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen[C](cls: type[C]) -> type[C]:
    """A data class of `dataclasses`, equal and hashed by its fields, whose fields cannot be changed.

    Raises:
        TypeError: the class has a `__post_init__`, which would not be called.
    """
    if hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__}: __post_init__ is not called here")
    made: Any = dataclass(init=False, repr=False, eq=False)(cls)
    known = fields(made)
    made.__names__ = frozenset(each.name for each in known)
    made.__defaults__ = {each.name: each.default for each in known if each.default is not MISSING}
    made.__factories__ = {f.name: f.default_factory for f in known if f.default_factory is not MISSING}
    made.__compared__ = attrgetter("__class__", *(each.name for each in known if each.compare))
    for name, method in _METHODS.items():
        if name not in vars(cls):
            setattr(cls, name, method)
    return cls


# The class's own refuses.
_set = object.__setattr__


def _init(self: Any, /, *given: Any, **named: Any) -> None:
    once = True
    if given:
        number = len(given) + len(named)
        named |= zip(self.__match_args__, given, strict=False)
        once = len(named) == number
    if len(named) < len(self.__names__):
        # Not left with the class: a default that is a function would become a method.
        named = self.__defaults__ | named
        for name, factory in self.__factories__.items():
            if name not in named:
                named[name] = factory()
    if not once or named.keys() != self.__names__:
        raise TypeError(f"{type(self).__name__}: a field is missing, unknown or given twice")
    _set(self, "__dict__", named)


def _repr(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _equal(self: Any, other: Any) -> bool:
    if type(other) is not type(self):
        return False
    return bool(self.__compared__(self) == self.__compared__(other))


def _hash(self: Any) -> int:
    return hash(self.__compared__(self))


def _refuse(_self: Any, name: str, *_value: Any) -> None:
    raise FrozenInstanceError(f"cannot change field {name!r}")


_METHODS = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _equal,
    "__hash__": _hash,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
}
