"""Logs that a program can read, and that tell nothing about people.

One JSON object per line on a server, one readable line in development. Whatever looks like an
e-mail address, an IBAN, a telephone number, a BSN or a token is blanked in every value, whoever
logged it; views and services name people by their keys only.
"""

import logging
import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PERSONAL = [
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<e-mail>"),
    (re.compile(r"\b[A-Z]{2}\d{2}[ ]?(?:[A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{1,4}\b"), "<iban>"),
    (re.compile(r"\bbudgetpool_[\w-]{10,}"), "<token>"),
    (re.compile(r"(?<![\w-])(?:\+|00)?\d(?:[ .-]?\d){8,11}(?![\w-])"), "<number>"),
]


def without_people(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Blank whatever looks like personal data in a line (a processor of structlog).

    >>> without_people(None, "info", {"event": "mail to ewa@example.nl failed"})
    {'event': 'mail to <e-mail> failed'}
    """
    return {name: _blanked(value) for name, value in event.items()}


def _blanked(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, word in PERSONAL:
            value = pattern.sub(word, value)
        return value
    if isinstance(value, dict):
        return {key: _blanked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_blanked(inner) for inner in value]
    return value


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
]


def formatter(*, as_json: bool) -> logging.Formatter:
    """How a line is written, for structlog's own and for everybody else's."""
    structlog.configure(
        processors=[
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        without_people,
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False),
    ]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=last)
