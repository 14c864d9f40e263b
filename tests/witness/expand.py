"""What CloudFormation makes of our template, by SAM's own translator: template on stdin, template on stdout.

A program of the environment of the local AWS, which has the translator.
"""

import json
import sys
from typing import Any

from samtranslator.translator.transform import transform

SAM = "AWS::Serverless-2016-10-31"


class _NoPolicies:
    """Of the policies that AWS manages none is named in the template by its short name."""

    def load(self) -> dict[str, str]:
        return {}


def expand(template: dict[str, Any]) -> dict[str, Any]:
    """Without serverless types. `Fn::ToJsonString` stays: moto works it out."""
    plain: dict[str, Any] = transform({**template, "Transform": SAM}, {}, _NoPolicies())
    return plain


if __name__ == "__main__":
    json.dump(expand(json.load(sys.stdin)), sys.stdout)
