"""`core.frozen`: values that behave as frozen data classes of the standard library do."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest

from responder.core.frozen import frozen
from responder.core.plain_data import Json


@frozen
class Base:
    name: str
    count: int = 1
    secret: str = field(default="", repr=False, compare=False)
    rest: Mapping[str, int] = field(default_factory=dict)


@frozen
class Derived(Base):
    count: int = 5
    _: KW_ONLY
    last: str


@frozen
class Pair:
    left: int
    right: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pair) and {self.left, self.right} == {other.left, other.right}

    def __hash__(self) -> int:
        return self.left ^ self.right


def test_values_are_equal_and_hashed_by_the_compared_fields() -> None:
    assert Base("a", rest={"x": 1}) == Base(name="a", secret="s", rest={"x": 1}) != Base("b")
    assert Base("a") != Derived("a", 1, last="z")
    assert len({Pair(1, 2), Pair(1, 2), Pair(3, 4)}) == 2
    assert Pair(1, 2) == Pair(2, 1)


def test_equal_values_have_equal_hashes() -> None:
    @frozen
    class Point:
        x: int
        y: int = 0

    assert {Point(1), Point(1, 0), Point(x=1)} == {Point(1)}


def test_defaults_are_inherited_and_a_made_one_belongs_to_one_value() -> None:
    found = Derived("a", last="z")
    assert (found.name, found.count, found.last, found.rest) == ("a", 5, "z", {})
    assert found.rest is not Derived("a", last="z").rest


def test_a_default_that_is_a_function_stays_a_function() -> None:
    @frozen
    class Access:
        add: Callable[[int], int] = lambda value: value + 1

    assert Access().add(1) == 2


@pytest.mark.parametrize(
    ("given", "named"), [((), {}), (("a",), {"nam": 1}), (("a",), {"name": "b"}), (("a", 1, "s", {}, 5), {})]
)
def test_a_value_with_wrong_arguments_is_not_made(given: tuple[Any, ...], named: Json) -> None:
    with pytest.raises(TypeError, match="Base"):
        Base(*given, **named)


def test_a_class_with_a_step_after_init_is_refused() -> None:
    with pytest.raises(TypeError, match="Late"):

        @frozen
        class Late:
            x: int

            def __post_init__(self) -> None: ...


def test_no_field_can_be_set_or_deleted() -> None:
    value = Base("a")
    with pytest.raises(FrozenInstanceError):
        value.name = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del value.name


def test_the_tools_of_dataclasses_work_on_it() -> None:
    assert replace(Base("a", 2), name="b") == Base("b", 2)
    assert [each.name for each in fields(Derived)] == ["name", "count", "secret", "rest", "last"]
    match Base("a", 2):
        case Base(name, count):
            assert (name, count) == ("a", 2)


def test_repr_leaves_out_what_is_marked() -> None:
    @dataclass(frozen=True)
    class Reference:
        name: str
        secret: str = field(default="", repr=False)

    ours = Base("a", secret="hush")
    assert repr(ours) == "Base(name='a', count=1, rest={})"
    assert repr(Reference("a", "hush")).endswith("Reference(name='a')")


# What a response loads before its first call to AWS; `make bench` measures the CPU that it takes.
LOADED = """
import sys
import alarms.high_error_rate
import responder.alarm_function.handler, responder.aws.claims, responder.respond.alarm
for name, module in tuple(sys.modules.items()):
    for made in vars(module).values() if name.startswith(("responder.", "alarms.")) else ():
        if isinstance(made, type) and made.__module__ == name and "__dataclass_fields__" in vars(made):
            if made.__init__.__code__.co_filename == "<string>":
                print(name, made.__name__)
"""


def test_a_response_compiles_hardly_any_data_class_before_its_first_call() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) <= 6, done.stdout
