"""`make witness`: play the same scenarios on the local AWS and on moto, and print what differs."""

import argparse
import json
import os
import sys
from dataclasses import asdict

from local_aws.quick_sdk import quicken
from rehearsal.drill.build import SamError
from tests.witness.usable import NotUsable, check


def main() -> int:
    """1 where anything differs that is not named, or an entry names nothing; 2 where moto cannot be used."""
    parser = argparse.ArgumentParser(prog="witness", description=__doc__)
    parser.add_argument("--port", default="0", help="of moto's server; the system chooses without it")
    parser.add_argument("--responses", action="store_true", help="one response of each playbook, as JSON")
    options = parser.parse_args()
    try:
        port = check(options.port)
        quicken()
        from tests.witness import table
        from tests.witness.choice import responses
        from tests.witness.processes import play_all

        if not options.responses:
            return table.compared(port)
        sys.stdout.write(json.dumps({name: asdict(played) for name, played in play_all(responses())}))
    except (NotUsable, SamError) as stop:
        sys.stderr.write(f"{stop}\n")
        return 2
    return 0


if __name__ == "__main__":
    os.environ.update(AWS_ACCESS_KEY_ID="moto", AWS_SECRET_ACCESS_KEY="moto")
    sys.exit(main())
