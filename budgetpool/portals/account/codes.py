"""The pages that take a code of a message: three tries for each code, however many come at once.

django-allauth counts wrong codes in the session, where tries at the same moment count as one.
"""

from typing import Any

from allauth.account.views import (
    ConfirmEmailVerificationCodeView,
    ConfirmLoginCodeView,
    ConfirmPasswordResetCodeView,
)
from allauth.account.views._phone import _VerifyPhoneChangeView, _VerifyPhoneSignupView
from allauth.account.views._reauthenticate import ConfirmReauthenticationCodeView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from budgetpool.limits import counters
from budgetpool.portals.account import tries


class CountedTries:
    """Counts before the code is looked at, and before a message is sent anew."""

    request: HttpRequest
    _process: Any

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if getattr(self, "_action", "verify") == "resend":
            return self._send_anew(*args, **kwargs)
        entered = tries.ENTERED.of(request.session.session_key, self._process.state["at"])
        if not counters.hit(entered).allowed:
            # As after the last wrong code: this one is over, and another can be asked for.
            self._process.state["failed_attempts"] = self._process.max_attempts
            answer: HttpResponseBase = self.form_invalid(None)  # type: ignore[attr-defined]
            return answer
        return self._go_on(*args, **kwargs)

    def _send_anew(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        state = self._process.state
        answer = tries.message(self.request, state.get("email") or state["phone"])
        if not answer.allowed:
            messages.error(self.request, tries.too_often(answer).message)
            return redirect(self.request.get_full_path())
        # django-allauth sends nothing anew to an unknown address: who waits would hear of it.
        send = self._process.send
        self._process.send = lambda **skipped: send()
        return self._go_on(*args, **kwargs)

    def _go_on(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().post(self.request, *args, **kwargs)  # type: ignore[misc]
        return answer


class EnterCode(CountedTries, ConfirmLoginCodeView):
    """The code to sign in."""

    def _resend_form_valid(self, form: Any) -> HttpResponseBase:
        """As django-allauth, which makes a code for an unknown number and fails."""
        process = self._process
        if process.user is None:
            process.send()
            process.record_resend()
            process.persist()
            return redirect(self.passthrough_next_url(self.request.path))
        answer: HttpResponseBase = super()._resend_form_valid(form)
        return answer


class EnterAddressCode(CountedTries, ConfirmEmailVerificationCodeView):
    """The code that proves an e-mail address."""


class EnterNewNumberCode(CountedTries, _VerifyPhoneSignupView):
    """The code that proves the number of a new account."""

    @property
    def _process(self) -> Any:
        return self.process


class EnterOtherNumberCode(CountedTries, _VerifyPhoneChangeView):
    """The code that proves another number."""

    @property
    def _process(self) -> Any:
        return self.process


class EnterForgottenCode(CountedTries, ConfirmPasswordResetCodeView):
    """The code in the place of a forgotten password."""


class EnterProofCode(CountedTries, ConfirmReauthenticationCodeView):
    """The code that proves once more who somebody is."""


@login_not_required
def address(request: HttpRequest) -> HttpResponseBase:
    """The code that proves an e-mail address."""
    answer: HttpResponseBase = EnterAddressCode.as_view()(request)
    return answer


@login_not_required
def number(request: HttpRequest) -> HttpResponseBase:
    """The code that proves a number, of a new account or of one's own."""
    view = EnterOtherNumberCode if request.user.is_authenticated else EnterNewNumberCode
    answer: HttpResponseBase = view.as_view()(request)
    return answer
