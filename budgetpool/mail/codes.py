"""Messages at the door: a code to sign in, and what somebody without an account is told.

They go at once and are kept nowhere: a code in the queue would be a key in the database.
"""

from uuid import uuid4

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from budgetpool.mail import languages, sms


def send_code(*, to: str, code: str, language: str) -> None:
    """Send a code to a mobile number.

    Raises:
        OSError: it was not sent, and may be tried again.
    """
    _send(to, "mail/code_sign_in.txt", language, {"code": code})


def mail_code(*, to: str, name: str, code: str, url: str, language: str) -> None:
    """Send a code and a link to an e-mail address; either signs in.

    Raises:
        OSError: as `send_code`.
    """
    context = {"name": name, "code": code, "url": url}
    with translation.override(languages.readable(language)):
        text = render_to_string("mail/code_by_mail.txt", context).strip()
    subject, _, body = text.partition("\n")
    send_mail(subject, body.lstrip(), None, [to])


def send_unknown(*, to: str, url: str, language: str) -> None:
    """Tell a number without an account how to get one; the page itself tells nobody.

    Raises:
        OSError: as `send_code`.
    """
    _send(to, "mail/code_unknown.txt", language, {"url": url})


def send_known(*, to: str, url: str, language: str) -> None:
    """Tell somebody who makes an account for the second time that they can sign in.

    Raises:
        OSError: as `send_code`.
    """
    _send(to, "mail/code_known.txt", language, {"url": url})


def _send(to: str, template: str, language: str, context: dict[str, str]) -> None:
    with translation.override(languages.readable(language)):
        text = render_to_string(template, context).strip()
    sms.backend().send(to=to, text=text, reference=f"code-{uuid4().hex}")
