"""Which SDK runs here."""

import botocore


def version() -> str:
    """botocore's, `1.42.60`."""
    return str(botocore.__version__)
