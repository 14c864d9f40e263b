"""Each write that the code sends is known, and how it is repeated where AWS turns it away for its rate."""

import ast
from collections.abc import Iterator
from pathlib import Path

from responder.aws.operations import OPERATIONS, Repeat, Request

ROOT = Path(__file__).parents[3]
WRITES = {
    (name, operation) for name, rows in OPERATIONS.items() for operation in rows if rows[operation].repeat
}
CODE = [path for room in ("layers/responder", "functions") for path in (ROOT / room).rglob("*.py")]


def written(source: str) -> Iterator[tuple[str, str]]:
    """(service, operation) of each call of a gateway that changes something."""
    for node in ast.walk(ast.parse(source)) if ".call" in source else ():
        if not isinstance(node, ast.Call):
            continue
        # `aws.call("s3", …)`, or `partial(aws.call, "s3", …)` to call it later.
        later = isinstance(node.func, ast.Name) and node.func.id == "partial"
        called, *given = node.args if later else (node.func, *node.args)
        first = [each.value for each in given[:2] if isinstance(each, ast.Constant)]
        asks = isinstance(called, ast.Attribute) and called.attr == "call" and len(first) == 2
        if asks and not Request(str(first[0]), str(first[1]), {}).reads:
            yield str(first[0]), str(first[1])


def test_every_write_is_in_the_table_and_none_that_is_not_sent() -> None:
    assert {each for path in CODE for each in written(path.read_text())} == WRITES


def test_what_is_compared_again_has_the_read_to_compare_it_with() -> None:
    for service, rows in OPERATIONS.items():
        for row in rows.values():
            assert (row.repeat is Repeat.COMPARED) == bool(row.compared_with)
            assert not row.compared_with or Request(service, row.compared_with, {}).reads
