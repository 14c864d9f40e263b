"""What `liveness-ops check` says around what it found."""

MESSAGES: dict[str, tuple[str, str]] = {
    "ops.checking": ("{rhythm}を実行しています…", "{rhythm} is running …"),
    "ops.check_page": ("レポート: {path}", "Report: {path}"),
    "ops.no_check": (
        "関数 {function} がありません。スタックを最新のテンプレートでデプロイしてください。",
        "There is no function {function}; deploy the stack with the current template.",
    ),
    "ops.check_not_written": (
        "{path} に書き込めません（{why}）。--page で別の場所を指定してください。",
        "{path} cannot be written ({why}); name another place with --page.",
    ),
}
