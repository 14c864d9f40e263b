"""Every sentence that the code asks for exists, in both languages, with the values that are given."""

import ast
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest

import compile_texts
from responder.core.change import LeaseState, Status
from responder.core.finding import Tone
from responder.core.modes import Severity
from responder.core.remedy import REMEDIES
from responder.core.text import Text
from responder.core.verdict import Result
from responder.messages import language as loaded
from responder.messages.language import LOCALE, file_of, form, say
from tests.rows import each_of
from tests.texts import catalogue, files

ROOT = Path(__file__).parents[3]
CODE = sorted(path for folder in ("layers", "functions", "ops") for path in (ROOT / folder).rglob("*.py"))
FILES = files()
ALL = catalogue()
KEY = re.compile(r"[\w.-]+", re.ASCII)


# What is counted in messages.
NOUNS = (
    "alarms|backups|calls|characters|checks|datapoints|days|entries|events|executions|failures|files|functions"
    "|hours|instances|items|messages|objects|people|points|problems|requests|rows|runs|samples|sessions"
    "|settings|switches|times|units|versions|widgets"
)
KINDS = "completed|different|more|new|older|provisioned|throttle|unreserved"
COUNTED = rf"\{{\w+\}}(?: (?:{KINDS}))? (?:{NOUNS})\b(?!/)"

# Said of a part of so many, or of many only.
ALWAYS_SEVERAL = {
    "check.alarms.ignores",
    "check.ready.rehearsed",
    "check.ready.unanswered",
    "check.ready.unused",
    "check.ready.used",
    "check.records.none",
    "check.restore.old",
    "check.records.promote",
    "check.records.record",
    "report.no_record",
    "report.record",
    "report.record_harm",
    "cause.watchdog_many",
    "check.alarms.counts",
    "check.alarms.no_data_many",
    "check.alarms.quiet",
    "check.ready.dates_old",
    "check.ready.functions",
    "check.ready.permission",
    "check.schedules.backup_early",
    "check.schedules.early",
    "check.schedules.late",
    "check.storage.no_size",
    "check.storage.sample.cut",
    "check.storage.sample.least",
    "checks.out_of_range.many",
    "chronicle.functions",
    "check.storage.size",
    "checks.cost.session.dear",
    "chronicle.repeated",
    "course.keeps_off",
    "evidence.scores.week_fell",
    "guard.one_more",
    "preflight.all_functions",
    "preflight.long_name",
    "preflight.long_name_do",
    "preflight.long_pattern",
    "preflight.long_pattern_do",
    "preflight.no_reserve",
    "preflight.quota",
    "preflight.quota_unknown",
    "preflight.too_many_reserved",
    "remedy.yes.alias_rollback",  # a verb: "the code of version 3 runs"
    "remedy.yes.back_alias_rollback",
    "followup.proven",
    "followup.recovered",
    "followup.stuck_asked",
    "followup.stuck_asked_back",
    "followup.stuck_back",
    "followup.stuck_going",
}

# Strings that only look like keys: names of files, modules and hosts, and a beginning of keys.
NO_KEYS = {
    "checks.backup",
    "console.amazonaws.cn",
    "console.aws.amazon.com",
    "report.en.html",
    "report.en.md",
    "report.ja.html",
    "report.ja.md",
    "report.json",
    "runbook.ja.md",
    "runbook.md",
    "settings.schema.json",
}


class Call(NamedTuple):
    key: str
    given: frozenset[str] | None
    where: str


def literals(node: ast.expr | None) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(key)):
            yield key
        case ast.IfExp(body=one, orelse=other):
            yield from literals(one)
            yield from literals(other)


def calls(node: ast.Call, path: Path) -> Iterator[Call]:
    """Those with a key; Rich's `Text`, in the console, has none."""
    if isinstance(node.func, ast.Name) and node.func.id in ("text", "Text"):
        names = [keyword.arg for keyword in node.keywords]
        fixed = node.func.id == "text" and None not in names
        given = frozenset(name for name in names if name) if fixed else None
        for key in filter(KEY.fullmatch, literals(node.args[0] if node.args else None)):
            yield Call(key, given, f"{path.relative_to(ROOT)}:{node.lineno}")


