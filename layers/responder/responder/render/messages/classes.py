"""What each class of remedy is called, and what it means once it is done."""

MESSAGES: dict[str, tuple[str, str]] = {
    "class.lowers_security": ("セキュリティを下げる対応", "lowers security"),
    "class.costs_money": ("費用がかかる対応", "costs money"),
    "class.changes_code": ("動くコードを変える対応", "changes the code that runs"),
    "class.restores_configuration": ("設定を元に戻す対応", "restores configuration"),
    "class.never_applied": ("人だけが行う変更", "only ever done by a person"),
    "meaning.changes_code": (
        "前のバージョンのコードが動きます。そのバージョンより後の修正は効かなくなります。",
        "The previous version of the code runs. Whatever was mended since is gone.",
    ),
    "meaning.restores_configuration": (
        "期待される設定に戻します。ほかの設定には触れません。セキュリティには影響しません。",
        "The expected settings again, and no other. Security is not affected.",
    ),
    "meaning.costs": (
        "費用が増えます。セキュリティには影響しません。",
        "It costs money. Security is not affected.",
    ),
    "meaning.as_before": (
        "元の設定に戻します。セキュリティには影響しません。",
        "The old setting again. Security is not affected.",
    ),
    "meaning.restores": (
        "セキュリティを元に戻す方向の変更です。障害が続いていると、ログインできない利用者が増えます。",
        "This brings security back. While the fault lasts, more users cannot log in.",
    ),
    "meaning.lowers": ("セキュリティが下がります。", "Security is lowered."),
    "meaning.then": ("実施後: {what}", "Once done: {what}"),
}
