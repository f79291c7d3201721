"""What may stand in a log: named values from one short list, on stderr, and nothing that anybody wrote.

A line has a time, a level, who says it, what happened, and ids, states and numbers. What is not on the list is
dropped. A fault leaves its kind and its place; its text and its traceback could carry somebody's words.
"""

from __future__ import annotations

import logging
import sys
from copy import copy
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict

# Whose own messages are safe to keep: ours, and the server's about its processes.
_KNOWN = ("portal", "_granian")
ALLOWED = (
    "at", "level", "by", "event", "hub", "act", "object_kind", "object_id", "number", "count", "state", "port",
    "signal", "status", "seconds", "fault", "where",
)  # fmt: skip


def place_of(trace: TracebackType | None) -> str:
    """The last place of ours that a fault went through: "portal/world.py:30"; empty if there is none."""
    found = ""
    for frame, line in walk_tb(trace):
        path = Path(frame.f_code.co_filename)
        if "portal" in path.parts:
            found = "/".join(path.parts[path.parts.index("portal") :]) + f":{line}"
    return found


def _from_record(_: Any, __: str, line: EventDict) -> EventDict:
    """Take from a record of the standard library what may be kept of it."""
    record: logging.LogRecord = line["_record"]
    line["by"] = record.name
    if record.name.split(".")[0] not in _KNOWN:
        # Another library's message may quote what it was handed.
        line["event"] = "a message of another library"
    fault = record.__dict__.get("fault")
    if fault and fault[0]:
        line["fault"] = fault[0].__name__
        line["where"] = place_of(fault[2])
    return line


def _only_allowed(_: Any, __: str, line: EventDict) -> EventDict:
    return {key: line[key] for key in ALLOWED if line.get(key) not in (None, "")}


class _Lines(structlog.stdlib.ProcessorFormatter):
    """One line for each record, without the traceback that the standard formatter would hang on to it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of *record*."""
        bare = copy(record)
        bare.__dict__ |= {"fault": record.exc_info, "exc_info": None, "exc_text": None, "stack_info": None}
        return super().format(bare)


def begin(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send every log of this process to *stream* (stderr), a line each."""
    lines = _Lines(
        foreign_pre_chain=[_stamp, structlog.stdlib.add_log_level],
        processors=[
            _from_record,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _only_allowed,
            structlog.processors.LogfmtRenderer(key_order=["at", "level", "by", "event"], drop_missing=True),
        ],
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(lines)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("portal").setLevel(level)
    structlog.configure(
        processors=[_stamp, structlog.stdlib.add_log_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )  # fmt: skip


# Granian sets logging up in each of its processes; its lines go where ours go, through the root.
FOR_GRANIAN = {
    "handlers": {},
    "formatters": {},
    "loggers": {"_granian": {"level": "INFO"}, "granian.access": {"level": "CRITICAL"}},
}
_stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="at")


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of *name* (such as "worker"): `logger("worker").info("sent", count=3)`."""
    made: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(f"portal.{name}")
    return made
