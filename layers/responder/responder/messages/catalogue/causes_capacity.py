"""Causes and reasons of the alarms about throttling and denied calls."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "cause.throttles_passed": (
        "スロットリングはすでに収まっています",
        "The throttling is already over",
    ),
    "cause.table_capacity": (
        "{part} がプロビジョニング済みの容量を使い切っています",
        "{part} uses up its provisioned capacity",
    ),
    "cause.table_hot_key": (
        "{part} の一部のキーにアクセスが集中しています（ホットキー）。容量の不足ではありません",
        "Requests to {part} crowd on a few keys (hot key); capacity is not short",
    ),
    "cause.table_on_demand_throttled": (
        "テーブルはすでにオンデマンドですが、スロットリングされています（{limit}）",
        "The table is on demand already and throttles all the same ({limit})",
    ),
    "cause.concurrency_off": (
        "{function} の予約済み同時実行数が 0 で、呼び出しがすべて止められています",
        "{function} is switched off: its reserved concurrency is 0",
    ),
    "cause.concurrency_reserved": (
        "{function} が予約済み同時実行数 {most} に達しています",
        "{function} has reached its reserved concurrency of {most}",
    ),
    "cause.concurrency_account": (
        "予約のない関数が共有する Lambda 同時実行数の上限 {most} に達しています（{function} もこの共有枠で動作）",
        "The Lambda concurrency of {most} that functions without a reservation share is used up ({function} is one of them)",
    ),
    "cause.denied_mended": (
        "権限エラーはすでに解消しています",
        "The permission is back: nothing is denied any more",
    ),
    "cause.denied_role": (
        "ロール {role} に {action} の権限がありません",
        "The role {role} lacks {action}",
    ),
    "cause.denied_elsewhere": (
        "画像ではなく別のサービスで拒否されています: ロール {role} に {action} の権限がありません",
        "Not the images: the role {role} lacks {action}",
    ),
    "cause.denied_by_role": (
        "ロール {role} のポリシーが {action} を明示的に拒否しています",
        "A policy of the role {role} explicitly denies {action}",
    ),
    "cause.denied_bucket_policy": (
        "バケットポリシーの Deny（{sid}）が {action} を拒否しています",
        "The bucket policy denies {action} (statement {sid})",
    ),
    "cause.denied_public_block": (
        "パブリックアクセスブロックが {action} を拒否しています（公開 ACL または公開ポリシー付きの要求）",
        "The public access block refuses {action}: the request carries a public ACL or policy",
    ),
    "cause.denied_key": (
        "暗号化キー（KMS）の権限 {action} がありません",
        "{action} on the encryption key (KMS) is missing",
    ),
    "cause.denied_above": (
        "{action} は、ロールやバケットより上位の設定で拒否されています（{by}）",
        "{action} is denied from above the role and the bucket ({by})",
    ),
    "cause.denied_other_role": (
        "関数が想定のロール {role} 以外で動いており、拒否されています",
        "The function runs under another role than {role}, which is denied",
    ),
    "cause.denied_other_target": (
        "想定と異なるバケットまたはテーブルへの {action} が拒否されています（環境変数の誤りの可能性）",
        "{action} is denied on another bucket or table than expected (perhaps a wrong variable)",
    ),
    "why.few_throttles": (
        "スロットリングは直近 15 分のうち {minutes} 分だけで、判断に必要な {enough} 分に足りません",
        "Throttled in only {minutes} of the last 15 minutes; {enough} are needed to judge",
    ),
    "why.no_throttles": (
        "直近 1 時間のメトリクスにスロットリングは見つかりませんでした",
        "The metrics of the last hour show no throttling",
    ),
    "why.throttles_passed": (
        "直近 {minutes} 分は 0 件（1 時間では {events} 件）",
        "None in the last {minutes} min ({events} in 1 h)",
    ),
    "why.capacity": (
        "直近 15 分のうち {minutes} 分間に {events} 件スロットリング（うち {part} の{kind} {most} 件）。ピーク時の消費は毎秒 {peak} ユニット、プロビジョニング済みは毎秒 {provisioned} ユニット",
        "{events} throttle events in {minutes} of the last 15 minutes, {most} of them {kind} of {part}; {peak} units a second at the peak of {provisioned} provisioned",
    ),
    "why.on_demand_already": (
        "すでにオンデマンドのため、切り替えでは直りません。直近 15 分のうち {minutes} 分間に {events} 件スロットリング（うち {part} が {most} 件。{limit}）",
        "It is on demand already, so switching cannot help: {events} throttle events in {minutes} of the last 15 minutes, {most} of them of {part} ({limit})",
    ),
    "why.switched_off": (
        "予約済み同時実行数 0 は、人が意図して関数を止めるときの設定です（{function}）",
        "A reservation of 0 is how a person stops a function on purpose ({function})",
    ),
    "why.switched_off_changed": (
        "予約済み同時実行数 0 は、人が意図して関数を止めるときの設定です（{function}、直前の変更: {what}、{by}）",
        "A reservation of 0 is how a person stops a function on purpose ({function}; changed just before: {what} by {by})",
    ),
    "why.concurrency": (
        "直近 15 分に {count} 件スロットリング、同時実行数の最大 {used}、上限 {most}",
        "{count} turned away in 15 min; {used} ran at once, of at most {most}",
    ),
    "why.concurrency_free": (
        "直近 15 分に {count} 件スロットリングされていますが、同時実行数の最大は {used} で上限 {most} に届いていません（急な増加や呼び出し頻度の上限の可能性）",
        "{count} turned away in 15 min, but only {used} ran at once, of at most {most} (perhaps a sudden burst, or the limit on requests a second)",
    ),
    "why.no_denial_seen": (
        "直近 3 時間のログに権限エラーは見つかりませんでした",
        "No denied call in the logs of the last 3 h",
    ),
    "why.denied": ("{denial}", "{denial}"),
    "why.denied_others": (
        "最も多いのは {denial}。ほかに {others} 種類の拒否があります",
        "Most frequent: {denial}. There are {others} other kinds",
    ),
    "why.denied_no_more": (
        "最後の拒否から 5 分以上たち、その後 {calls} 件の呼び出しで拒否がありません（拒否されていたのは {denial}）",
        "No denial for over 5 min, in {calls} calls since (what was denied: {denial})",
    ),
    "why.denied_allowed_now": (
        "最後の拒否から 5 分以上たち、現在のポリシーにも拒否する設定はありません。{denial}",
        "No denial for over 5 min, and the present policies no longer deny it. {denial}",
    ),
    "why.denied_despite": (
        "拒否が続いていますが、ロールの現在のポリシーでは許可されています（変更の反映待ちの可能性）。{denial}",
        "It is denied still, though the role's present policy allows it (perhaps a change that does not work yet). {denial}",
    ),
    "why.denied_unparsed": (
        "権限エラーを示すログ {count} 件の形式を読み取れませんでした",
        "The log speaks of {count} denials in a form that is not known",
    ),
    "why.denied_unexplained": (
        "拒否した理由が、ロールのポリシーにもバケットポリシーにも見つかりません。{denial}",
        "Neither the role's policy nor the bucket's explains it. {denial}",
    ),
    "why.denied_blind": (
        "ロールまたはバケットのポリシーを読めず、理由を絞り込めません。{denial}",
        "The role's or the bucket's policy could not be read, so the reason is open. {denial}",
    ),
}
