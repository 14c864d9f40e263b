from tests.unit.messages.conftest import readable

__all__ = ["readable"]
