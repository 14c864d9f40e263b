"""The local AWS takes as much as AWS, and one more of it is refused as AWS refuses it."""

import pytest

from local_aws.client import LocalAws
from rehearsal.limits import stack
from rehearsal.limits.limit import PAGE, Limit, limits, written
from rehearsal.limits.sending import CreationFailedError
from rehearsal.limits.stack_usage import StackUsage


@pytest.fixture(scope="module")
def aws(bare: LocalAws) -> LocalAws:
    return bare


@pytest.fixture(scope="module")
def ours(aws: LocalAws) -> StackUsage:
    """Our stack with the longest names and every switch on, alone in its account."""
    aws.restore("bare")
    return stack.deploy(aws)


# A rate takes as many requests: only `make proof` reaches each. How one works: test_local_aws_rates.py.
@pytest.mark.parametrize(
    "limit",
    [
        pytest.param(each, id=each.name, marks=pytest.mark.long if each.name.endswith("in a second") else ())
        for each in limits()
    ],
)
def test_the_limit_is_enforced(aws: LocalAws, limit: Limit) -> None:
    limit.send(aws, limit.most)
    refused, words = limit.hit(aws)
    assert refused, words


@pytest.mark.parametrize("limit", [each for each in limits() if each.measure], ids=lambda each: each.name)
def test_our_stack_with_the_longest_names_keeps_to_it(ours: StackUsage, limit: Limit) -> None:
    used, what = limit.measured(ours)
    assert used <= limit.most, what


def test_a_stack_with_one_character_more_is_refused_for_the_name_of_a_function(aws: LocalAws) -> None:
    aws.restore("bare")
    with pytest.raises(CreationFailedError, match="'functionName' failed to satisfy constraint"):
        stack.deploy(aws, f"{stack.STACK}x")


def test_each_limit_has_a_name_and_a_source_of_its_own() -> None:
    assert len({each.name for each in limits()}) == len(limits())
    assert all(each.url.startswith("https://docs.aws.amazon.com/") for each in limits())


def test_the_page_lists_them() -> None:
    """Written by `python -m rehearsal.limits.limit --write`."""
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page
