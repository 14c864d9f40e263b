"""What the lowered threshold says, and the changes that are only written down for a person."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "obstacle.threshold_not_read": (
        "判定する関数 {target} は {setting} を読むと宣言されていません（パラメーター ThresholdReaders）。"
        "デプロイされているコードのままでは、この変数を下げても判定は何も変わりません。",
        "{target}, the function that judges, is not declared to read {setting} (parameter ThresholdReaders): with the "
        "code as deployed, lowering the variable changes nothing.",
    ),
    "obstacle.threshold_not_lower": (
        "{target} の現在の閾値は {now} で、{wanted} にしても下がりません。",
        "The threshold of {target} is {now}; {wanted} would not lower it.",
    ),
    "obstacle.threshold_unreadable": (
        "{target} の {setting} が数値ではないため、変更しません。",
        "{setting} of {target} is not a number; it is not changed.",
    ),
    "course.keeps_threshold": (
        "{remedy}: {until} に自動で元の閾値に戻します（アラームが続いていても戻します）。",
        "{remedy}: goes back to the old threshold by itself at {until}, also while the alarm lasts.",
    ),
}
