"""Whatever arrives: a status of the 400s, nothing written, nothing called, nothing of it in the log."""

import json
import re
from functools import cache
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.slack_inbound.conftest import recording
from tests.unit.slack_inbound.workspace import SIGNING, TOKEN, SlackWorkspace, asked

MARK = "a-word-of-the-sender"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(MARK),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
METHODS = st.sampled_from(["POST", "GET", "HEAD", "OPTIONS", "", None, 1]) | st.text(max_size=6)
HEADERS = st.dictionaries(
    st.sampled_from(["x-slack-signature", "X-Slack-Signature", "x-slack-request-timestamp", "cookie"]),
    st.text(max_size=80) | st.just("v0=" + "0" * 64) | st.just("1770200820") | JSON,
    max_size=4,
)
EVENTS = JSON | st.fixed_dictionaries(
    {},
    optional={
        "version": st.just("2.0"),
        "headers": HEADERS | JSON,
        "body": st.text() | st.binary(max_size=80).map(lambda raw: raw.hex()) | JSON,
        "isBase64Encoded": st.booleans() | JSON,
        "requestContext": st.fixed_dictionaries({"http": st.fixed_dictionaries({"method": METHODS})}) | JSON,
        "rawPath": st.text(),
        "job": JSON,
    },
)


@cache
def workspace() -> SlackWorkspace:
    """One for all: nothing may change it."""
    return asked()


def turned_away(event: Any) -> None:
    here = workspace()
    before, called = here.everything(), len(here.scene.aws.writes)
    with recording() as records:
        answer = here.send(event)
    assert 400 <= answer["statusCode"] < 500
    assert answer["body"] == ""
    assert here.everything() == before
    assert len(here.scene.aws.writes) == called
    assert not any(word in records.text for word in (SIGNING, TOKEN, MARK, "v0="))


@given(EVENTS)
def test_any_event_that_is_no_job(event: Any) -> None:
    if isinstance(event, dict) and "job" in event:
        event = {**event, "requestContext": event.get("requestContext")}
    turned_away(event)


@given(st.text(max_size=300) | st.builds(lambda value: "payload=" + json.dumps(value), JSON))
def test_any_body_that_slack_signed(body: str) -> None:
    turned_away(workspace().request(body.encode("utf-8", "ignore").decode()))


@given(JSON, st.sampled_from(["approve", "acknowledge", "pause", "revert", "reject"]))
def test_any_value_of_a_button(value: Any, action: str) -> None:
    turned_away(workspace().request(workspace().pressed(action, value=json.dumps(value))))


PATHS = [
    ("type",),
    ("user",),
    ("user", "id"),
    ("user", "team_id"),
    ("team",),
    ("team", "id"),
    ("container",),
    ("container", "channel_id"),
    ("container", "thread_ts"),
    ("trigger_id",),
    ("actions",),
    ("actions", 0),
    ("actions", 0, "action_id"),
    ("actions", 0, "value"),
]
# What is no text, or one that cannot be meant: an absent team or place has its own meaning.
WRONG = JSON.filter(lambda value: value not in (None, "", False, 0, 0.0) and value not in ([], {}))


@given(st.sampled_from(PATHS), WRONG)
def test_any_part_of_a_click_may_be_anything(path: tuple[Any, ...], wrong: Any) -> None:
    # Any capital letters and digits may be the id of a stranger, who gets an answer of his own.
    assume(path != ("user", "id") or not (isinstance(wrong, str) and re.fullmatch("[A-Z0-9]+", wrong)))
    payload: Any = json.loads(json.dumps(workspace().pressed("approve", user="U0NOBODY?")))
    inner = payload
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = wrong
    # The strange user is turned away last of all, where the wrong part is one that is not read.
    turned_away(workspace().request(payload))


@given(JSON)
def test_a_form_of_any_content_is_turned_away(value: Any) -> None:
    payload = workspace().submitted("why")
    for part in ("callback_id", "private_metadata", "state"):
        turned_away(workspace().request({**payload, "view": {**payload["view"], part: value}}))
