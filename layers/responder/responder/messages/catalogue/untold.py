"""What people read by mail where Slack failed."""

MESSAGES: dict[str, tuple[str, str]] = {
    "cause.slack_post_failed": (
        "Slack に通知できませんでした。このインシデントの通知はメールで確認してください",
        "Slack could not be told. Read the messages of this incident by mail",
    ),
    "cause.slack_action_failed": (
        "Slack で押されたボタンの処理に失敗しました。結果を確認し、端末から操作し直してください",
        "What was pressed in Slack was not carried out. See what came of it, and do it from a terminal",
    ),
    "step.slack_post_failed": (
        "同じインシデントのメールを読み、ボタンの代わりに端末を使う。\n"
        "liveness-ops show {incident} {options}",
        "Read the mails of the same incident, and use a terminal instead of the buttons.\n"
        "liveness-ops show {incident} {options}",
    ),
    "step.slack_action_failed": (
        "何が記録されたかを確認し、足りない操作を端末から行う。\nliveness-ops show {incident} {options}",
        "See what is on record, and do what is missing from a terminal.\n"
        "liveness-ops show {incident} {options}",
    ),
    "cause.slack_check_failed": (
        "「{check}」を Slack に投稿できませんでした。結果はメールで確認してください",
        "The {check} could not be told in Slack. Read it by mail",
    ),
    "step.slack_check": (
        "同じチェックのメールで、対応が必要なものを確認する",
        "Read in the mail of the same check what needs a person",
    ),
    "step.slack_check_at": (
        "同じチェックのメールかレポートで、対応が必要なものを確認する。\n{page}",
        "Read in the mail of the same check, or in its report, what needs a person.\n{page}",
    ),
    "step.slack_log": (
        "ログでエラーコードを確認し、Slack のトークン、チャンネル ID"
        "（SlackChannel、設定 slack_level_mentions）、ボットがチャンネルにいるかを確かめる"
        "（docs/slack.ja.md）。\naws logs tail {group} --since 1h --region {region}",
        "Find the error code in the log; check Slack's token, the channels' ids (SlackChannel, "
        "setting slack_level_mentions) and that the bot is in each of them (docs/slack.md).\n"
        "aws logs tail {group} --since 1h --region {region}",
    ),
}
