"""What on-call is told of a change that concerns every incident, before it is made."""

MESSAGES: dict[str, tuple[str, str]] = {
    "notice.mode": (
        "{person} が{what}を変更します。",
        "{person} is changing a mode: {what}.",
    ),
    "notice.settings": (
        "{person} が設定文書を変更します。",
        "{person} is changing the settings document.",
    ),
    "notice.person": ("{person}: {before} → {after}", "{person}: {before} → {after}"),
    "notice.identities": ("{person}: ID を変更", "{person}: identities changed"),
    "notice.not_registered": ("登録なし", "not registered"),
    "notice.no_class": ("承認できる種類なし", "no class"),
    "notice.failed": (
        "{person} による変更は反映されていない可能性があります（{call}）。現在の値を確認してください。",
        "The change by {person} may not have been made ({call}). Check the present value.",
    ),
    "notice.not_sent": (
        "変更は有効ですが、オンコールに通知できませんでした（{call}）。",
        "The change is in effect, but on-call could not be told ({call}).",
    ),
}
