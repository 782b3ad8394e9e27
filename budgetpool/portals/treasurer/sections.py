"""A desk page as data: sections with a table, a form or buttons; one template draws them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from budgetpool.fund.models import Fund
from budgetpool.portals.components import lists
from budgetpool.portals.components.lists import Rows
from budgetpool.portals.components.parts import Fact
from budgetpool.portals.components.refusals import say
from budgetpool.portals.components.tables import Table
from budgetpool.refusals import Refusal

REFUSALS = (Refusal, ValidationError)


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

    `looks_for` is a form that looks for something in the table. `rows` are a list, which brings a
    form, a table and pages of its own.
    """

    title: Any
    text: Any = ""
    table: Table | None = None
    form: forms.Form | None = None
    action: str = ""
    buttons: Sequence[Button] = ()
    facts: Sequence[Fact] = ()
    looks_for: forms.Form | None = None
    rows: Rows | None = None


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


def facts_of(rows: Sequence[Sequence[Any]]) -> list[Fact]:
    """Names and values, one below the other; what is not known is left out."""
    return [Fact(name, value) for name, value in rows if value != ""]


def show(request: HttpRequest, fund: Fund, page: Page, **context: Any) -> HttpResponse:
    """Draw a page, or its list as a sheet where that is asked; a page has one list at most.

    A form with errors is `form`, so that the title and the summary say so.
    """
    found = [part.rows for part in page.sections if part.rows is not None]
    if len(found) > 1:
        raise ValueError("A page has one list: sort, page and sheet in its address mean that one.")
    wrong = [part.form for part in page.sections if part.form is not None and part.form.errors]
    context |= {"fund": fund, "page": page, "form": wrong[0] if wrong else None}
    template, status = "treasurer/page.html", 422 if wrong else 200
    if not found:
        return render(request, template, context, status=status)
    return lists.answer(
        request,
        template,
        found[0],
        context,
        subject=fund,
        region_code=fund.region.code,
        status=status,
    )


def attempt(request: HttpRequest, act: Callable[[], Any], done: Any) -> bool:
    """Do something; a refusal becomes a message that says what to do. True if it was done.

    Args:
        done: the words for that, or what makes them once it was done.
    """
    try:
        act()
    except REFUSALS as error:
        messages.error(request, say(error))
        return False
    messages.success(request, done() if callable(done) else done)
    return True
