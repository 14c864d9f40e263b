"""Pages from Jinja2 templates: everything is escaped, nothing runs, nothing is loaded from anywhere.

A page is `<name>.html.j2`, or `<name>.md.j2` of Markdown, in the folder of the module that fills it. Pages of
HTML extend `templates/base.html.j2` and share the macros of `templates/parts.html.j2` and one stylesheet.
Only
what makes a page imports this module: no alarm function loads Jinja2.
"""

import re
from base64 import b64encode
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup, escape

from responder.core.text import Text, text
from responder.messages.json_report import moment as utc
from responder.messages.language import clean, moment, no_break, say

# Markdown has its own escaping, `_escaped`.
_MARKDOWN = ("md.j2",)
# What is markup in GitHub's Markdown: a sign anywhere, a `#` at the beginning, `_` at the edge of a word.
_SIGNS = re.compile(r"[\\`*\[\]<>|~]|^#|(?<![^\W_])_|_(?![^\W_])")
_SHARED = Path(__file__).parent / "templates"


def render(template: Path, language: str, **values: object) -> str:
    """A page, or a part of one, in `ja` or (anything else) `en`.

    A template writes `{{ value }}`: a Text as its sentence, a time in the reader's zone, None as a dash,
    anything else as one line of printable characters. A value that it is not given is an error. In Markdown
    a macro's result would be escaped once more: there are none.
    """
    page = environment(template.parent).get_template(template.name)
    return page.render(language=language, **values)


@cache
def environment(folder: Path) -> Environment:
    """Templates of a folder and the shared ones, each compiled once per process."""
    found = Environment(
        loader=FileSystemLoader([folder, _SHARED]),
        autoescape=select_autoescape((), _MARKDOWN, default_for_string=True, default=True),
        undefined=StrictUndefined,
        finalize=_shown,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = (_SHARED / "style.css").read_text(encoding="utf-8")
    # The policy allows this stylesheet and no other, and no style attribute.
    digest = b64encode(sha256(style.encode()).digest()).decode()
    found.globals |= {"style_hash": f"sha256-{digest}", "text": text}
    found.filters |= {"said": _said, "lines": _lines, "utc": utc, "code": _code, "address": _address}
    found.filters |= {"breakable": _breakable, "no_break": _no_break}
    return found


@pass_context
def _shown(context: Context, value: object) -> str:
    if isinstance(value, Markup):
        return value
    said = _said(context, value)
    if not context.eval_ctx.autoescape:
        return _escaped(said)
    return no_break(said) if isinstance(value, Text) else said


@pass_context
def _said(context: Context, value: object) -> str:
    language = str(context["language"])
    match value:
        case Markup():
            return value
        case Text():
            return say(value, language)
        case datetime():
            return moment(value, language)
        case None:
            return "–"
    return clean(str(value))


def _escaped(said: str) -> str:
    """Words of Markdown that are no markup; a name with underscores stays readable."""
    return _SIGNS.sub(r"\\\g<0>", " ".join(said.split("\n")))


def _code(value: str) -> Markup:
    """Markdown's code on one line, also in a table."""
    return Markup(f"`{clean(value).replace('`', "'").replace('|', '\\|')}`")  # noqa: S704  # nosec B704 - not HTML


def _address(url: str) -> Markup | str:
    """Only a web address becomes one that can be clicked."""
    plain = re.sub(r"[\s<>]", "", url)
    return Markup(f"<{plain}>") if plain.startswith("https://") else url  # noqa: S704  # nosec B704 - not HTML


def _breakable(value: str) -> Markup:
    """A name that may be broken after its underscores, where a phone is too narrow for it."""
    return Markup("_<wbr>").join(clean(value).split("_"))


def _no_break(value: str) -> Markup:
    """Words, and not what is pasted."""
    return Markup(no_break(escape(clean(value))))  # noqa: S704  # nosec B704 - escaped


def _lines(value: str) -> Markup:
    """Several lines as they are: to paste, or the text of a mail."""
    return escape("\n".join(map(clean, value.split("\n"))))
