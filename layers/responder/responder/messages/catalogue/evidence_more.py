"""What the looks at capacity, concurrency, denied calls and the images bucket say."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "evidence.look.capacity": (
        "セッションテーブルの容量と消費",
        "the capacity of the sessions table",
    ),
    "evidence.look.concurrency": ("Lambda の同時実行数", "the Lambda concurrency"),
    "evidence.look.reservation": (
        "Lambda の予約済み同時実行数と上限",
        "the reserved concurrency and its limits",
    ),
    "evidence.look.denied": ("権限エラーのログ", "the log lines of denied calls"),
    "evidence.look.bucket": ("画像バケットの設定", "the settings of the images bucket"),
    "evidence.capacity.throttled": (
        "{table}（{billing}）のスロットリング: 直近 15 分のうち {minutes} 分で {events} 件、1 時間で {hour} 件。",
        "{table} ({billing}) throttled: {events} events in {minutes} of the last 15 min, {hour} in 1 h.",
    ),
    "evidence.capacity.calm": (
        "{table}（{billing}）: 直近 1 時間、スロットリングはありません。",
        "{table} ({billing}): no throttling in 1 h.",
    ),
    "evidence.capacity.part": (
        "{name} の{kind}: スロットリング {events} 件、ピーク時の消費は毎秒 {peak} ユニット、プロビジョニング済みは毎秒 {provisioned} ユニット（直近 15 分）",
        "{name}, {kind}: {events} throttle events, {peak} units a second at the peak of {provisioned} provisioned (last 15 min)",
    ),
    "evidence.capacity.demand": (
        "{name} の{kind}: スロットリング {events} 件、ピーク時の消費は毎秒 {peak} ユニット（オンデマンド、直近 15 分）",
        "{name}, {kind}: {events} throttle events, {peak} units a second at the peak (on demand, last 15 min)",
    ),
    "evidence.capacity.maximum": (
        "オンデマンドの最大スループットが毎秒 {most} ユニットに設定されています",
        "its maximum on-demand throughput is set to {most} units a second",
    ),
    "evidence.capacity.limit": (
        "DynamoDB が示す理由: {limit} {events} 件",
        "named by DynamoDB: {limit}, {events} events",
    ),
    "evidence.capacity.hot": (
        "{name}: 一部のキーへの集中（ホットキー）の兆候があります。容量を増やしても解消しません",
        "{name}: signs of a hot key, which more capacity does not cure",
    ),
    "evidence.concurrency": (
        "{function}: Lambda のスロットリングは直近 15 分 {recent} 件、1 時間 {hour} 件。",
        "{function}: {recent} invocations throttled in 15 min, {hour} in 1 h.",
    ),
    "evidence.concurrency.peaks": (
        "直近 1 時間の同時実行数の最大: この関数 {own}、予約のない関数の合計 {shared}、アカウント全体 {account}",
        "Most at once in 1 h: this function {own}, all without a reservation {shared}, the whole account {account}",
    ),
    "evidence.reservation": (
        "{function}: 予約済み同時実行数は {reserved}（アカウントの上限 {account}、うち予約なし {unreserved}）。",
        "{function}: reserved concurrency {reserved} (limit of the account {account}, {unreserved} of it unreserved).",
    ),
    "evidence.reservation.none": (
        "{function}: 同時実行数の予約はありません（アカウントの上限 {account}、うち予約なし {unreserved} を共有）。",
        "{function}: no reserved concurrency; it shares {unreserved} unreserved (limit of the account {account}).",
    ),
    "evidence.reservation.off": (
        "{function}: 予約済み同時実行数が 0 です。すべての呼び出しが拒否されます。",
        "{function}: reserved concurrency is 0: every invocation is turned away.",
    ),
    "evidence.denied": (
        "権限エラー: 直近 15 分 {recent} 件、1 時間 {hour} 件、3 時間 {all} 件（同じ要求の同じ操作は 1 件と数える）。",
        "Access denied: {recent} in 15 min, {hour} in 1 h, {all} in 3 h (one per request and operation).",
    ),
    "evidence.denied.none": (
        "直近 3 時間のログに権限エラーはありません。",
        "The logs of the last 3 h show no denied call.",
    ),
    "evidence.denied.none_seen": (
        "読み取れたログの範囲に権限エラーはありません。",
        "The lines that could be read and understood show no denied call.",
    ),
    "evidence.denied.group": (
        "{function}: {action} の拒否 {count} 件（{code}、理由: {reason}、呼び出し元: {role}、対象: {target}）",
        "{function}: {action} of {role} denied on {target} ({code}, {reason}), {count}",
    ),
    "evidence.denied.unparsed": (
        "権限エラーを示すが、形式を読み取れない行: {count} 件",
        "{count} requests speak of a denial in a form that is not known",
    ),
    "evidence.bucket.absent": ("{bucket}: バケットが存在しません。", "{bucket}: there is no such bucket."),
    "evidence.bucket": (
        "{bucket} のバケットポリシーに、サービスを拒否するステートメントはありません。",
        "The policy of {bucket} has no statement that denies the service.",
    ),
    "evidence.bucket.denies": (
        "{bucket} のバケットポリシーに、サービスに適用される Deny があります。",
        "The policy of {bucket} has a Deny that meets the service.",
    ),
    "evidence.bucket.unread": (
        "{bucket} のバケットポリシーを読めませんでした。",
        "The policy of {bucket} could not be read.",
    ),
    "evidence.bucket.deny": ("{sid}: {actions} を常に拒否", "{sid} always denies {actions}"),
    "evidence.bucket.deny_if": (
        "{sid}: {actions} を条件付きで拒否（条件キー: {conditions}。条件に一致するかは判定していません）",
        "{sid} denies {actions} under conditions on {conditions}, which are not judged",
    ),
    "evidence.bucket.blocks": (
        "パブリックアクセスブロック: {names}（公開 ACL・公開ポリシーだけを拒否します）",
        "Public access block: {names} (it refuses public ACLs and policies only)",
    ),
    "evidence.bucket.open": (
        "パブリックアクセスブロックが設定されていません。顔画像のバケットなので、開発チームに伝えてください",
        "No public access block is set, on a bucket of faces: tell the developers",
    ),
    "evidence.bucket.encryption": ("既定の暗号化: {encryption}", "Default encryption: {encryption}"),
    "evidence.bucket.key": (
        "既定の暗号化: {encryption}、独自の KMS キー（キーの権限も必要）",
        "Default encryption: {encryption} with a KMS key of its own, whose rights are needed too",
    ),
    "evidence.bucket.not_read": ("読めなかった設定: {reason}", "A setting could not be read: {reason}"),
}
