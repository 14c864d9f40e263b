"""A missing right is named as IAM knows it, and so is each right of a printed policy."""

import ast
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from botocore import xform_name
from botocore.session import get_session

from liveness_ops import iam_actions
from liveness_ops.preflight import looking
from responder.aws.operations import OPERATIONS
from responder.core.permissions import rights

pytestmark = pytest.mark.unit
ROOT = Path(__file__).parents[3]
# They take no right (Service Authorization Reference), or are no action of it.
_WITHOUT = {("sts", "get_caller_identity")}


SESSION = get_session()
SERVICES = set(SESSION.get_available_services())


def calls(*paths: Path) -> set[tuple[str, str]]:
    """Every client and method that the code names side by side."""
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text())))
    named = {pair for node in nodes for pair in _pairs(node)}
    return {pair for pair in named if pair[0] in SERVICES and pair[1] in _methods(pair[0])} - _WITHOUT


def _pairs(node: ast.AST) -> Iterator[tuple[str, str]]:
    row = [*node.args] if isinstance(node, ast.Call) else [*node.elts] if isinstance(node, ast.Tuple) else []
    texts = [each.value if isinstance(each, ast.Constant) else None for each in row]
    for first, second in pairwise(texts):
        if isinstance(first, str) and isinstance(second, str):
            yield first.partition("@")[0], second


@cache
def _methods(service: str) -> set[str]:
    return {xform_name(each) for each in SESSION.get_service_model(service).operation_names}


def test_every_right_of_every_call_exists() -> None:
    known = set(iam_actions._levels())
    parts = ("functions", "layers/responder/responder", "ops/liveness_ops")
    made = {*calls(*(path for part in parts for path in (ROOT / part).rglob("*.py")))}
    made |= {(service, operation) for service, rows in OPERATIONS.items() for operation in rows}
    assert len(made) > 90
    unknown = {each: named for each in made for named in rights(*each) if named not in known}
    assert unknown == {}


@pytest.mark.parametrize(
    ("service", "operation", "right"),
    [
        ("service-quotas", "ListServiceQuotas", "servicequotas:ListServiceQuotas"),
        ("s3", "ListBuckets", "s3:ListAllMyBuckets"),
        ("s3", "list_object_versions", "s3:ListBucketVersions"),
        ("lambda", "Invoke", "lambda:InvokeFunction"),
        ("iam", "ListRolePolicies", "iam:ListRolePolicies"),
    ],
)
def test_a_right_has_the_name_that_iam_knows(service: str, operation: str, right: str) -> None:
    assert rights(service, operation) == (right,)


def test_the_policy_of_preflight_names_the_rights_of_its_calls() -> None:
    """Nothing more, and nothing less."""
    named = {name for pair in calls(Path(looking.__file__)) for name in rights(*pair)}
    # These are read through other parts.
    elsewhere = {"cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData"}
    assert {each.action for each in looking.NEEDS} == (named | elsewhere) - {looking.SECRET.action}
