"""Each command of a page runs as it is, fixes the finding that it belongs to, and nothing else."""

import copy
import json
from datetime import datetime
from typing import Any

import pytest

from rehearsal.world.names import ACCOUNT, POLICY, ROLE, TABLE, bucket
from responder.checks.base import Check
from responder.checks.finding import RED
from responder.checks.model import CheckSection
from responder.checks.security.audit import Security
from responder.checks.storage.bucket import Storage
from responder.checks.storage.table import SessionsTable
from responder.core.errors import Denied
from responder.core.plain_data import Json
from responder.messages.language import say
from tests.fakes.lines import asked as asking
from tests.fakes.lines import requests
from tests.texts import piece
from tests.unit.checks.figures_world import about, check_words, reported
from tests.unit.checks.safe_world import (
    NOW,
    OUR_POLICY,
    OUR_ROLE,
    REPORTS,
    Safe,
    corrected,
    deployed,
    faults,
    item,
)

CHECKS: tuple[Check, ...] = (Storage(), SessionsTable(), Security())
STRANGER = "arn:aws:iam::999999999999:root"
AUDIT = "liveness-audit/"


def lines(section: CheckSection) -> list[str]:
    return [each.command for each in section.items if each.command]


def neglected() -> Safe:
    """Everything that can be wrong."""
    made = deployed()
    made.blocks = {name: {} for name in made.blocks}
    made.bucket_policies = {
        name: [{"Effect": "Allow", "Principal": "*", "Action": "s3:*"}] for name in (bucket(), REPORTS)
    }
    made.versioning, made.rules = "Suspended", []
    made.trust["Statement"][0]["Principal"] = {"Service": "lambda.amazonaws.com", "AWS": STRANGER}
    every: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    for name, policy in ((ROLE, POLICY), (OUR_ROLE, "HighErrorRateRolePolicy0")):
        made.inline[name][policy] = {"Statement": [every]}
        made.inline[name]["More"] = {"Statement": [every]}
        made.attached[name].append("arn:aws:iam::aws:policy/AdministratorAccess")
    made.managed["arn:aws:iam::aws:policy/AdministratorAccess"] = {"Statement": [every]}
    made.managed[OUR_POLICY] = {"Statement": [every]}
    made.our_trust["Statement"][0]["Principal"] = {"AWS": STRANGER}
    made.pitr = dict.fromkeys(made.pitr, "DISABLED")
    made.ttl = {"TimeToLiveStatus": "DISABLED"}
    made.tables[TABLE]["SSEDescription"] = {
        "Status": "ENABLED",
        "KMSMasterKeyArn": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1",
        "InaccessibleEncryptionDateTime": NOW,
    }
    made.layers.append("arn:aws:lambda:us-east-1:999999999999:layer:helper:1")
    return made


@pytest.mark.parametrize("check", CHECKS, ids=lambda each: each.name)
def test_every_line_is_one_that_aws_takes(check: Check) -> None:
    section = neglected().run(check)
    check_words(section)
    asked = [each for line in lines(section) if line.startswith(("aws ", "if [ ")) for each in requests(line)]
    assert asked
    # The unusable key is only shown, like whatever only a person can judge.
    writes = [each for each in asked if not each.operation.startswith(("get_", "list_", "describe_"))]
    assert writes


def rule(prefix: str, days: int, **more: Any) -> Json:
    return {
        "ID": prefix,
        "Status": "Enabled",
        "Filter": {"Prefix": prefix},
        "Expiration": {"Days": days},
        **more,
    }


def after(made: Safe) -> Safe:
    """The same once the shown rules were put."""
    found = [each for each in lines(made.storage()) if "lifecycle" in each]
    assert len(set(found)) == 1
    _, (_, operation, asked) = requests(found[0])
    assert operation == "put_bucket_lifecycle_configuration"
    rules = asked["LifecycleConfiguration"]["Rules"]
    ids = [each["ID"] for each in rules]
    assert len(ids) == len(set(ids))  # S3: Rule ID must be unique
    assert {"Filter" in each for each in rules} == {True}  # S3: not together with a bare Prefix
    made.rules = rules
    return made


def test_rules_of_the_old_kind_are_written_the_new_way_and_mean_the_same() -> None:
    made = deployed()
    made.rules = [
        {"ID": "1", "Status": "Enabled", "Prefix": "other/", "Expiration": {"Days": 7}},
        {"ID": "2", "Status": "Enabled", "Prefix": AUDIT, "Expiration": {"Days": 400}},
    ]
    assert faults(after(made).storage()) == {}
    assert made.rules[0] == {
        "ID": "1", "Status": "Enabled", "Filter": {"Prefix": "other/"}, "Expiration": {"Days": 7},
    }  # fmt: skip


