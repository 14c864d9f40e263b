"""Names of the service's parts: where one is missing, what is called alike. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from liveness_ops.preflight.facts import FUNCTIONS, ROLLOUT, Found
from liveness_ops.preflight.form import Form
from responder.core.settings import CORRECTED

_SERVICE = "faceauth"
BUCKET, TABLE, INDEX = "ImagesBucketName", "SessionsTableName", "SessionsIndexName"
ROLE, STACK = "ServiceRoleName", "ServiceStackName"
# Of a stack deleted long ago nothing can be answered.
_GONE = "DELETE_COMPLETE"


def adopt(form: Form, found: Found) -> Form:
    """The form with what is called otherwise than its defaults: only where there is one candidate, whose name
    has the service's in it too. What a person has given, now or to the deployed stack, stays."""
    named = {name: alike[0] for name, alike in missing(form, found) if len(alike) == 1 and _sure(alike[0])}
    role = _role(form, found)
    if role:
        named[ROLE] = role
    if found.indexes is not None and form.value(INDEX) not in found.indexes and len(found.indexes) == 1:
        (named[INDEX],) = found.indexes
    adopted = {name: value for name, value in named.items() if not form.chosen(name)}
    return replace(form, found={**form.found, **adopted})


def missing(form: Form, found: Found) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each parameter whose thing is not there, with what is called alike."""
    for parameters, names in _kinds(form, found):
        if names is None:
            continue
        taken = {expected(form, each) for each in parameters}
        for parameter in parameters:
            if expected(form, parameter) not in names:
                free = (each for each in names if each not in taken)
                yield parameter, tuple(sorted(_alike(form, parameter, parameters, free)))


def expected(form: Form, parameter: str) -> str:
    """The name that the deployment is going to look after."""
    default = f"face-auth-images-{form.account}-{form.region}" if parameter == BUCKET else ""
    return form.value(parameter) or default


def _kinds(form: Form, found: Found) -> Iterator[tuple[tuple[str, ...], Iterable[str] | None]]:
    yield FUNCTIONS, found.functions
    yield tuple(form.alarms()), found.alarms
    yield (TABLE,), found.tables
    yield (BUCKET,), found.buckets
    stacks = found.stacks
    live = None if stacks is None else {name for name, status in stacks.items() if status != _GONE}
    yield (STACK,), live


def _alike(form: Form, parameter: str, parameters: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """ReEnrollment has Enrollment in it: a name belongs to the longest that it has."""
    cores = {each: _core(str(form.template["Parameters"][each]["Default"]), each) for each in parameters}
    for name in names:
        fitting = [each for each, core in cores.items() if core in _plain(name)]
        best = max(fitting, key=lambda each: len(cores[each]), default="")
        if best == parameter and not name.endswith(CORRECTED) and name != form.stack:
            yield name


def _core(default: str, parameter: str) -> str:
    """What a name has to have in it."""
    # Neither has a default of its own besides the service's name.
    fixed = {STACK: _SERVICE, BUCKET: f"{_SERVICE}images"}
    return fixed.get(parameter) or _plain(default).replace(_SERVICE, "")


def _plain(name: str) -> str:
    return "".join(each for each in name.lower() if each.isalnum())


def _sure(name: str) -> bool:
    return _SERVICE in _plain(name)


def _role(form: Form, found: Found) -> str:
    """The role that all of the rollout functions run under, where it is not the form's."""
    functions = found.functions or {}
    used = {functions[form.value(each)].role for each in ROLLOUT if form.value(each) in functions}
    return used.pop() if len(used) == 1 and form.value(ROLE) not in used else ""
