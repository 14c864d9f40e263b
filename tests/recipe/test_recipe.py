"""The recipes of docs/extending.md, to the letter in a copy: green at the end, nothing can be forgotten."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.recipe.copies import Edit, New, changed, copied, generated, played, run

pytestmark = [pytest.mark.proof, pytest.mark.timeout(1800)]

_ROW = "| FaceAuth-Images-AccessDenied * |"
_MODULE = New("alarm", "functions/alarms/expired_sessions.py")
_TEST = New("alarm", "tests/unit/alarms/test_expired_sessions.py")
_DRILL = New("alarm", "ops/rehearsal/drill/scenarios/expired_sessions.yaml")
_WORDS = Edit(
    "layers/responder/responder/messages/locale/broken.po",
    'msgctxt "broken.',
    """\
msgctxt "broken.expired_sessions"
msgid "More users have to start again because their session has expired"
msgstr "セッションの期限切れで本人確認をやり直す利用者が増えています"

""",
)
_ENGLISH = Edit(
    "docs/alarms.md",
    _ROW,
    "| FaceAuth-Liveness-ExpiredSessions | expired-sessions | errors, table | on-demand billing |\n",
)
_JAPANESE = Edit(
    "docs/alarms.ja.md",
    _ROW,
    "| FaceAuth-Liveness-ExpiredSessions | expired-sessions | エラー、テーブル | オンデマンド化 |\n",
)
ALARM = (_MODULE, _WORDS, _DRILL, _TEST, _ENGLISH, _JAPANESE)
# What is forgotten, and the test that reports it.
FORGOTTEN = {
    "module": (_MODULE, "tests/unit/alarms/test_expired_sessions.py"),
    "words": (
        _WORDS,
        "tests/unit/alarms/test_playbooks.py::test_a_module_is_called_as_its_incidents_are",
    ),
    "drill": (_DRILL, "tests/unit/drill/test_scenarios.py::test_every_alarm_with_a_playbook_is_drilled"),
    "test": (
        _TEST,
        "tests/unit/alarms/test_playbooks.py::test_every_playbook_has_a_test_of_its_own",
    ),
    "table": (
        _ENGLISH,
        "tests/template/test_readme.py::test_every_alarm_of_the_template_is_in_the_table[docs/alarms.md]",
    ),
    "table.ja": (
        _JAPANESE,
        "tests/template/test_readme.py::test_every_alarm_of_the_template_is_in_the_table[docs/alarms.ja.md]",
    ),
}
REMEDY = (
    New("remedy", "layers/responder/responder/remedies/longer_timeout.py"),
    Edit(
        "layers/responder/responder/core/remedy.py",
        "\n    @property\n    def spec(",
        '    LONGER_TIMEOUT = "longer_timeout"\n',
    ),
    Edit(
        "layers/responder/responder/core/remedy.py",
        "}\n# The spec of a remedy that another release",
        """\
    RemedyName.LONGER_TIMEOUT: RemedySpec(
        effect=Effect.COSTS_MONEY, ceiling=Mode.APPROVE, chapter=_TOO_SLOW, stays=True
    ),
""",
    ),
    Edit(
        "layers/responder/responder/messages/locale/remedy.po",
        "#. How to take it back.",
        """\
msgctxt "remedy.undo.longer_timeout"
msgid "Set the old time-out again"
msgstr "タイムアウトを元の値に戻す"

msgctxt "remedy.name.longer_timeout"
msgid "longer time-out"
msgstr "タイムアウト延長"

msgctxt "remedy.back.longer_timeout"
msgid "return time-out to {to} s"
msgstr "タイムアウトを {to} 秒に戻す変更"

msgctxt "remedy.reverse.longer_timeout"
msgid "return time-out to its old value"
msgstr "タイムアウトを元に戻す変更"

msgctxt "remedy.kept.longer_timeout"
msgid "time-out of {to} s"
msgstr "タイムアウト {to} 秒"

