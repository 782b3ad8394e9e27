"""The words of a message, in its reader's language, from its kind's templates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.dateparse import parse_date, parse_datetime

from budgetpool.mail import paper, reasons
from budgetpool.mail.models import Message
from budgetpool.written import euros, until

MOMENTS = ("_at",)
DAYS = ("_on", "_by", "_until")


def words(message: Message) -> tuple[str, str]:
    """Subject and text of an e-mail: the first line of the template, then the rest."""
    with translation.override(message.language):
        text = render_to_string(f"mail/{message.kind}.txt", _context(message))
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), _tidy(body)


def short(message: Message) -> str:
    """One text message: the subject says what happened, and where to read the rest."""
    subject, _ = words(message)
    with translation.override(message.language):
        context = {**_context(message), "subject": subject.rstrip(".?!")}
        return render_to_string("mail/sms.txt", context).strip()


def letter_html(message: Message) -> str:
    """The letter as one HTML page."""
    subject, body = words(message)
    paragraphs = [part.strip() for part in body.split("\n\n") if part.strip()]
    with translation.override(message.language):
        context = {**_context(message), "subject": subject, "paragraphs": paragraphs}
        return render_to_string("mail/letter.html", context)


def letter_pdf(message: Message) -> bytes:
    """The letter as a tagged PDF (PDF/UA-1), which a screen reader can read in order."""
    return paper.pdf(letter_html(message))


def _why(message: Message) -> list[str]:
    why = reasons.why_refused if message.kind == "decision_refused" else reasons.why
    return why(message.params.get("reason", ""), message.params.get("reason_params", {}))


def _context(message: Message) -> dict[str, Any]:
    """The parameters, with texts turned into what they stand for by the end of their name."""
    context: dict[str, Any] = {name: _value(name, value) for name, value in message.params.items()}
    for name, value in message.params.items():
        if name.endswith("_cents"):
            context[name.removesuffix("_cents")] = euros(int(value))
    if context.get("closes_at"):
        context["closes"] = until(context["closes_at"])
    params = message.params
    return {
        **context,
        "name": message.to_name,
        "to": message.to,
        "message": message,
        "site": settings.SITE_URL,
        "queued_at": timezone.localtime(message.queued_at),
        "reason_sentences": _why(message),
        "change_sentences": reasons.what_would_change(params.get("reason_params", {})),
        "fact_sentences": reasons.facts(params.get("facts", {})),
    }


def _value(name: str, value: Any) -> Any:
    if isinstance(value, str) and name.endswith(MOMENTS):
        moment = parse_datetime(value) if value else None
        return timezone.localtime(moment) if moment and timezone.is_aware(moment) else moment
    if isinstance(value, str) and name.endswith(DAYS):
        return _day(value)
    return value


def _day(text: str) -> date | None:
    return parse_date(text) if text else None


def _tidy(text: str) -> str:
    """Blank lines left by conditions are dropped; one stays between paragraphs."""
    kept: list[str] = []
    for line in map(str.strip, text.strip().splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept) + "\n"
