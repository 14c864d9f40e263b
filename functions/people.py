"""The one entry for people on call besides Slack: signed requests of the console, at a URL that AWS guards.

Who calls is who AWS says. It holds no remediation right: commands go to the alarms' own functions.
"""

from responder.people import function_url

handler = function_url.handle
needs = function_url.NEEDS