def test_a_rule_that_shares_its_id_with_the_one_to_be_made_is_kept_beside_it() -> None:
    made = deployed()
    narrowed = rule(AUDIT, 90, Filter={"And": {"Prefix": AUDIT, "Tags": [{"Key": "a", "Value": "b"}]}})
    made.rules[2] = copy.deepcopy(narrowed)
    assert faults(after(made).storage()) == {}
    assert made.rules[2] == narrowed


def test_a_rule_that_is_switched_off_and_does_more_than_end_objects_stays_off() -> None:
    made = deployed()
    off = rule(AUDIT, 90, Status="Disabled", Transitions=[{"Days": 30, "StorageClass": "GLACIER"}])
    made.rules[2] = copy.deepcopy(off)
    assert faults(after(made).storage()) == {}
    assert made.rules[2] == off


def test_what_another_rule_ends_too_soon_no_further_rule_can_keep() -> None:
    made = deployed()
    made.rules.append(rule("", 7, ID="all"))
    section = made.storage()
    found = about(section, "check.storage.too_short")
    assert found.command.startswith("aws s3api get-bucket-lifecycle-configuration ")
    assert piece("check.storage.by_hand.other") in reported(found)
    check_words(section)


def test_a_list_too_long_to_paste_is_shown_instead() -> None:
    made = deployed()
    made.rules = [rule(f"other-{number}/", 7) for number in range(100)]
    section = made.storage()
    found = about(section, "check.storage.never")
    assert found.command.startswith("aws s3api get-bucket-lifecycle-configuration ")
    assert piece("check.storage.by_hand.long") in reported(found)
    check_words(section)


def test_the_least_size_of_a_transition_stays_as_it_was_set() -> None:
    made = deployed()
    made.smallest = "varies_by_storage_class"
    del made.rules[2]
    _, asked = requests(item(made.storage(), "check.storage.never", AUDIT).command)
    assert asked.arguments["TransitionDefaultMinimumObjectSize"] == "varies_by_storage_class"


def test_while_versions_are_unknown_the_rules_reported_hold_with_them_as_well() -> None:
    made = deployed()
    made.rules = made.rules[:1]
    made.refuse(Denied, "AccessDenied", ("s3", "get_bucket_versioning"))
    _, asked = requests(about(made.storage(), "check.storage.never").command)
    rules = asked.arguments["LifecycleConfiguration"]["Rules"]
    assert all("NoncurrentVersionExpiration" in each for each in rules)


def test_an_attribute_named_like_a_command_is_none() -> None:
    made = corrected()
    made.ttl["AttributeName"] = "a;reboot"
    found = item(made.table(), "check.table.ttl.other")
    assert found.light is RED
    _, (_, _, asked) = requests(found.command)
    assert asked["TimeToLiveSpecification"] == {"Enabled": False, "AttributeName": "a;reboot"}


def cautioned(made: Safe) -> tuple[str, str]:
    """The caution with the command about the rules, and that command."""
    (found,) = [each for each in made.storage().items if each.command]
    assert found.caution is not None
    return say(found.caution, "en"), found.command


def test_rules_are_written_only_while_they_are_as_they_were_judged() -> None:
    made = deployed()
    made.rules[2]["Expiration"] = {"Days": 365}
    made.rules.append(rule("old/", 1, Expiration={"Date": NOW}))
    (asked,) = asking(cautioned(made)[1])
    written = json.loads(json.dumps(made.rules, default=datetime.isoformat))
    assert asked.holds({"Rules": written})
    assert not asked.holds({"Rules": [*written, rule("mine/", 7)]})
    assert not asked.holds({})


def test_rules_for_a_bucket_without_any_are_written_only_while_s3_says_that_it_has_none() -> None:
    made = deployed()
    made.rules = []
    (asked,) = asking(cautioned(made)[1])
    assert asked.holds({"Error": {"Code": "NoSuchLifecycleConfiguration"}})
    assert not asked.holds({"Error": {"Code": "AccessDenied"}})
    assert not asked.holds({"Rules": [rule("mine/", 7)]})


def test_a_shorter_lifecycle_says_which_images_are_deleted_for_good_and_whom_to_ask() -> None:
    made = deployed()
    made.rules[2]["Expiration"] = {"Days": 365}
    said, _ = cautioned(made)
    assert "objects of liveness-audit/ older than 90 days (currently kept until day 365)" in said
    assert "logins/" not in said
    assert piece("check.storage.caution") in said
    made.rules, made.versioning = made.rules[:2], "Enabled"
    said, _ = cautioned(made)
    assert "all objects of liveness-audit/ older than 90 days" in said
    assert "old versions of temp/" in said


def test_a_longer_lifecycle_says_that_it_deletes_nothing_and_whom_to_ask() -> None:
    made = deployed()
    made.rules[2]["Expiration"] = {"Days": 30}
    assert cautioned(made)[0].startswith(piece("check.storage.caution.longer"))