def written(node: ast.AST) -> Iterator[str]:
    """A string of the code as a pattern, open where a value is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.escape(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values
        )


def placeholders(form: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(form) if name is not None)


def templates() -> Iterator[str]:
    """The strings of the pages' templates likewise."""
    for path in (path for folder in ("layers", "ops") for path in (ROOT / folder).rglob("*.html.j2")):
        for string, more in re.findall(r'"([^"]+)"( ~)?', path.read_text(encoding="utf-8")):
            yield re.escape(string) + (".+" if more else "")


def due(node: ast.Call) -> Iterator[str]:
    """The keys among which `headline.due` chooses, where this calls it."""
    if isinstance(node.func, ast.Name) and node.func.id == "due":
        yield from literals(node.args[0])


@cache
def read() -> tuple[list[Call], set[str], set[str]]:
    """Every call with a key, every string, and every key of a time to act by, of the code."""
    found: list[Call] = []
    strings, by_then = set(templates()), set[str]()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found.extend(calls(node, path))
                by_then.update(due(node))
            elif isinstance(node, ast.Constant | ast.JoinedStr):
                strings.update(written(node))
    return found, strings, by_then


def test_every_key_is_in_the_catalogue() -> None:
    assert [f"{call.where} {call.key}" for call in read()[0] if call.key not in ALL] == []


def test_every_string_that_looks_like_a_key_is_one() -> None:
    """Keys reach `text` also through tables, and as the title of a section."""
    first = {key.split(".")[0] for key in ALL}
    strings = {each.replace("\\", "") for each in read()[1] if ".+" not in each}
    shaped = {each for each in strings if re.fullmatch(r"[a-z_]+(\.[a-z_]*[a-z])+", each)}
    assert {each for each in shaped - ALL.keys() if each.split(".")[0] in first} == NO_KEYS


def test_every_call_gives_what_its_sentence_needs() -> None:
    wrong = [
        f"{call.where} {call.key}: {sorted(call.given)}, needs {sorted(placeholders(ALL[call.key][0]))}"
        for call in read()[0]
        if call.given is not None and call.key in ALL and call.given != placeholders(ALL[call.key][0])
    ]
    assert wrong == []


def test_no_text_is_left_over() -> None:
    """Each key is in the code: whole, with a part put in after its first word, or as another with an end."""
    strings = read()[1]
    beginning, end = r"[a-z_]+\\\..*\.\+", r"\.\+_[a-z]+"
    filled = re.compile("|".join(each for each in strings if re.match(f"{beginning}|{end}$", each)))
    unused = {key for key in ALL if re.escape(key) not in strings and not filled.fullmatch(key)}
    # The command of a step is found by the name of the step.
    named = {key: re.sub("^(command|runbook)", "step", key) for key in unused}
    assert {key for key, step in named.items() if step not in ALL.keys() - unused} == set()


def test_what_names_a_time_to_act_by_has_a_text_for_afterwards() -> None:
    """`headline.due` chooses between them."""
    by_then = read()[2] | {each.ending for each in REMEDIES.values() if each.ending and each.hours}
    assert {key for key in by_then if f"{key}_overdue" not in ALL} == set()
    for key in by_then:
        needs = placeholders(ALL[f"{key}_overdue"][0])
        assert "until" in needs
        assert needs <= placeholders(ALL[key][0]) | {"until"}


def test_both_languages_say_the_same() -> None:
    assert [key for key, (ja, en) in ALL.items() if placeholders(ja) != placeholders(en)] == []


def test_a_plural_has_the_values_of_its_singular_and_a_number() -> None:
    plurals = [each for file in FILES.values() for each in file if each.msgid_plural]
    assert plurals
    assert [each.msgctxt for each in plurals if not placeholders(each.msgid_plural)] == []
    assert [
        each.msgctxt for each in plurals if not placeholders(each.msgid) <= placeholders(each.msgid_plural)
    ] == []


def test_what_is_counted_has_a_singular() -> None:
    """A number before a noun in the plural; after "of" it is a whole, and rarely 1."""
    singular = [
        each.msgctxt
        for file in FILES.values()
        for each in file
        if not each.msgid_plural and re.search(rf"(?<!of )(?<!of the ){COUNTED}", each.msgid)
    ]
    assert set(singular) == ALWAYS_SEVERAL


def test_placeholders_are_plain_names() -> None:
    odd = [
        key
        for key, forms in ALL.items()
        for _, name, spec, conversion in (part for form in forms for part in Formatter().parse(form))
        if name is not None and (not name.isidentifier() or spec or conversion)
    ]
    assert odd == []


