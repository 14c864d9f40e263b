"""What `liveness-ops check` says around what it found."""

MESSAGES: dict[str, tuple[str, str]] = {
    "ops.checking": ("{rhythm}を実行しています…", "{rhythm} is running …"),
    "ops.check_page": ("レポート: {path}", "Report: {path}"),
    "ops.no_check": (
        "関数 {function} がありません。スタックを最新のテンプレートでデプロイしてください。",
        "There is no function {function}; deploy the stack with the current template.",
    ),
    "ops.accept_usage": (
        "liveness-ops check accept ID --until 日付 --reason 理由 のように指定してください。"
        "ID はレポートの各項目に表示されています。",
        "Give the finding's id and the last day: liveness-ops check accept ID --until DATE --reason TEXT. "
        "The report shows the id below each finding.",
    ),
    "ops.accept_day": (
        "{typed} は日付として読めません。2026-03-31 のように指定してください。",
        "{typed} is no day; write it like 2026-03-31.",
    ),
    "ops.unaccept_usage": (
        "liveness-ops check unaccept ID のように指定してください。"
        "ID は liveness-ops check accepted で確認できます。",
        "Give the finding's id: liveness-ops check unaccept ID. "
        "See the ids with liveness-ops check accepted.",
    ),
    "ops.accepted": ("受容された項目", "Accepted findings"),
    "ops.accepted_none": ("受容された項目はありません。", "Nothing is accepted."),
    "ops.finding_id": ("ID", "ID"),
    "ops.accepted_until": ("期限", "until"),
    "ops.accepted_who": ("受容した人", "by"),
    "ops.accepted_why": ("理由", "why"),
    "ops.check_not_written": (
        "{path} に書き込めません（{why}）。--page で別の場所を指定してください。",
        "{path} cannot be written ({why}); name another place with --page.",
    ),
}
