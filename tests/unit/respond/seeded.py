"""A scene without traffic, to be filled with described traffic."""

from rehearsal.world.lines import Format, lines
from rehearsal.world.points import of_requests
from rehearsal.world.traffic import Requests, unfold
from responder.core.settings import Settings
from responder.evidence.configuration import expected
from responder.respond.playbook import Playbook
from tests.unit.respond.scene import CREATE, RESULT, Scene

TABLE = Settings().sessions_table


class _Quiet(Scene):
    def requests(self, number: int) -> None:
        """None."""


def seeded(playbook: Playbook, *traffic: Requests, form: Format = Format.TEXT) -> Scene:
    """What these requests leave in the logs and in the metrics; the functions' variables are as expected."""
    found = _Quiet(playbook=playbook)
    variables = dict.fromkeys(expected(Settings()), "x") | {"LIVENESS_SESSIONS_TABLE": TABLE}
    for name in (CREATE, RESULT):
        found.aws.lambdas.add(name, variables, LoggingConfig={"LogFormat": form.setting})
    for request in unfold(traffic, found.aws.now):
        for at, line in lines(request, form):
            found.logs.put(request.function, at, line)
        for point in of_requests([request], ""):
            where = dict(point.dimensions)
            found.figures.put(point.namespace, point.metric, [(point.at, point.value)], **where)
    return found
