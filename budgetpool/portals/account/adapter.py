"""What Budgetpool does otherwise than django-allauth by itself."""

import base64
import hashlib
import logging
from collections.abc import Callable
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import EmailVerificationStage
from allauth.account.utils import filter_users_by_email, get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from budgetpool.audit import trail
from budgetpool.mail import codes
from budgetpool.portals.access import signed_in_just_now
from budgetpool.portals.account import devices, tries
from budgetpool.portals.account.entrance import MobileField
from budgetpool.users import links, phones
from budgetpool.users.models import User

CODE_MAIL: Final = "account/email/login_code"
log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Names, redirects and messages of signing in, by e-mail or by text message."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Show the pages in the language of the profile, on a device where none was chosen."""
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        links.void(user)  # whoever came in by another way needs the link no more
        records = get_authentication_records(request, user)
        way = records[-1]["method"] if records else ""
        trail.record(actor=user, action="account.signed_in", subject=user, way=way)
        tries.came_in(request, user)
        devices.remember(request, answer, user)
        cookie = settings.LANGUAGE_COOKIE_NAME
        if cookie not in request.COOKIES and user.language in dict(settings.LANGUAGES):
            answer.set_cookie(cookie, user.language, samesite="Lax")
        return answer

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Count a try with a password before it is looked at; a right one counts for nothing."""
        name = str(credentials.get("email") or credentials.get("phone") or "")
        answer = tries.PASSWORDS.knock(request, name)
        if not answer.allowed:
            raise tries.too_often(answer)
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            tries.PASSWORDS.give_back(request, name)
        return user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again who somebody is before a risky change, unless they have only just come in."""
        if signed_in_just_now(self.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has a second factor proves it; the mailbox alone must not take it away."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        strong = [way for way in ways if way["id"].startswith("mfa_reauthenticate")]
        return strong or ways

    def get_login_stages(self) -> list[str]:
        own = f"{AddressProvenStage.__module__}.{AddressProvenStage.__name__}"
        return [
            own if stage.endswith(".EmailVerificationStage") else stage
            for stage in super().get_login_stages()
        ]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """As django-allauth does; a code comes in the reader's language, with a link beside it."""
        user = None
        if template_prefix == CODE_MAIL:
            found = filter_users_by_email(email, is_active=True, prefer_verified=True)
            user = next(iter(found), None)
        if user is None:
            super().send_mail(template_prefix, email, context)
            return
        onward = get_next_redirect_url(self.request) or ""
        secret = links.make(user=user, email=email, onward=onward[:500])
        codes.mail_code(
            to=email,
            name=user.name,
            code=context["code"],
            url=f"{settings.SITE_URL}{reverse('sign-in-link-opened', args=[secret])}",
            language=user.language,
        )

    def phone_form_field(self, **kwargs: Any) -> MobileField:
        return MobileField(**kwargs)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        kept = phones.of(user)
        return (kept.number, kept.proven_at is not None) if kept else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        phones.keep(user=user, number=phone, proven=verified)

    def set_phone_verified(self, user: Any, phone: str) -> None:
        phones.keep(user=user, number=phone, proven=True)

    def get_user_by_phone(self, phone: str) -> User | None:
        return phones.owner(phone)

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        self._text(codes.send_code, to=phone, code=code, language=user.language)

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        self._text(codes.send_unknown, to=phone, url=_page("account_signup"), language=_reader())

    def send_account_already_exists_sms(self, phone: str) -> None:
        self._text(codes.send_known, to=phone, url=_page("sign-in"), language=_reader())

    def _text(self, send: Callable[..., None], **message: str) -> None:
        """Send now, or say honestly that it did not work; which number it was is not logged."""
        try:
            send(**message)
        except OSError as error:
            log.warning("a text message was not sent: %s", type(error).__name__)
            answer = render(self.request, "account/no_text.html", status=503)
            raise ImmediateHttpResponse(answer) from error


class AddressProvenStage(EmailVerificationStage):
    """Asks to prove an e-mail address; who signs in with a number alone has none to prove."""

    def handle(self) -> Any:
        user = self.login.user
        if user is not None and not user.email:
            return None, True
        return super().handle()


def _page(name: str) -> str:
    return f"{settings.SITE_URL}{reverse(name)}"


def _reader() -> str:
    return get_language() or settings.LANGUAGE_CODE


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted in the database.

    The key follows from SECRET_KEY, or from one of SECRET_KEY_FALLBACKS after a change of it: a
    copy of the database alone makes no valid code.
    """

    def encrypt(self, text: str) -> str:
        return _lock(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
            try:
                return _lock(str(key)).decrypt(encrypted_text.encode()).decode()
            except InvalidToken:
                continue
        raise InvalidToken("No known SECRET_KEY opens this second factor; remove it and set anew.")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Budgetpool"}

    def _get_site_name(self) -> str:
        return "Budgetpool"


def _lock(secret: str) -> Fernet:
    digest = hashlib.sha256(b"budgetpool second factor " + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
