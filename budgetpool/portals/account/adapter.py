"""What Budgetpool does otherwise than django-allauth and django-axes by themselves."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from budgetpool.users.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Names, redirects and messages of signing in."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")


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


def name_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Whom an attempt with a password is for; django-axes counts failures by it."""
    tried = credentials or {}
    user = getattr(request, "user", None)
    name = tried.get("email") or tried.get("username") or request.POST.get("login")
    if not name and isinstance(user, User):
        name = user.email
    return str(name or "").strip().lower()


def address_tried(request: HttpRequest) -> str:
    """Whence an attempt comes: the address that a trusted proxy tells, else the caller's own."""
    if "REMOTE_ADDR" not in request.META:
        return ""  # a sign-in by program, not through a web server
    return AccountAdapter(request).get_client_ip(request)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """The answer after too many wrong passwords."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "account/locked.html", {"minutes": minutes}, status=429)
