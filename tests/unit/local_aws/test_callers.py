"""The local AWS reads a caller's policies once per request, and again once a service may change them."""

import sys
from collections.abc import Callable, Iterator
from contextvars import copy_context
from types import ModuleType
from typing import Any

import pytest


class AuthError:
    """As ministack's: the key belongs to no one."""


@pytest.fixture
def iam(patch: Callable[[str], ModuleType]) -> ModuleType:
    """The patch, beside a ministack of which only `AuthError` is needed."""
    sys.modules["ministack.core"].iam_evaluator.AuthError = AuthError
    return patch("iam.decisions")


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
