"""How to act as the administrator of the local account."""

from __future__ import annotations

ACCOUNT = "123456789012"
# What ministack takes from every administrator.
SECRET = "test"  # noqa: S105  # pragma: allowlist secret


def environment(endpoint: str, region: str) -> dict[str, str]:
    """Variables for sam, the AWS CLI or any SDK; the caller's own AWS configuration is not used."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "SAM_CLI_TELEMETRY": "0",
        "NO_PROXY": "127.0.0.1,localhost",
    }
