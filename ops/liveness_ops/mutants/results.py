"""Run inside a stage: what became of each mutant, as JSON on standard output."""

import json

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files


def results() -> list[dict[str, str]]:
    """Name, file, status, and the diff of every mutant that no test noticed."""
    found = []
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        for name, code in data.exit_code_by_key.items():
            status = status_by_exit_code[code]
            noticed = status in ("killed", "timeout")
            diff = "" if noticed else get_diff_for_mutant(name, path=path)
            found.append({"name": name, "file": str(path), "status": status, "diff": diff})
    return found


if __name__ == "__main__":
    print(json.dumps(results()))
