"""What is taken over from an identity broker: who it is, a name and an address. No more."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import redirect

from budgetpool.users.models import User

SECONDS = 10


class BrokerAdapter(DefaultSocialAccountAdapter):
    """Keeps the broker's key of a person, and none of the other claims: some brokers send a BSN."""

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = [data.get("first_name"), data.get("last_name")]
        user.name = (data.get("name") or " ".join(filter(None, parts)) or user.email)[:200]
        user.language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
        sociallogin.account.extra_data = {"sub": sociallogin.account.uid}
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Only let in; an address that the broker proved is what joins it to an account."""
        if sociallogin.state.get("process") in {AuthProcess.CONNECT, AuthProcess.REDIRECT}:
            raise ImmediateHttpResponse(redirect("profile"))
        sociallogin.account.extra_data = {"sub": sociallogin.account.uid}
        if sociallogin.account.pk:
            sociallogin.account.save(update_fields=["extra_data"])

    def get_requests_session(self) -> Any:
        session = super().get_requests_session()
        session.request = _with_timeout(session.request)
        return session


def _with_timeout(request: Any) -> Any:
    def asked(*args: Any, **kwargs: Any) -> Any:
        return request(*args, **{"timeout": SECONDS, **kwargs})

    return asked
