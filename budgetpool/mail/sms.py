"""Text messages, behind an interface: a provider is one class, named by a setting.

`BUDGETPOOL_SMS_BACKEND` holds a dotted path; `console` and `file` are short for the two below.
"""

import logging
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

SHORT = {
    "console": "budgetpool.mail.sms.ConsoleBackend",
    "file": "budgetpool.mail.sms.FileBackend",
}


class SmsBackend(Protocol):
    """What a provider of text messages must offer."""

    def send(self, *, to: str, text: str, reference: str) -> None:
        """Send one text; the provider may use `reference` to drop a repeat.

        Raises:
            OSError: it was not sent, and may be tried again.
        """


class ConsoleBackend:
    """Shows the text on the console of the process that sends; for development."""

    def send(self, *, to: str, text: str, reference: str) -> None:
        print(f"[sms {reference}] {to}: {text}")


class FileBackend:
    """Adds the text to a file in the var folder; for development and tests."""

    def send(self, *, to: str, text: str, reference: str) -> None:
        folder = Path(settings.VAR_DIR) / "sms"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{_safe(reference)}.txt").write_text(f"{to}\n{text}\n")


def backend() -> SmsBackend:
    """The provider that the settings name."""
    name = settings.SMS_BACKEND
    made: SmsBackend = import_string(SHORT.get(name, name))()
    return made


def _safe(reference: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in reference)
