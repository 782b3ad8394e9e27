"""Signing in and one's own account; the names with an underscore are those of django-allauth."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as broker
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.urls import path
from django.views.generic import RedirectView

from budgetpool.portals.account import codes, linking, staying, stopping, views
from budgetpool.portals.account.steady import steady
from budgetpool.portals.components.rate_limits import limited

ask_code = steady(account.request_login_code)

urlpatterns = [
    path("home", views.home, name="home"),
    path("account", views.profile, name="profile"),
    path("daily-mail/<str:token>", stopping.stop_daily, name="stop-daily"),
    path("account/session", staying.session, name="session"),
    # In and out
    path("sign-in", ask_code, name="account_request_login_code"),
    path("sign-in", ask_code, name="sign-in"),
    path("sign-in/code", steady(codes.EnterCode.as_view()), name="account_confirm_login_code"),
    path("sign-in/link", linking.link, name="sign-in-link"),
    path("sign-in/link/<str:secret>", linking.opened, name="sign-in-link-opened"),
    path("sign-in/password", account.login, name="account_login"),
    path(
        "sign-in/passkey",
        limited("passkey", most=20, seconds=60)(passkeys.login_webauthn),
        name="mfa_login_webauthn",
    ),
    path("sign-in/second-factor", mfa.authenticate, name="mfa_authenticate"),
    path("sign-out", account.logout, name="account_logout"),
    path("sign-out", account.logout, name="sign-out"),
    path("sign-up", steady(account.signup), name="account_signup"),
    path(
        "sign-up/code",
        steady(codes.address),
        name="account_email_verification_sent",
    ),
    path("sign-up/number", steady(codes.number), name="account_verify_phone"),
    path("sign-in/closed", account.account_inactive, name="account_inactive"),
    # By an identity broker, where one is set up
    path("sign-in/with/<slug:provider_id>", openid_connect.login, name="openid_connect_login"),
    path(
        "sign-in/with/<slug:provider_id>/back",
        openid_connect.callback,
        name="openid_connect_callback",
    ),
    path("sign-in/broker/cancelled", broker.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/broker/failed", broker.login_error, name="socialaccount_login_error"),
    path("sign-in/broker/address", broker.signup, name="socialaccount_signup"),
    # A list of brokers is not offered: there is one at most. Its name must lead somewhere.
    path(
        "account/broker",
        RedirectView.as_view(pattern_name="profile"),
        name="socialaccount_connections",
    ),
    # Proving again who one is, before a risky step
    path(
        "account/confirm",
        limited("confirm", most=20)(account.reauthenticate),
        name="account_reauthenticate",
    ),
    path(
        "account/confirm/code",
        limited("confirm-code", most=20)(account.request_reauthentication_code),
        name="account_request_reauthentication_code",
    ),
    path(
        "account/confirm/code/enter",
        codes.EnterProofCode.as_view(),
        name="account_confirm_reauthentication_code",
    ),
    path("account/confirm/second-factor", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    # Address, number and password
    path("account/email", limited("addresses", most=20)(account.email), name="account_email"),
    path(
        "account/number",
        limited("number", most=10)(account.change_phone),
        name="account_change_phone",
    ),
    path(
        "account/password",
        limited("password-change", most=10)(account.password_change),
        name="account_change_password",
    ),
    path("account/password/new", account.password_set, name="account_set_password"),
    path("password/forgotten", steady(account.password_reset), name="account_reset_password"),
    path(
        "password/forgotten/code",
        codes.EnterForgottenCode.as_view(),
        name="account_confirm_password_reset_code",
    ),
    path(
        "password/forgotten/new",
        account.complete_password_reset,
        name="account_complete_password_reset",
    ),
    path(
        "password/forgotten/done",
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    # Second factor and passkeys
    path("account/second-factor", views.second_factor, name="second-factor"),
    path("account/security", mfa.index, name="mfa_index"),
    path("account/security/app", totp.activate_totp, name="mfa_activate_totp"),
    path("account/security/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path(
        "account/security/recovery-codes",
        recovery.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/security/recovery-codes/new",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/security/recovery-codes/file",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("account/security/passkeys", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("account/security/passkeys/new", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "account/security/passkeys/<key:pk>/remove",
        passkeys.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path(
        "account/security/passkeys/<key:pk>/name", passkeys.edit_webauthn, name="mfa_edit_webauthn"
    ),
]
