"""The local AWS reads a caller's policies once per request, and again once a service may change them."""

import sys
from collections.abc import Iterator
from contextvars import copy_context
from types import ModuleType
from typing import Any
from unittest.mock import MagicMock

import pytest

pytestmark = pytest.mark.unit
_MINISTACK = ("", ".core", ".core.iam_actions", ".core.iam_evaluator", ".core.responses", ".services")


class AuthError:
    """As ministack's: the key belongs to no one."""


@pytest.fixture
def iam(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module beside a ministack of which only `AuthError` is needed."""
    for name in _MINISTACK:
        monkeypatch.setitem(sys.modules, f"ministack{name}", MagicMock())
    sys.modules["ministack.core"].iam_evaluator.AuthError = AuthError
    mine = {name: module for name, module in sys.modules.items() if name.startswith("local_aws.patches.")}
    from local_aws.patches import iam as found

    yield found
    for name in [each for each in sys.modules if each.startswith("local_aws.patches.")]:
        if name not in mine:
            monkeypatch.delitem(sys.modules, name)


def asked(iam: Any, answers: Iterator[object]) -> object:
    """The caller of the same key, as a decision gets it."""
    return iam._caller(lambda *_: next(answers), "key", "account", None)


def test_a_caller_is_read_once_until_the_service_acts(iam: Any) -> None:
    policies = iter(("before", "between", "after"))

    def request() -> list[Any]:
        iam._CALLER.set({})
        found = [asked(iam, policies), asked(iam, policies)]
        iam.act()
        return [*found, asked(iam, policies), asked(iam, policies)]

    assert copy_context().run(request) == ["before", "before", "between", "after"]


def test_a_key_of_no_one_is_not_kept(iam: Any) -> None:
    answers = iter((AuthError(), "policies"))

    def request() -> list[Any]:
        iam._CALLER.set({})
        return [asked(iam, answers), asked(iam, answers)]

    assert copy_context().run(request)[1] == "policies"