def test_a_key_is_there_once_in_the_file_with_the_longest_beginning_of_it() -> None:
    names = frozenset(FILES)
    there = [(each.msgctxt, name) for name, file in FILES.items() for each in file]
    assert [(key, name) for key, name in there if file_of(key, names) != name] == []
    assert [key for key, times in Counter(key for key, _ in there).items() if times > 1] == []


def test_what_is_loaded_is_what_the_sources_say() -> None:
    """`make` compiles them when a source is newer; where they were removed since, `rm .venv/.texts` helps."""
    assert {path: path.read_bytes() for path in LOCALE.rglob("*.mo")} == compile_texts.compiled()


def test_nothing_is_compiled_of_a_folder_without_sources(tmp_path: Path) -> None:
    """So a build ends where the catalogue is missing."""
    with pytest.raises(FileNotFoundError, match=r"has no \.po files"):
        compile_texts.write(tmp_path)


def test_a_text_without_a_source_is_removed(tmp_path: Path) -> None:
    (tmp_path / "new.po").write_text('msgctxt "new.one"\nmsgid "One"\nmsgstr "一つ"\n', encoding="utf-8")
    old = tmp_path / "ja" / "LC_MESSAGES" / "old.mo"
    old.parent.mkdir(parents=True)
    old.touch()
    compile_texts.write(tmp_path)
    assert sorted(each.name for each in tmp_path.rglob("*.mo")) == ["new.mo", "new.mo"]


def test_every_text_is_found_by_its_key_in_both_languages() -> None:
    assert {key: (form(key, "ja"), form(key, "en")) for key in ALL} == ALL


def test_every_text_is_whole_in_both_languages() -> None:
    """Commands alone are the same in both, and only there the Japanese is left out."""
    entries = [each for file in FILES.values() for each in file]
    assert [each.msgctxt for each in entries if each.fuzzy or each.obsolete or not each.msgid.strip()] == []
    without = {each.msgctxt for each in entries if not (each.msgstr or each.msgstr_plural.get(0, "")).strip()}
    assert [key for key in without if not key.startswith(("command.", "runbook."))] == []


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("result", Result),
        ("did", Result),
        ("tone", Tone),
        ("status", Status),
        ("lease", LeaseState),
        ("severity", Severity),
    ],
)
def test_every_word_of_an_enumeration_can_be_said(prefix: str, words: type[StrEnum]) -> None:
    assert [f"{prefix}.{word}" for word in words if f"{prefix}.{word}" not in ALL] == []


@pytest.mark.parametrize("other", ["マニュアル", "しきい値", "パラメータ(?!ー)", "は{(range|real|before)"])
def test_one_thing_has_one_name_in_japanese_that_of_the_manual(other: str) -> None:
    assert [key for key, (japanese, _) in ALL.items() if re.search(other, japanese)] == []


def test_a_finding_of_a_check_that_ends_in_its_reason_ends_like_a_sentence() -> None:
    ours = {key: forms for key, forms in ALL.items() if key.startswith(("check.", "checks."))}
    assert [key for key, forms in ours.items() if any(form.endswith("{reason}") for form in forms)] == []


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the compiled texts, to break."""
    shutil.copytree(LOCALE, tmp_path / "locale")
    monkeypatch.setattr(loaded, "LOCALE", tmp_path / "locale")
    for cached in (loaded._files, loaded._texts):
        cached.cache_clear()
    yield tmp_path / "locale"
    for cached in (loaded._files, loaded._texts):
        cached.cache_clear()


BROKEN = {"gone": None, "empty": b"", "cut": b"\xde\x12\x04\x95", "other": b"nonsense" * 9}


@each_of("content", BROKEN)
def test_a_message_goes_out_in_the_other_language_where_a_file_cannot_be_read(
    content: bytes | None, copied: Path
) -> None:
    file = copied / "ja" / "LC_MESSAGES" / "preflight.mo"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    key = "preflight.checkout"
    assert say(Text(key), "ja") == ALL[key][1]


def test_without_any_readable_file_a_message_names_the_key(copied: Path) -> None:
    for language in ("en", "ja"):
        (copied / language / "LC_MESSAGES" / "preflight.mo").write_bytes(b"nonsense")
    assert "preflight.checkout" in say(Text("preflight.checkout"), "ja")
