"""Would every remedy work right now: what the check of readiness says."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    # Remedies.
    "check.ready.can": (
        "「{remedy}」は今すぐ実行できる状態です（{target}）。",
        "Ready: {remedy} ({target}).",
    ),
    "check.ready.already": (
        "「{remedy}」は不要です。すでに望ましい状態です（{target}）。",
        "Not needed, all is so already: {remedy} ({target}).",
    ),
    "check.ready.in_force": (
        "「{remedy}」がすでに効いています（{target}）。元に戻すか確認してください。",
        "In force: {remedy} ({target}). See whether it should be taken back.",
    ),
    "check.ready.amiss": (
        "「{remedy}」が必要です。環境変数が今、正しくありません（{target}）。",
        "Needed now, variables are missing or wrong: {remedy} ({target}).",
    ),
    "check.ready.asks": (
        "「{remedy}」は今は自動では行われず、承認を求めます（{target}）。",
        "It would ask first: {remedy} ({target}).",
    ),
    "check.ready.cannot": (
        "「{remedy}」は今は実行できません（{target}）。",
        "It would be refused: {remedy} ({target}).",
    ),
    "check.ready.remedy_unread": (
        "「{remedy}」を実行できるか確認できません（{target}）。",
        "Not known whether it would work: {remedy} ({target}).",
    ),
    "check.ready.written_only": (
        "「{remedy}」は文面で示すだけで、実行することはありません。",
        "Only ever written down: {remedy}.",
    ),
    "check.ready.change": (
        "{target} の {setting}: {before} → {after}",
        "{setting} of {target}: {before} -> {after}",
    ),
    "check.ready.stands": ("{target} の {setting}: {value}", "{setting} of {target}: {value}"),
    "check.ready.until": ("{reason}（{until} まで）", "{reason} (until {until})"),
    "check.ready.alias_by_cdk": (
        "エイリアスは CDK で作り、API Gateway から呼び出すようにしてください。"
        "手で作ると次の cdk deploy で古くなり、ほかの対応まで実行できなくなります。",
        "Make the alias in the CDK stack, and let API Gateway call it there: made by hand, it falls behind the "
        "next deployment and stands in the way of other remedies.",
    ),
    "check.ready.ledger_unread": (
        "対応の記録を読めません。{reason}。",
        "The record of remedies could not be read: {reason}.",
    ),
    # Functions and their runtimes.
    "check.ready.functions": (
        "対象の {count} 関数はすべて Active で、直前の更新も成功しています。",
        "All {count} functions are Active, and their last updates succeeded.",
    ),
    "check.ready.functions_odd": (
        "今は設定を変更できない関数が {count} 個あります。",
        "Functions that cannot be changed as they stand: {count}.",
    ),
    "check.ready.function_state": (
        "{function}: State {state}、LastUpdateStatus {update}",
        "{function}: State {state}, LastUpdateStatus {update}",
    ),
    "check.ready.function_idle": (
        "長く呼び出されていない関数は Inactive になり、次の呼び出しで Active に戻ります。",
        "A function that nobody called for long becomes Inactive; the next call makes it Active again.",
    ),
    "check.ready.function_unread": (
        "関数 {function} を確認できません。{reason}。",
        "{function} could not be read: {reason}.",
    ),
    "check.ready.updates": (
        "AWS が関数の更新を受け付けなくなるまで、あと {days} 日です。",
        "AWS takes updates of these functions for {days} more days.",
    ),
    "check.ready.updates_unsupported": ("{unsupported} {updates}", "{unsupported} {updates}"),
    "check.ready.unsupported": (
        "{runtime} は AWS のサポートが {end} に終了しており、セキュリティパッチが提供されません（{names}）。新しいランタイムへの移行を開発チームに依頼してください。",
        "AWS ended its support of {runtime} on {end}: it gets no security patches ({names}). Ask the developers to move to a newer runtime.",
    ),
    "check.ready.updates_refused": (
        "AWS が更新を受け付けないランタイムの関数があります。設定の変更による対応はできません。",
        "AWS takes no updates of some functions any more; no remedy can change their configuration.",
    ),
    "check.ready.runtimes_unknown": (
        "ランタイムの更新期限が分かりません。",
        "How long AWS takes updates of these runtimes is not known.",
    ),
    "check.ready.runtime": (
        "{runtime}（{names}）: {end} から更新不可（あと {days} 日）",
        "{runtime} ({names}): no updates from {end}, {days} days left",
    ),
    "check.ready.runtime_over": (
        "{runtime}（{names}）: {end} から更新できません。",
        "{runtime} ({names}): no updates since {end}.",
    ),
    "check.ready.runtime_unknown": (
        "{runtime}（{names}）: 期限の表にないランタイムです。",
        "{runtime} ({names}): not in our table of dates.",
    ),
    "check.ready.dates_old": (
        "ランタイムの期限の表は {checked} に確認したもので、{days} 日たっています。"
        "AWS のページと照らし合わせて更新してください。",
        "The dates of runtimes were compared with AWS's page on {checked}, {days} days ago; do it again.",
    ),
    "check.ready.sdk": (
        "SDK は十分に新しいです（botocore {version}、必要なのは {oldest} 以上）。",
        "The SDK is new enough: botocore {version}, {oldest} is needed.",
    ),
    "check.ready.sdk_old": (
        "SDK が古すぎます（botocore {version}、必要なのは {oldest} 以上）。"
        "フォローアップとミュートの確認が失敗します。",
        "The SDK is too old: botocore {version}, {oldest} is needed. Following incidents would fail.",
    ),
    "check.ready.sdk_unknown": (
        "SDK のバージョンが分かりません（必要なのは botocore {oldest} 以上）。",
        "The SDK's version is not known; botocore {oldest} is needed.",
    ),
    # The table.
    "check.ready.table": (
        "{table} とインデックスは ACTIVE です（{billing}）。",
        "{table} and its indexes are ACTIVE ({billing}).",
    ),
    "check.ready.table_odd": (
        "{table} またはインデックスが ACTIVE ではありません（{state}）。",
        "{table} or an index is not ACTIVE ({state}).",
    ),
    "check.ready.index_missing": (
        "テーブル {table} にインデックス {index} がありません（あるもの: {found}）。インデックスの"
        "スロットリングは検知できません。名前が異なる場合は SessionsIndexName を指定してデプロイしてください。",
        "Table {table} has no index {index} (it has: {found}), so throttling of the index is not "
        "detected. If the index has another name, deploy with SessionsIndexName.",
    ),
    "check.ready.stack_missing": (
        "サービスのスタック {stack} がありません。サービスのデプロイを障害の原因として認識できません。"
        "名前が異なる場合は ServiceStackName を指定してデプロイしてください。",
        "The service's stack {stack} does not exist, so its deployments are not recognized as a cause. "
        "If it has another name, deploy with ServiceStackName.",
    ),
    "check.ready.stack_unread": (
        "サービスのスタック {stack} を確認できません。{reason}。",
        "The service's stack {stack} could not be read: {reason}.",
    ),
    "check.ready.table_unread": (
        "テーブル {table} を確認できません。{reason}。",
        "{table} could not be read: {reason}.",
    ),
    "check.ready.switches": (
        "オンデマンドへの切り替えは、24 時間であと {left} 回できます（上限 {limit} 回）。",
        "{left} of {limit} switches to on-demand are left in these 24 h.",
    ),
    "check.ready.switches_unknown": (
        "オンデマンドへの切り替えがあと何回できるか分かりません（上限 {limit} 回）。",
        "How many of {limit} switches to on-demand are left is not known.",
    ),
}
