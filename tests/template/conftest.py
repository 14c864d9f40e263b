from typing import Any

import pytest

from liveness_ops.template_tools import load


@pytest.fixture(scope="session")
def text() -> str:
    return load.TEMPLATE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def template(text: str) -> dict[str, Any]:
    return load.parse(text)


@pytest.fixture(scope="session")
def functions(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return load.functions(template)