msgctxt "remedy.yes.longer_timeout"
msgid "a run may take {to} s. Security is not affected."
msgstr "タイムアウトが {to} 秒になります。セキュリティには影響しません。"

msgctxt "remedy.yes.back_longer_timeout"
msgid "a run may take {to} s again."
msgstr "タイムアウトが {to} 秒に戻ります。"

""",
    ),
    Edit(
        "layers/responder/responder/causes/slow.py",
        "from responder.remedies.memory_increase",
        "from responder.remedies.longer_timeout import LongerTimeout\n",
    ),
    Edit(
        "layers/responder/responder/causes/slow.py",
        "RepairEnvironment(function), ProposeChange())",
        "LongerTimeout(function), ",
    ),
    New("remedy", "tests/unit/remedies/test_longer_timeout.py"),
    Edit(
        "tests/unit/core/test_remedy.py",
        "    RemedyName.PROPOSE_CHANGE: Promise(",
        "    RemedyName.LONGER_TIMEOUT: Promise(Effect.COSTS_MONEY, Mode.APPROVE, stays=True),\n",
    ),
    Edit(
        "docs/alarms.md",
        "repair variables (asks); suggests permissions |\n| FaceAuth-Liveness-HighE",
        "time-out (asks), ",
    ),
    Edit("docs/alarms.ja.md", "|\n| FaceAuth-Liveness-HighE", "、タイムアウト（承認制） "),
)
CHECKED = (
    "tests/template",
    "tests/unit/alarms",
    "tests/unit/core/test_remedy.py",
    "tests/unit/checks/test_alarms.py",
    "tests/unit/checks/test_alarms_states.py",
    "tests/unit/checks/test_readiness.py",
    "tests/unit/drill/test_scenarios.py",
    "tests/unit/messages/test_catalogue.py",
    "tests/unit/messages/test_manual.py",
    "tests/unit/messages/test_next_steps.py",
    "tests/unit/messages/test_requests.py",
    "tests/unit/remedies",
)
STATIC = (
    ("ruff", "format", "--check", "functions", "layers/responder", "ops", "tests"),
    ("ruff", "check", "functions", "layers/responder", "ops", "tests"),
    ("mypy", "functions", "layers/responder", "ops", "tests"),
    ("lint-imports", "--no-logo"),
)


def carried_out(copy: Path, edits: Iterable[Edit | New], most: int) -> None:
    """Manually, then by the one command; all checks pass."""
    for each in edits:
        each.make(copy)
    assert len(changed(copy)) <= most
    generated(copy)
    for command in STATIC:
        done = run(copy, *command)
        assert done.returncode == 0, done.stdout + done.stderr
    done = played(copy, *CHECKED)
    assert done.returncode == 0, done.stdout[-6000:]


def test_a_further_alarm_is_six_files_by_hand_and_ends_green(tmp_path: Path) -> None:
    carried_out(copied(tmp_path), ALARM, 6)


def test_a_further_remedy_is_eight_files_by_hand_and_ends_green(tmp_path: Path) -> None:
    carried_out(copied(tmp_path), REMEDY, 8)


@pytest.mark.parametrize("what", FORGOTTEN)
def test_none_of_the_six_can_be_forgotten(tmp_path: Path, what: str) -> None:
    left_out, test = FORGOTTEN[what]
    copy = copied(tmp_path)
    for each in ALARM:
        if each is not left_out:
            each.make(copy)
    generated(copy)
    done = played(copy, test)
    # It fails, or cannot even be imported; 4 and 5 would be a test that does not exist.
    assert done.returncode in (1, 2), done.stdout


def test_what_is_generated_cannot_be_forgotten(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    for each in ALARM:
        each.make(copy)
    done = played(copy, "tests/template/test_ninth_alarm.py::test_nothing_has_to_be_generated_again")
    assert done.returncode == 1, done.stdout
