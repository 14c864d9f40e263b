"""Japanese in a terminal is broken where a reader would pause."""

import re

import pytest
from rich.cells import cell_len

from liveness_ops.people.wrap import units, wrap

LINES = (
    "  [異常] 失敗した要求: 直近 15 分 36 件、1 時間 36 件、3 時間 36 件（ログより、要求ごとに 1 件）。",
    "Liveness の無効化（ロールアウト 0%）: FaceAuth-GetLivenessResult のサービス側エラー率が直近 15 分で 30%"
    "（120 件中 36 件、直近 15 分に 36 件）あり、基準の 5% を超えています",
    "11/27 11:40 JST 以降、関数 6 つ、スタック、管理ポリシー 1 つ、テーブル、バケットの変更は見つかりません"
    "（CloudTrail には 11/28 11:25 JST ごろまでの記録）。",
    "最も多いのは InternalServerError（GetFaceLivenessSessionResults）36 件中 36 件。",
)


@pytest.mark.parametrize("width", [50, 60, 79, 100])
@pytest.mark.parametrize("line", LINES)
def test_no_number_is_torn_apart_and_no_line_begins_with_a_closing_mark(line: str, width: int) -> None:
    folded = wrap(line, width, "    ")
    assert max(cell_len(each) for each in folded) <= width
    assert all(each.startswith("    ") for each in folded[1:])
    starts = [each.strip()[0] for each in folded[1:]]
    assert not set(starts) & set("、。，．）」』%:")
    ends = [each.rstrip()[-1] for each in folded[:-1]]
    assert not [end for end in ends if end.isdigit() or end in "（「『"]


@pytest.mark.parametrize("line", LINES)
def test_nothing_is_lost(line: str) -> None:
    assert "".join(units(line)) == line
    assert re.sub(r"\s", "", "".join(wrap(line, 40))) == re.sub(r"\s", "", line)


def test_a_number_stays_with_its_unit_and_with_what_it_counts() -> None:
    for line in wrap(LINES[0], 42):
        assert not line.endswith(("時間", "15 分"))


@pytest.mark.parametrize(
    "pasted",
    [
        "   liveness-ops approve FaceAuth-Liveness-HighErrorRate-20261128T024014Z 181ba18042b6802a",
        "    https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/x y z",
        "aws lambda get-function-configuration --function-name FaceAuth-Enrollment --qualifier live",
        "make drill ALARM=high-error-rate SCENARIO=acts V=1",
    ],
)
def test_what_is_to_be_pasted_stays_whole(pasted: str) -> None:
    assert wrap(pasted, 40, "  ") == [pasted]


def test_a_sentence_that_begins_as_a_command_is_none() -> None:
    assert len(wrap("done 13, needs approval 20, only proposed 11, not done 11", 40)) == 2


def test_a_count_stays_with_what_is_counted() -> None:
    assert wrap("failed 1, no proposal 58", 22) == ["failed 1, no", "proposal 58"]


def test_english_is_broken_between_words_and_hangs_as_deep_as_it_began() -> None:
    folded = wrap("    Rekognition answers 7.5 % of results with an internal error", 40)
    assert folded == ["    Rekognition answers 7.5 % of results", "    with an internal error"]
