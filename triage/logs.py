"""The log: one JSON event a line on standard error, and nothing of what people wrote."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]


class ToStandardError(logging.Handler):
    """Writes to what standard error is now, which need not be what it was at the start."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except (OSError, ValueError):  # whoever read our standard error has gone; we go on
            pass


def set_up_logs(level: str) -> None:
    """Send our events and those of every library to standard error as JSON from ``level`` on."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_contents,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )
    lines = ToStandardError()
    lines.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [lines]
    root.setLevel(level)
    for chatty in ("dbos", "alembic", "sqlalchemy", "urllib3", "botocore"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


def without_contents(_logger: Any, _method: str, event: Event) -> Event:
    """Replace an exception by its type and place: its words may quote a complaint."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if type(given) is tuple else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at"] = places(error)
    event.pop("stack_info", None)
    return event


def places(error: BaseException, most: int = 12) -> list[str]:
    """Where an exception came from, innermost first: ``module.py:line function``."""
    frames = traceback.extract_tb(error.__traceback__)[-most:]
    return [
        f"{frame.filename.rpartition('site-packages/')[2].rpartition('/triage/')[2]}"
        f":{frame.lineno} {frame.name}"
        for frame in reversed(frames)
    ]
