"""What the check of readiness says of Slack."""

MESSAGES: dict[str, tuple[str, str]] = {
    "check.ready.slack_secret": ("Slack のシークレットがあります。", "The secret for Slack exists."),
    "check.ready.slack_secret_deleted": (
        "Slack のシークレットは削除予定です。Slack には何も届きません。",
        "The secret for Slack is being deleted; nothing reaches Slack.",
    ),
    "check.ready.slack_secret_unread": (
        "Slack のシークレットを確認できません。{reason}。",
        "The secret for Slack could not be looked at: {reason}.",
    ),
    "check.ready.slack_posts": (
        "Slack に投稿する関数は 24 時間に {calls} 回動き（この点検を含む）、失敗はありません。",
        "The function that posts to Slack ran {calls} times in 24 h, for this check too, and never failed.",
    ),
    "check.ready.slack_errors": (
        "Slack に投稿する関数が 24 時間に {calls} 回のうち {errors} 回失敗しています。",
        "{errors} of {calls} runs that post to Slack failed in 24 h.",
    ),
    "check.ready.slack_posts_unread": (
        "Slack への投稿の結果を確認できません。{reason}。",
        "What became of posts to Slack could not be read: {reason}.",
    ),
    # Asked of Slack itself.
    "check.ready.slack_reached": (
        "Slack に接続できました。トークンは有効で、ボットは {count} 個のチャンネルすべてにいます。",
        "Slack answers: the token is valid, and the bot is in each of the {count} channels.",
    ),
    "check.ready.slack_secret_unusable": (
        "Slack に投稿する関数がシークレットを読めません（{code}）。Slack には何も届きません。",
        "The function that posts to Slack cannot use the secret ({code}); nothing reaches Slack.",
    ),
    "check.ready.slack_token_refused": (
        "Slack がトークンを受け付けません（{code}）。Slack には何も届きません。",
        "Slack does not take the token ({code}); nothing reaches Slack.",
    ),
    "check.ready.slack_token_busy": (
        "Slack の呼び出し回数の制限にかかっています（{code}）。通知が遅れることがあります。",
        "Slack says that it is asked too often ({code}); what is told there may be late.",
    ),
    "check.ready.slack_token_silent": (
        "Slack から応答がありません（{code}）。今は Slack に通知が届きません。",
        "Slack does not answer ({code}); nothing reaches it now.",
    ),
    "check.ready.slack_channel_refused": (
        "Slack のチャンネル {channel} に投稿できません（{code}）。",
        "The channel {channel} in Slack cannot be told ({code}).",
    ),
    "check.ready.slack_channel_busy": (
        "Slack のチャンネル {channel} は、呼び出し回数の制限のため確認できませんでした（{code}）。",
        "Slack was asked too often to look at the channel {channel} ({code}).",
    ),
    "check.ready.slack_channel_silent": (
        "Slack のチャンネル {channel} について応答がありません（{code}）。",
        "Slack does not answer for the channel {channel} ({code}).",
    ),
    "check.ready.slack_blind": (
        "Slack のチャンネル {channel} を読む権限がありません（{code}）。同じ通知が 2 回届くことがあります。",
        "Messages in the channel {channel} cannot be read ({code}); one may be posted twice.",
    ),
    "check.ready.slack_codes": (
        "コードの意味と対処は docs/slack.ja.md の「うまくいかないとき」にあります。",
        "docs/slack.md (When something is wrong) tells what the code means.",
    ),
    "check.ready.slack_dead": (
        "Slack に投稿する関数 {function} が応答しません。{reason}。",
        "The function {function}, which posts to Slack, does not answer: {reason}.",
    ),
    "check.ready.slack_unreadable": ("応答の内容を読めません", "what it said cannot be read"),
    "check.ready.slack_unasked": (
        "Slack に接続できるか確認できません。{reason}。",
        "Whether Slack can be reached could not be asked: {reason}.",
    ),
}
