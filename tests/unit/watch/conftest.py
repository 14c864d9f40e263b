from tests.unit.render.conftest import readable

__all__ = ["readable"]
