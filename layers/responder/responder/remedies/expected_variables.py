"""The variables a function cannot do without: as expected, missing or wrong; a wrong value is never shown."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from responder.core.frozen import frozen
from responder.core.settings import Settings
from responder.evidence.functions import expected
from responder.remedies.engine.managed import number, settings_of, variables_of

MISSING, WRONG = "(missing)", "(wrong)"
# Another number is a person's choice, and so is what was put in its place while we worked.
CHOSEN, CHANGED = "(chosen)", "(changed)"
RESTORED = "(expected)"


@frozen
class ExpectedVariable:
    """One variable. `number`: any number will do, and `value` only replaces what is none."""

    name: str
    value: str
    number: bool = False

    def found(self, configuration: Mapping[str, Any]) -> str | None:
        """Its present value; None where the function does not have it."""
        return (variables_of(configuration) or {}).get(self.name)

    def state(self, configuration: Mapping[str, Any]) -> str:
        """`value` itself, or one of the words above."""
        found = self.found(configuration)
        if found is None:
            return MISSING
        if found == self.value:
            return found
        return CHOSEN if self.number and number(found) is not None else WRONG

    def amiss(self, configuration: Mapping[str, Any]) -> bool:
        """It has to be put back."""
        return self.state(configuration) in (MISSING, WRONG)


def all_expected(settings: Settings) -> tuple[ExpectedVariable, ...]:
    """Each with the value that the stack's parameters give it."""
    threshold = settings.threshold_variable
    return tuple(
        ExpectedVariable(
            name, str(settings.confidence_threshold) if name == threshold else value, name == threshold
        )
        for name, value in expected(settings).items()
    )


@frozen
class Variables:
    """Several variables that are put back in one write (a `ManagedSetting`). `seen`: their values when they
    were read, so that a person who sets another value meanwhile is noticed."""

    wanted: tuple[ExpectedVariable, ...]
    seen: tuple[str | None, ...] = field(default=(), repr=False)

    @property
    def label(self) -> str:
        """Their names."""
        return ", ".join(each.name for each in self.wanted)

    def value(self, configuration: Mapping[str, Any]) -> str:
        """What is amiss with which of them, never a value."""
        states = (self._state(place, configuration) for place in range(len(self.wanted)))
        found = (
            f"{each.name} {state}"
            for each, state in zip(self.wanted, states, strict=True)
            if state != each.value
        )
        return amiss(found)

    def meets(self, value: str, wanted: str) -> bool:
        """Nothing need be done."""
        return value == wanted

    def same(self, value: str | None, other: str) -> bool:
        """They are equal."""
        return value == other

    def request(self, configuration: Mapping[str, Any], wanted: str) -> dict[str, Any]:
        """All variables as they are, these as expected."""
        merged = {**(variables_of(configuration) or {}), **{each.name: each.value for each in self.wanted}}
        return {"Environment": {"Variables": merged}}

    def rest(self, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """Every other variable, and the behaviour."""
        names = {each.name for each in self.wanted}
        return {name: value for name, value in settings_of(configuration).items() if name not in names}

    def _state(self, place: int, configuration: Mapping[str, Any]) -> str:
        each = self.wanted[place]
        state, found = each.state(configuration), each.found(configuration)
        return CHANGED if state == WRONG and self.seen and found != self.seen[place] else state


def amiss(parts: Iterable[str]) -> str:
    """`NAME (missing), NAME (wrong)`; one word where nothing is."""
    return ", ".join(parts) or RESTORED
