from collections.abc import MutableMapping
from typing import cast

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from responder.messages.catalogue import catalogue
from tests.unit.messages.samples import SENTENCES


class Readable(SingleFileSnapshotExtension):
    """One text file per message, to be read as the reader of the mail does."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture(autouse=True)
def _sample_words(monkeypatch: pytest.MonkeyPatch) -> None:
    words = cast(MutableMapping[str, tuple[str, str]], catalogue())
    for key, forms in SENTENCES.items():
        monkeypatch.setitem(words, key, forms)


@pytest.fixture
def readable(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Readable)
