"""Logs that a program can read, and that tell nothing about people.

One JSON object per line on a server, one readable line in development. Whatever looks like an
e-mail address, an IBAN, a telephone number, a BSN or a token is blanked in every value, whoever
logged it; views and services name people by their keys only.
"""

import logging
import re
from collections.abc import Iterator
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

PERSONAL = [
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<e-mail>"),
    (re.compile(r"\b[A-Z]{2}\d{2}[ ]?(?:[A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{1,4}\b"), "<iban>"),
    (re.compile(r"\bbudgetpool_[\w-]{10,}"), "<token>"),
    (re.compile(r"(?<![\w-])(?:\+|00)?\d(?:[ .-]?\d){8,11}(?![\w-])"), "<number>"),
]


# What a text holds between quotes, and what of it is a name in our tables: no person is called so.
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\([^()]*\)=\([^()]*\)")
NAME = re.compile(r'"[a-z]+(?:_[a-z0-9]+)+"')
CHAINED = {
    "The above exception was the direct cause of the following exception:",
    "During handling of the above exception, another exception occurred:",
}


def without_address(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Django puts the address behind what happened, and it may hold a name or a code.

    >>> without_address(None, "warning", {"logger": "django.request", "event": "Not Found: /ewa"})
    {'logger': 'django.request', 'event': 'Not Found'}
    """
    if event.get("logger") == "django.request":
        event["event"] = str(event.get("event", "")).partition(": ")[0]
    return event


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


def said(error: BaseException) -> str:
    """What went wrong in one line without anybody's values: for the log, and for a job's row.

    Databases repeat the row that they refuse, Python the text that is no number. Words between
    quotes are kept where they can only be the name of a table, column or constraint of ours.

    >>> said(ValueError("invalid literal for int() with base 10: 'Ewa'"))
    "ValueError: invalid literal for int() with base 10: '…'"
    """
    return _one_line(f"{type(error).__name__}: {error}")


def without_values(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Of a traceback keep where it went wrong, and of each error its first line without values."""
    text = event.get("exception")
    if isinstance(text, str):
        event["exception"] = "\n".join(_kept_lines(text))
    return event


def _kept_lines(text: str) -> Iterator[str]:
    among_frames = False
    for line in text.splitlines():
        if line.startswith("Traceback ("):
            among_frames = True
            yield line
        elif line in CHAINED or (among_frames and line.startswith("  ")):
            yield line
        elif among_frames:
            among_frames = False  # what follows the first line of an error may be anybody's data
            yield _one_line(line)


def _one_line(text: str) -> str:
    first = text.strip().split("\n", 1)[0]
    return QUOTED.sub(lambda found: found[0] if NAME.fullmatch(found[0]) else "'…'", first)


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
        without_values,
        without_address,
        without_people,
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False),
    ]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=last)
