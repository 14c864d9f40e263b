"""What on-call sends to us, to paste: an answer to a proposal, `continue`, `take-back`."""

# ruff: noqa: E501 - a command is easier to review on one line

_INVOKE = """\
aws lambda invoke --region {region} --function-name {function} --cli-binary-format raw-in-base64-out \\
  --payload '{payload}' /dev/stdout"""
_ANSWER = """\
aws dynamodb put-item --region {region} --table-name {table} --item "$(jq -n --arg me NAME \\
  --arg arn "$(aws sts get-caller-identity --query Arn --output text)" --arg at "$(date -u +%FT%T+00:00)" \\
  '{{pk: {{S: "{proposal}"}}, sk: {{S: $me}}, decision: {{S: "approve"}}, principal: {{S: $arn}}, at: {{S: $at}}}}')"
"""

MESSAGES: dict[str, tuple[str, str]] = {
    "command.answer_proposal": (_ANSWER + _INVOKE, _ANSWER + _INVOKE),
    "command.continue_change": (_INVOKE, _INVOKE),
    "command.take_back_change": (_INVOKE, _INVOKE),
    "step.answer_proposal": (
        "承認するなら、NAME を自分の名前（パラメーター Approvers に書かれた名前）にして実行する。"
        '却下なら "approve" を "reject" に変え、1 つ目のコマンドだけを実行する。',
        "To approve, put in your NAME as the parameter Approvers has it, and run this. "
        'To reject, change "approve" to "reject" and run the first command only.',
    ),
    "step.continue_change": (
        "1 分ほど待ち、続行（continue）を実行して反映を確かめる。エイリアス経由の関数は、これを実行するまで古い値で動く。",
        "Wait about a minute, then run continue and see that it took effect. Functions behind an alias go on with the old value until then.",
    ),
    "step.take_back_change": (
        "復旧を確かめたら、元に戻す（take-back）。承認が要る変更では、承認を求めるメッセージが届く。",
        "Once it has recovered, take it back. Where that needs an approval, a message asks for it.",
    ),
}
