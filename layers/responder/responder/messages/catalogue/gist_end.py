"""The first line of what the follow-up tells: calm, recovered, over."""

MESSAGES: dict[str, tuple[str, str]] = {
    "told.mitigated": (
        "【緩和・復旧は未確認】{alarm} は OK になって {span}、再発していません。",
        "[MITIGATED, RECOVERY NOT PROVEN] {alarm} has been calm for {span}.",
    ),
    "told.unproven_unreleased": (
        "Liveness は $LATEST では無効ですが、切り替えていないエイリアスがあります。"
        "障害が直ったかはまだ分かりません。",
        "The liveness check is off in $LATEST and not in every alias, "
        "so whether the fault is gone is not known.",
    ),
    "told.unproven_off": (
        "Liveness を通していないため、障害が直ったかはまだ分かりません。",
        "Nobody is on the liveness check, so whether the fault is gone is not known.",
    ),
    "told.unproven_lowered": (
        "信頼度閾値を下げているため、障害が直ったかはまだ分かりません。",
        "The confidence threshold is lowered, so whether the fault is gone is not known.",
    ),
    "told.unproven_unread": (
        "リクエスト数を読めないため、障害が直ったかはまだ分かりません。",
        "The traffic could not be read, so whether the fault is gone is not known.",
    ),
    "told.unproven_faulty": (
        "その間のリクエストにまだ失敗が多いため、障害が直ったとは言えません。",
        "Too many of the requests since then failed, so the fault may not be gone.",
    ),
    "told.unproven_quiet": (
        "その間リクエストがないため、障害が直ったかはまだ分かりません。",
        "There was no traffic, so whether the fault is gone is not known.",
    ),
    "told.recovered": (
        "【復旧】{alarm} は OK になって {span}、再発していません（その間のリクエスト {requests} 件で確認）。",
        "[RECOVERED] {alarm} has been calm for {span}, proven by {requests} requests.",
    ),
    "told.in_force": ("まだ有効な変更: {remedy}。", "Still in force: {remedy}."),
    "told.closed": (
        "【完了】{alarm} のインシデントを終了しました（発報から {span}）。",
        "[CLOSED] The incident of {alarm} is over after {span}.",
    ),
    "told.proven": (
        "復旧は、OK 後のリクエスト {requests} 件で確認済みです。",
        "The recovery is proven by {requests} requests.",
    ),
    "told.closed_unread": (
        "OK は続きましたが、リクエスト数を読めず、復旧は確認できていません。",
        "OK has lasted, but the traffic could not be read: the recovery is not proven.",
    ),
    "told.closed_faulty": (
        "OK は続きましたが、その間のリクエストに失敗が多く、復旧は確認できていません。",
        "OK has lasted, but too many requests failed meanwhile: the recovery is not proven.",
    ),
    "told.closed_quiet": (
        "OK は続きましたが、その間リクエストがなく、復旧は確認できていません。",
        "OK has lasted, but without traffic: the recovery is not proven.",
    ),
    "told.closed_unreleased": (
        "OK は続きましたが、Liveness は $LATEST では無効で、切り替えていないエイリアスがあります。"
        "復旧は確認できていません。",
        "OK has lasted, but the liveness check is off in $LATEST and not in every alias: "
        "the recovery is not proven.",
    ),
    "told.closed_off": (
        "OK は続きましたが、Liveness を通していないため、復旧は確認できていません。",
        "OK has lasted, but nobody is on the liveness check: the recovery is not proven.",
    ),
    "told.closed_lowered": (
        "OK は続きましたが、信頼度閾値を下げているため、復旧は確認できていません。",
        "OK has lasted, but with a lowered confidence threshold: the recovery is not proven.",
    ),
    "told.left": ("残した変更: {remedy}。", "Left in force: {remedy}."),
    "told.closed_by_hand": (
        "【手動で終了】{person} が {alarm} のインシデントを終了しました（発報から {span}）。理由:「{why}」。"
        "解決したかどうかは確認されていません。",
        "[CLOSED BY HAND] {person} has closed the incident of {alarm} after {span}. Reason: {why}. "
        "Whether the fault is solved is not known.",
    ),
    "told.closed_without_alarm": (
        "アラームは存在しません（削除または名前の変更）。戻すまで、この種類の障害は検知されません。",
        "The alarm does not exist (deleted or renamed): until it is restored, "
        "no further fault of this kind is noticed.",
    ),
    "must.watch_alarm": (
        "アラームが再び ALARM になると、新しいインシデントになります。",
        "If the alarm goes to ALARM again, that is a new incident.",
    ),
    "told.superseded": (
        "【追跡終了】{alarm} の新しいインシデントが始まったため、このインシデントの追跡を終えます。",
        "[NO LONGER FOLLOWED] A newer incident of {alarm} has begun; this one is not followed any more.",
    ),
}
