"""What on-call is told of a change that concerns every incident."""

MESSAGES: dict[str, tuple[str, str]] = {
    "notice.mode": (
        "{person}（{principal}）が{what}を変更しました。",
        "{person} ({principal}) changed a mode: {what}.",
    ),
    "notice.settings": (
        "{person}（{principal}）が設定文書を変更しました。",
        "{person} ({principal}) changed the settings document.",
    ),
    "notice.person": ("{person}: {before} → {after}", "{person}: {before} → {after}"),
    "notice.identities": ("{person}: ID を変更", "{person}: identities changed"),
    "notice.not_registered": ("登録なし", "not registered"),
    "notice.no_class": ("承認できる種類なし", "no class"),
    "notice.not_sent": (
        "変更は有効ですが、オンコールに通知できませんでした（{call}）。",
        "The change is in effect, but on-call could not be told ({call}).",
    ),
}
