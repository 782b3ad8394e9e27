"""The back office: Django's admin behind a second factor, in which nothing can be signed or paid.

Daily work and everything that needs two people has pages of its own in the portals. Here an
operator sets things up and looks things up. That is kept by shape: a model is read-only here
unless its admin is a `ConfigurationAdmin`, whoever registered it.
"""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from budgetpool.portals import access
from budgetpool.portals.back_office import inbox
from budgetpool.portals.back_office.kinds import ConfigurationAdmin, ReadOnlyAdmin
from budgetpool.portals.components import waits

# Partners' programs have pages of their own, where each change is in the trail.
TOOLKIT = {
    f"oauth2_provider.{name}"
    for name in (
        "accesstoken",
        "application",
        "devicegrant",
        "grant",
        "idtoken",
        "refreshtoken",
    )
}
# Roles follow from seats, not from groups; brokers are set in the environment; and the secrets of
# second factors and brokers are nobody's to look at.
LEFT_OUT = {
    *TOOLKIT,
    "auth.group",
    "mfa.authenticator",
    "socialaccount.socialaccount",
    "socialaccount.socialapp",
    "socialaccount.socialtoken",
}


class BackOffice(AdminSite):
    """Open to staff whose session was proven with a second factor."""

    site_title = gettext_lazy("Budgetpool back office")
    site_header = gettext_lazy("Budgetpool back office")
    index_title = gettext_lazy("Set up and look up")
    site_url = "/home"

    index_template = "back_office/index.html"

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """What waits for an operator, above what can be set up and looked up."""
        shown = waits.inbox(inbox.of(access.person(request)))
        return super().index(request, {**(extra_context or {}), "inbox": shown})

    def has_permission(self, request: HttpRequest) -> bool:
        return _is_staff(request) and access.has_second_factor(request)

    @method_decorator(never_cache)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one way to sign in; what is missing is asked for there."""
        onward = request.GET.get("next") or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect(reverse("sign-in", query={"next": onward}))
        if not _is_staff(request):
            raise access.Refused(_("The back office is for the operators of Budgetpool."))
        if not access.has_second_factor(request):
            return redirect(reverse("second-factor", query={"next": onward}))
        return redirect("admin:index")

    @method_decorator(never_cache)
    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("sign-out", preserve_request=True)

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models = (
            model_or_iterable
            if isinstance(model_or_iterable, list | tuple)
            else [model_or_iterable]
        )
        shown = [model for model in models if model._meta.label_lower not in LEFT_OUT]
        if admin_class is None or not issubclass(admin_class, ConfigurationAdmin | ReadOnlyAdmin):
            bases = (ReadOnlyAdmin, admin_class) if admin_class else (ReadOnlyAdmin,)
            admin_class = type("ReadOnlyAdmin", bases, {})
        super().register(shown, admin_class, **options)


def _is_staff(request: HttpRequest) -> bool:
    user = request.user
    return user.is_active and bool(getattr(user, "is_staff", False))
