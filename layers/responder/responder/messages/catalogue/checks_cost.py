"""What the scheduled checks say of the cost."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "checks.cost": ("Rekognition のコスト", "the cost of Rekognition"),
    "checks.cost.look.forecast": ("今月のコスト予測", "the forecast of this month's cost"),
    "checks.cost.day": ("{day} {amount}", "{day} {amount}"),
    "checks.cost.day.high": (
        "{day} {amount}（目標の日割り額の 2 倍超）",
        "{day} {amount} (more than twice a day's share of the target)",
    ),
    "checks.cost.day.unusual": (
        "{day} {amount}（急増: それまでの 2 週間は、多い日でも {usual} 前後）",
        "{day} {amount} (a spike: in the two weeks before it even a busy day cost about {usual})",
    ),
    "checks.cost.day.unknown": ("{day} データなし", "{day} no data"),
    "checks.cost.days": (
        "Rekognition のコスト（集計済みの UTC 日）: {days}",
        "Cost of Rekognition (settled UTC days): {days}",
    ),
    "checks.cost.late": (
        "{day} はコストが 0 ですが、セッションは作成されています。Cost Explorer の集計遅れとみなしました",
        "{day} has no cost, yet sessions were created: Cost Explorer is taken to be late",
    ),
    "checks.cost.estimated": (
        "請求が確定するまでの見積額です。クレジットと返金は含みません",
        "Estimated until the bill is final; without credits and refunds",
    ),
    "checks.cost.to_date": (
        "今月（{month}、UTC）のコストは {spent}（{days} 日のうち {complete} 日分が集計済み）。目標は月 {target} 以下。",
        "This month ({month}, UTC) has cost {spent} so far ({complete} of {days} days are settled). Target: at most {target} a month.",
    ),
    "checks.cost.to_date.first": (
        "今月（{month}、UTC）は、集計済みの日がまだありません（{days} 日のうち {complete} 日、現在 {spent}）。目標は月 {target} 以下。",
        "This month ({month}, UTC) has no settled day yet ({complete} of {days}, {spent} so far). Target: at most {target} a month.",
    ),
    "checks.cost.forecast": (
        "{month} のコスト予測は {total}（目標 {floor}〜{target}）。",
        "{month} is forecast to cost {total} (expected: {floor} to {target}).",
    ),
    "checks.cost.pace": (
        "直近 7 日のペースでは、{month} のコストは {total} になります（目標 {floor}〜{target}）。",
        "At the pace of the last 7 days {month} will cost {total} (expected: {floor} to {target}).",
    ),
    "checks.cost.no_outlook": (
        "{month} のコストを見積もるためのデータがありません。",
        "There is no data to estimate the cost of {month} from.",
    ),
    "checks.cost.above": ("目標を {over} 超えます", "That is {over} above the target"),
    "checks.cost.below": (
        "想定の範囲を下回ります。セッション数と併せて確認してください",
        "That is below the expected range; compare it with the number of sessions",
    ),
    "checks.cost.nothing": (
        "Cost Explorer に Rekognition のコストはありません。",
        "Cost Explorer knows of no cost of Rekognition.",
    ),
    "checks.cost.looks_past": (
        "Cost Explorer に Rekognition のコストがありませんが、同じ期間にセッションが {sessions} 件作成されています。別のアカウントへの請求か、サービス名の違いが考えられます。",
        "Cost Explorer knows of no cost of Rekognition, yet {sessions} sessions were created in that time: another account is billed, or the service goes by another name.",
    ),
    "checks.cost.too_young": (
        "Cost Explorer のデータがまだ足りません（新しいアカウント、または有効化の直後）",
        "Cost Explorer has too little data yet (a new account, or it was just enabled)",
    ),
    "checks.cost.not_usd": (
        "Cost Explorer の金額が USD ではないため、USD の目標と比べられません",
        "The amounts of Cost Explorer are not in USD: they cannot be compared with a target in USD",
    ),
    "checks.cost.not_enabled": (
        "Cost Explorer が有効になっていない場合と、請求情報への IAM アクセスが無効の場合も、このエラーになります",
        "The same error comes where Cost Explorer is not enabled, or IAM access to billing is switched off",
    ),
    "checks.cost.week": (
        "Rekognition の 7 日間（{start} から {end}、UTC）のコスト: {total}。その前の 7 日間は {before}。",
        "Cost of Rekognition in 7 days ({start} to {end}, UTC): {total}; the 7 days before: {before}.",
    ),
    "checks.cost.missing_days": (
        "{count} 日分のデータがないため、合計は実際より小さい値です",
        "Days without data: {count}. The sums are too small by them",
    ),
    "checks.cost.chart": ("Rekognition のコスト（日別）", "Cost of Rekognition by day"),
    "checks.cost.month": (
        "{month} のコストは {total}、1 日平均 {a_day}。前月は {before}、1 日平均 {before_a_day}（目標は月 {floor}〜{target}）。",
        "{month} cost {total}, {a_day} a day. The month before: {before}, {before_a_day} a day (expected: {floor} to {target} a month).",
    ),
    "checks.cost.unsettled": (
        "{count} 日分は未集計のため、直近 7 日の 1 日平均で補いました",
        "Days that have not settled and count at the average of the last 7 days: {count}",
    ),
    "checks.cost.session": (
        "1 セッションあたりのコスト: {price}（{sessions} セッション）。通常は約 {usual}。",
        "Cost of one session: {price} ({sessions} sessions). Usual: about {usual}.",
    ),
    "checks.cost.session.dear": (
        "通常の {times} 倍です。セッション数に現れない利用（別のシステム、再試行、ほかの Rekognition 機能）がないか確認してください",
        "That is {times} times the usual: look for use that the sessions do not show (another system, retries, other features of Rekognition)",
    ),
}
