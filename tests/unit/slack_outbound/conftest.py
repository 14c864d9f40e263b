from tests.unit.messages.conftest import _sample_words, readable

__all__ = ["_sample_words", "readable"]
