"""What goes to SNS: the subject in the stack's language once that is known to work, and never no message."""

import json
from dataclasses import replace

import pytest

from responder.core.errors import Denied
from responder.core.settings import UTF_8, Settings
from responder.messages.publish import publish
from tests.fakes.gateway import FakeAws
from tests.unit.messages.samples import ASKS

TOPIC = "arn:aws:sns:us-east-1:123456789012:Notifications"
SETTINGS = Settings(language="ja", topic=TOPIC)
JAPANESE = replace(SETTINGS, subjects=UTF_8)
ENGLISH_SUBJECT = "[HIGH] Approve? liveness check off (rollout 0%) - HighErrorRate"


@pytest.fixture
def aws() -> FakeAws:
    return FakeAws()


def subjects(aws: FakeAws) -> list[str]:
    return [each["Subject"] for each in aws.sns.published]


def test_the_subject_is_ascii_as_long_as_nothing_has_shown_that_others_work(aws: FakeAws) -> None:
    publish(aws, SETTINGS, ASKS)
    assert subjects(aws) == [ENGLISH_SUBJECT]


def test_mails_say_times_in_the_zone_of_the_settings(aws: FakeAws) -> None:
    publish(aws, replace(SETTINGS, language="en", time_zone="Europe/Berlin"), ASKS)
    assert "by Nov 23 19:37 CET" in json.loads(aws.sns.published[0]["Message"])["email"]


def test_then_it_has_the_language_of_the_message(aws: FakeAws) -> None:
    aws.sns.letters = True
    publish(aws, JAPANESE, ASKS)
    assert subjects(aws) == ["【高】承認依頼: Liveness 検証の無効化（ロールアウト 0%） - HighErrorRate"]


def test_where_sns_refuses_it_all_the_same_the_message_goes_out_in_ascii(aws: FakeAws) -> None:
    publish(aws, JAPANESE, ASKS)
    assert subjects(aws) == [ENGLISH_SUBJECT]


def test_what_is_refused_for_another_reason_is_not_sent_again(aws: FakeAws) -> None:
    aws.fail("sns", "publish", Denied)
    with pytest.raises(Denied):
        publish(aws, JAPANESE, ASKS)
    assert subjects(aws) == []
