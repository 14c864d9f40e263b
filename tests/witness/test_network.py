"""Nothing that is played on moto leaves this machine."""

from typing import Any

import boto3
import pytest
from botocore.config import Config

from rehearsal.world.names import REGION
from tests.witness.moto_aws import LeavesThisMachine, empty
from tests.witness.processes import result_of

# An address for documentation (RFC 5737): no host has it.
_ELSEWHERE = "http://192.0.2.1"


def test_a_call_that_moto_does_not_answer_stays_here_and_is_one_line() -> None:
    line = f"moto does not answer {_ELSEWHERE}/, and nothing leaves this machine"
    short = Config(connect_timeout=0.1, retries={"total_max_attempts": 1})
    with empty() as aws:
        make: Any = boto3.client
        with pytest.raises(LeavesThisMachine, match=f"^{line}$"):
            make("s3", REGION, endpoint_url=_ELSEWHERE, config=short).list_buckets()
        # Also where what was played has gone on without the answer.
        assert result_of(aws, []).error == line
