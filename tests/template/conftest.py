import pytest

from liveness_ops.template_tools import load
from responder.core.plain_data import Json


@pytest.fixture(scope="session")
def text() -> str:
    return load.TEMPLATE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def template(text: str) -> Json:
    return load.parse(text)


@pytest.fixture(scope="session")
def functions(template: Json) -> dict[str, Json]:
    return load.functions(template)
