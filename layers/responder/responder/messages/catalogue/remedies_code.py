"""What is said of code that goes back to its last version, and of variables that are put back."""

# ruff: noqa: E501 - a command is easier to review on one line

_MOVE = """\
aws lambda list-versions-by-function --region {region} --function-name {function} \\
  --query 'Versions[].[Version,LastModified,CodeSha256]' --output text
r=$(aws lambda get-alias --region {region} --function-name {function} --name ALIAS --query RevisionId --output text) &&
  aws lambda update-alias --region {region} --function-name {function} --name ALIAS \\
  --function-version VERSION --revision-id "$r\""""

MESSAGES: dict[str, tuple[str, str]] = {
    "obstacle.no_alias_to_move": (
        "{target} にエイリアスがなく、前のバージョンに向け直せません。前のリリースを cdk deploy してください。",
        "{target} has no alias that could be moved to the previous version; cdk deploy the previous release.",
    ),
    "obstacle.alias_serves_latest": (
        "{target} のエイリアス {alias} は $LATEST を指しており、前のバージョンが決まりません。",
        "Alias {alias} of {target} points at $LATEST, which has no previous version.",
    ),
    "obstacle.alias_takes_no_traffic": (
        "{target} のエイリアス {alias} は過去 1 時間呼び出されていません。向け直しても何も変わりません。",
        "Nothing came through alias {alias} of {target} in the last hour; moving it would change nothing.",
    ),
    "obstacle.newer_not_released": (
        "{target} のエイリアス {alias} はバージョン {version} ですが、同じコードの新しいバージョン {newest} が"
        "発行済みです。リリースの途中とみて動かしません。",
        "Alias {alias} of {target} serves version {version}, and version {newest} with the same code is published: "
        "somebody is releasing it, so it is not moved.",
    ),
    "obstacle.no_previous_version": (
        "{target} のエイリアス {alias} のバージョン {version} より前に、別のコードの有効なバージョンがありません。",
        "There is no active version with other code before version {version}, which alias {alias} of {target} serves.",
    ),
    "obstacle.previous_broken": (
        "{target} の前のバージョン {version} は、必要な環境変数がないか誤っているため、戻し先にできません: {names}",
        "The previous version {version} of {target} lacks variables or has them wrong, so nothing goes back to it: "
        "{names}",
    ),
    "obstacle.previous_lowers_threshold": (
        "{target} の前のバージョン {version} は {setting} が今より低く、戻すと本人確認が緩みます。",
        "The previous version {version} of {target} has a lower {setting}: going back would let more people pass.",
    ),
    "change.rolled_back_already": (
        "{target} は発行済みの最新 {newest} より前のバージョン {version} です"
        "（戻し済み、または {newest} が未リリース）。これ以上は戻しません。",
        "{target} serves version {version} although {newest} is published: rolled back already, or {newest} not "
        "released yet. It goes back no further.",
    ),
    "caution.rollback": (
        "バージョン {version} に戻す前に確認してください。{facts}",
        "Know this before it goes back to version {version}. {facts}",
    ),
    "caution.version_published": (
        "今のバージョン {version} は {at} のものです。",
        "The present version {version} is of {at}.",
    ),
    "caution.version_age_unknown": (
        "今のバージョン {version} の日時は分かりません。",
        "When the present version {version} was published is not known.",
    ),
    "caution.settings_same": (
        "設定（環境変数を含む）はどちらのバージョンも同じです。",
        "Both versions have the same settings and variables.",
    ),
    "caution.settings_go_back": (
        "設定も一緒に戻ります（異なる項目: {names}）。",
        "Their settings differ, and go back too: {names}.",
    ),
    "caution.settings_unreadable": (
        "環境変数を復号できず、違いを確認できません。",
        "The variables cannot be decrypted, so how they differ is not known.",
    ),
    "caution.alias_provisioned": (
        "プロビジョニング済み同時実行数 {amount} は前のバージョン用に確保し直され、その間はコールドスタートが増えます。",
        "The {amount} provisioned executions are allocated anew for that version; until then there are cold starts.",
    ),
    "caution.other_aliases": (
        "他のエイリアスも呼び出されていますが、動かしません（{names}）。",
        "Other aliases take traffic as well and are not moved: {names}.",
    ),
    "obstacle.no_expected_value": (
        "{target} の {setting} の正しい値がスタックのパラメーターにないため、修復できません。",
        "The stack's parameters give no value for {setting} of {target}, so it cannot be repaired.",
    ),
    "obstacle.repair_stays": (
        "{target} の修復は元に戻しません。修復前の誤った値は記録していません。",
        "The repair of {target} is not undone: the wrong values from before it are not on record.",
    ),
    "change.not_restored": (
        "{target} の {setting} はそのままにしました。修復前の誤った値には戻しません。",
        "{setting} of {target} was left as it is; a wrong value is not restored.",
    ),
    "step.alias_rollback_by_hand": (
        "直前のリリースが原因なら、エイリアスを前のバージョンに向け直す。ALIAS と VERSION を置き換えて実行する（バージョンごとの設定も一緒に戻る）。",
        "If the last release is the cause, point the alias back: put in ALIAS and VERSION. A version brings its own settings.",
    ),
    "command.alias_rollback_by_hand": (_MOVE, _MOVE),
}
