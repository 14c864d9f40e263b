"""Message keys are for the catalogue: logic decides by enums, never by which sentence was chosen."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.rows import all_rows
from tests.texts import catalogue

ROOT = Path(__file__).parents[2]
TEXT_METHODS = {
    "startswith",
    "endswith",
    "removeprefix",
    "removesuffix",
    "partition",
    "rpartition",
    "split",
    "rsplit",
    "replace",
}
GROUPS = tuple(sorted({key.partition(".")[0] for key in catalogue()}))
# Whose `.key` is no message key, or who only arranges what is shown; by file and expression.
EXCEPTIONS = {
    # A duty of the follow-up is identified by its `key`: a level, a lease, a proposal.
    ("layers/responder/responder/followup/messages/case.py", "self.duty.key"),
    ("layers/responder/responder/followup_rules/observe.py", "duty.key"),
    # The key that encrypts a bucket, and the name under which the watchdog knows what it found.
    ("layers/responder/responder/causes/denied.py", "bucket.key"),
    ("layers/responder/responder/watchdog/round.py", "found.key"),
}


# What `judged` looks at, asked first: most nodes are others.
DECIDING = (ast.Compare, ast.Call, ast.Subscript, ast.MatchValue, ast.Match, ast.Set, ast.Dict)


def keyed(node: ast.AST) -> bool:
    """`x.key`, `x["key"]` or `x.get("key")`."""
    match node:
        case ast.Attribute(attr="key"):
            return True
        case ast.Subscript(slice=ast.Constant(value="key")):
            return True
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value="key"), *_]):
            return True
    return False


def sentence(node: ast.AST) -> bool:
    """The key of a sentence, or the beginning of one."""
    match node:
        case ast.Constant(value=str(value)):
            return value in catalogue() or (value.endswith(".") and value.startswith(GROUPS))
    return False


def parts(node: ast.AST) -> Iterator[ast.AST]:
    """What an expression consists of as far as it is a mere list of things, or a conversion of one."""
    yield node
    match node:
        case ast.Tuple(elts=found) | ast.List(elts=found) | ast.Set(elts=found):
            for each in found:
                yield from parts(each)
        case ast.Call(func=ast.Name(id="str"), args=[inner]):
            yield from parts(inner)


def judged(node: ast.AST) -> list[ast.AST]:
    """What this node compares, takes apart or looks up."""
    match node:
        case ast.Compare(left=left, comparators=right):
            return [left, *right]
        case ast.Call(func=ast.Attribute(value=value, attr=attr), args=args) if attr in TEXT_METHODS:
            return [value, *args]
        case (
            ast.Call(func=ast.Attribute(attr="get"), args=[wanted, *_])
            | ast.Subscript(slice=wanted)
            | ast.MatchValue(value=wanted)
            | ast.Match(subject=wanted)
        ):
            return [wanted]
        case ast.Set(elts=found):
            return list(found)
        case ast.Dict(keys=keys):
            return [each for each in keys if each is not None]
    return []


# Without one of these there is nothing to find: parsing and reading all files takes seconds.
POSSIBLE = re.compile(rf"""\.key\b|["']key["']|["'](?:{"|".join(map(re.escape, GROUPS))})""")


def decisions(source: str) -> Iterator[str]:
    """Expressions by which a sentence would decide something."""
    for node in ast.walk(ast.parse(source)) if POSSIBLE.search(source) else ():
        for each in judged(node) if isinstance(node, DECIDING) else ():
            yield from (ast.unparse(part) for part in parts(each) if keyed(part) or sentence(part))


@cache
def found() -> frozenset[tuple[str, str]]:
    return frozenset(_found())


def _found() -> Iterator[tuple[str, str]]:
    for folder in ("layers", "functions", "ops"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/responder/messages/" not in name and ".aws-sam" not in path.parts:
                yield from ((name, said) for said in decisions(path.read_text(encoding="utf-8")))


def test_nothing_is_decided_by_the_key_of_a_sentence() -> None:
    assert found() - EXCEPTIONS == set()


def test_every_exception_is_still_one() -> None:
    assert found() >= EXCEPTIONS


@all_rows(
    "source",
    [
        "reason.key == 'guard.leased'",
        "'guard.leased' != reason.key",
        "cause.key in _NORMAL",
        "each.because is not None and each.because.key not in (FIRST, SECOND)",
        "reason.key.removeprefix('guard.')",
        "said.key.startswith(PREFIX)",
        "_SERVICES.get(cause.key, OTHER)",
        "_COMMANDS[reason.key].format()",
        "found[each.look, each.said.key] = 1",
        "NORMAL = frozenset({'cause.unknown', 'cause.internal'})",
        "LIGHTS = {'obstacle.not_active': RED}",
        "match key:\n    case 'guard.leased': pass",
        "match reason.key:\n    case other: pass",
        "key == 'guard.leased'",
        "name.startswith('obstacle.')",
        "report['cause']['key'] == wanted",
        "str(said['key']).startswith(name)",
        "report.get('cause', {}).get('key', '-').partition('.')",
    ],
)
def test_a_decision_by_a_key_is_seen(source: str) -> None:
    assert list(decisions(source))


@pytest.mark.parametrize(
    "source",
    [
        "text('guard.leased', incident=name)",
        "Text('why.a' if unread else 'why.b')",
        "because.kind is Refusal.LEASED",
        "STATES = {LeaseState.PARTIAL: 'course.half'}",
        "log().info('refused', extra={'why': reason.kind.value})",
        "STEPS = ('step.check_health', 'step.escalate')",
    ],
)
def test_choosing_a_sentence_is_no_decision_by_one(source: str) -> None:
    assert not list(decisions(source))
