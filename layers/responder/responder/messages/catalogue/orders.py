"""What on-call orders, to paste: an answer to a proposal, the way back."""

# ruff: noqa: E501 - a command is easier to review on one line

_ANSWER = "liveness-ops approve {incident} {proposal} {where}"
_BACK = "liveness-ops revert {incident} {remedy} {where}"

MESSAGES: dict[str, tuple[str, str]] = {
    "command.answer_proposal": (_ANSWER, _ANSWER),
    "command.take_back_change": (_BACK, _BACK),
    "order.approved_by": ("承認した人: {person}（{at}）", "Approved by {person} ({at})"),
    "step.answer_proposal": (
        '承認するなら実行する。却下なら approve を reject に変え、--reason "理由" を付ける。',
        'To approve, run this. To reject, change approve to reject and add --reason "why".',
    ),
    "step.answer_for_two": (
        '2 人の承認が必要。承認する人がそれぞれ実行する。却下なら approve を reject に変え、--reason "理由" を付ける。',
        'Two people have to approve: each of them runs this. To reject, change approve to reject and add --reason "why".',
    ),
    "step.taking_effect": (
        "反映は自動で確認する（操作は不要）。エイリアス経由の関数は、反映されるまで古い値で動く。",
        "That it takes effect is checked automatically; nothing to do. Functions behind an alias go on with the old value until then.",
    ),
    "step.take_back_change": (
        "復旧後は自動で元に戻すか、承認を求める。急ぐ場合は次を実行する。",
        "After recovery it is taken back, or your approval is asked for, automatically. If you cannot wait, run this.",
    ),
}
