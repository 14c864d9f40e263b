"""What the daily check says of the manual's dashboard."""

# ruff: noqa: E501 - a sentence is easier to review on one line

MESSAGES: dict[str, tuple[str, str]] = {
    "check.dashboard.what": ("ダッシュボード {name}", "the dashboard {name}"),
    "check.dashboard.there": (
        "ダッシュボード {name} があり、値を表示するウィジェットは {count} 個です。",
        "The dashboard {name} is there, with {count} widgets that show something.",
    ),
    "check.dashboard.missing": (
        "手順書のダッシュボード {name} がありません。",
        "The manual's dashboard {name} does not exist.",
    ),
    "check.dashboard.empty": (
        "手順書のダッシュボード {name} に、値を表示するウィジェットがありません（テキストのみ、または空）。",
        "The manual's dashboard {name} shows no figure: it has no widgets other than text.",
    ),
    "check.dashboard.missing.how": (
        "FaceAuth のスタックを再デプロイするか、開発チームに復旧を依頼してください。それまでは、このレポートの「主要な指標」で同じ値を確認できます",
        'Deploy the FaceAuth stack again, or ask the developers to restore it; until then this report shows the same values under "Key figures"',
    ),
}
