"""Why a remedy cannot be applied now, and why a person should be asked first."""

MESSAGES: dict[str, tuple[str, str]] = {
    # Preconditions that do not hold.
    "obstacle.unreadable": (
        "{target} の状態を確認できません（{action}: {code}）。",
        "The state of {target} could not be read ({action}: {code}).",
    ),
    "obstacle.in_flight": (
        "{target} は別の変更が進行中です。",
        "Another change of {target} is in progress.",
    ),
    "obstacle.variables_unreadable": (
        "{target} の環境変数を復号できません。上書きすると他の値が失われるため変更しません。",
        "The variables of {target} cannot be decrypted; writing would lose the others.",
    ),
    "obstacle.setting_missing": (
        "{target} に {setting} がありません。新しくは作りません。",
        "There is no {setting} on {target}; it is not created.",
    ),
    "obstacle.not_a_reader": (
        "{target} が {setting} を読むと宣言されていません（設定 rollout_readers）。",
        "{target} is not declared to read {setting} (setting rollout_readers).",
    ),
    "obstacle.no_targets": ("対象の関数が設定されていません。", "No functions are configured."),
    "obstacle.no_percentage": (
        "percent は 0 から 100 の整数で指定してください。",
        "percent must be a whole number from 0 to 100.",
    ),
    "obstacle.not_active": (
        "{target} の State が Active ではありません（{state}）。",
        "The State of {target} is not Active ({state}).",
    ),
    "obstacle.last_update_failed": (
        "{target} の直前の更新が失敗しています（LastUpdateStatus: Failed）。",
        "The last update of {target} failed (LastUpdateStatus: Failed).",
    ),
    "obstacle.runtime_refused": (
        "{target} のランタイム {runtime} は {since} 以降、AWS が更新を受け付けません。",
        "AWS accepts no updates of {target} on {runtime} since {since}.",
    ),
    "obstacle.alias_weighted": (
        "{target} のエイリアス {alias} は複数バージョンに振り分け中です。",
        "Alias {alias} of {target} splits its traffic over versions.",
    ),
    "obstacle.alias_other_code": (
        "{target} のエイリアス {alias} は $LATEST と別のコードです。"
        "発行すると未リリースのコードが出てしまいます。",
        "Alias {alias} of {target} serves other code than $LATEST; publishing would release it.",
    ),
    "obstacle.alias_serves_more": (
        "{target} のエイリアス {alias} の {setting} は現在 {now} です。"
        "{wanted} にするとセキュリティが下がるため、元の値に戻してください。",
        "Alias {alias} of {target} serves {setting} {now} now; {wanted} would lower security. "
        "Restore the old value instead.",
    ),
    "obstacle.no_alias": (
        "{target} にエイリアスがありません。プロビジョニング済み同時実行数を設定できません。",
        "{target} has no alias to put provisioned concurrency on.",
    ),
    "obstacle.alias_unpublished": (
        "{target} のエイリアス {alias} は $LATEST を指しており、設定できません。",
        "Alias {alias} of {target} points at $LATEST, where it is not possible.",
    ),
    "obstacle.alias_unused": (
        "{target} のエイリアス {alias} は過去 1 時間呼び出されていません。設定しても費用だけがかかります。",
        "Nothing came through alias {alias} of {target} in the last hour; it would only cost money.",
    ),
    "obstacle.scaled_by_policy": (
        "{target}:{alias} は Application Auto Scaling が管理しています。",
        "{target}:{alias} is managed by Application Auto Scaling.",
    ),
    "obstacle.snap_start": (
        "{target} は SnapStart が有効なため併用できません。",
        "{target} uses SnapStart; both together are not possible.",
    ),
    "obstacle.account_full": (
        "アカウントの予約なし同時実行数は残り {left} です。{keep} を残すため {wanted} を確保できません。",
        "{left} unreserved executions are left; {wanted} would leave less than {keep}.",
    ),
    "obstacle.reserved_too_low": (
        "{target} の予約済み同時実行数 {reserved} は {wanted} より少ないです。",
        "{target} has {reserved} reserved executions, fewer than {wanted}.",
    ),
    "obstacle.table_not_active": (
        "{target} またはインデックスが ACTIVE ではありません（{state}）。",
        "{target} or an index is not ACTIVE ({state}).",
    ),
    "obstacle.unannounced": (
        "{target} の $LATEST に、判断したあとで未リリースの設定差分が加わりました（{names}）。"
        "エイリアス {alias} は切り替えません。公開するかを確認し、必要なら手動で発行してください。",
        "{target} has settings that somebody changed since and has not released ({names}); alias {alias} is "
        "not moved to them. Check whether they may go out; if so, publish by hand.",
    ),
    # Reasons to ask a person.
    "caution.unreleased_settings": (
        "{target} のエイリアス {alias} に未リリースの設定差分があります（{names}）。"
        "発行すると一緒に反映されます。",
        "{target} has settings that alias {alias} does not serve yet ({names}); publishing releases them.",
    ),
    "caution.global_table": (
        "{target} はグローバルテーブルです。他のリージョンにも影響します。",
        "{target} is a global table; other Regions are affected.",
    ),
    "caution.hot_key": (
        "{target} は消費がキャパシティを大きく下回るのにスロットリングされています。"
        "特定キーへの集中が疑われ、オンデマンド化では直りません。",
        "{target} is throttled well under its throughput: likely a hot key, which on-demand does not cure.",
    ),
    "caution.load_unread": (
        "{target} の負荷を確認できません（{action}: {code}）。",
        "The load of {target} could not be read ({action}: {code}).",
    ),
    "caution.scaling_unread": (
        "{target} のオートスケーリング設定を確認できません（{action}: {code}）。",
        "The auto scaling of {target} could not be read ({action}: {code}).",
    ),
}
