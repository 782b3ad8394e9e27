"""`{% load budgetpool %}`: amounts, dates and shares in the reader's language, menu links."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from djmoney.money import Money

from allocation.models import Scenario
from budgetpool import written
from budgetpool.portals import desks, language
from budgetpool.portals.components import divisions, numbers

register = template.Library()


@register.simple_tag(takes_context=True)
def page_languages(context: RequestContext) -> list[tuple[str, str]]:
    """`{% page_languages as languages %}`: codes and names of the languages of this page."""
    request = context.get("request")  # a page about an error may have none
    return language.offered(request.path if request else "")


@register.simple_tag
def is_machine_translated() -> bool:
    """`{% is_machine_translated as by_machine %}`: whether no person has read these words."""
    return get_language() in settings.MACHINE_LANGUAGES


@register.filter
def euro(amount: int | Money | None) -> str:
    """`{{ round.ceiling_cents|euro }}` or `{{ cost.amount|euro }}`: € 1.234,50 or € 500.000."""
    return numbers.euros(amount)


@register.filter
def euro_exact(amount: int | Money | None) -> str:
    """As `euro`, but always with cents."""
    return numbers.euros_exact(amount)


@register.filter
def scenario_label(scenario: Scenario) -> str:
    """What people call a scenario: the board's name for it, or the name of the old rule."""
    return divisions.label(scenario)


@register.filter
def thousands(number: int | None) -> str:
    """`{{ 1500|thousands }}`: 1.500."""
    return numbers.count(number)


@register.filter
def percent(share: float | Decimal | None, places: int = 0) -> str:
    """`{{ 0.312|percent:1 }}`: 31,2%."""
    return numbers.percent(share, places)


@register.filter
def day(value: date | datetime | None) -> str:
    """`{{ round.opens_at|day }}`: 1 maart 2027."""
    return numbers.day(value)


@register.filter
def weekday(value: date | datetime | None) -> str:
    """`{{ round.closes_at|weekday }}`: vrijdag 18 december 2026."""
    return numbers.day(value, weekday=True)


@register.filter
def until(end: datetime | None) -> str:
    """How every page says the end of a window, after "up to and including": see `written.until`."""
    return written.until(end) if end else numbers.NOTHING


@register.filter
def moment(value: datetime | None) -> str:
    """`{{ event.at|moment }}`: 1 maart 2027, 14.02 uur."""
    return numbers.moment(value)


@register.filter
def span(days: int) -> str:
    """`{{ 730|span }}`: 2 jaar."""
    return numbers.span(days)


@register.simple_tag(takes_context=True)
def nav_link(
    context: RequestContext,
    url_name: str,
    text: Any,
    *args: Any,
    below: str = "",
    desk: str = "",
    place: Any = None,
) -> SafeString:
    """One entry of the main menu; it is current on its own page and on those below it.

    A portal's first page, whose address all others begin with, says which of them belong to it:
    `below="rounds"` for `/board/twente/rounds/…`. With `desk` and its `place` the entry says how
    much waits there for this person: as many lines as that page lists.
    """
    request = context["request"]
    url = reverse(url_name, args=args)
    path = request.path
    branch = "/".join(filter(None, [url.rstrip("/"), below]))
    current = path == url or (url != "/" and path.startswith(f"{branch}/"))
    mark = format_html(' aria-current="{}"', "page" if path == url else "true") if current else ""
    waiting = desks.count(request, desk, place) if desk and place else 0
    much = _count_of(waiting) if waiting else ""
    return format_html('<li><a href="{}"{}>{}{}</a></li>', url, mark, text, much)


def _count_of(waiting: int) -> SafeString:
    """A number in the menu, and in words for who hears it."""
    words = ngettext("%(count)s waits for you", "%(count)s wait for you", waiting)
    shown = numbers.count(waiting)
    return format_html(
        ' <b class="bp-count" aria-hidden="true">{}</b><span class="bp-hidden">, {}</span>',
        shown,
        words % {"count": shown},
    )


@register.simple_tag(takes_context=True)
def page_query(context: RequestContext, number: int, name: str = "page") -> str:
    """This page's address with another page number; filters are kept."""
    query = context["request"].GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}"
