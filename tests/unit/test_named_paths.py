"""Documentation names what exists: paths in pages, in docstrings and comments, and the modules they name."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[2]
# Its entries are about what existed then.
_HISTORY = "CHANGELOG.md"
_PAGES = {".md", ".py", ".toml", ".yaml", ".sh", ".in"}
_FOLDERS = ("docs", "events", "functions", "layers", "ops", "tests")
_LIBRARY = "layers/responder/responder"
# A path in backticks; or anywhere, where it begins with one of the repository's folders.
_QUOTED = re.compile(r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|md|yaml|toml|sh)|(?:[\w.-]+/)+[\w.-]*)`")
_ANYWHERE = re.compile(rf"(?<![\w/.:-])((?:{'|'.join(_FOLDERS)})(?:/[\w.-]+)+)(?![\w*<{{$…/-])")
_MODULE = re.compile(r"`((?:responder|liveness_ops|rehearsal|local_aws)(?:\.[a-z_]\w*)+)`")
_PACKAGES = {
    "responder": _LIBRARY,
    **{name: f"ops/{name}" for name in ("liveness_ops", "rehearsal", "local_aws")},
}

# What looks like a path and is none of the repository: made by a run, AWS's, a key, of a package.
ELSEWHERE = re.compile(
    r"""
    out/.* | \.venvs?/.* | samconfig\.local\.toml    # made by a run
    | liveness-responder/.* | section/.*    # a secret, versions of schemas, ids in a report
    | (checks|stops|liveness-audit)/.*    # keys of objects and parameters
    | FaceAuth/.* | Asia/Tokyo | T0TEAM/.* | \w+/(NAME|SESSION) | (user|alarm)/.*    # names of AWS and Slack
    | (security|cost)/.* | 件/日    # ids of a check's items
    | retries/standard\.py | botocore/exceptions\.py    # of botocore
    """,
    re.VERBOSE,
)


@cache
def tree() -> frozenset[str]:
    """Every file and folder, and each ending of its path: a page of the library names `core/cause.py`."""
    found = (
        *ROOT.glob("*"),
        *(each for top in (*_FOLDERS, ".ci", ".github") for each in (ROOT / top).rglob("*")),
    )
    names = (str(each.relative_to(ROOT)) for each in found if "__pycache__" not in each.parts)
    return frozenset(
        "/".join(parts[at:])
        for each in names
        for parts in [PurePosixPath(each).parts]
        for at in range(len(parts))
    )


def prose() -> list[str]:
    """Pages, and code with its docstrings. Not of tests: they invent paths as examples."""
    return sorted(
        each
        for each in tree()
        if (ROOT / each).is_file()
        and (PurePosixPath(each).suffix in _PAGES or each in ("Makefile", ".ci/run"))
        and each != _HISTORY
        and not each.startswith("tests/")
    )


def wrong(source: str) -> Iterator[str]:
    """Paths and modules that this text names and that do not exist."""
    for found in (*_QUOTED.findall(source), *_ANYWHERE.findall(source)):
        path = found.rstrip("./")
        if path and path not in tree() and not ELSEWHERE.fullmatch(found) and not path.endswith("_"):
            yield found
    for name in _MODULE.findall(source):
        if not is_there(*name.split(".")):
            yield name


def is_there(package: str, *parts: str) -> bool:
    """A module, or something of that name in one."""
    here = ROOT / _PACKAGES[package]
    for at, part in enumerate(parts):
        if (here / part).is_dir():
            here /= part
            continue
        module = here / f"{part}.py"
        rest = parts[at + 1 :] if module.is_file() else parts[at:]
        code = module if module.is_file() else here / "__init__.py"
        return not rest or re.search(rf"\b{rest[0]}\b", code.read_text("utf-8")) is not None
    return True


def test_every_path_and_module_that_is_named_exists() -> None:
    pages = prose()
    assert {"README.md", "README.ja.md", "Makefile", "docs/decisions.md", f"{_LIBRARY}/core/cause.py"} <= {
        *pages
    }
    found = {page: sorted({*wrong((ROOT / page).read_text("utf-8"))}) for page in pages}
    assert {page: names for page, names in found.items() if names} == {}


def test_each_fault_is_seen() -> None:
    source = """In `core/none.py`, `nowhere/messages`, docs/none.md, `responder.none.at_all` and
    `responder.core.none`; not `core/cause.py`, `messages/locale`, docs/people.md,
    functions/alarms/<name>.py or `responder.aws`."""
    assert [*wrong(source)] == [
        "core/none.py",
        "nowhere/messages",
        "docs/none.md",
        "responder.none.at_all",
        "responder.core.none",
    ]
