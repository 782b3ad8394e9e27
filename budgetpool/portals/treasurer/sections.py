"""A desk page as data: sections with a table, a form or buttons; one template draws them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from budgetpool.fund.models import Fund
from budgetpool.portals.components.parts import Fact
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Table
from budgetpool.refusals import Refusal

REFUSALS = (Refusal, ValidationError)
PER_PAGE = 50


@dataclass
class Button:
    """A link, or with `verb` a button of the section's form that says what to do."""

    text: Any
    url: str = ""
    verb: str = ""
    kind: str = "primary"


@dataclass
class Section:
    """A part of a page; with `action` its form and buttons are sent there.

    `looks_for` is a form that looks for something in the table, and `pages` the table's page of a
    paginator.
    """

    title: Any
    text: Any = ""
    table: Table | None = None
    form: forms.Form | None = None
    action: str = ""
    buttons: Sequence[Button] = ()
    facts: Sequence[Fact] = ()
    looks_for: forms.Form | None = None
    pages: Any = None


@dataclass
class Page:
    """What the template `treasurer/page.html` shows.

    `again_seconds`: how often a page about work under way looks again; 0 for all others.
    """

    title: Any
    lead: Any = ""
    back: Button | None = None
    sections: list[Section] = field(default_factory=list)
    again_seconds: int = 0


def paged(request: HttpRequest, rows: Any) -> Any:
    """The page of a list that the address asks for; the first one else."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def facts_of(rows: Sequence[Sequence[Any]]) -> list[Fact]:
    """Names and values, one below the other; what is not known is left out."""
    return [Fact(name, value) for name, value in rows if value != ""]


def show(request: HttpRequest, fund: Fund, page: Page, **context: Any) -> HttpResponse:
    """Draw a page; a form with errors is `form`, so that the title and the summary say so."""
    wrong = [part.form for part in page.sections if part.form is not None and part.form.errors]
    context |= {"fund": fund, "page": page, "form": wrong[0] if wrong else None}
    return render(request, "treasurer/page.html", context, status=422 if wrong else 200)


def attempt(request: HttpRequest, act: Callable[[], Any], done: Any) -> bool:
    """Do something; a refusal becomes a message that says what to do. True if it was done."""
    try:
        act()
    except REFUSALS as error:
        messages.error(request, say(error))
        return False
    messages.success(request, done)
    return True
