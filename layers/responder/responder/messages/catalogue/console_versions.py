"""What the console says of the versions of the images bucket."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "ops.not_versioned": (
        "{bucket} はバージョニングが無効のため、戻せるバージョンがありません（liveness-ops enable-versioning）。",
        "{bucket} keeps no versions, so there is none to bring back (liveness-ops enable-versioning).",
    ),
    "ops.versioning_suspended": (
        "{bucket} のバージョニングは停止中です。コピーすると今のオブジェクトが完全に上書きされることがあるため、先に有効にしてください（liveness-ops enable-versioning）。",
        "Versioning of {bucket} is suspended: a copy may write over the object of now for good. Switch it on first (liveness-ops enable-versioning).",
    ),
    "ops.mfa_delete": (
        "{bucket} は MFA Delete が有効です。この操作は、MFA デバイスを持つルートユーザーだけが実行できます。",
        "{bucket} has MFA Delete on: only the root user with its MFA device can do this.",
    ),
    "ops.no_versions": ("このキーのバージョンはありません。", "There is no version of this key."),
    "ops.no_such_version": (
        "このキーにそのバージョンはありません。一覧から選んでください。",
        "This key has no such version; choose one of the list.",
    ),
    "ops.version_current": ("そのバージョンはすでに最新です。", "That version is the current one already."),
    "ops.version_past": (
        "{made} のこのバージョンは、{end} までの保存という約束を過ぎているため、戻しません。",
        "This version of {made} was promised to be kept until {end} at most; it is not brought back.",
    ),
    "ops.choose_version": (
        "--version で 1 つ選んでください。何も変更していません。",
        "Choose one with --version. Nothing was changed.",
    ),
    "ops.deletion_asked": (
        "本人からの削除依頼で消したものは戻さないでください。",
        "Do not bring back what somebody asked to have deleted.",
    ),
    "ops.copy_begins_anew": (
        "コピーの保存期間は今日から数え直されます。約束の {end} までに削除してください。",
        "The days of a copy are counted anew: delete it by {end}, as was promised.",
    ),
    "ops.object_changed": (
        "表示した後に、このオブジェクトが変更されました。もう一度実行してください。",
        "Somebody changed this object since it was shown; run it again.",
    ),
    "ops.object_restored": ("戻しました。", "It is back."),
    "ops.step_marker": (
        "削除マーカーを取り除く（元の日付のまま最新に戻ります）",
        "take its delete marker away: it is the current one again, as old as it was",
    ),
    "ops.step_copy": (
        "そのバージョンを最新としてコピーする（今のものは旧バージョンとして残ります）",
        "copy that version to be the current one; the one of now stays as an old version",
    ),
    "ops.versions": ("このキーのバージョン", "Versions of this key"),
    "ops.version_id": ("バージョン", "version"),
    "ops.version_made": ("作成", "made"),
    "ops.version_what": ("状態", "what"),
    "ops.version_size": ("バイト", "bytes"),
    "ops.version_marker": ("削除マーカー", "delete marker"),
    "ops.version_latest": ("最新", "current"),
    "ops.version_old": ("旧バージョン", "old version"),
    "ops.step_rules": (
        "旧バージョンの期限を加える（合わせて {days}+1 日まで。ほかのルールはそのまま）",
        "give old versions an end ({days}+1 days in all; other rules stay as they are)",
    ),
    "ops.step_versioning": ("バージョニングを有効にする", "switch versioning on"),
    "ops.versioning_on": (
        "{bucket} はバージョニングが有効で、旧バージョンにも期限があります。",
        "{bucket} keeps versions, and old ones have an end.",
    ),
    "ops.versions_endless": (
        "次のルールには旧バージョンの期限がなく、消した後も残り続けます: {rules}",
        "These rules have no end for old versions, which then stay for ever: {rules}",
    ),
    "ops.versions_stay": (
        "バージョニングは後から停止できますが、なくすことはできません。ルールのないプレフィックスでは、削除したものも旧バージョンとして残ります。",
        "Versioning can be suspended later, never removed. Under a prefix without a rule, what is deleted stays as an old version.",
    ),
    "ops.bucket_changed": (
        "表示した後に {bucket} の設定が変更されました。もう一度実行してください。",
        "Somebody changed the settings of {bucket} since they were shown; run it again.",
    ),
    "ops.rules_missing": (
        "{bucket} に旧バージョンの期限が確認できないため、バージョニングを有効にしません。",
        "The end of old versions is not in {bucket} yet, so versioning is not switched on.",
    ),
}
