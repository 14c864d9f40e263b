"""A person at the console of a stack whose weekly check holds the settings."""

import time

import pytest

from tests.unit.people.terminal import Terminal, at, scene

TABLE, BUCKET = "FaceAuth-LivenessSessions", "images"
SETTINGS = {"STACK": "responder", "REGION": "us-east-1", "ACCOUNT": "123456789012", "BUCKET": BUCKET}


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal = at(scene(), monkeypatch)
    answer = {"FunctionName": "responder-weekly-check", "Environment": {"Variables": SETTINGS}}
    terminal.fake.answer("lambda", "get_function_configuration", answer)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return terminal
