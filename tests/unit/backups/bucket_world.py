"""S3 with versions, delete markers, lifecycle rules, and other people's objects in addition to the
service's."""
# ruff: noqa: N803 - the argument names are AWS's own

from datetime import timedelta
from typing import Any

from responder.core.errors import Denied, Missing, Rejected
from responder.core.plain_data import Json
from tests.fakes import FakeAws

KEY = "liveness-audit/abc/reference.jpg"
OTHER = f"{KEY}.of-another-person"


def rule(name: str, prefix: str, days: int, **more: Any) -> Json:
    return {
        "ID": name, "Status": "Enabled", "Filter": {"Prefix": prefix}, "Expiration": {"Days": days}, **more,
    }  # fmt: skip


class Bucket:
    """`rules` as deployed. `loses_rules`: what is written to them does not arrive."""

    def __init__(self, aws: FakeAws, status: str = "Enabled") -> None:
        self.aws, self.status, self.loses_rules, self.mfa = aws, status, False, ""
        self.versions: list[Json] = []
        self.markers: list[Json] = []
        self.rules = [rule("audit", "liveness-audit/", 90), rule("logins", "logins/", 30), rule("x", "x/", 5)]
        self.copied: list[Json] = []
        aws.answer("s3", "get_bucket_versioning", self._get_versioning)
        aws.answer("s3", "get_bucket_lifecycle_configuration", self._get_rules)
        aws.answer("s3", "put_bucket_lifecycle_configuration", self._put_rules)
        aws.answer("s3", "put_bucket_versioning", self._put_versioning)
        aws.answer("s3", "list_object_versions", self._list)
        aws.answer("s3", "delete_object", self._delete)
        aws.answer("s3", "copy_object", self._copy)

    def put(self, name: str, days: float, key: str = KEY) -> str:
        self.versions.insert(0, self._entry(name, days, key, Size=11))
        return name

    def mark(self, name: str, days: float, key: str = KEY) -> str:
        self.markers.insert(0, self._entry(name, days, key))
        return name

    def _get_versioning(self, Bucket: str) -> Json:
        given = {"Status": self.status, "MFADelete": self.mfa}
        return {name: value for name, value in given.items() if value}

    def _entry(self, name: str, days: float, key: str, **more: Any) -> Json:
        made = self.aws.now - timedelta(days=days)
        return {"Key": key, "VersionId": name, "LastModified": made, **more}

    def _list(self, Bucket: str, Prefix: str) -> Json:
        found = [each for each in (*self.versions, *self.markers) if each["Key"].startswith(Prefix)]
        newest = {
            key: max((each for each in found if each["Key"] == key), key=lambda each: each["LastModified"])
            for key in {each["Key"] for each in found}
        }
        given = [{**each, "IsLatest": each is newest[each["Key"]]} for each in found]
        kinds = {id(each["VersionId"]): each for each in given}
        versions = [each for each in kinds.values() if "Size" in each]
        return {
            "Versions": versions,
            "DeleteMarkers": [each for each in kinds.values() if "Size" not in each],
        }

    def _delete(self, Bucket: str, Key: str, VersionId: str) -> Json:
        assert VersionId not in [each["VersionId"] for each in self.versions]
        if self.mfa:
            raise Denied("s3", "DeleteObject", "AccessDenied")
        self.markers = [each for each in self.markers if each["VersionId"] != VersionId]
        return {}

    def _copy(self, **asked: Any) -> Json:
        self.copied.append(asked)
        return {}

    def _get_rules(self, Bucket: str) -> Json:
        if not self.rules:
            raise Missing("s3", "GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration")
        size = {"TransitionDefaultMinimumObjectSize": "all_storage_classes_128K"}
        return {"Rules": self.rules, **size}

    def _put_rules(self, LifecycleConfiguration: Json, **_: Any) -> Json:
        rules = LifecycleConfiguration["Rules"]
        forms = {"Filter" in each for each in rules}
        if len({each["ID"] for each in rules}) < len(rules) or len(forms) > 1:
            raise Rejected("s3", "PutBucketLifecycleConfiguration", "InvalidRequest")
        if self.mfa:
            raise Rejected("s3", "PutBucketLifecycleConfiguration", "InvalidBucketState")
        if not self.loses_rules:
            self.rules = rules
        return {}

    def _put_versioning(self, VersioningConfiguration: Json, **_: Any) -> Json:
        self.status = VersioningConfiguration["Status"]
        return {}
