"""Calls fail on demand: before they act, after they acted, without an answer."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from local_aws.client import Fault, LocalAws
from tests.integration._local_aws import call, code_of


def test_a_fault_before_leaves_no_effect_and_one_after_does(aws: LocalAws) -> None:
    ssm = aws.client("ssm")
    cases: list[tuple[Literal["before", "after"], str]] = [("before", "auto"), ("after", "observe")]
    for when, left in cases:
        aws.inject([Fault("ssm", "PutParameter", "InternalServerError", status=500, when=when)])
        with pytest.raises(ClientError) as caught:
            ssm.put_parameter(Name="/liveness/mode", Value="observe", Type="String", Overwrite=True)
        assert code_of(caught.value) == "InternalServerError"
        assert ssm.get_parameter(Name="/liveness/mode")["Parameter"]["Value"] == left


def test_a_fault_hits_its_role_and_only_as_often_as_asked(aws: LocalAws) -> None:
    aws.inject([Fault("ssm", "GetParameter", "ThrottlingException", role="caller", times=1)])
    aws.client("ssm").get_parameter(Name="/liveness/mode")
    assert call(aws, "ssm", "get_parameter", Name="/liveness/mode") == "ThrottlingException"
    assert call(aws, "ssm", "get_parameter", Name="/liveness/mode") == "ok"


def test_a_dropped_answer_breaks_the_connection(aws: LocalAws) -> None:
    aws.inject([Fault("ssm", "GetParameter", "drop")])
    with pytest.raises(BotoCoreError):
        aws.client("ssm").get_parameter(Name="/liveness/mode")


def test_a_time_out_holds_the_answer_back(aws: LocalAws) -> None:
    aws.inject([Fault("ssm", "GetParameter", "timeout", seconds=0.3)])
    begun = time.monotonic()
    with pytest.raises(ClientError):
        aws.client("ssm").get_parameter(Name="/liveness/mode")
    assert time.monotonic() - begun > 0.25


def test_a_call_is_held_up_until_another_person_has_acted(aws: LocalAws) -> None:
    aws.inject([Fault("ssm", "GetParameter", "hold", role="caller", number=2)])
    assert call(aws, "ssm", "get_parameter", Name="/liveness/mode") == "ok"
    assert not aws.held()
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(call, aws, "ssm", "get_parameter", Name="/liveness/mode")
        while not aws.held():
            assert not second.done()
        time.sleep(0.1)
        assert not second.done()
        aws.release()
        assert second.result() == "ok"
