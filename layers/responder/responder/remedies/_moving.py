"""An alias as a target: compare which version it serves, then move it."""

from responder.errors import AwsError, Changed, Unreachable
from responder.gateway import Gateway
from responder.remedies._functions import Alias, alias_of
from responder.remedies._single import Target

_GONE = ""


def serves(alias: Alias) -> str:
    """The version's number; a canary's is never equal to a number, so it is never moved over."""
    return f"{alias.version} (weighted)" if alias.weighted else alias.version


def moving(aws: Gateway, target: str, held: Alias | None = None) -> Target[Alias]:
    """`target` is `function:alias`; `held` is the alias as it was just read."""
    function, name = target.rsplit(":", 1)
    last = held

    def read() -> Alias:
        nonlocal last
        last = alias_now(aws, function, name)
        return last

    def ours(error: Changed, wanted: str) -> Alias:
        # The SDK repeats a call whose answer was lost, and then meets the revision that it made itself.
        try:
            now = read()
        except AwsError:
            raise Unreachable("lambda", "UpdateAlias", error.code) from None
        if serves(now) != wanted:
            raise error
        return now

    def write(wanted: str) -> Alias:
        where = {"FunctionName": function, "Name": name, "FunctionVersion": wanted}
        expected = {"RevisionId": last.revision} if last is not None and last.revision else {}
        try:
            answer = aws.call("lambda", "update_alias", **where, **expected)
        except Changed as error:
            return ours(error, wanted)
        now = alias_of(answer)
        if serves(now) != wanted:
            raise Unreachable("lambda", "UpdateAlias", "UnexpectedAnswer")
        return now

    return Target(read, serves, lambda _: False, write)


def alias_now(aws: Gateway, function: str, name: str) -> Alias:
    """As it is now; one that is gone serves nothing."""
    pages = aws.pages("lambda", "list_aliases", FunctionName=function)
    found = (each for page in pages for each in page.get("Aliases", []) if each["Name"] == name)
    return next((alias_of(each) for each in found), Alias(name, _GONE, None, False, {}))
