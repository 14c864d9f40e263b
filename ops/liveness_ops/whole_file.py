"""Files that are replaced as a whole."""

import tempfile
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """The file has this text, or is as it was; only its owner can read it. A link is replaced, not
    its target. Raises OSError."""
    if path.exists() and not path.is_file():
        # Such as /dev/null, which root could replace.
        path.write_text(text, encoding="utf-8")
        return
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.absolute().parent, prefix=".liveness-ops-", delete=False
    ) as file:
        fresh = Path(file.name)
        try:
            file.write(text)
            file.close()
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
