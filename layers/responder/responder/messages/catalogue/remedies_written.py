"""What the lowered threshold says, and the changes that are only written down for a person."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "obstacle.threshold_not_read": (
        "判定する関数 {target} は {setting} を読むと宣言されていません（設定 threshold_readers）。"
        "デプロイされているコードのままでは、この変数を下げても判定は何も変わりません。",
        "{target}, the function that judges, is not declared to read {setting} (setting threshold_readers): with the "
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
    "must.goes_back": (
        "原因の解消を急いでください。閾値は期限に自動で元に戻ります。",
        "Fix the cause soon. The threshold goes back by itself at its end.",
    ),
    "course.keeps_threshold": (
        "{remedy}: {until} に自動で元の閾値に戻します（アラームが続いていても戻します）。",
        "{remedy}: goes back to the old threshold by itself at {until}, also while the alarm lasts.",
    ),
    # What is only written down: what it would change, and what to mind.
    "written.role_policy": (
        "ロール {role} に新しいインラインポリシー {name} を追加し、{actions} を {resource} だけに許可する。"
        "権限の変更は自動では行わない。CDK の定義にも反映する。",
        "Add the new inline policy {name} to the role {role}: {actions} on {resource} alone. Rights are never changed "
        "automatically. Put it into the CDK definition too.",
    ),
    "written.role_policy_any": (
        "ロール {role} に新しいインラインポリシー {name} を追加し、{actions} を許可する。"
        "リソースは {resource}（このアクションは絞り込めないか、対象が分からない。絞り込めるなら絞る）。"
        "権限の変更は自動では行わない。CDK の定義にも反映する。",
        "Add the new inline policy {name} to the role {role}: {actions}. The resource is {resource}: the action knows no "
        "narrower one, or it is not known here (narrow it if you can). Rights are never changed automatically. Put it "
        "into the CDK definition too.",
    ),
    "written.bucket_policy": (
        "バケット {bucket} のポリシーの Deny ステートメント（Sid: {sid}）が拒否している。書いた人に理由を確認し、"
        "必要なら条件だけを絞る。コマンドはポリシーを保存し、エディターで開き、保存後に書き込む。"
        "ステートメントを消したり、パブリックアクセスブロックを緩めたりしない。",
        "The Deny statement (Sid: {sid}) of the policy of bucket {bucket} is in the way. Ask its author why it is there, "
        "and narrow only its condition. The command saves the policy, opens it in your editor and writes it back. Never "
        "delete the statement, and never loosen the public access block.",
    ),
    "written.quota": (
        "Rekognition {operation} のクォータ引き上げを申請する（毎秒 {now} 件 → {wanted} 件）。クォータコードは公開されて"
        "いないため、最初のコマンドの一覧で確認し、{code} を置き換える。AWS の審査があり、すぐには上がらない。",
        "Request a higher quota for Rekognition {operation} ({now} to {wanted} requests a second). Its code is not "
        "published: look it up with the first command and put it in place of {code}. AWS reviews it; it takes time.",
    ),
    "written.concurrent_executions": (
        "{region} の Lambda 同時実行数のクォータ引き上げを申請する（アカウント全体で {now} → {wanted}）。"
        "AWS の審査があり、すぐには上がらない。",
        "Request more concurrent Lambda executions in {region} (the whole account: {now} to {wanted}). AWS reviews it; it "
        "takes time.",
    ),
    "written.reserved_concurrency": (
        "{function} の予約済み同時実行数を {now} から {wanted} にする。予約した分は他の関数が使えなくなり、"
        "アカウントには予約なしを 100 残す必要がある。",
        "Set the reserved concurrency of {function} from {now} to {wanted}. What it reserves, other functions cannot use, "
        "and 100 executions of the account have to stay unreserved.",
    ),
    # How it is shown.
    "label.written": ("変更案（人が確認して実行）", "To review, and to do by hand"),
    "written.more": ("ほかの変更案 {count} 件は省略。", "{count} more proposed changes left out."),
    "written.too_long": (
        "長すぎるため、ここには表示しない。メールの本文を見る。",
        "Too long to be shown here: see the e-mail.",
    ),
    "chronicle.written": ("変更案: {what} {command}", "Written down to review: {what} {command}"),
    "step.review_written": (
        "「変更案」を担当者と確認し、必要ならコマンドを実行する。",
        "Review the proposed change with its owner; if it is right, run its command.",
    ),
}
