"""What is logged, for tests that read it."""

import logging


class LogLines(logging.Handler):
    """Everything that is logged, also below the level at which it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    @property
    def text(self) -> str:
        return "\n".join(map(logging.Formatter().format, self.records))
