from tests.unit.render.conftest import _sample_words, readable

__all__ = ["_sample_words", "readable"]
