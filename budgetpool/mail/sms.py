"""Text messages, behind an interface: a provider is one class, named by a setting.

`BUDGETPOOL_SMS_BACKEND` holds a dotted path; `console`, `file` and `gateway` are short for the
three below.
"""

import http.client
import json
import logging
import urllib.request
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

SHORT = {
    "console": "budgetpool.mail.sms.ConsoleBackend",
    "file": "budgetpool.mail.sms.FileBackend",
    "gateway": "budgetpool.mail.sms.GatewayBackend",
}
SECONDS: Final = 10
NAMES: Final = {"to": "to", "text": "text", "sender": "sender", "reference": "reference"}


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


class GatewayBackend:
    """Posts the text as JSON to a provider's address; most providers take it so.

    `BUDGETPOOL_SMS_URL` is the address, `BUDGETPOOL_SMS_AUTHORIZATION` the value of that header
    (such as `Bearer` and a key), `BUDGETPOOL_SMS_SENDER` whom the text comes from, and
    `BUDGETPOOL_SMS_NAMES` what the provider calls the four parts. The reference also goes as
    `Idempotency-Key`, so that a repeat after a crash can be dropped.
    """

    def __init__(self) -> None:
        """Raises ImproperlyConfigured: an address without https, or an unknown part."""
        self.gateway = settings.SMS_GATEWAY
        if not self.gateway["url"].startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ImproperlyConfigured(
                "BUDGETPOOL_SMS_URL must begin with https://: codes to sign in travel through it."
            )
        self.names = NAMES | _names(self.gateway["names"])

    def send(self, *, to: str, text: str, reference: str) -> None:
        gateway, names = self.gateway, self.names
        parts = {"to": to, "text": text, "sender": gateway["sender"], "reference": reference}
        headers = {"Content-Type": "application/json", "Idempotency-Key": reference}
        if gateway["authorization"]:
            headers["Authorization"] = gateway["authorization"]
        asked = urllib.request.Request(  # noqa: S310 (the scheme is checked above)
            gateway["url"],
            data=json.dumps({names[part]: value for part, value in parts.items()}).encode(),
            headers=headers,
            method="POST",
        )
        try:
            # A refusal (4xx, 5xx) raises HTTPError and silence URLError: both are OSErrors.
            with _straight().open(asked, timeout=SECONDS):
                pass
        except http.client.HTTPException as error:
            raise OSError(f"the gateway gave no answer: {type(error).__name__}") from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An answer that leads elsewhere is a refusal: a key and a code go to one address only."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def _straight() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_NoRedirect())


def _names(text: str) -> dict[str, str]:
    """The provider's words for our parts: `to=recipient,text=body`."""
    pairs = dict(part.strip().split("=", 1) for part in text.split(",") if "=" in part)
    unknown = sorted(set(pairs) - set(NAMES))
    if unknown:
        raise ImproperlyConfigured(
            f"BUDGETPOOL_SMS_NAMES names {unknown}, which are no parts of a text message. "
            f"Use {', '.join(NAMES)}."
        )
    return pairs


def backend() -> SmsBackend:
    """The provider that the settings name."""
    name = settings.SMS_BACKEND
    made: SmsBackend = import_string(SHORT.get(name, name))()
    return made


def _safe(reference: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in reference)
