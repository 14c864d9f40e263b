"""What holds for every page, whatever fills it: text from outside is escaped, and nothing is loaded."""

import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from string import Formatter

import pytest
from jinja2 import UndefinedError, nodes

from responder.checks.finding import CheckStatus
from responder.checks.report import words as check_words
from responder.core.finding import Tone
from responder.core.modes import Severity
from responder.core.text import text
from responder.core.verdict import Result
from responder.incident_report import page as incident
from responder.messages import chart, page
from responder.messages.page import environment, render
from tests.rows import all_rows
from tests.texts import catalogue

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted(
    path for folder in ("layers", "ops", "tests") for path in (ROOT / folder).rglob("*.html.j2")
)
STYLE = (Path(page.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")
ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def written(folder: Path, template: str) -> Path:
    path = folder / "page.html.j2"
    path.write_text(template, encoding="utf-8")
    return path


def shown(folder: Path, template: str, language: str = "en", **values: object) -> str:
    return render(written(folder, template), language, **values)


def test_no_line_of_a_japanese_page_ends_between_a_number_and_its_unit(tmp_path: Path) -> None:
    """A command is pasted as it is. Plain text is not wrapped by what sends it."""
    said = text("report.all", parts="30 分間に 5 件（95% 以上）、レベル 2 開発")
    step = text("step.with_command", step=said, command="liveness-ops close x --reason '5 件'")
    html = shown(
        tmp_path,
        '{% from "parts.html.j2" import step with context %}{{ one }} {{ step(two) }}',
        "ja",
        one=said,
        two=step,
    )
    assert html.count("30\u00a0分間に 5\u00a0件（95%\u00a0以上）、レベル 2 開発") == 2
    assert "&#39;5 件&#39;</pre>" in html


BASE = '{% extends "base.html.j2" %}{% block title %}{{ title }}{% endblock %}{% block body %}{% endblock %}'


def test_a_page_may_load_nothing_and_its_only_style_is_our_own(tmp_path: Path) -> None:
    html = shown(tmp_path, BASE, title="x")
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"content=\"default-src 'none'; style-src 'sha256-{digest}'\"" in html
    assert style == STYLE


def test_the_stylesheet_loads_nothing_and_cannot_end_its_element() -> None:
    assert not re.search(r"url\(|@import|</", STYLE)


def test_every_class_of_the_stylesheet_is_used() -> None:
    classes = set(re.findall(r"\.([a-z][a-z_-]+)", re.sub(r"/\*.*?\*/", "", STYLE)))
    named = {str(value) for kind in (Tone, Result, CheckStatus, Severity) for value in kind}
    sources = [*TEMPLATES, *(Path(str(each.__file__)) for each in (chart, check_words, incident))]
    said = " ".join(path.read_text(encoding="utf-8") for path in sources)
    # What Slack calls its buttons.
    known = named | {"primary", "danger"}
    assert {each for each in classes - known if not re.search(rf"\b{each}\b", said)} == set()


@all_rows("template", TEMPLATES)
def test_no_template_has_a_style_or_a_script_of_its_own_or_trusts_a_value(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    assert not re.search(r"<img|style=|\bon\w+=|\|\s*safe\b|autoescape", source)
    # A drill is filtered by its own files, which its policy allows: tests/unit/drill/test_drill_page.py.
    known = {"templates/base.html.j2": (1, 0), "drill/page.html.j2": (1, 1), "drill/alarm.html.j2": (1, 1)}
    found = (source.count("<style"), source.count("<script"))
    assert found == known.get(f"{template.parent.name}/{template.name}", (0, 0))


def test_text_from_outside_is_escaped(tmp_path: Path) -> None:
    html = shown(tmp_path, BASE, title=ATTACK)
    assert "<title>&lt;script&gt;" in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (text("closing.minutes", minutes=5), "5 min"),
        (datetime(2026, 11, 23, 18, 7, tzinfo=UTC), "Nov 23 18:07 UTC"),
        (None, "–"),
        (7, "7"),
        ("a\u202eb\x1b[2J\nc", "a b [2J c"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_a_value_is_reported_as_the_reader_reads_it(value: object, said: str, tmp_path: Path) -> None:
    assert shown(tmp_path, "{{ value }}", value=value) == said


def test_what_is_to_be_pasted_keeps_its_lines(tmp_path: Path) -> None:
    assert shown(tmp_path, "{{ value|lines }}", value="a <b>\n  c\x1b") == "a &lt;b&gt;\n  c "


def test_a_value_that_is_not_given_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        shown(tmp_path, "{{ value }}")


def test_only_a_web_address_can_be_clicked(tmp_path: Path) -> None:
    template = '{% from "parts.html.j2" import link with context %}{{ link(url, "label") }}'
    for url in ("javascript:alert(1)", "data:text/html,x", "http://example.com", "//example.com"):
        assert "<a" not in shown(tmp_path, template, url=url)
    html = shown(tmp_path, template, url='https://x/" onclick="y')
    assert html == '<a href="https://x/&#34; onclick=&#34;y" rel="noreferrer">label</a>'


def test_a_template_is_compiled_once_per_process() -> None:
    found = [environment(path.parent).get_template(path.name) for path in TEMPLATES for _ in range(2)]
    assert [one is other for one, other in zip(found[::2], found[1::2], strict=True)] == [True] * len(
        TEMPLATES
    )


# --- sentences that templates ask for ----------------------------------------------------------------


def asked(path: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Each sentence, by its whole key, with the values that it is given."""
    tree = environment(path.parent).parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "text":
            key = call.args[0]
            if isinstance(key, nodes.Const):
                yield str(key.value), frozenset(str(value.key) for value in call.kwargs)


def needed(form: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(form) if name is not None)


def test_every_sentence_of_a_template_exists_and_is_given_what_it_needs() -> None:
    found = [each for path in TEMPLATES for each in asked(path)]
    assert len(found) > 30
    assert [
        key for key, given in found if key not in catalogue() or needed(catalogue()[key][0]) != given
    ] == []


# --- who loads Jinja2 ---------------------------------------------------------------------------------

LOADED = """
import importlib, pkgutil, sys
import alarms
for each in pkgutil.iter_modules(alarms.__path__):
    importlib.import_module(f"alarms.{each.name}")
from responder.messages.publish import publish
from responder.messages.mail import envelope
print(*sorted({each.partition(".")[0] for each in sys.modules}))
"""


def test_no_alarm_function_loads_jinja() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert {"responder", "alarms"} <= set(loaded)
    assert {"jinja2", "markupsafe"} & set(loaded) == set()
