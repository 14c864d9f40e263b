"""What the looks at configuration, table, changes, health and access say."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "evidence.configuration": (
        "{function}: {runtime}、{memory} MB、タイムアウト {timeout} 秒、最終更新 {modified}。",
        "{function}: {runtime}, {memory} MB, time-out {timeout} s, last modified {modified}.",
    ),
    "evidence.configuration.state": ("関数の状態が {state} です。", "The function's state is {state}."),
    "evidence.configuration.update": (
        "更新の状態が {status} です。",
        "The status of its last update is {status}.",
    ),
    "evidence.configuration.missing": (
        "環境変数がありません: {names}",
        "Environment variables missing: {names}",
    ),
    "evidence.configuration.wrong": (
        "環境変数の値が想定と異なります: {names}",
        "Environment variables with another value than expected: {names}",
    ),
    "evidence.configuration.unread": (
        "{function}: 設定を読めませんでした（{reason}）。",
        "{function}: the configuration could not be read ({reason}).",
    ),
    "evidence.configuration.unreadable": (
        "環境変数を復号できません（KMS キーの権限）。関数自身も同じ原因で失敗している可能性があります。",
        "The environment variables cannot be decrypted (rights on the KMS key); the function itself may fail for the same reason.",
    ),
    "evidence.configuration.refused": (
        "{runtime} は {since} 以降、AWS が関数の更新を受け付けません。設定変更による対応はできません。",
        "AWS has refused updates of {runtime} functions since {since}: remedies that change the configuration cannot work.",
    ),
    "evidence.configuration.ended": (
        "{runtime} のサポートは {ended} に終了しました。{refused} 以降は更新できなくなります。",
        "Support of {runtime} ended on {ended}; updates are refused from {refused}.",
    ),
    "evidence.configuration.unknown_runtime": (
        "{runtime} のサポート期限は手元の表にありません。AWS の一覧を確認してください。",
        "The table of runtime dates does not know {runtime}: look at AWS's list.",
    ),
    "evidence.configuration.old_table": (
        "ランタイム期限の表は {checked} に確認したもので、古くなっています。",
        "The table of runtime dates was last checked on {checked} and is old.",
    ),
    "evidence.configuration.vpc": (
        "VPC 内の関数です。外への通信は NAT を通り、設定の更新には 1 分ほどかかります。",
        "The function runs in a VPC: its calls go through NAT, and updates take about a minute.",
    ),
    "evidence.table.absent": ("{table}: テーブルが存在しません。", "{table}: there is no such table."),
    "evidence.table": (
        "{table}: 課金モード {billing}、状態 {status}。",
        "{table}: billing mode {billing}, status {status}.",
    ),
    "evidence.table.units": (
        "{name}: 読み込み {read}、書き込み {write}（毎秒）、状態 {status}",
        "{name}: {read} read and {write} write units a second, status {status}",
    ),
    "evidence.pressure.throttled": (
        "DynamoDB のスロットリング: 直近 15 分のうち {minutes} 分で {events} 件。",
        "DynamoDB throttled: {events} events in {minutes} of the last 15 min.",
    ),
    "evidence.pressure.calm": (
        "直近 15 分、DynamoDB のスロットリングはありません。",
        "No DynamoDB throttling in the last 15 min.",
    ),
    "evidence.pressure.hour": (
        "直近 1 時間では {events} 件",
        "{events} events in the last hour",
    ),
    "evidence.pressure.part": ("{name}: スロットリング {events} 件", "{name}: {events} throttle events"),
    "evidence.pressure.consumed": (
        "{name}: ピーク時の消費は毎秒、読み込み {read}、書き込み {write}",
        "{name}: {read} read and {write} write units a second consumed at the peak",
    ),
    "evidence.pressure.latency": (
        "{operation}: 平均 {milliseconds} ms",
        "{operation}: {milliseconds} ms on average",
    ),
    "evidence.pressure.system_errors": (
        "DynamoDB の内部エラー {count} 件",
        "{count} internal errors of DynamoDB",
    ),
    "evidence.changes": (
        "{since} 以降の変更は {count} 件。アラーム前の 1 時間には見つかりません（CloudTrail には {until} ごろまでの記録）。",
        "Changes since {since}: {count}, none found in the hour before the alarm (CloudTrail shows calls up to about {until}).",
    ),
    "evidence.changes.suspect": (
        "アラーム前の 1 時間に {count} 件の変更がありました。",
        "Changes in the hour before the alarm: {count}.",
    ),
    "evidence.changes.none": (
        "{since} 以降、{watched}の変更は見つかりません（CloudTrail には {until} ごろまでの記録）。",
        "No change of {watched} found since {since} (CloudTrail shows calls up to about {until}).",
    ),
    "evidence.changes.known_only": (
        "{since} 以降、{watched}の変更は、この自動対応と自動スケーリングによるものだけです（CloudTrail には {until} ごろまでの記録）。",
        "No change of {watched} found since {since} but those of this automation and of automatic scaling (CloudTrail shows calls up to about {until}).",
    ),
    "evidence.changes.capped": (
        "書き込みが多いため、CloudTrail は {since} より前を確認していません。",
        "CloudTrail was not read before {since}: too many writes in this account.",
    ),
    "say.dependency.function": ("関数 {count} つ", "{count} functions"),
    "say.dependency.stack": ("スタック", "the stack"),
    "say.dependency.role": ("実行ロール", "the execution role"),
    "say.dependency.policy": ("管理ポリシー {count} つ", "{count} managed policies"),
    "say.dependency.table": ("テーブル", "the table"),
    "say.dependency.bucket": ("バケット", "the bucket"),
    "say.dependency.key": ("KMS キー {count} つ", "{count} KMS keys"),
    "evidence.changes.by": (
        "{at}（{when}） {target}: {what}（{by}）",
        "{at} ({when}) {target}: {what} by {by}",
    ),
    "evidence.changes.unnamed": ("{at}（{when}） {target}: {what}", "{at} ({when}) {target}: {what}"),
    "evidence.changes.ours": (
        "{at}（{when}） {target}: {what}（この自動対応による変更）",
        "{at} ({when}) {target}: {what} by this automation",
    ),
    "evidence.changes.scaling": (
        "{at}（{when}） {target}: {what}（自動スケーリングによる変更）",
        "{at} ({when}) {target}: {what} by automatic scaling",
    ),
    "evidence.changes.before": ("アラームの {minutes} 分前", "{minutes} min before the alarm"),
    "evidence.changes.after": ("アラームの {minutes} 分後", "{minutes} min after the alarm"),
    "evidence.changes.modified": ("関数の更新", "function modified"),
    "evidence.changes.version": ("バージョン {version} の発行", "version {version} published"),
    "evidence.changes.call": ("{operation}", "{operation}"),
    "evidence.changes.stack": ("スタックの状態 {status}", "stack {status}"),
    "evidence.changes.unasked": (
        "{source} は確認できませんでした: {reason}",
        "{source} could not be asked: {reason}",
    ),
    "evidence.health": (
        "AWS Health に関連サービスの障害情報が {count} 件あります。",
        "AWS Health reports issues of the services we depend on: {count}.",
    ),
    "evidence.health.none": (
        "AWS Health に直近 {hours} 時間の障害情報はありません（{services}）。",
        "AWS Health reports no issue in the last {hours} h ({services}).",
    ),
    "evidence.health.event": ("{service}: {code}（{start} から）", "{service}: {code} (since {start})"),
    "evidence.access.policy_absent": (
        "{role} にポリシー {policy} がありません。",
        "{role} has no policy {policy}.",
    ),
    "evidence.access.role_absent": ("ロール {role} が存在しません。", "There is no role {role}."),
    "evidence.access": (
        "{role} の {policy} は、必要な操作をすべて許可しています。",
        "{policy} of {role} allows every action the service needs.",
    ),
    "evidence.access.missing": (
        "{role} の {policy} が許可していない操作: {actions}",
        "Not allowed by {policy} of {role}: {actions}",
    ),
    "evidence.access.attached": (
        "ほかに付いているポリシー（未判定）: {names}",
        "Also attached, not judged: {names}",
    ),
    "evidence.access.limits": (
        "対象リソースの範囲、管理ポリシー、権限境界、SCP、バケットポリシーは判定していません。",
        "Resources, attached policies, permission boundary, SCPs and bucket policies are not judged.",
    ),
}
