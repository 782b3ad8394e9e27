"""Two pages of the demo alone: what to look at in ten minutes, and the letters that it wrote.

Where people and amounts are real these addresses do not exist: a letter is nobody else's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from budgetpool.demo import cast
from budgetpool.demo.cast import Person
from budgetpool.mail import words
from budgetpool.mail.kinds import KINDS
from budgetpool.mail.models import Message
from budgetpool.users.models import User

PAGE: Final = 25


@dataclass(frozen=True)
class Stop:
    """One thing to look at: as whom, where, and what is worth a look there."""

    title: Any
    text: Any
    path: str
    person: Person | None = None


STOPS: Final = (
    Stop(
        _("The region's page"),
        _("Where the money comes from and goes to, and which round is open."),
        "/regions/twente",
    ),
    Stop(
        _("A divided round"),
        _("Who got something, beside the old rule, and the files with which anybody checks it."),
        "/regions/twente/rounds/2027-1",
    ),
    Stop(
        _("Somebody who did not get it"),
        _("A reason for each choice, what would have helped, and the way to object."),
        "/my",
        cast.REFUSED,
    ),
    Stop(
        _("Somebody who did"),
        _("Say yes, follow the course of the training, and see who looked at the file."),
        "/my",
        cast.AWARDED,
    ),
    Stop(
        _("Somebody who is filling in"),
        _("A list of six parts; the search for trainings understands everyday words."),
        "/my",
        cast.BEGUN,
    ),
    Stop(
        _("The counter"),
        _("Who asks for help, what must be looked at, and proofs of trainings."),
        "/counter/twente",
        cast.ADVISER,
    ),
    Stop(
        _("The school"),
        _("Who comes, starts and prices, and invoices."),
        "/schools",
        cast.PROVIDER,
    ),
    Stop(
        _("The employer"),
        _("What was paid in, and what it did."),
        "/employers",
        cast.EMPLOYER,
    ),
    Stop(
        _("The board"),
        _("Divisions side by side, what fairness costs, and each request explained."),
        "/board/twente/rounds/2027-1",
        cast.BOARD,
    ),
    Stop(
        _("The treasurer"),
        _("Bank statements, payments, and whether the books equal the bank."),
        "/treasurer/twente",
        cast.TREASURER,
    ),
)


def only_in_the_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page not exist where data is real."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@only_in_the_demo
def look(request: HttpRequest) -> HttpResponse:
    """What to look at in ten minutes, one stop after another."""
    here = request.user.email if isinstance(request.user, User) else ""
    context = {"stops": STOPS, "here": here, "password": cast.PASSWORD}
    return render(request, "demo/look.html", context)


@require_safe
@only_in_the_demo
def mailbox(request: HttpRequest) -> HttpResponse:
    """The letters of the demo, the newest first, or those to one person."""
    to = request.GET.get("to", "").replace("\0", "").strip()
    found = Message.objects.order_by("-queued_at", "-pk")
    if to:
        found = found.filter(to_name__icontains=to) | found.filter(to__icontains=to)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, words.words(one)[0]) for one in page],
        "to": to,
        "folder": settings.VAR_DIR / "mail",
    }
    return render(request, "demo/mailbox.html", context)


@require_safe
@only_in_the_demo
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One message as its reader gets it."""
    message = get_object_or_404(Message, pk=pk)
    subject, text = words.words(message)
    context = {"message": message, "subject": subject, "text": text}
    context["has_pdf"] = KINDS[message.kind].letter
    return render(request, "demo/letter.html", context)


@require_safe
@only_in_the_demo
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter on paper."""
    message = get_object_or_404(Message, pk=pk)
    answer = HttpResponse(words.letter_pdf(message), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="brief.pdf"'
    return answer
